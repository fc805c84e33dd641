//! `resume`: goes on with what was interrupted, paused or failed.

use clap::Args;
use partway_api::contract::{JobRef, JobState};
use partway_api::{Api, ApiError};

use crate::exit::{Exit, usage};
use crate::follow::follow;
use crate::terminal::Terminal;

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct ResumeArgs {
    /// Number of the job; its failed objects are tried again too.
    job: Option<u32>,

    /// Every unfinished job that no other process drives.
    #[arg(long)]
    all: bool,
}

pub(crate) async fn run(args: ResumeArgs, terminal: &Terminal) -> Result<Exit, ApiError> {
    let api = terminal.open().await?;
    let jobs = match args.job {
        Some(job) => one(&api, job, terminal).await?,
        None => all(&api, terminal).await?,
    };
    if jobs.is_empty() {
        if terminal.json {
            terminal.value(&jobs);
        } else {
            terminal.say("Nothing to resume.");
        }
        return Ok(Exit::Done);
    }
    follow(&api, &jobs, terminal).await
}

async fn one(api: &Api, job: u32, terminal: &Terminal) -> Result<Vec<u32>, ApiError> {
    let reference = JobRef { job };
    let view = api.job(reference.clone()).await?;
    match view.state {
        JobState::Done => {
            terminal.note(&format!("Job {job} is done already."));
            return Ok(Vec::new());
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
    Ok(vec![job])
}

async fn all(api: &Api, terminal: &Terminal) -> Result<Vec<u32>, ApiError> {
    let mut resumed = Vec::new();
    for view in api.unfinished_jobs().await? {
        if view.state == JobState::Cancelling {
            continue;
        }
        // One job that cannot go on does not hold up the others.
        match api.resume_job(JobRef { job: view.id }).await {
            Ok(_) => resumed.push(view.id),
            Err(error) => terminal.note(&format!("Job {} stays as it is: {error}", view.id)),
        }
    }
    Ok(resumed)
}
