//! The queue as commands: order, hours and pace of jobs, and all of them at once.

use partway_domain::{self as domain, JobId};

use crate::api::Api;
use crate::contract::{
    JobRef, JobRefused, JobState, JobTiming, JobView, JobsAnswer, MoveJob, Nothing, PaceJob,
    Priority, QueuePlace, TimeJob,
};
use crate::error::ApiError;
use crate::view;

/// What the copy dialog allows, too.
const TRANSFERS_AT_ONCE: std::ops::RangeInclusive<u32> = 1..=64;
/// 0 finds out by measuring.
const PARTS_AT_ONCE: std::ops::RangeInclusive<u32> = 0..=256;

impl Api {
    /// Moves an unfinished job in the queue.
    pub async fn move_job(&self, command: MoveJob) -> Result<JobView, ApiError> {
        let place = place(command.place, command.other)?;
        self.engine()
            .move_job(JobId(command.job.into()), place)
            .await?;
        self.job(JobRef { job: command.job }).await
    }

    /// Gives an unfinished job another priority and other hours.
    pub async fn time_job(&self, command: TimeJob) -> Result<JobView, ApiError> {
        let (priority, schedule) = timing(Some(command.timing))?;
        let job = JobId(command.job.into());
        self.engine().set_priority(job, priority).await?;
        self.engine().set_schedule(job, schedule).await?;
        self.job(JobRef { job: command.job }).await
    }

    /// How many transfers of a job run at once, and how many parts of each.
    pub async fn pace_job(&self, command: PaceJob) -> Result<JobView, ApiError> {
        within(
            "transfers_at_once",
            command.transfers_at_once,
            &TRANSFERS_AT_ONCE,
        )?;
        within("parts_at_once", command.parts_at_once, &PARTS_AT_ONCE)?;
        self.engine()
            .set_pace(
                JobId(command.job.into()),
                command.transfers_at_once,
                command.parts_at_once,
            )
            .await?;
        self.job(JobRef { job: command.job }).await
    }

    /// Pauses every job that runs or waits for its turn, whoever drives it.
    pub async fn pause_all(&self, _: Nothing) -> Result<JobsAnswer, ApiError> {
        let mut jobs = Vec::new();
        for job in self.engine().pause_all().await? {
            let job = view::number(job.0);
            jobs.push(self.job(JobRef { job }).await?);
        }
        Ok(JobsAnswer {
            jobs,
            refused: Vec::new(),
        })
    }

    /// Goes on with every unfinished job that nobody drives, in the order of the queue. One that
    /// cannot go on does not hold up the others.
    pub async fn resume_all(&self, _: Nothing) -> Result<JobsAnswer, ApiError> {
        let mut answer = JobsAnswer {
            jobs: Vec::new(),
            refused: Vec::new(),
        };
        let mut unfinished = self.unfinished_jobs().await?;
        unfinished.sort_by_key(queue_order);
        for view in unfinished {
            let goes = matches!(
                view.state,
                JobState::Paused | JobState::Interrupted | JobState::Waiting | JobState::Queued
            );
            if !goes || view.driven_here {
                continue;
            }
            match self.resume_job(JobRef { job: view.id }).await {
                Ok(view) => answer.jobs.push(view),
                Err(error) => answer.refused.push(JobRefused {
                    job: view.id,
                    error,
                }),
            }
        }
        Ok(answer)
    }

    /// Takes on the jobs with hours of their own that nobody drives: for programs that stay, so
    /// that an appointment outlives the program it was made in.
    pub fn keep_appointments_in_background(&self) {
        let api = self.clone();
        tokio::spawn(async move {
            let waiting = match api.engine().appointments().await {
                Ok(waiting) => waiting,
                Err(failure) => {
                    return tracing::warn!(%failure, "appointments could not be read");
                }
            };
            for job in waiting {
                let reference = JobRef {
                    job: view::number(job.0),
                };
                if let Err(error) = api.resume_job(reference).await {
                    tracing::warn!(%job, %error, "the job will not begin at its time");
                }
            }
        });
    }
}

/// Jobs in the order of the queue.
pub fn queue_order(job: &JobView) -> (domain::Priority, u64) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a position is a job's number"
    )]
    let position = job.position as u64;
    (job.timing.priority.into(), position)
}

fn place(place: QueuePlace, other: Option<u32>) -> Result<domain::QueuePlace, ApiError> {
    let beside = |to: fn(JobId) -> domain::QueuePlace| {
        other.map(|other| to(JobId(other.into()))).ok_or_else(|| {
            ApiError::input("other", "say before or behind which job it is to be moved")
        })
    };
    match place {
        QueuePlace::First => Ok(domain::QueuePlace::First),
        QueuePlace::Last => Ok(domain::QueuePlace::Last),
        QueuePlace::Before => beside(domain::QueuePlace::Before),
        QueuePlace::After => beside(domain::QueuePlace::After),
    }
}

/// Priority and hours in the domain's words; the usual ones where nothing is said.
pub(crate) fn timing(
    timing: Option<JobTiming>,
) -> Result<(domain::Priority, domain::Schedule), ApiError> {
    let Some(timing) = timing else {
        return Ok(Default::default());
    };
    let window = timing
        .window
        .filter(|text| !text.trim().is_empty())
        .map(|text| text.parse())
        .transpose()
        .map_err(|error: domain::ScheduleError| ApiError::input("window", error.to_string()))?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds within some thousand years"
    )]
    let start_at_ms = timing.start_at_ms.map(|at| at as i64);
    Ok((
        timing.priority.into(),
        domain::Schedule {
            start_at_ms,
            window,
        },
    ))
}

/// The way back from [`timing`].
pub(crate) fn shown(priority: domain::Priority, schedule: domain::Schedule) -> JobTiming {
    JobTiming {
        priority: priority.into(),
        start_at_ms: schedule.start_at_ms.map(|at| at as f64),
        window: schedule.window.map(|window| window.to_string()),
    }
}

fn within(
    field: &str,
    value: u32,
    allowed: &std::ops::RangeInclusive<u32>,
) -> Result<(), ApiError> {
    if allowed.contains(&value) {
        return Ok(());
    }
    Err(ApiError::input(
        field,
        format!(
            "{field} is {value}; use {} to {}",
            allowed.start(),
            allowed.end()
        ),
    ))
}

view::same_words!(domain::Priority => Priority { High, Normal, Low });
view::same_words!(Priority => domain::Priority { High, Normal, Low });
