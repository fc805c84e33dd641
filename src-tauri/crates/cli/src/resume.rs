//! `resume`: goes on with what was interrupted, paused or failed.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use partway_api::contract::{JobRef, JobState, Nothing};
use partway_api::{Api, ApiError};

use crate::exit::{Exit, usage};
use crate::follow::{follow, follow_list};
use crate::key_file;
use crate::report;
use crate::terminal::Terminal;

/// Uploads that take longer to be given back stay in the journal's queue.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct ResumeArgs {
    /// Number of the job; its failed objects are tried again too.
    job: Option<u32>,

    /// Every unfinished job that no other process drives.
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ResumeCommand {
    #[command(flatten)]
    which: ResumeArgs,

    /// File with an encryption key of your own that a job needs again; may be given again.
    #[arg(long, value_name = "FILE")]
    key_file: Vec<PathBuf>,
}

pub(crate) async fn run(args: ResumeCommand, terminal: &Terminal) -> Result<Exit, ApiError> {
    let api = terminal.open().await?;
    for file in &args.key_file {
        key_file::offer(&api, Some(file)).await?;
    }
    match args.which.job {
        Some(job) if one(&api, job, terminal).await? => follow(&api, &[job], terminal).await,
        Some(job) => {
            let view = api.job(JobRef { job }).await?;
            for report in report::reports(&api, vec![view]).await? {
                if terminal.json {
                    terminal.value(&report);
                }
            }
            Ok(Exit::Done)
        }
        None => {
            let jobs = all(&api, terminal).await?;
            if jobs.is_empty() && !give_up(&api, terminal).await? {
                terminal.say("Nothing to resume.");
            }
            follow_list(&api, &jobs, terminal).await
        }
    }
}

/// Lets jobs that were being cancelled come to that end; whether there were any.
async fn give_up(api: &Api, terminal: &Terminal) -> Result<bool, ApiError> {
    let mut given_up = api.unfinished_jobs().await?;
    given_up.retain(|view| view.state == JobState::Cancelling);
    if given_up.is_empty() {
        return Ok(false);
    }
    terminal.note("Giving up what was cancelled; Ctrl+C leaves that to the next start.");
    api.until_given_up(PATIENCE).await?;
    for view in given_up {
        let view = api.job(JobRef { job: view.id }).await?;
        for report in report::reports(api, vec![view]).await? {
            let described = report::described(&report);
            terminal.say(&format!("Job {} is {described}.", report.id));
        }
    }
    Ok(true)
}

/// Whether there is anything to go on with.
async fn one(api: &Api, job: u32, terminal: &Terminal) -> Result<bool, ApiError> {
    let reference = JobRef { job };
    let view = api.job(reference.clone()).await?;
    match view.state {
        JobState::Done => {
            terminal.note(&format!("Job {job} is done already."));
            return Ok(false);
        }
        JobState::Failed | JobState::DoneWithFailures | JobState::Cancelled => {
            api.retry_job(reference).await?;
        }
        JobState::Cancelling => {
            return Err(usage(format!(
                "job {job} is being cancelled; wait until that is done"
            )));
        }
        // Also one that seems to be driven: the engine finds out whether anybody still does.
        _ => {
            api.resume_job(reference).await?;
        }
    }
    Ok(true)
}

async fn all(api: &Api, terminal: &Terminal) -> Result<Vec<u32>, ApiError> {
    let answer = api.resume_all(Nothing {}).await?;
    let mut refused = answer.refused.into_iter().peekable();
    // Where nothing could go on, a script must not take it for nothing to do.
    let why = refused.next_if(|_| answer.jobs.is_empty());
    for refused in refused {
        terminal.note(&format!(
            "Job {} stays as it is: {}",
            refused.job, refused.error
        ));
    }
    match why {
        Some(first) => Err(first.error),
        None => Ok(answer.jobs.iter().map(|view| view.id).collect()),
    }
}
