//! The queue: which of the jobs that want to run has its turn.
//!
//! The journal holds the order, the hours and the turns, so every process that drives jobs
//! comes to the same answer. Whoever wants a turn asks [`turn::next`]; whoever may have one takes
//! it in a transaction of the journal. A job that has its turn keeps it until it comes to rest or
//! its hours are over: nothing that runs is held for another that came later.

use std::sync::Arc;
use std::time::Duration;

use partway_domain::concurrency::FIRST;
use partway_domain::{CopyOptions, JobId, Schedule};
use partway_journal::table::queue::{Contender, QueueChange};
use partway_journal::{Change, Durability, Journal, JournalError};

use crate::driver::Handle;
use crate::engine::{EngineEvent, Shared};
use crate::lease::is_gone;
use crate::order::Order;
use crate::signal::Signal;

pub(crate) mod hours;
pub(crate) mod turn;

use turn::Moment;

/// Under this name the journal keeps how many jobs run at once.
const JOBS_AT_ONCE: &str = "jobs_at_once";

/// How often a waiting job looks what other processes did.
const LOOK: Duration = Duration::from_millis(500);

/// How fast a job may go. May change while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace {
    /// Transfers of the job at once.
    pub(crate) transfers: usize,
    /// Part copies of one transfer at once, and its share of the requests for small objects.
    pub(crate) parts: usize,
    /// A large object takes as many as make it faster instead.
    pub(crate) measured: bool,
}

impl Pace {
    pub(crate) fn new(transfers_at_once: u32, parts_at_once: u32) -> Self {
        let measured = parts_at_once == CopyOptions::MEASURED;
        let parts = if measured { FIRST } else { parts_at_once };
        Self {
            transfers: transfers_at_once.max(1) as usize,
            parts: parts as usize,
            measured,
        }
    }

    pub(crate) fn of(options: &CopyOptions) -> Self {
        Self::new(options.transfers_at_once, options.parts_at_once)
    }
}

/// This process's part in the queue.
#[derive(Debug)]
pub(crate) struct Queue {
    /// Jobs at once where the journal does not say.
    slots: usize,
    /// Rises when something changes here that may give somebody a turn.
    changes: Signal<u64>,
}

impl Queue {
    pub(crate) fn new(slots: usize) -> Self {
        Self {
            slots: slots.max(1),
            changes: Signal::new(0),
        }
    }

    /// Who waits here looks again.
    pub(crate) fn stir(&self) {
        self.changes.set(self.changes.now().wrapping_add(1));
    }

    fn slots(&self, journal: &Journal) -> Result<usize, JournalError> {
        let written = journal.setting(JOBS_AT_ONCE)?;
        let slots = written
            .and_then(|value| value.as_u64())
            .and_then(|value| usize::try_from(value).ok());
        Ok(slots.unwrap_or(self.slots).max(1))
    }
}

/// Writes how many jobs run at once, in all processes together.
pub(crate) async fn set_jobs_at_once(shared: &Shared, jobs: usize) -> Result<(), JournalError> {
    let jobs = serde_json::Value::from(jobs.max(1) as u64);
    shared
        .record
        .blocking(move |journal| journal.put_setting(JOBS_AT_ONCE, &jobs))
        .await?;
    shared.queue.stir();
    Ok(())
}

/// Waits until the job has its turn. Dropped halfway it may have it: [`turn_over`] ends that.
pub(crate) async fn take_turn(shared: &Arc<Shared>, handle: &Handle) -> Result<(), JournalError> {
    let job = handle.job;
    loop {
        let seen = shared.queue.changes.now();
        if may_run(shared, job)? && claim(shared, job).await? {
            handle.turned(true);
            shared.announce(EngineEvent::JobChanged(job));
            return Ok(());
        }
        tokio::select! {
            biased;
            () = shared.queue.changes.until(|now| now != seen) => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Looks without writing: most looks find nothing.
fn may_run(shared: &Shared, job: JobId) -> Result<bool, JournalError> {
    let journal = shared.record.journal();
    let slots = shared.queue.slots(journal)?;
    let contenders = journal.contenders(shared.clock.now_ms())?;
    Ok(may(shared, job, slots)(&contenders))
}

async fn claim(shared: &Shared, job: JobId) -> Result<bool, JournalError> {
    let slots = shared.queue.slots(shared.record.journal())?;
    let (holder, now_ms) = (shared.holder.clone(), shared.clock.now_ms());
    let may = may(shared, job, slots);
    shared
        .record
        .blocking(move |journal| journal.take_turn(job, &holder, now_ms, may))
        .await
}

fn may(
    shared: &Shared,
    job: JobId,
    slots: usize,
) -> impl FnOnce(&[Contender]) -> bool + Send + 'static {
    let moment = Moment {
        now_ms: shared.clock.now_ms(),
        zone: shared.clock.zone(),
    };
    let holder = shared.holder.clone();
    move |contenders| {
        // A claim whose answer was not waited for.
        let has_it = |one: &Contender| one.job == job && one.running;
        if contenders.iter().any(has_it) {
            return true;
        }
        let living: Vec<_> = contenders
            .iter()
            .filter(|one| !is_gone(&one.lease.holder, &holder))
            .cloned()
            .collect();
        turn::next(&living, slots, &moment).contains(&job)
    }
}

/// Lets another job run.
pub(crate) async fn turn_over(shared: &Shared, handle: &Handle) {
    handle.turned(false);
    let job = handle.job;
    let over = Change::Queue {
        job,
        change: QueueChange::TurnOver,
    };
    // Whether or not this can be written, the turn ends with the lease.
    if let Err(error) = shared.record.write(vec![over], Durability::Grouped).await {
        tracing::warn!(%job, %error, "the job's turn could not be given back");
    }
    shared.queue.stir();
    shared.announce(EngineEvent::JobChanged(job));
}

/// Holds a running job whose hours are over. What is in flight may finish.
pub(crate) fn keep_hours(shared: &Shared, handle: &Handle, schedule: Schedule) {
    let order = handle.orders().now();
    let Order::Run { retry_failed } = order else {
        return;
    };
    if handle.has_turn() && opens_ms(shared, schedule).is_some() {
        shared.give_instead(handle, order, Order::Hold { retry_failed });
    }
}

/// When the hours of a job come, in milliseconds since 1970; `None` while they are here.
pub(crate) fn opens_ms(shared: &Shared, schedule: Schedule) -> Option<i64> {
    let clock = &shared.clock;
    hours::opens_ms(schedule, clock.now_ms(), &clock.zone())
}
