//! `pause`: also for jobs that other processes drive.

use std::time::{Duration, Instant};

use clap::Args;
use partway_api::contract::{JobRef, JobState, JobView, Nothing};
use partway_api::{Api, ApiError};

use crate::exit::Exit;
use crate::report::{self, JobReport};
use crate::terminal::Terminal;

/// How often it is looked whether a job has stopped.
const LOOK: Duration = Duration::from_millis(50);

/// Nobody is left without a word for longer.
const SILENCE: Duration = Duration::from_secs(2);

/// Longer than the lease of a process that hangs. A large part may take longer still, and is not
/// waited for here.
const PATIENCE: Duration = Duration::from_secs(30);

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
    // Whoever drives them reads this from the journal.
    let told = match args.job {
        Some(job) => vec![api.pause_job(JobRef { job }).await?],
        None => api.pause_all(Nothing {}).await?.jobs,
    };
    let rest = until_at_rest(&api, &told, terminal).await?;
    let mut views = Vec::with_capacity(told.len());
    for view in &told {
        views.push(api.job(JobRef { job: view.id }).await?);
    }
    let reports = report::reports(&api, views).await?;
    match (terminal.json, args.job, reports.as_slice()) {
        (true, Some(_), [only]) => terminal.value(only),
        (true, _, all) => terminal.value(&all),
        (false, _, []) => terminal.say("Nothing to pause."),
        (false, _, all) => all.iter().for_each(|report| say(report, &rest, terminal)),
    }
    Ok(Exit::Done)
}

/// Waits until nothing of the jobs is under way any more, within reason; those that still are.
/// Only then are they paused: the process that drives one looks into the journal now and then,
/// and what it has sent comes to its end.
async fn until_at_rest(
    api: &Api,
    told: &[JobView],
    terminal: &Terminal,
) -> Result<Vec<u32>, ApiError> {
    let begun = Instant::now();
    let mut said = false;
    let mut left: Vec<u32> = told.iter().map(|view| view.id).collect();
    loop {
        let mut driven = Vec::new();
        for job in left {
            let reference = JobRef { job };
            if api.is_driven(&reference).await? {
                driven.push(job);
            }
        }
        left = driven;
        if left.is_empty() || begun.elapsed() > PATIENCE {
            return Ok(left);
        }
        if !said && begun.elapsed() > SILENCE {
            said = true;
            terminal.note(
                "Pausing: what is under way finishes first. Ctrl+C leaves it to that; nothing \
                 needs this command any more.",
            );
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn say(report: &JobReport, moving: &[u32], terminal: &Terminal) {
    let (id, described) = (report.id, report::described(report));
    if report.state == JobState::Paused && moving.contains(&id) {
        terminal.say(&format!(
            "Job {id} is being {described}: it stops after what is under way."
        ));
    } else {
        terminal.say(&format!("Job {id} is {described}."));
    }
}
