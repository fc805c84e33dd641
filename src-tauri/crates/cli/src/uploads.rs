//! `uploads`: what multipart uploads are open on the servers, and giving them back.

use std::time::Duration;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use partway_api::contract::{
    AccountView, Nothing, SearchUploads, UploadOwnership, UploadProblem, UploadSearchRef,
    UploadSize, UploadView, UploadsRequest,
};
use partway_api::{Api, ApiError};
use serde::Serialize;

use crate::address::{find, url};
use crate::exit::{Exit, usage};
use crate::quantity;
use crate::terminal::{Terminal, readable};

mod abort;

/// How often a running search is looked at.
const PAUSE: Duration = Duration::from_millis(100);

/// Uploads read at once.
const WINDOW: u32 = 1_000;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct UploadsCommand {
    #[command(subcommand)]
    command: Option<UploadsSubcommand>,

    #[command(flatten)]
    wanted: WhereArgs,

    /// Count the parts and bytes of each; a request or more for every upload.
    #[arg(long)]
    sizes: bool,
}

#[derive(Debug, Subcommand)]
enum UploadsSubcommand {
    /// Abort uploads until their servers say they are gone.
    Abort(abort::AbortArgs),
}

/// Where to look; everywhere if nothing is given.
#[derive(Debug, Args)]
struct WhereArgs {
    /// Only this account.
    #[arg(long, value_name = "A")]
    account: Option<String>,

    /// Only this bucket of the account.
    #[arg(long, value_name = "B", requires = "account")]
    bucket: Option<String>,
}

/// What a search came to.
struct Search {
    accounts: Vec<AccountView>,
    uploads: Vec<UploadView>,
    problems: Vec<UploadProblem>,
}

pub(crate) async fn run(args: UploadsCommand, terminal: &Terminal) -> Result<Exit, ApiError> {
    let api = terminal.open().await?;
    match args.command {
        Some(UploadsSubcommand::Abort(abort)) => abort::run(&api, abort, terminal).await,
        None => list(&api, &args, terminal).await,
    }
}

async fn list(api: &Api, args: &UploadsCommand, terminal: &Terminal) -> Result<Exit, ApiError> {
    let found = search(api, &args.wanted).await?;
    let mut lines = Vec::with_capacity(found.uploads.len());
    for upload in &found.uploads {
        let size = if args.sizes {
            Some(api.upload_size(upload.upload.clone()).await?)
        } else {
            None
        };
        lines.push(Line::of(upload, size, &found.accounts));
    }
    if terminal.json {
        terminal.value(&serde_json::json!({ "uploads": lines, "problems": found.problems }));
    } else {
        show(&lines, terminal);
        tell(&found, terminal);
    }
    Ok(worst(&found.problems))
}

/// Looks everywhere that is wanted, to the end.
async fn search(api: &Api, wanted: &WhereArgs) -> Result<Search, ApiError> {
    let accounts = api.accounts(Nothing {}).await?;
    let account = match &wanted.account {
        Some(name) => Some(find(name, &accounts)?.id.clone()),
        None => None,
    };
    let status = api
        .search_uploads(SearchUploads {
            account,
            bucket: wanted.bucket.clone(),
            region: None,
        })
        .await?;
    let mut uploads: Vec<UploadView> = Vec::new();
    let problems = loop {
        let window = api
            .uploads(UploadsRequest {
                search: status.search,
                start: u32::try_from(uploads.len()).unwrap_or(u32::MAX),
                count: WINDOW,
                opened_before_ms: None,
            })
            .await?;
        let none = window.uploads.is_empty();
        uploads.extend(window.uploads);
        if none && window.status.complete {
            break window.status.problems;
        }
        if none {
            tokio::time::sleep(PAUSE).await;
        }
    };
    let search = status.search;
    api.close_upload_search(UploadSearchRef { search }).await?;
    // Buckets are looked through side by side; the oldest upload costs most.
    uploads.sort_by(|one, other| one.initiated.cmp(&other.initiated));
    Ok(Search {
        accounts,
        uploads,
        problems,
    })
}

/// An upload in JSON. These fields are stable; others may be added.
#[derive(Debug, Serialize)]
struct Line {
    url: String,
    account: String,
    bucket: String,
    key: String,
    upload_id: String,
    /// ISO 8601 as the server has it.
    initiated: String,
    age_seconds: Option<i64>,
    initiator: Option<String>,
    whose: UploadOwnership,
    job: Option<u32>,
    driven: bool,
    aborting: bool,
    must_stay: Option<String>,
    parts: Option<u32>,
    bytes: Option<u64>,
}

impl Line {
    fn of(view: &UploadView, size: Option<UploadSize>, accounts: &[AccountView]) -> Self {
        let upload = &view.upload;
        let account = accounts.iter().find(|one| one.id == upload.account);
        Self {
            url: account.map_or_else(String::new, |account| {
                url(account.dialect, &account.name, &upload.bucket, &upload.key)
            }),
            account: account.map_or_else(|| upload.account.clone(), |one| one.name.clone()),
            bucket: upload.bucket.clone(),
            key: upload.key.clone(),
            upload_id: upload.upload_id.clone(),
            initiated: view.initiated.clone(),
            age_seconds: age_seconds(view),
            initiator: view.initiator.clone(),
            whose: view.ownership,
            job: view.job,
            driven: view.driven,
            aborting: view.aborting,
            must_stay: view.must_stay.clone(),
            parts: size.as_ref().map(|size| size.parts),
            bytes: size.map(|size| quantity::whole(size.bytes)),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "milliseconds of a date on a server"
)]
fn age_seconds(view: &UploadView) -> Option<i64> {
    let now_ms = Timestamp::now().as_millisecond();
    view.initiated_ms
        .map(|at| (now_ms - at as i64).max(0) / 1000)
}

fn show(lines: &[Line], terminal: &Terminal) {
    if lines.is_empty() {
        terminal.say("No open uploads.");
        return;
    }
    let mut table = comfy_table::Table::new();
    table
        .load_preset(comfy_table::presets::NOTHING)
        .set_header([
            "AGE",
            "WHOSE",
            "PARTS",
            "SIZE",
            "INITIATOR",
            "FOR",
            "UPLOAD ID",
        ]);
    for line in lines {
        table.add_row([
            line.age_seconds.map(quantity::age).unwrap_or_default(),
            whose(line),
            line.parts
                .map(|parts| parts.to_string())
                .unwrap_or_default(),
            line.bytes
                .map(|bytes| quantity::bytes(bytes as f64))
                .unwrap_or_default(),
            readable(line.initiator.as_deref().unwrap_or_default()),
            readable(&line.url),
            readable(&line.upload_id),
        ]);
    }
    terminal.say(&table.trim_fmt());
}

fn whose(line: &Line) -> String {
    let whose = match (line.whose, line.job) {
        (UploadOwnership::Ours, Some(job)) => format!("job {job}"),
        (UploadOwnership::Perhaps, Some(job)) => format!("job {job}, perhaps"),
        _ => "foreign".to_owned(),
    };
    if line.aborting {
        format!("{whose}, being aborted")
    } else {
        whose
    }
}

fn tell(found: &Search, terminal: &Terminal) {
    for problem in &found.problems {
        let account = found.accounts.iter().find(|one| one.id == problem.account);
        let account = account.map_or(problem.account.as_str(), |one| one.name.as_str());
        let place = match &problem.bucket {
            Some(bucket) => format!("{account}, bucket {bucket}"),
            None => account.to_owned(),
        };
        terminal.note(&format!(
            "Not looked at: {place}: {}",
            readable(&problem.error.to_string())
        ));
    }
}

fn worst(problems: &[UploadProblem]) -> Exit {
    let exits = problems.iter().map(|problem| Exit::of(&problem.error));
    exits.max().unwrap_or(Exit::Done)
}
