//! What the user asks of the queue: order, hours, pace, and all jobs at once.

use partway_domain::{Failure, FailureKind, JobId, JobIntent, Priority, QueuePlace, Schedule};
use partway_journal::table::job::JobRow;
use partway_journal::table::queue::QueueChange;
use partway_journal::{Change, Durability, Journal};

use super::{Engine, EngineEvent};
use crate::order::Order;
use crate::queue::{self, Pace};
use crate::record::journal_failure;

impl Engine {
    /// Changes how many jobs run at once, at least one, in all processes on this journal
    /// together. Running jobs are not stopped.
    pub async fn set_jobs_at_once(&self, jobs: usize) -> Result<(), Failure> {
        queue::set_jobs_at_once(&self.shared, jobs)
            .await
            .map_err(journal_failure)
    }

    /// How often an operation is repeated while its server is in trouble: 7 times unless changed.
    /// Throttling and a network that is away have patience of their own.
    pub fn set_retries(&self, retries: u32) {
        self.shared.caller.set_retries(retries);
    }

    /// How soon a job gets its turn. One that runs is not stopped for others.
    pub async fn set_priority(&self, job: JobId, priority: Priority) -> Result<(), Failure> {
        self.requeue(job, QueueChange::Priority(priority)).await
    }

    /// Moves an unfinished job in the queue. Before or behind a job of another priority it takes
    /// on that one's.
    pub async fn move_job(&self, job: JobId, place: QueuePlace) -> Result<(), Failure> {
        self.requeue(job, QueueChange::Moved(place)).await
    }

    /// Gives a job other hours. Outside of them it holds itself: parts in flight finish.
    pub async fn set_schedule(&self, job: JobId, schedule: Schedule) -> Result<(), Failure> {
        self.requeue(job, QueueChange::Schedule(schedule)).await
    }

    /// How many transfers of a job run at once, at least one, and how many part copies of each, where
    /// [`CopyOptions::MEASURED`](partway_domain::CopyOptions::MEASURED) finds out. A job that runs changes its pace within half a second, here at once.
    pub async fn set_pace(&self, job: JobId, transfers: u32, parts: u32) -> Result<(), Failure> {
        let transfers = transfers.max(1);
        self.requeue(job, QueueChange::AtOnce { transfers, parts })
            .await?;
        if let Some(handle) = self.shared.handle(job) {
            handle.set_pace(Pace::new(transfers, parts));
        }
        Ok(())
    }

    /// When the job's hours come, in milliseconds since 1970; `None` for one that may run now,
    /// or that would not run then either.
    pub fn waits_until_ms(&self, row: &JobRow) -> Option<i64> {
        let wants = row.finished_ms.is_none() && row.intent == JobIntent::Run && !row.running;
        wants.then(|| queue::opens_ms(&self.shared, row.options.schedule))?
    }

    /// Pauses every unfinished job that is to run, whoever drives it, in one step of the journal.
    /// Answers which.
    pub async fn pause_all(&self) -> Result<Vec<JobId>, Failure> {
        let jobs = self.unfinished(|row| row.intent == JobIntent::Run).await?;
        let intents = jobs
            .iter()
            .map(|&job| Change::Intent {
                job,
                intent: JobIntent::Pause,
            })
            .collect();
        self.shared
            .record
            .write(intents, Durability::Durable)
            .await
            .map_err(journal_failure)?;
        for &job in &jobs {
            self.shared.give(job, Order::Pause);
            self.shared.announce(EngineEvent::JobChanged(job));
        }
        Ok(jobs)
    }

    /// Jobs that have hours of their own, are to run, and that nobody drives. A program that
    /// stays resumes them, so that an appointment outlives the program it was made in.
    pub async fn appointments(&self) -> Result<Vec<JobId>, Failure> {
        self.unfinished(|row| {
            row.intent == JobIntent::Run && !row.options.schedule.is_free() && !self.is_driven(row)
        })
        .await
    }

    async fn unfinished(&self, which: impl Fn(&JobRow) -> bool) -> Result<Vec<JobId>, Failure> {
        let rows = self
            .shared
            .record
            .blocking(Journal::unfinished_jobs)
            .await
            .map_err(journal_failure)?;
        Ok(rows
            .iter()
            .filter(|row| which(row))
            .map(|row| row.id)
            .collect())
    }

    async fn requeue(&self, job: JobId, change: QueueChange) -> Result<(), Failure> {
        let row = self.journal().job(job).map_err(journal_failure)?;
        if row.finished_ms.is_some() {
            return Err(Failure::local(
                FailureKind::Invalid,
                format!("job {job} is finished; only unfinished jobs have a place in the queue"),
            ));
        }
        self.shared
            .record
            .write(vec![Change::Queue { job, change }], Durability::Durable)
            .await
            .map_err(journal_failure)?;
        self.shared.queue.stir();
        self.shared.announce(EngineEvent::JobChanged(job));
        Ok(())
    }
}
