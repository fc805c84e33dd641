//! Jobs: reading them and telling them what to do.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use partway_domain::{JobId, JobIntent, TransferId};
use partway_engine::engine::PartState;
use partway_journal::Journal;
use partway_journal::table::event::Level;
use partway_journal::table::job::JobRow;

use crate::api::Api;
use crate::contract::{
    CancelJob, EventLevel, EventView, EventsRequest, Exported, HistoryRequest, JobRef, JobSettings,
    JobView, Nothing, PartDetail, PartMap, TransferRef, TransferView, TransfersRequest,
};
use crate::error::ApiError;
use crate::exports::NewFile;
use crate::history::again;
use crate::view;

/// No page is larger, whatever is asked for.
const LARGEST_PAGE: u32 = 1_000;

/// How often jobs that are given up are looked at.
const LOOK: Duration = Duration::from_millis(50);

/// As many waiting transfers are named; a person answers all that are alike at once.
const WAITING_SHOWN: u32 = 200;

impl Api {
    /// Jobs, newest first.
    pub async fn jobs(&self, request: HistoryRequest) -> Result<Vec<JobView>, ApiError> {
        let before = request.before.map(|job| JobId(job.into()));
        let limit = request.limit.min(LARGEST_PAGE);
        let rows = self
            .journal(move |journal| journal.jobs(before, limit))
            .await?;
        view::jobs(self, rows).await
    }

    /// Jobs that are not settled, oldest first.
    pub async fn unfinished_jobs(&self) -> Result<Vec<JobView>, ApiError> {
        let rows = self.journal(Journal::unfinished_jobs).await?;
        view::jobs(self, rows).await
    }

    /// One job.
    pub async fn job(&self, job: JobRef) -> Result<JobView, ApiError> {
        let id = JobId(job.job.into());
        let row = self.journal(move |journal| journal.job(id)).await?;
        let mut views = view::jobs(self, vec![row]).await?;
        views
            .pop()
            .ok_or_else(|| ApiError::new("not_found", format!("there is no job {id}")))
    }

    /// Transfers of a job in order.
    pub async fn transfers(
        &self,
        request: TransfersRequest,
    ) -> Result<Vec<TransferView>, ApiError> {
        let job = JobId(request.job.into());
        let after = request.after.map(|transfer| TransferId(transfer.into()));
        let limit = request.limit.min(LARGEST_PAGE);
        let rows = self
            .journal(move |journal| journal.transfers(job, after, limit))
            .await?;
        Ok(rows.into_iter().map(view::transfer).collect())
    }

    /// The first transfers of a job that wait for something, wherever they stand in it.
    pub async fn waiting_transfers(&self, request: JobRef) -> Result<Vec<TransferView>, ApiError> {
        let job = JobId(request.job.into());
        let rows = self
            .journal(move |journal| journal.waiting_transfers(job, WAITING_SHOWN))
            .await?;
        Ok(rows.into_iter().map(view::transfer).collect())
    }

    /// One letter per part, and what there is to say about those in flight or failed.
    pub async fn part_map(&self, request: TransferRef) -> Result<PartMap, ApiError> {
        let id = TransferId(request.transfer.into());
        let row = self.journal(move |journal| journal.transfer(id)).await?;
        let engine = self.engine().clone();
        let states = crate::api::blocking(move || engine.part_map(id)).await?;
        let details = self.engine().part_details(id);
        Ok(PartMap {
            transfer: request.transfer,
            part_size: row.pin.map_or(0.0, |pin| pin.plan.part_size as f64),
            size: row.size as f64,
            states: states.into_iter().map(letter).collect(),
            details: details
                .into_iter()
                .map(|part| PartDetail {
                    number: part.number.value(),
                    attempts: part.attempts,
                    error: part.failure.map(Into::into),
                })
                .collect(),
        })
    }

    /// What happened to a job, newest first.
    pub async fn events(&self, request: EventsRequest) -> Result<Vec<EventView>, ApiError> {
        let job = JobId(request.job.into());
        #[expect(
            clippy::cast_possible_truncation,
            reason = "an id this program gave out"
        )]
        let before = request.before.map(|id| id as i64);
        let limit = request.limit.min(LARGEST_PAGE);
        let level = level(request.at_least);
        let rows = self
            .journal(move |journal| journal.events_at_least(job, before, limit, level))
            .await?;
        Ok(rows.into_iter().map(view::event).collect())
    }

    /// What a job was asked for, and at what pace it runs now.
    pub async fn job_settings(&self, job: JobRef) -> Result<JobSettings, ApiError> {
        let id = JobId(job.job.into());
        let row = self.journal(move |journal| journal.job(id)).await?;
        Ok(JobSettings {
            on_conflict: again::policy(row.options.on_conflict),
            options: again::options(row.options),
        })
    }

    /// Writes all events of a job into a new file, the oldest first.
    pub async fn save_job_log(&self, job: JobRef) -> Result<Exported, ApiError> {
        let stem = format!("partway-job-{}", job.job);
        let file = NewFile::create(self, &stem, "log")?;
        let path = file.path.display().to_string();
        let id = JobId(job.job.into());
        let rows = self
            .journal(move |journal| {
                let (mut all, mut before) = (Vec::new(), None);
                loop {
                    let page = journal.events(id, before, LARGEST_PAGE)?;
                    before = page.last().map(|row| row.id);
                    all.extend(page);
                    if before.is_none() {
                        all.reverse();
                        return Ok(all);
                    }
                }
            })
            .await?;
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let text: String = rows.into_iter().map(view::event).map(log_line).collect();
        tokio::fs::write(&file.path, text)
            .await
            .map_err(|error| ApiError::new("unwritable", format!("{path}: {error}")))?;
        Ok(Exported { path, rows: count })
    }

    /// Lets in-flight parts finish and starts nothing new.
    pub async fn pause_job(&self, job: JobRef) -> Result<JobView, ApiError> {
        self.engine().pause(JobId(job.job.into())).await?;
        self.job(job).await
    }

    /// Whether a living process, this one or another, drives the job: until it does no more,
    /// requests of it may be under way.
    pub async fn is_driven(&self, job: &JobRef) -> Result<bool, ApiError> {
        let id = JobId(job.job.into());
        let row = self.journal(move |journal| journal.job(id)).await?;
        Ok(self.engine().is_driven(&row))
    }

    /// Waits, at most for `patience`, until the jobs that were being given up when this run began
    /// are, as far as no other process is at it. Begun by itself when the journal was opened.
    pub async fn until_given_up(&self, patience: Duration) -> Result<(), ApiError> {
        let begun = Instant::now();
        loop {
            let rows = self.journal(Journal::unfinished_jobs).await?;
            let ours = |row: &JobRow| {
                let elsewhere = self.engine().is_driven(row) && !self.engine().drives(row.id);
                row.intent == JobIntent::Cancel && !elsewhere
            };
            if !rows.iter().any(ours) || begun.elapsed() >= patience {
                return Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Goes on with a paused, interrupted or waiting job.
    pub async fn resume_job(&self, job: JobRef) -> Result<JobView, ApiError> {
        self.accounts_ready(&job).await?;
        self.engine().resume(JobId(job.job.into())).await?;
        self.job(job).await
    }

    /// As `resume_job`, also for what failed.
    pub async fn retry_job(&self, job: JobRef) -> Result<JobView, ApiError> {
        self.accounts_ready(&job).await?;
        self.engine().retry(JobId(job.job.into())).await?;
        self.job(job).await
    }

    /// Gives a job up; without `keep_parts` its uploads are aborted on the server.
    pub async fn cancel_job(&self, cancel: CancelJob) -> Result<JobView, ApiError> {
        let job = JobRef { job: cancel.job };
        if !cancel.keep_parts {
            self.accounts_ready(&job).await?;
        }
        self.engine()
            .cancel(JobId(cancel.job.into()), cancel.keep_parts)
            .await?;
        self.job(job).await
    }

    /// Removes a settled job from the history.
    pub async fn forget_job(&self, job: JobRef) -> Result<Nothing, ApiError> {
        let id = JobId(job.job.into());
        self.journal(move |journal| journal.forget_job(id)).await?;
        Ok(Nothing {})
    }

    /// The accounts of a job exist, and the demo cloud answers if it is about one of its own.
    pub(crate) async fn accounts_ready(&self, job: &JobRef) -> Result<(), ApiError> {
        let id = JobId(job.job.into());
        let row = self.journal(move |journal| journal.job(id)).await?;
        self.account(&row.source_account.0).await?;
        self.account(&row.destination_account.0).await?;
        Ok(())
    }
}

/// `2026-11-20T10:14:03.120Z warning part_retried part=754 request_id=… | detail`.
fn log_line(event: EventView) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds within some thousand years"
    )]
    let at = jiff::Timestamp::from_millisecond(event.at_ms as i64).unwrap_or_default();
    let level = match event.level {
        EventLevel::Normal => "normal",
        EventLevel::Warning => "warning",
        EventLevel::Error => "error",
    };
    let mut line = format!("{at:.3} {level} {}", event.what);
    for (name, value) in [
        ("transfer", event.transfer.map(|id| id.to_string())),
        ("part", event.part.map(|number| number.to_string())),
        ("request_id", event.request_id),
    ] {
        if let Some(value) = value {
            let _ = write!(line, " {name}={value}");
        }
    }
    if !event.detail.is_empty() {
        // One event, one line, whatever a server wrote.
        let _ = write!(line, " | {}", event.detail.escape_debug());
    }
    line.push('\n');
    line
}

fn level(at_least: Option<EventLevel>) -> Level {
    match at_least {
        None | Some(EventLevel::Normal) => Level::Normal,
        Some(EventLevel::Warning) => Level::Warning,
        Some(EventLevel::Error) => Level::Error,
    }
}

fn letter(state: PartState) -> char {
    match state {
        PartState::Planned => '.',
        PartState::Copying => 'o',
        PartState::Retrying => 'r',
        PartState::Failed => 'x',
        PartState::Done => '#',
    }
}
