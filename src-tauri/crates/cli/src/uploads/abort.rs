//! `uploads abort`: one upload by its id, or those that were listed.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use clap::Args;
use partway_api::contract::{
    AbortUploads, Nothing, OwedAbort, UploadOwnership, UploadRef, UploadView,
};

use super::{
    AccountView, Api, ApiError, Exit, Line, Search, Terminal, WhereArgs, age_seconds, readable,
    search, show, tell, usage, worst,
};
use crate::address::Address;
use crate::quantity::parse_duration;

/// Uploads that take longer to be gone stay in the journal's list of what is owed.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often that list is looked at.
const LOOK: Duration = Duration::from_millis(100);

#[derive(Debug, Args)]
pub(super) struct AbortArgs {
    /// Bucket and key the upload was opened for.
    #[arg(requires = "upload_id", conflicts_with_all = ["older_than", "all_listed"])]
    address: Option<Address>,

    /// Its id, as `uploads` shows it.
    upload_id: Option<String>,

    /// Every upload older than this, e.g. 7d, 12h; not those of unfinished copies of this program.
    #[arg(long, value_name = "AGE", value_parser = parse_duration)]
    older_than: Option<Duration>,

    /// Every upload that `uploads` lists; not those of unfinished copies of this program.
    #[arg(long, conflicts_with = "older_than")]
    all_listed: bool,

    #[command(flatten)]
    wanted: WhereArgs,

    /// Do not ask.
    #[arg(long)]
    yes: bool,
}

pub(super) async fn run(api: &Api, args: AbortArgs, terminal: &Terminal) -> Result<Exit, ApiError> {
    let (uploads, exit) = match (&args.address, &args.upload_id) {
        (Some(address), Some(upload_id)) => {
            let named = named(api, address, upload_id).await?;
            (vec![named], Exit::Done)
        }
        _ if args.all_listed || args.older_than.is_some() => listed(api, &args, terminal).await?,
        _ => {
            return Err(usage(
                "say which uploads: ADDRESS UPLOAD_ID, --older-than AGE or --all-listed",
            ));
        }
    };
    if !uploads.is_empty() && !args.yes && !agreed(uploads.len())? {
        terminal.note("Nothing was aborted.");
        return Ok(Exit::Interrupted);
    }
    let count = uploads.len();
    if count > 0 {
        api.abort_uploads(AbortUploads {
            uploads: uploads.clone(),
        })
        .await?;
    }
    let owed = until_gone(api, &uploads).await?;
    api.shutdown(Duration::from_secs(5)).await;
    report(count, &owed, terminal);
    Ok(if owed.is_empty() {
        exit
    } else {
        exit.max(Exit::Failed)
    })
}

async fn named(api: &Api, address: &Address, upload_id: &str) -> Result<UploadRef, ApiError> {
    let place = address.place(api).await?;
    if address.key.is_empty() {
        return Err(usage(
            "the address names no key; add the one the upload was opened for",
        ));
    }
    let named = UploadRef {
        account: place.account,
        bucket: place.bucket,
        region: place.region,
        key: address.key.clone(),
        upload_id: upload_id.to_owned(),
    };
    // Of one that never was a server says the same as of one that is gone.
    match api.upload_size(named.clone()).await {
        Err(error) if error.kind == "no_such_upload" => Err(ApiError::new(
            "not_found",
            format!(
                "no upload {upload_id:?} of {:?} is open in {}; `partway-cli uploads` shows those that are",
                named.key, named.bucket
            ),
        )),
        Err(error) if error.kind == "no_such_bucket" => Err(error),
        // Whoever may abort may not be allowed to look.
        _ => Ok(named),
    }
}

/// What a search finds and may go, each shown first.
async fn listed(
    api: &Api,
    args: &AbortArgs,
    terminal: &Terminal,
) -> Result<(Vec<UploadRef>, Exit), ApiError> {
    let found = search(api, &args.wanted).await?;
    let old_enough = |view: &&UploadView| match args.older_than {
        None => true,
        // One whose age is unknown is not old.
        Some(age) => age_seconds(view)
            .and_then(|seconds| u64::try_from(seconds).ok())
            .is_some_and(|seconds| seconds >= age.as_secs()),
    };
    let (go, stay): (Vec<_>, Vec<_>) = found
        .uploads
        .iter()
        .filter(old_enough)
        .partition(|view| view.ownership == UploadOwnership::Foreign);
    if !terminal.json {
        let lines: Vec<_> = go.iter().map(|view| line(view, &found.accounts)).collect();
        show(&lines, terminal);
        tell(&found, terminal);
    }
    keep(&found, &stay, terminal);
    let uploads = go.into_iter().map(|view| view.upload.clone()).collect();
    Ok((uploads, worst(&found.problems)))
}

fn line(view: &UploadView, accounts: &[AccountView]) -> Line {
    Line::of(view, None, accounts)
}

/// Copies of this program give back their own uploads.
fn keep(found: &Search, stay: &[&UploadView], terminal: &Terminal) {
    for view in stay {
        let url = line(view, &found.accounts).url;
        let job = view.job.unwrap_or_default();
        terminal.note(&format!(
            "{} stays: it belongs to job {job}; `partway-cli cancel {job}` gives it back.",
            readable(&url)
        ));
    }
}

fn agreed(count: usize) -> Result<bool, ApiError> {
    if !io::stdin().is_terminal() {
        return Err(usage(
            "nobody can be asked here; --yes aborts without asking",
        ));
    }
    let noun = if count == 1 { "upload" } else { "uploads" };
    write!(
        io::stderr(),
        "Abort {count} {noun}? Their parts are lost. [y/N] "
    )
    .ok();
    let mut answer = String::new();
    io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|error| usage(format!("the answer cannot be read: {error}")))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// Waits while the aborts are carried out; what is still owed at the end.
async fn until_gone(api: &Api, uploads: &[UploadRef]) -> Result<Vec<OwedAbort>, ApiError> {
    let begun = Instant::now();
    loop {
        let mut owed = api.owed_aborts(Nothing {}).await?;
        owed.retain(|owed| uploads.contains(&owed.upload));
        // What a server refuses is tried again for as long as the window is open, but not waited
        // for here.
        let refused = !owed.is_empty() && owed.iter().all(|owed| owed.error.is_some());
        if owed.is_empty() || refused || begun.elapsed() > PATIENCE {
            return Ok(owed);
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn report(count: usize, owed: &[OwedAbort], terminal: &Terminal) {
    let aborted = count - owed.len();
    if terminal.json {
        terminal.value(&serde_json::json!({ "aborted": aborted, "owed": owed }));
        return;
    }
    terminal.say(&format!("{aborted} of {count} uploads are gone."));
    for owed in owed {
        let why = owed
            .error
            .as_ref()
            .map_or_else(String::new, |error| format!(": {error}"));
        terminal.note(&format!(
            "Not gone yet: {} in {}{}",
            readable(&owed.upload.key),
            owed.upload.bucket,
            readable(&why)
        ));
    }
    if !owed.is_empty() {
        terminal.note("They stay on the list; every start of Partway goes on with them.");
    }
}
