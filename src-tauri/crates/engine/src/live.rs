//! What is only known while a job runs: parts in flight, retries, speed. What is done stands
//! in the journal and is read from there.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use partway_domain::progress::Speed;
use partway_domain::{ByteRange, Failure, PartNumber, Plan, TransferId};
use tokio::time::Instant;

use crate::engine::{PartDetail, PartState};

/// As many warnings about single objects are recorded while a job of many runs.
const MOST_TOLD: u64 = 1000;

/// A running job's figures.
#[derive(Debug, Default)]
pub(crate) struct LiveJob {
    retries: AtomicU64,
    told: AtomicU64,
    transfers: Mutex<BTreeMap<TransferId, Arc<LiveTransfer>>>,
    speed: Mutex<Sampled>,
}

#[derive(Debug, Default)]
struct Sampled {
    speed: Speed,
    last: Option<(Instant, u64)>,
}

/// A running transfer's parts.
#[derive(Debug)]
pub(crate) struct LiveTransfer {
    plan: Plan,
    parts: Mutex<Parts>,
}

#[derive(Debug)]
struct Parts {
    states: Vec<PartState>,
    details: BTreeMap<PartNumber, PartDetail>,
}

impl LiveJob {
    pub(crate) fn retried(&self) {
        self.retries.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether one more event about single objects of many is worth being recorded.
    pub(crate) fn tell_one_more(&self) -> bool {
        self.told.fetch_add(1, Ordering::Relaxed) < MOST_TOLD
    }

    pub(crate) fn retries(&self) -> u64 {
        self.retries.load(Ordering::Relaxed)
    }

    /// Begins (again) to follow a transfer, none of its parts done.
    pub(crate) fn follow(&self, transfer: TransferId, plan: Plan) -> Arc<LiveTransfer> {
        let live = Arc::new(LiveTransfer::new(plan));
        lock(&self.transfers).insert(transfer, Arc::clone(&live));
        live
    }

    pub(crate) fn leave(&self, transfer: TransferId) {
        lock(&self.transfers).remove(&transfer);
    }

    pub(crate) fn transfer(&self, transfer: TransferId) -> Option<Arc<LiveTransfer>> {
        lock(&self.transfers).get(&transfer).cloned()
    }

    /// Copies in flight and their bytes.
    pub(crate) fn in_flight(&self) -> (u32, u64) {
        let transfers: Vec<_> = lock(&self.transfers).values().cloned().collect();
        transfers
            .iter()
            .map(|transfer| transfer.in_flight())
            .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    }

    /// Takes the bytes confirmed so far as a sample of speed.
    pub(crate) fn sample(&self, bytes_done: u64) {
        let mut sampled = lock(&self.speed);
        let now = Instant::now();
        if let Some((then, before)) = sampled.last {
            let seconds = (now - then).as_secs_f64();
            sampled
                .speed
                .sample(bytes_done.saturating_sub(before), seconds);
        }
        sampled.last = Some((now, bytes_done));
    }

    pub(crate) fn speed(&self) -> Speed {
        lock(&self.speed).speed
    }
}

impl LiveTransfer {
    fn new(plan: Plan) -> Self {
        Self {
            plan,
            parts: Mutex::new(Parts {
                states: vec![PartState::Planned; plan.parts as usize],
                details: BTreeMap::new(),
            }),
        }
    }

    pub(crate) fn set(&self, number: PartNumber, state: PartState) {
        let mut parts = lock(&self.parts);
        parts.set(number, state);
        match state {
            PartState::Planned | PartState::Done => {
                parts.details.remove(&number);
            }
            PartState::Copying | PartState::Retrying | PartState::Failed => {
                parts.detail(number).state = state;
            }
        }
    }

    /// One more sending of a part begins.
    pub(crate) fn sending(&self, number: PartNumber) {
        let mut parts = lock(&self.parts);
        let detail = parts.detail(number);
        detail.attempts += 1;
        detail.state = if detail.attempts > 1 {
            PartState::Retrying
        } else {
            PartState::Copying
        };
        let state = detail.state;
        parts.set(number, state);
    }

    /// The server has answered. Until that is in the journal the part is not done, but no
    /// longer in flight either.
    pub(crate) fn answered(&self, number: PartNumber) {
        lock(&self.parts).details.remove(&number);
    }

    pub(crate) fn failed(&self, number: PartNumber, state: PartState, failure: &Failure) {
        let mut parts = lock(&self.parts);
        let detail = parts.detail(number);
        detail.state = state;
        detail.failure = Some(failure.clone());
        parts.set(number, state);
    }

    pub(crate) fn states(&self) -> Vec<PartState> {
        lock(&self.parts).states.clone()
    }

    pub(crate) fn details(&self) -> Vec<PartDetail> {
        lock(&self.parts).details.values().cloned().collect()
    }

    fn in_flight(&self) -> (u32, u64) {
        lock(&self.parts)
            .details
            .values()
            .filter(|part| matches!(part.state, PartState::Copying | PartState::Retrying))
            .fold((0, 0), |(count, bytes), part| {
                let range = self.plan.range(part.number);
                (count + 1, bytes + range.map_or(0, ByteRange::len))
            })
    }
}

impl Parts {
    fn set(&mut self, number: PartNumber, state: PartState) {
        if let Some(slot) = self.states.get_mut(number.value() as usize - 1) {
            *slot = state;
        }
    }

    fn detail(&mut self, number: PartNumber) -> &mut PartDetail {
        self.details.entry(number).or_insert_with(|| PartDetail {
            number,
            state: PartState::Copying,
            attempts: 0,
            failure: None,
        })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
