//! `resume`: goes on with what was interrupted, paused or failed.

use std::path::PathBuf;

use clap::Args;
use partway_api::contract::{JobRef, JobState};
use partway_api::{Api, ApiError};

use crate::exit::{Exit, usage};
use crate::follow::follow;
use crate::key_file;
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
    let jobs = match args.which.job {
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
