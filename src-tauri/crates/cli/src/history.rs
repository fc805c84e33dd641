//! `history`: every job the journal knows.

use clap::Args;
use partway_api::ApiError;
use partway_api::contract::HistoryRequest;

use crate::exit::Exit;
use crate::report;
use crate::terminal::Terminal;

#[derive(Debug, Args)]
pub(crate) struct HistoryArgs {
    /// At most so many, newest first.
    #[arg(long, default_value_t = 50, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
}

pub(crate) async fn run(args: HistoryArgs, terminal: &Terminal) -> Result<Exit, ApiError> {
    let api = terminal.open().await?;
    let request = HistoryRequest {
        before: None,
        limit: args.limit,
    };
    let jobs = api.jobs(request).await?;
    let reports = report::reports(&api, jobs).await?;
    report::list(terminal, &reports, "No jobs yet.");
    report::tell_kept(&api, terminal).await?;
    Ok(Exit::Done)
}
