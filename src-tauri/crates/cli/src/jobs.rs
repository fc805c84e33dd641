//! `jobs`: what is not finished, in the order of the queue.

use partway_api::ApiError;
use partway_api::queue::queue_order;

use crate::exit::Exit;
use crate::report;
use crate::terminal::Terminal;

pub(crate) async fn run(terminal: &Terminal) -> Result<Exit, ApiError> {
    let api = terminal.open().await?;
    let mut jobs = api.unfinished_jobs().await?;
    jobs.sort_by_key(queue_order);
    let reports = report::reports(&api, jobs).await?;
    report::list(terminal, &reports, "No unfinished jobs.");
    report::tell_kept(&api, terminal).await?;
    Ok(Exit::Done)
}
