//! The engine's front door.

use std::sync::Arc;
use std::time::Duration;

use partway_domain::progress::Progress;
use partway_domain::{
    Account, AccountId, Bucket, Capability, Concurrency, Failure, JobId, PartNumber, State,
    TransferId,
};
use partway_journal::table::job::JobRow;
use partway_journal::{Journal, JournalError};
use partway_protocol::credential::Credential;
use partway_protocol::endpoint::Endpoint;
use partway_protocol::op::{CustomerKey, Operation};
use tokio::sync::broadcast;

use crate::call::{Answer, Listener, request_failure};
use crate::chance::Chance;
use crate::clock::Clock;
use crate::lease::is_gone;
use crate::record::{CutOff, NoCutOff, journal_failure};
use crate::recover;
use crate::request::planning::{self, failure};
use crate::request::survey;
use crate::request::{CopyPlan, CopyRequest};
use crate::secret::SecretStore;
use crate::transport::Transport;

mod command;
mod decide;
mod queueing;
mod shared;

pub(crate) use command::{drive, forfeit, take_lease};
pub use decide::Which;
pub(crate) use shared::Shared;

/// What the engine is made of.
#[derive(Debug, Clone)]
pub struct EngineConfig {
    /// Durable record.
    pub journal: Journal,
    /// Credentials.
    pub secrets: Arc<dyn SecretStore>,
    /// The wire.
    pub transport: Arc<dyn Transport>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness: spreads the retries of many clients.
    pub chance: Arc<dyn Chance>,
    /// Who this process is, for leases: host, pid and a random word.
    pub holder: String,
    /// Jobs running at once.
    pub jobs_at_once: usize,
    /// Requests in flight at once to one bucket of an endpoint.
    pub requests_per_endpoint: usize,
}

/// What subscribers hear. State changes are never dropped by the engine; progress is not
/// announced but asked for ([`Engine::progress`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineEvent {
    /// Something about the job's row changed: intent, counts, lease.
    JobChanged(JobId),
    /// A transfer changed its state.
    TransferChanged(JobId, TransferId),
    /// An event was recorded for the job.
    EventRecorded(JobId),
    /// A job was removed from the list.
    JobForgotten(JobId),
    /// A request that belongs to no job failed and is sent again after a pause of some seconds.
    RequestWaits {
        /// How long.
        seconds: u64,
        /// Why.
        failure: Box<Failure>,
    },
}

/// Live figures of a job this process drives.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveProgress {
    /// Counts and bytes.
    pub progress: Progress,
    /// Bytes per second, moving average of ten seconds.
    pub bytes_per_second: f64,
    /// Seconds left; `None` before three samples.
    pub seconds_left: Option<f64>,
    /// Part copies (or single copies) in flight.
    pub in_flight: u32,
    /// Requests that were retried so far.
    pub retries: u64,
    /// The endpoint is slowing us down at the moment.
    pub throttled: bool,
    /// Seconds that are left of the time the server asked for; nothing is sent until then.
    pub asked_seconds: Option<u64>,
}

/// One letter per part of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartState {
    /// Not begun: `.`
    Planned,
    /// In flight, first attempt: `o`
    Copying,
    /// In flight again after a failure: `r`
    Retrying,
    /// Gave up: `x`
    Failed,
    /// Confirmed: `#`
    Done,
}

/// A part in flight or failed, for the details line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartDetail {
    /// Its number.
    pub number: PartNumber,
    /// Its state.
    pub state: PartState,
    /// Attempts so far.
    pub attempts: u32,
    /// What the last failure said.
    pub failure: Option<Failure>,
}

/// Drives jobs. Clones share everything.
#[derive(Debug, Clone)]
pub struct Engine {
    pub(crate) shared: Arc<Shared>,
}

impl Engine {
    /// Makes an engine; nothing runs until a job is started or resumed, except the abort
    /// queue: uploads that must be given back are given back. Must be called within a tokio
    /// runtime.
    pub fn new(config: EngineConfig) -> Self {
        Self::with_cut_off(config, Arc::new(NoCutOff))
    }

    /// As `new`, with a place where a test can stop the world at any commit.
    pub fn with_cut_off(config: EngineConfig, cut_off: Arc<dyn CutOff>) -> Self {
        let shared = Arc::new(Shared::new(config, cut_off));
        recover::begin(&shared);
        Self { shared }
    }

    /// Listens to changes. A slow listener sees `Lagged` and asks for everything again.
    pub fn subscribe(&self) -> broadcast::Receiver<EngineEvent> {
        self.shared.events.subscribe()
    }

    /// The journal.
    pub fn journal(&self) -> &Journal {
        self.shared.record.journal()
    }

    /// Forgets what this run remembers of an account's credential: call it after another one
    /// was stored.
    pub fn forget_credential(&self, account: &AccountId) {
        self.shared.caller.forget_credential(account);
    }

    /// Remembers an encryption key of the user's own for this run, for jobs whose options name
    /// its MD5, which is returned. It is never written down.
    pub fn offer_key(&self, key: CustomerKey) -> String {
        self.shared.keys.offer(key)
    }

    /// A key that was offered in this run, by its MD5.
    pub fn offered_key(&self, md5: &str) -> Result<CustomerKey, Failure> {
        self.shared.keys.offered(md5)
    }

    /// Sends one operation for an account, with its stored credential and all retries.
    /// `region` is the bucket's, when known to differ from the account's.
    pub async fn call<O: Operation>(
        &self,
        account: &Account,
        region: Option<&str>,
        operation: &O,
    ) -> Result<Answer<O::Output>, Failure> {
        self.shared
            .caller
            .call(account, region, operation, &Listener::default())
            .await
            .map_err(failure)
    }

    /// As `call`, with a credential that is not (yet) stored and without retries: the account test.
    pub async fn call_once<O: Operation>(
        &self,
        account: &Account,
        credential: &Credential,
        region: Option<&str>,
        operation: &O,
    ) -> Result<Answer<O::Output>, Failure> {
        self.shared
            .caller
            .call_once(account, credential, region, operation)
            .await
            .map_err(failure)
    }

    /// Plans a copy: HEADs every source (and destination key) and says what would happen.
    /// Nothing is written anywhere. `counted` hears how many objects are planned so far.
    pub async fn plan(
        &self,
        request: &CopyRequest,
        counted: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<CopyPlan, Failure> {
        let mut planned = planning::plan(&self.shared, request, counted).await?;
        planning::Planner(&self.shared)
            .name_beside(&mut planned)
            .await?;
        Ok(planned.plan)
    }

    /// Where the search for the number of parts at once stands for copies into a bucket.
    pub fn parts_at_once(
        &self,
        account: &Account,
        bucket: &Bucket,
    ) -> Result<Concurrency, Failure> {
        let home = Endpoint::of(account).map_err(|error| request_failure("", &error))?;
        let limiter = self.shared.caller.limiter(&home, Some(bucket));
        Ok(limiter.search())
    }

    /// A dry run: tells `hear` of every object, those of prefixes included, and sums up. Nothing
    /// is written anywhere, and nothing is kept in memory but a page of each listing.
    pub async fn survey(
        &self,
        request: &CopyRequest,
        hear: &mut survey::Hear<'_>,
    ) -> Result<survey::Survey, Failure> {
        survey::survey(&self.shared, request, hear).await
    }

    /// Remembers that the server lacks something in a bucket; `evidence` says how it showed.
    /// An account that is not kept is not remembered either.
    pub async fn learn_absence(
        &self,
        account: &Account,
        bucket: &Bucket,
        capability: Capability,
        evidence: String,
    ) -> Result<(), Failure> {
        self.shared
            .note_absence(&account.id, bucket, capability, evidence)
            .await
            .map_err(journal_failure)
    }

    /// Whether this process drives the job.
    pub fn drives(&self, job: JobId) -> bool {
        self.shared.handle(job).is_some()
    }

    /// Whether some living process drives the job, as far as its lease tells: one whose holder
    /// is known to be dead counts no more.
    pub fn is_driven(&self, row: &JobRow) -> bool {
        row.lease
            .as_ref()
            .is_some_and(|lease| !is_gone(&lease.holder, &self.shared.holder))
    }

    /// Why nothing can be recorded now, and so nothing is sent either: a full disk, a file that
    /// cannot be written. It is tried again by itself.
    pub fn journal_trouble(&self) -> Option<JournalError> {
        self.shared.record.trouble()
    }

    /// Live figures; `None` if this process does not drive the job.
    pub fn progress(&self, job: JobId) -> Option<LiveProgress> {
        let handle = self.shared.handle(job)?;
        let row = self.journal().job(job).ok()?;
        let (in_flight, bytes_in_flight) = handle.live.in_flight();
        let speed = handle.live.speed();
        Some(LiveProgress {
            progress: Progress {
                bytes_done: row.bytes_done,
                bytes_in_flight,
                bytes_total: row.bytes_total,
                objects_done: row.counts.done,
                objects_total: row.counts.total(),
                parts_done: row.parts_done,
                parts_total: row.parts_total,
            },
            bytes_per_second: speed.bytes_per_second(),
            seconds_left: speed.seconds_left(row.bytes_total.saturating_sub(row.bytes_done)),
            in_flight,
            retries: handle.live.retries(),
            throttled: handle.is_throttled(&self.shared),
            asked_seconds: handle.asked_seconds(&self.shared),
        })
    }

    /// One letter per part, from memory if driven here, else from the journal.
    pub fn part_map(&self, transfer: TransferId) -> Result<Vec<PartState>, Failure> {
        if let Some(live) = self.shared.live(transfer) {
            return Ok(live.states());
        }
        let row = self.journal().transfer(transfer).map_err(journal_failure)?;
        let Some(pin) = row.pin else {
            return Ok(Vec::new());
        };
        let done = matches!(row.state, State::Verifying | State::Removing | State::Done);
        let begin = if done {
            PartState::Done
        } else {
            PartState::Planned
        };
        let mut map = vec![begin; pin.plan.parts as usize];
        for part in self.journal().parts(transfer).map_err(journal_failure)? {
            if let Some(slot) = map.get_mut(part.number.value() as usize - 1) {
                *slot = PartState::Done;
            }
        }
        Ok(map)
    }

    /// Parts in flight or failed.
    pub fn part_details(&self, transfer: TransferId) -> Vec<PartDetail> {
        self.shared
            .live(transfer)
            .map(|live| live.details())
            .unwrap_or_default()
    }

    /// Waits until the job is settled, paused, waiting for the user or no longer driven
    /// here. While it waits for the network it goes on by itself, and so does this.
    pub async fn wait(&self, job: JobId) {
        if let Some(handle) = self.shared.handle(job) {
            handle.end().await;
        }
        self.shared.until_left(job).await;
    }

    /// Lets in-flight parts finish within `grace`, gives leases back, flushes the journal.
    /// Unfinished jobs keep their intent and are found interrupted next time.
    pub async fn shutdown(&self, grace: Duration) {
        self.shared.shutdown(grace).await;
    }
}
