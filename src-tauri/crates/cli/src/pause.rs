//! `pause`: also for a job that another process drives.

use clap::Args;
use partway_api::ApiError;
use partway_api::contract::JobRef;

use crate::exit::Exit;
use crate::report;
use crate::terminal::Terminal;

#[derive(Debug, Args)]
pub(crate) struct PauseArgs {
    /// Number of the job.
    job: u32,
}

pub(crate) async fn run(args: PauseArgs, terminal: &Terminal) -> Result<Exit, ApiError> {
    let api = terminal.open().await?;
    // Whoever drives it reads this from the journal.
    let view = api.pause_job(JobRef { job: args.job }).await?;
    let reports = report::reports(&api, vec![view]).await?;
    for report in &reports {
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
    Ok(Exit::Done)
}
