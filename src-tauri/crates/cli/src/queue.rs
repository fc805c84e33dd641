//! `queue`: the order, the hours and the pace of unfinished jobs.

use clap::{Args, Subcommand, ValueEnum};
use partway_api::contract::{
    JobRef, JobTiming, JobView, MoveJob, Nothing, PaceJob, Priority, QueuePlace, TimeJob,
};
use partway_api::{Api, ApiError};

use crate::cp::timing::{Word, parse_start};
use crate::exit::{Exit, usage};
use crate::report;
use crate::terminal::Terminal;

#[derive(Debug, Subcommand)]
pub(crate) enum QueueCommand {
    /// Move a job: to the first or last place of its priority, or before or after another job,
    /// with that one's priority.
    Move(MoveArgs),
    /// How soon a job gets its turn. One that runs is not stopped for others.
    Priority {
        /// Number of the job.
        job: u32,
        priority: Word,
    },
    /// Let a job run only within these hours of every day, or always.
    Window {
        /// Number of the job.
        job: u32,
        /// Local time, e.g. 22:00-06:00; or `always`.
        window: String,
    },
    /// Let a job begin at a time, or as soon as its turn comes.
    Start {
        /// Number of the job.
        job: u32,
        /// 22:00, 2026-11-22T01:00 (local time) or with a zone; or `now`.
        at: String,
    },
    /// How much runs at once: jobs in all, or transfers and parts of one job.
    Limit(LimitArgs),
}

#[derive(Debug, Args)]
pub(crate) struct MoveArgs {
    /// Number of the job.
    job: u32,
    place: PlaceWord,
    /// Number of the other job, with `before` and `after`.
    other: Option<u32>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum PlaceWord {
    First,
    Last,
    Before,
    After,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct LimitArgs {
    /// Jobs running at once, in all programs that share the journal.
    #[arg(long, value_name = "N", conflicts_with = "job", value_parser = clap::value_parser!(u32).range(1..=32))]
    jobs: Option<u32>,

    /// Number of a job whose pace is to change, also while it runs.
    #[arg(long, value_name = "JOB")]
    job: Option<u32>,

    /// Objects of the job at once.
    #[arg(long, value_name = "N", requires = "job", value_parser = clap::value_parser!(u32).range(1..=64))]
    transfers: Option<u32>,

    /// Parts of each object at once; 0 finds out how many make it faster.
    #[arg(long, value_name = "N", requires = "job", value_parser = clap::value_parser!(u32).range(0..=256))]
    parts: Option<u32>,
}

pub(crate) async fn run(command: QueueCommand, terminal: &Terminal) -> Result<Exit, ApiError> {
    let api = terminal.open().await?;
    let view = match command {
        QueueCommand::Move(args) => move_job(&api, &args).await?,
        QueueCommand::Priority { job, priority } => {
            let timing = timing(&api, job).await?;
            let priority = priority.into();
            time(&api, job, JobTiming { priority, ..timing }).await?
        }
        QueueCommand::Window { job, window } => {
            let window = (window != "always").then_some(window);
            let timing = timing(&api, job).await?;
            time(&api, job, JobTiming { window, ..timing }).await?
        }
        QueueCommand::Start { job, at } => {
            let start_at_ms = match at.as_str() {
                "now" => None,
                at => Some(parse_start(at).map_err(usage)? as f64),
            };
            let timing = timing(&api, job).await?;
            time(
                &api,
                job,
                JobTiming {
                    start_at_ms,
                    ..timing
                },
            )
            .await?
        }
        QueueCommand::Limit(args) => match args.job {
            Some(job) => pace(&api, job, &args).await?,
            None => return limit(&api, &args, terminal).await,
        },
    };
    show(&api, view, terminal).await?;
    Ok(Exit::Done)
}

async fn move_job(api: &Api, args: &MoveArgs) -> Result<JobView, ApiError> {
    let place = match args.place {
        PlaceWord::First => QueuePlace::First,
        PlaceWord::Last => QueuePlace::Last,
        PlaceWord::Before => QueuePlace::Before,
        PlaceWord::After => QueuePlace::After,
    };
    let beside = matches!(place, QueuePlace::Before | QueuePlace::After);
    if beside != args.other.is_some() {
        return Err(usage(
            "name the other job with `before` and `after`, and only then: queue move 3 before 1",
        ));
    }
    api.move_job(MoveJob {
        job: args.job,
        place,
        other: args.other,
    })
    .await
}

async fn timing(api: &Api, job: u32) -> Result<JobTiming, ApiError> {
    Ok(api.job(JobRef { job }).await?.timing)
}

async fn time(api: &Api, job: u32, timing: JobTiming) -> Result<JobView, ApiError> {
    api.time_job(TimeJob { job, timing }).await
}

async fn pace(api: &Api, job: u32, args: &LimitArgs) -> Result<JobView, ApiError> {
    let view = api.job(JobRef { job }).await?;
    if args.transfers.is_none() && args.parts.is_none() {
        return Err(usage("say how much: --transfers N, --parts N or both"));
    }
    api.pace_job(PaceJob {
        job,
        transfers_at_once: args.transfers.unwrap_or(view.transfers_at_once),
        parts_at_once: args.parts.unwrap_or(view.parts_at_once),
    })
    .await
}

async fn limit(api: &Api, args: &LimitArgs, terminal: &Terminal) -> Result<Exit, ApiError> {
    let mut settings = api.app_state(Nothing {}).await?.settings;
    settings.jobs_at_once = args.jobs.unwrap_or(settings.jobs_at_once);
    let settings = api.put_settings(settings).await?;
    if terminal.json {
        terminal.value(&serde_json::json!({ "jobs_at_once": settings.jobs_at_once }));
    } else {
        terminal.say(&format!("{} jobs run at once.", settings.jobs_at_once));
    }
    Ok(Exit::Done)
}

async fn show(api: &Api, view: JobView, terminal: &Terminal) -> Result<(), ApiError> {
    for report in report::reports(api, vec![view]).await? {
        if terminal.json {
            terminal.value(&report);
        } else {
            terminal.say(&report::queued(&report));
        }
    }
    Ok(())
}

impl From<Word> for Priority {
    fn from(word: Word) -> Self {
        match word {
            Word::High => Self::High,
            Word::Normal => Self::Normal,
            Word::Low => Self::Low,
        }
    }
}
