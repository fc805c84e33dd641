//! `jobs`: what is not finished.

use partway_api::ApiError;

use crate::exit::Exit;
use crate::report;
use crate::terminal::Terminal;

pub(crate) async fn run(terminal: &Terminal) -> Result<Exit, ApiError> {
    let api = terminal.open().await?;
    let jobs = api.unfinished_jobs().await?;
    let reports = report::reports(&api, jobs).await?;
    report::list(terminal, &reports, "No unfinished jobs.");
    Ok(Exit::Done)
}
