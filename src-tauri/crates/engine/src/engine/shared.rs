//! What all clones of the engine and all its drivers share.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use partway_domain::{JobId, TransferId};
use partway_journal::table::event::NewEvent;
use partway_journal::{Change, Durability};
use tokio::sync::broadcast;

use super::{EngineConfig, EngineEvent};
use crate::call::Caller;
use crate::claim::Claims;
use crate::clock::Clock;
use crate::driver::Handle;
use crate::keys::Keys;
use crate::live::LiveTransfer;
use crate::order::Order;
use crate::queue::Queue;
use crate::record::{CutOff, Record};
use crate::uploads::sweep::Sweeper;

/// Events a slow subscriber may fall behind before it must ask for everything again.
const EVENTS_KEPT: usize = 4096;

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) record: Record,
    pub(crate) caller: Caller,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) keys: Keys,
    pub(crate) holder: String,
    pub(crate) events: broadcast::Sender<EngineEvent>,
    pub(crate) queue: Queue,
    pub(crate) sweeper: Sweeper,
    pub(crate) claims: Arc<Claims>,
    jobs: Mutex<BTreeMap<JobId, Arc<Handle>>>,
    /// Drivers that take no more orders and have yet to give their lease back.
    leaving: Mutex<BTreeMap<JobId, Arc<Handle>>>,
}

impl Shared {
    pub(crate) fn new(config: EngineConfig, cut_off: Arc<dyn CutOff>) -> Self {
        let record = Record::new(config.journal, cut_off);
        let events = broadcast::Sender::new(EVENTS_KEPT);
        let caller = Caller::new(
            config.transport,
            config.secrets,
            Arc::clone(&config.clock),
            config.chance,
            record.where_to_block(),
            config.requests_per_endpoint,
            events.clone(),
        );
        Self {
            record,
            caller,
            clock: config.clock,
            keys: Keys::default(),
            holder: config.holder,
            events,
            queue: Queue::new(config.jobs_at_once),
            sweeper: Sweeper::default(),
            claims: Arc::default(),
            jobs: Mutex::default(),
            leaving: Mutex::default(),
        }
    }

    /// Tells whoever listens; nobody may be.
    pub(crate) fn announce(&self, event: EngineEvent) {
        let _ = self.events.send(event);
    }

    /// Records something worth reading later, without waiting for it.
    pub(crate) fn note(&self, event: NewEvent) {
        let job = event.job;
        self.record
            .journal()
            .submit(vec![Change::Event(event)], Durability::Grouped, |outcome| {
                if let Err(error) = outcome {
                    tracing::warn!(%error, "an event was not recorded");
                }
            });
        self.announce(EngineEvent::EventRecorded(job));
    }

    /// Goes before whatever is written about a job this process drives.
    pub(crate) fn held(&self, job: JobId) -> Change {
        Change::LeaseHeld {
            job,
            holder: self.holder.clone(),
        }
    }

    pub(crate) fn lease_until_ms(&self, lease: Duration) -> i64 {
        let lease_ms = i64::try_from(lease.as_millis()).unwrap_or(i64::MAX);
        self.clock.now_ms().saturating_add(lease_ms)
    }

    pub(crate) fn handle(&self, job: JobId) -> Option<Arc<Handle>> {
        self.jobs().get(&job).cloned()
    }

    /// Gives an order to the driver of a job, if there is one.
    pub(crate) fn give(&self, job: JobId, order: Order) -> bool {
        let jobs = self.jobs();
        let handle = jobs.get(&job);
        if let Some(handle) = handle {
            handle.give_anew(order);
        }
        handle.is_some()
    }

    /// Changes an order unless another was given meanwhile.
    pub(crate) fn give_instead(&self, handle: &Handle, from: Order, to: Order) {
        let _jobs = self.jobs();
        if handle.orders().now() == from {
            handle.give(to);
        }
    }

    /// Notes a new driver; `false` if there is one already.
    pub(crate) fn admit(&self, handle: &Arc<Handle>) -> bool {
        let mut jobs = self.jobs();
        if jobs.contains_key(&handle.job) {
            return false;
        }
        jobs.insert(handle.job, Arc::clone(handle));
        true
    }

    pub(crate) fn forget(&self, handle: &Arc<Handle>) {
        self.forget_if(handle, || true);
    }

    /// Forgets a driver if `still` holds, decided while nobody can give it an order.
    pub(crate) fn forget_if(&self, handle: &Arc<Handle>, still: impl FnOnce() -> bool) -> bool {
        let mut jobs = self.jobs();
        let goes = still();
        let ours = jobs
            .get(&handle.job)
            .is_some_and(|known| Arc::ptr_eq(known, handle));
        if goes && ours {
            jobs.remove(&handle.job);
            self.leaving().insert(handle.job, Arc::clone(handle));
        }
        goes
    }

    /// A forgotten driver is at its end.
    pub(crate) fn left(&self, handle: &Arc<Handle>) {
        let mut leaving = self.leaving();
        if leaving
            .get(&handle.job)
            .is_some_and(|known| Arc::ptr_eq(known, handle))
        {
            leaving.remove(&handle.job);
        }
    }

    /// Waits for a driver that is on its way out. It would give back the lease of the next one,
    /// which is of the same process.
    pub(crate) async fn until_left(&self, job: JobId) {
        let leaving = self.leaving().get(&job).cloned();
        if let Some(handle) = leaving {
            handle.end().await;
        }
    }

    pub(crate) fn live(&self, transfer: TransferId) -> Option<Arc<LiveTransfer>> {
        let handles: Vec<_> = self.jobs().values().cloned().collect();
        handles
            .iter()
            .find_map(|handle| handle.live.transfer(transfer))
    }

    /// Two steps: everything may come to a good end within `grace`, then it is dropped.
    pub(crate) async fn shutdown(&self, grace: Duration) {
        self.sweeper.leave();
        let handles: Vec<_> = self.jobs().values().cloned().collect();
        for handle in &handles {
            handle.give(Order::Leave);
        }
        let all_ended = async {
            for handle in &handles {
                handle.end().await;
            }
        };
        if tokio::time::timeout(grace, all_ended).await.is_err() {
            for handle in &handles {
                handle.give(Order::Drop);
                handle.end().await;
            }
        }
        // The journal commits in order: an empty durable write is behind everything else.
        if let Err(error) = self.record.write(Vec::new(), Durability::Durable).await {
            tracing::warn!(%error, "the journal could not be flushed");
        }
    }

    fn jobs(&self) -> MutexGuard<'_, BTreeMap<JobId, Arc<Handle>>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn leaving(&self) -> MutexGuard<'_, BTreeMap<JobId, Arc<Handle>>> {
        self.leaving.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
