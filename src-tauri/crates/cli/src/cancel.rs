//! `cancel`: gives a job up, and its parts back unless they are kept.

use std::time::{Duration, Instant};

use clap::Args;
use partway_api::contract::{CancelJob, JobRef, JobState, JobView};
use partway_api::{Api, ApiError};

use crate::exit::Exit;
use crate::report::{self, JobReport};
use crate::terminal::Terminal;

/// Uploads that take longer to be given back stay in the journal's queue.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often the job is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// Nobody is left without a word for longer.
const SILENCE: Duration = Duration::from_secs(2);

/// How often the order is given again while another process has the job.
const AGAIN: Duration = Duration::from_secs(3);

#[derive(Debug, Args)]
pub(crate) struct CancelArgs {
    /// Number of the job.
    job: u32,

    /// Leave the parts on the server: `resume JOB` finds them again. They cost storage.
    #[arg(long)]
    keep_parts: bool,
}

pub(crate) async fn run(args: CancelArgs, terminal: &Terminal) -> Result<Exit, ApiError> {
    let api = terminal.open().await?;
    let before = api.job(JobRef { job: args.job }).await?;
    if before.state == JobState::Done {
        terminal.note(&format!(
            "Job {} is done already; there is nothing to cancel.",
            args.job
        ));
        show(&report::reports(&api, vec![before]).await?, terminal);
        return Ok(Exit::Done);
    }
    let view = api
        .cancel_job(CancelJob {
            job: args.job,
            keep_parts: args.keep_parts,
        })
        .await?;
    let view = until_settled(&api, view, args.keep_parts, terminal).await?;
    // Also a job whose failed objects keep it from being called cancelled is given up.
    let still_giving_up = view.state == JobState::Cancelling;
    show(&report::reports(&api, vec![view]).await?, terminal);
    if still_giving_up {
        terminal
            .note("Not everything is given back yet; the next start of Partway goes on with it.");
    }
    api.shutdown(Duration::from_secs(5)).await;
    Ok(Exit::Done)
}

fn show(reports: &[JobReport], terminal: &Terminal) {
    for report in reports {
        if terminal.json {
            terminal.value(report);
        } else {
            terminal.say(&format!(
                "Job {} is {}.",
                report.id,
                report::described(report)
            ));
        }
    }
}

/// Waits while the job is being given up. Another process that has its lease and no longer lives up
/// to it loses it in time: the order is given again until somebody takes it.
async fn until_settled(
    api: &Api,
    mut view: JobView,
    keep_parts: bool,
    terminal: &Terminal,
) -> Result<JobView, ApiError> {
    let begun = Instant::now();
    let mut given = Instant::now();
    let mut said = false;
    while begun.elapsed() < PATIENCE && (view.driven_here || view.state == JobState::Cancelling) {
        if !said && begun.elapsed() > SILENCE {
            said = true;
            terminal.note(&waits_for(&view));
        }
        if !view.driven_here && given.elapsed() > AGAIN {
            given = Instant::now();
            let job = view.id;
            api.cancel_job(CancelJob { job, keep_parts }).await?;
        }
        tokio::time::sleep(LOOK).await;
        view = api.job(JobRef { job: view.id }).await?;
    }
    Ok(view)
}

fn waits_for(view: &JobView) -> String {
    let whom = if view.driven_here {
        "the server has not answered yet"
    } else {
        "the process that copies has not given it up yet; it waits for the server, or hangs"
    };
    format!(
        "Job {}: {whom}. The cancel is noted and goes on by itself with the next start of Partway; \
         Ctrl+C leaves.",
        view.id
    )
}
