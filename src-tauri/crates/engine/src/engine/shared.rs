//! What all clones of the engine and all its drivers share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use partway_domain::{JobId, TransferId};
use partway_journal::table::event::NewEvent;
use partway_journal::{Change, Durability};
use tokio::sync::{Semaphore, broadcast};

use super::{EngineConfig, EngineEvent};
use crate::call::Caller;
use crate::clock::Clock;
use crate::driver::Handle;
use crate::keys::Keys;
use crate::live::LiveTransfer;
use crate::order::Order;
use crate::record::{CutOff, Record};

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
    pub(crate) job_slots: Semaphore,
    /// How many slots there are, those about to be taken away not counted.
    jobs_at_once: Mutex<usize>,
    jobs: Mutex<HashMap<JobId, Arc<Handle>>>,
}

impl Shared {
    pub(crate) fn new(config: EngineConfig, cut_off: Arc<dyn CutOff>) -> Self {
        let caller = Caller::new(
            config.transport,
            config.secrets,
            Arc::clone(&config.clock),
            config.requests_per_endpoint,
        );
        Self {
            record: Record::new(config.journal, cut_off),
            caller,
            clock: config.clock,
            keys: Keys::default(),
            holder: config.holder,
            events: broadcast::Sender::new(EVENTS_KEPT),
            job_slots: Semaphore::new(config.jobs_at_once.max(1)),
            jobs_at_once: Mutex::new(config.jobs_at_once.max(1)),
            jobs: Mutex::default(),
        }
    }

    /// Changes how many jobs run at once. A running job keeps its slot: fewer slots show as
    /// jobs end.
    pub(crate) fn set_jobs_at_once(self: &Arc<Self>, wanted: usize) {
        let wanted = wanted.max(1);
        let mut now = self
            .jobs_at_once
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *now, wanted);
        if wanted >= before {
            self.job_slots.add_permits(wanted - before);
            return;
        }
        let taken = u32::try_from(before - wanted).unwrap_or(u32::MAX);
        let shared = Arc::clone(self);
        tokio::spawn(async move {
            if let Ok(slots) = shared.job_slots.acquire_many(taken).await {
                slots.forget();
            }
        });
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
            handle.give(order);
        }
        handle.is_some()
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
        }
        goes
    }

    pub(crate) fn live(&self, transfer: TransferId) -> Option<Arc<LiveTransfer>> {
        let handles: Vec<_> = self.jobs().values().cloned().collect();
        handles
            .iter()
            .find_map(|handle| handle.live.transfer(transfer))
    }

    /// Two steps: everything may come to a good end within `grace`, then it is dropped.
    pub(crate) async fn shutdown(&self, grace: Duration) {
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

    fn jobs(&self) -> MutexGuard<'_, HashMap<JobId, Arc<Handle>>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
