//! `pause`: also for jobs that other processes drive.

use clap::Args;
use partway_api::contract::{JobRef, Nothing};
use partway_api::{Api, ApiError};

use crate::exit::Exit;
use crate::report::{self, JobReport};
use crate::terminal::Terminal;

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct PauseArgs {
    /// Number of the job.
    job: Option<u32>,

    /// Every job that runs or waits for its turn.
    #[arg(long)]
    all: bool,
}

pub(crate) async fn run(args: PauseArgs, terminal: &Terminal) -> Result<Exit, ApiError> {
    let api = terminal.open().await?;
    match args.job {
        Some(job) => one(&api, job, terminal).await,
        None => all(&api, terminal).await,
    }
}

async fn one(api: &Api, job: u32, terminal: &Terminal) -> Result<Exit, ApiError> {
    // Whoever drives it reads this from the journal.
    let view = api.pause_job(JobRef { job }).await?;
    for report in report::reports(api, vec![view]).await? {
        if terminal.json {
            terminal.value(&report);
        }
        say(&report, terminal);
    }
    Ok(Exit::Done)
}

async fn all(api: &Api, terminal: &Terminal) -> Result<Exit, ApiError> {
    let answer = api.pause_all(Nothing {}).await?;
    let reports = report::reports(api, answer.jobs).await?;
    if terminal.json {
        terminal.value(&reports);
    }
    if reports.is_empty() {
        terminal.say("Nothing to pause.");
    }
    for report in &reports {
        say(report, terminal);
    }
    Ok(Exit::Done)
}

fn say(report: &JobReport, terminal: &Terminal) {
    terminal.say(&format!(
        "Job {} is {}.",
        report.id,
        report::described(report)
    ));
}
