//! The front door: everything the window, the bridge and the CLI hold.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use partway_domain::{Account, AccountId};
use partway_engine::clock::{Clock, SystemClock};
use partway_engine::secret::SecretStore;
use partway_engine::transport::{HttpTransport, Network, Transport};
use partway_engine::{Engine, EngineConfig, EngineEvent};
use partway_journal::{Journal, JournalError};
use tokio::sync::broadcast;

use crate::accounts::{Checks, Notes, Tested};
use crate::config::Config;
use crate::contract::SecretPlace;
use crate::copy::DryRuns;
use crate::demo::{Demo, DemoSecrets};
use crate::desktop::Desktop;
use crate::error::ApiError;
use crate::listing::Listings;
use crate::objects::Errands;
use crate::settings;
use crate::throughput::Samples;
use crate::uploads::Searches;

/// Requests in flight at once to one endpoint: more than any job's default, less than the
/// ports of a computer.
const REQUESTS_PER_ENDPOINT: usize = 256;

/// Everything commands work on. Clones share it.
#[derive(Debug, Clone)]
pub struct Api(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    data_folder: PathBuf,
    journal: Journal,
    engine: Engine,
    transport: Arc<dyn Transport>,
    secrets: Arc<dyn SecretStore>,
    demo: Demo,
    listings: Listings,
    desktop: Desktop,
    searches: Searches,
    samples: Samples,
    errands: Errands,
    dry_runs: DryRuns,
    /// Where the secrets of accounts are, as far as the keyring was asked.
    known_secrets: Mutex<HashMap<AccountId, SecretPlace>>,
    notes: Notes,
    /// What the last test of an unsaved account learned.
    tested: Mutex<Option<Tested>>,
    /// The test of an account that was begun last, while it runs.
    running_test: Mutex<Weak<Checks>>,
    /// Why the last credential was kept for this run only.
    keyring_problem: Mutex<Option<String>>,
    set_aside: Option<PathBuf>,
    opened_ms: i64,
}

impl Api {
    /// Opens the journal in the data folder and starts the engine. No job is resumed by
    /// itself. Must be called within a tokio runtime.
    pub async fn open(config: Config) -> Result<Self, ApiError> {
        let folder = config.data_folder.clone();
        let opened = blocking::<_, JournalError>(move || Journal::open(&folder)).await?;
        let journal = opened.journal;
        let demo = Demo::new(
            config.data_folder.join("demo"),
            config.demo,
            journal.clone(),
        );
        let secrets: Arc<dyn SecretStore> =
            Arc::new(DemoSecrets::new(config.secrets, demo.clone()));
        let transport: Arc<dyn Transport> = Arc::new(
            HttpTransport::new().map_err(|error| ApiError::new("tls", error.to_string()))?,
        );
        let (settings, demo_in_use, aborts) = {
            let journal = journal.clone();
            blocking::<_, JournalError>(move || {
                Ok((
                    settings::load(&journal)?,
                    journal.accounts()?.iter().any(|account| account.demo),
                    !journal.abort_queue()?.is_empty() || !journal.aborts()?.is_empty(),
                ))
            })
            .await?
        };
        match settings::network(&settings) {
            Ok(network) => set_network(&*transport, &network)?,
            // A file of certificates that is gone must not keep the program from starting.
            Err(error) => tracing::warn!(%error, "the system's network settings are used"),
        }
        if demo_in_use && aborts {
            // The engine sends what is owed at once; the endpoints must be right by then.
            demo.ready().await?;
        } else if demo_in_use {
            demo.open_in_background();
        }
        let engine = Engine::new(EngineConfig {
            journal: journal.clone(),
            secrets: Arc::clone(&secrets),
            transport: Arc::clone(&transport),
            clock: Arc::new(SystemClock),
            chance: Arc::new(partway_engine::chance::SystemChance),
            holder: partway_engine::lease::holder(),
            jobs_at_once: settings.jobs_at_once as usize,
            requests_per_endpoint: REQUESTS_PER_ENDPOINT,
        });
        engine.set_retries(settings.retries);
        let api = Self(Arc::new(Shared {
            data_folder: config.data_folder,
            journal,
            engine,
            transport,
            secrets,
            demo,
            listings: Listings::default(),
            desktop: Desktop::default(),
            searches: Searches::default(),
            samples: Samples::default(),
            errands: Errands::default(),
            dry_runs: DryRuns::default(),
            known_secrets: Mutex::default(),
            notes: Notes::default(),
            tested: Mutex::default(),
            running_test: Mutex::default(),
            keyring_problem: Mutex::default(),
            set_aside: opened.set_aside,
            opened_ms: SystemClock.now_ms(),
        }));
        api.sample_in_background();
        Ok(api)
    }

    /// Lets in-flight parts finish within `grace`, gives leases back, flushes the journal.
    /// Unfinished jobs are found interrupted next time.
    pub async fn shutdown(&self, grace: Duration) {
        self.engine().shutdown(grace).await;
        self.demo().close().await;
    }

    /// As `shutdown`, and closes the journal: for a program whose process ends without anything
    /// being dropped. Nothing works afterwards.
    pub async fn end(&self, grace: Duration) {
        self.shutdown(grace).await;
        let journal = self.engine().journal().clone();
        tokio::task::spawn_blocking(move || journal.close())
            .await
            .ok();
    }

    /// Where the journal lies.
    pub fn data_folder(&self) -> &Path {
        &self.0.data_folder
    }

    /// The engine, for what only a terminal needs (waiting, shutting down).
    pub fn engine(&self) -> &Engine {
        &self.0.engine
    }

    /// Tells of each request outside of jobs that failed and waits some seconds before it is
    /// sent again: for how long, and why. Ends only with the engine.
    pub async fn tell_of_waits(&self, tell: impl Fn(u64, &str)) {
        let mut events = self.engine().subscribe();
        loop {
            match events.recv().await {
                Ok(EngineEvent::RequestWaits { seconds, failure }) => {
                    tell(seconds, &failure.message);
                }
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return,
            }
        }
    }

    pub(crate) fn transport(&self) -> &Arc<dyn Transport> {
        &self.0.transport
    }

    pub(crate) fn secrets(&self) -> &Arc<dyn SecretStore> {
        &self.0.secrets
    }

    pub(crate) fn demo(&self) -> &Demo {
        &self.0.demo
    }

    pub(crate) fn listings(&self) -> &Listings {
        &self.0.listings
    }

    pub(crate) fn desktop(&self) -> &Desktop {
        &self.0.desktop
    }

    pub(crate) fn searches(&self) -> &Searches {
        &self.0.searches
    }

    pub(crate) fn errands(&self) -> &Errands {
        &self.0.errands
    }

    pub(crate) fn dry_runs(&self) -> &DryRuns {
        &self.0.dry_runs
    }

    /// A way back to this as long as somebody else holds it: for what runs beside it and must
    /// not keep it alive.
    pub(crate) fn weakly(&self) -> impl Fn() -> Option<Self> + Send + 'static {
        let weak = Arc::downgrade(&self.0);
        move || weak.upgrade().map(Self)
    }

    pub(crate) fn samples(&self) -> &Samples {
        &self.0.samples
    }

    pub(crate) fn known_secrets(&self) -> MutexGuard<'_, HashMap<AccountId, SecretPlace>> {
        lock(&self.0.known_secrets)
    }

    pub(crate) fn notes(&self) -> &Notes {
        &self.0.notes
    }

    pub(crate) fn set_network(&self, network: &Network) -> Result<(), ApiError> {
        set_network(&*self.0.transport, network)
    }

    pub(crate) fn running_test(&self) -> MutexGuard<'_, Weak<Checks>> {
        lock(&self.0.running_test)
    }

    pub(crate) fn tested(&self) -> MutexGuard<'_, Option<Tested>> {
        lock(&self.0.tested)
    }

    pub(crate) fn keyring_problem(&self) -> MutexGuard<'_, Option<String>> {
        lock(&self.0.keyring_problem)
    }

    /// Where a corrupt journal was moved at opening.
    pub fn set_aside(&self) -> Option<&Path> {
        self.0.set_aside.as_deref()
    }

    /// When this run began, in milliseconds since 1970.
    pub(crate) fn opened_ms(&self) -> i64 {
        self.0.opened_ms
    }

    /// Reads or writes the journal where blocking is allowed.
    pub(crate) async fn journal<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Journal) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let journal = self.0.journal.clone();
        blocking(move || work(&journal)).await
    }

    /// The account of that id. A demo account's endpoints are up when this returns.
    pub(crate) async fn account(&self, id: &str) -> Result<Account, ApiError> {
        let find = |accounts: Vec<Account>| accounts.into_iter().find(|a| a.id.0 == id);
        let Some(account) = find(self.journal(Journal::accounts).await?) else {
            return Err(self.no_account(id).await);
        };
        self.note_use(&account.id).await?;
        if !account.demo {
            return Ok(account);
        }
        self.demo().ready().await?;
        // Its ports may be others than before.
        match find(self.journal(Journal::accounts).await?) {
            Some(account) => Ok(account),
            None => Err(self.no_account(id).await),
        }
    }

    async fn no_account(&self, id: &str) -> ApiError {
        let message = match self.former_name(id).await {
            Some(name) => format!(
                "the account {name:?} was removed; begin the copy anew with an account that exists"
            ),
            None => format!("there is no account {id:?}; it may have been removed"),
        };
        ApiError::new("not_found", message)
    }

    /// The name of an account that was removed; `None` if none of that id is known to have been.
    pub async fn former_name(&self, id: &str) -> Option<String> {
        let name = crate::view::name_setting(&AccountId(id.to_owned()));
        let kept = self.journal(move |journal| journal.setting(&name)).await;
        kept.ok().flatten()?.as_str().map(str::to_owned)
    }
}

/// Runs blocking work off the async threads.
pub(crate) async fn blocking<T: Send + 'static, E: Send + 'static>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, ApiError>
where
    ApiError: From<E>,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome.map_err(ApiError::from),
        Err(gone) => Err(ApiError::new(
            "internal",
            format!("a step ended early: {gone}"),
        )),
    }
}

/// A lock that a panicking command cannot poison for the others.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn set_network(transport: &dyn Transport, network: &Network) -> Result<(), ApiError> {
    let set = transport.set_network(network);
    set.map_err(|error| ApiError::new("tls", error.to_string()))
}
