//! `cp` and `mv`: objects from bucket to bucket.

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use partway_api::contract::{
    ConflictPolicy, CopyOptions, CopyPlan, CopyRequest, JobKind, ListingRef, NamedSource, Nothing,
    OpenListing, Place, Row, RowsRequest,
};
use partway_api::{Api, ApiError};

use crate::address::Address;
use crate::exit::{Exit, usage};
use crate::follow::follow;
use crate::quantity::{self, parse_bytes};
use crate::remedy;
use crate::terminal::{Terminal, readable};

mod survey;
mod terms;
pub(crate) mod timing;

use survey::Form;
use terms::TermsArgs;

/// While the first page of a folder is under way.
const LOOK: Duration = Duration::from_millis(10);

/// Where keys exist already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OnConflict {
    /// The object waits for `partway-cli decide`.
    Ask,
    /// What exists stays.
    Skip,
    /// What exists is replaced.
    Overwrite,
    /// Only what is older than its source is replaced.
    Newer,
    /// Only what is not the same as its source is replaced.
    Different,
    /// The copy gets another name: `photo (2).jpg`.
    KeepBoth,
}

impl From<OnConflict> for ConflictPolicy {
    fn from(word: OnConflict) -> Self {
        match word {
            OnConflict::Ask => Self::Ask,
            OnConflict::Skip => Self::Skip,
            OnConflict::Overwrite => Self::Overwrite,
            OnConflict::Newer => Self::IfNewer,
            OnConflict::Different => Self::IfDifferent,
            OnConflict::KeepBoth => Self::KeepBoth,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct CpArgs {
    /// Objects, and with -r folders, then where to. A destination that ends in '/' or names
    /// only a bucket means into it, under the same name.
    #[arg(required = true, num_args = 2.., value_name = "SRC… DST")]
    addresses: Vec<Address>,

    /// Folders too: `box` becomes the folder `box` under the destination, `box/` or a bucket
    /// stands for what is in it.
    #[arg(short, long)]
    recursive: bool,

    /// Size of a part, e.g. 64MiB; chosen by itself if not given.
    #[arg(long, value_parser = parse_bytes)]
    part_size: Option<u64>,

    /// Parts of one object in flight at once; with -r, three times as many small objects. 0, which
    /// is usual, finds out how many make the copy faster.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=256))]
    parts_at_once: Option<u32>,

    /// Storage class of the copies, in the provider's words; the source's if not given.
    #[arg(long, value_name = "C")]
    storage_class: Option<String>,

    #[command(flatten)]
    terms: TermsArgs,

    #[command(flatten)]
    timing: timing::TimingArgs,

    /// Where a destination key exists. Without it nothing starts if a named object's does, and
    /// what is found under a folder waits for an answer.
    #[arg(long, value_name = "HOW")]
    on_conflict: Option<OnConflict>,

    /// The same as --on-conflict overwrite.
    #[arg(long, conflicts_with = "on_conflict")]
    overwrite: bool,

    /// Show what would happen and change nothing.
    #[arg(long)]
    dry_run: bool,

    /// With --dry-run: a line for every object, in this form.
    #[arg(long, requires = "dry_run", value_name = "FORM")]
    format: Option<Form>,

    /// With --format: into a new file instead of standard output.
    #[arg(long, requires = "format", value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) async fn run(
    args: CpArgs,
    kind: JobKind,
    terminal: &Terminal,
) -> Result<Exit, ApiError> {
    let api = terminal.open().await?;
    let requests = requests(&api, &args, kind).await?;
    if args.dry_run {
        if args.recursive || args.format.is_some() {
            return survey::run(&api, requests, args.format, args.output, terminal).await;
        }
        return dry_run(&api, requests, terminal).await;
    }
    let mut jobs = Vec::with_capacity(requests.len());
    let mut refused = None;
    for request in requests {
        match api.start_copy(request).await {
            Ok(begun) => jobs.push(begun.job),
            Err(error) => {
                refused = Some(error);
                break;
            }
        }
    }
    let Some(error) = refused else {
        return follow(&api, &jobs, terminal).await;
    };
    if jobs.is_empty() {
        return Err(error);
    }
    terminal.complain(&error);
    let begun: Vec<String> = jobs.iter().map(u32::to_string).collect();
    terminal.note(&format!(
        "Begun before that, and going on: job {}.",
        begun.join(", ")
    ));
    let worst = follow(&api, &jobs, terminal).await?;
    Ok(worst.max(Exit::of(&error)))
}

/// One request for each bucket the sources lie in.
async fn requests(api: &Api, args: &CpArgs, kind: JobKind) -> Result<Vec<CopyRequest>, ApiError> {
    let Some((destination, sources)) = args.addresses.split_last() else {
        return Err(usage("give at least one source and a destination"));
    };
    let into = destination.key.is_empty() || destination.key.ends_with('/');
    if !into && sources.len() > 1 {
        return Err(usage(format!(
            "several sources cannot all become {:?}; let the destination end in '/'",
            destination.key
        )));
    }
    let settings = api.app_state(Nothing {}).await?.settings;
    let terms = args.terms.offered(api).await?;
    let to = destination.place(api).await?;
    let (prefix, name) = folder_and_name(&destination.key);
    let to = Place {
        prefix: prefix.to_owned(),
        ..to
    };
    let mut requests: Vec<CopyRequest> = Vec::new();
    let mut taken = HashSet::new();
    for source in sources {
        let named = named(api, source, args.recursive, (!into).then_some(name)).await?;
        // Buckets are jobs of their own, and none of them would see the other's objects.
        if !named.whole_prefix && !taken.insert(named.name.clone()) {
            return Err(usage(format!(
                "two of the sources would become the same object {:?}; copy them to different places",
                format!("{prefix}{}", named.name)
            )));
        }
        let (folder, _) = folder_and_name(source.key.trim_end_matches('/'));
        let from = Place {
            prefix: folder.to_owned(),
            ..source.place(api).await?
        };
        let same_bucket = |one: &&mut CopyRequest| {
            (&one.source.account, &one.source.bucket) == (&from.account, &from.bucket)
        };
        if let Some(same) = requests.iter_mut().find(same_bucket) {
            same.named.get_or_insert_default().push(named);
            continue;
        }
        requests.push(CopyRequest {
            source: from,
            keys: Vec::new(),
            prefixes: None,
            named: Some(vec![named]),
            destination: to.clone(),
            rename: None,
            options: CopyOptions {
                part_size: args.part_size.map(|size| size as f64),
                transfers_at_once: settings.transfers_at_once,
                parts_at_once: args.parts_at_once.unwrap_or(settings.parts_at_once),
                storage_class: args.storage_class.clone(),
                terms: terms.clone(),
                timing: Some(args.timing.timing()),
            },
            overwrite: args.overwrite,
            on_conflict: args.on_conflict.map(ConflictPolicy::from),
            kind: Some(kind),
        });
    }
    Ok(requests)
}

/// A source and its name under the destination.
async fn named(
    api: &Api,
    source: &Address,
    recursive: bool,
    new_name: Option<&str>,
) -> Result<NamedSource, ApiError> {
    let key = &source.key;
    let contents = recursive && (key.is_empty() || key.ends_with('/'));
    // A bucket may be empty; a prefix is only what keys begin with.
    if contents && !key.is_empty() && !is_prefix(api, source, key).await? {
        let bucket = source.bucket.as_deref().unwrap_or_default();
        return Err(usage(format!(
            "nothing begins with {key:?} in {bucket}; `partway-cli ls` shows what is there"
        )));
    }
    if contents && new_name.is_some() {
        let bucket = source.bucket.as_deref().unwrap_or_default();
        return Err(usage(format!(
            "{} stands for what is in it: let the destination end in '/'",
            readable(&format!("{bucket}/{key}"))
        )));
    }
    if contents {
        return Ok(NamedSource {
            key: key.clone(),
            whole_prefix: true,
            name: String::new(),
            version: None,
        });
    }
    if key.is_empty() {
        return Err(usage(format!(
            "a source names only the bucket {}; name an object, or copy everything in it with -r",
            source.bucket.as_deref().unwrap_or_default()
        )));
    }
    // The object that stands for a folder is seldom what somebody wants of it.
    let others = |row: &Row| row.key != *key;
    if !recursive && key.ends_with('/') && holds(api, source, key, others).await? {
        return Err(usage(format!(
            "{key:?} is a folder. Add `-r` to copy what is in it"
        )));
    }
    let (folder, _) = folder_and_name(key.trim_end_matches('/'));
    let name = new_name.unwrap_or(&key[folder.len()..]);
    if recursive && is_prefix(api, source, &format!("{key}/")).await? {
        return Ok(NamedSource {
            key: format!("{key}/"),
            whole_prefix: true,
            name: format!("{name}/"),
            version: None,
        });
    }
    Ok(NamedSource {
        key: key.clone(),
        whole_prefix: false,
        name: name.to_owned(),
        version: None,
    })
}

/// Whether any key in a bucket begins like this.
async fn is_prefix(api: &Api, source: &Address, prefix: &str) -> Result<bool, ApiError> {
    holds(api, source, prefix, |_| true).await
}

/// Whether under a prefix there is something of a kind, among the first that come.
async fn holds(
    api: &Api,
    source: &Address,
    prefix: &str,
    kind: impl Fn(&Row) -> bool,
) -> Result<bool, ApiError> {
    let place = Place {
        prefix: prefix.to_owned(),
        ..source.place(api).await?
    };
    let load_all = false;
    let opened = api.open_listing(OpenListing { place, load_all }).await?;
    let listing = opened.listing;
    let found = loop {
        let request = RowsRequest {
            listing,
            start: 0,
            // One of them may be the object that stands for the folder itself.
            count: 2,
        };
        let window = api.rows(request).await?;
        match window.status.error {
            _ if window.rows.iter().any(&kind) => break Ok(true),
            Some(error) => break Err(error),
            None if !window.status.loading => break Ok(false),
            None => tokio::time::sleep(LOOK).await,
        }
    };
    api.close_listing(ListingRef { listing }).await?;
    found
}

/// Everything up to the last `/`, and what follows it.
fn folder_and_name(key: &str) -> (&str, &str) {
    key.split_at(key.rfind('/').map_or(0, |slash| slash + 1))
}

async fn dry_run(
    api: &Api,
    requests: Vec<CopyRequest>,
    terminal: &Terminal,
) -> Result<Exit, ApiError> {
    let mut worst = Exit::Done;
    for request in requests {
        let plan = api.plan_copy(request).await?;
        let problems = plan.problems.iter().map(|problem| Exit::of(&problem.error));
        worst = worst.max(problems.max().unwrap_or(Exit::Done));
        if terminal.json {
            terminal.value(&plan);
        } else {
            show(&plan, terminal);
        }
    }
    Ok(worst)
}

fn show(plan: &CopyPlan, terminal: &Terminal) {
    terminal.say(&format!(
        "{} objects, {}, {} parts; {} write and {} read requests. Nothing was changed.",
        plan.objects,
        quantity::bytes(plan.bytes),
        plan.parts,
        plan.write_requests,
        plan.read_requests
    ));
    for item in &plan.items {
        let how = if item.multipart {
            format!(
                "{} parts of {}",
                item.parts,
                quantity::bytes(item.part_size)
            )
        } else {
            "one request".to_owned()
        };
        let exists = match item.fate.as_str() {
            "replace" => ", exists and is replaced".to_owned(),
            "keep_both" => ", beside what exists".to_owned(),
            "skip" => format!(", is left out: {}", item.why),
            "ask" => format!(", waits for a decision: {}", item.why),
            _ => String::new(),
        };
        let archived = if item.is_archived {
            ", archived: waits until it is restored"
        } else {
            ""
        };
        terminal.say(&format!(
            "  {} -> {}  {} in {how}{exists}{archived}",
            readable(&item.source_key),
            readable(&item.destination_key),
            quantity::bytes(item.size),
        ));
        for lost in &item.not_carried {
            terminal.say(&format!("    not carried: {}", readable(lost)));
        }
    }
    for given in &plan.given {
        terminal.say(&format!("  {}", readable(given)));
    }
    for fallback in &plan.fallbacks {
        terminal.say(&format!(
            "  {} ({})",
            fallback.message,
            readable(&fallback.evidence)
        ));
    }
    for problem in &plan.problems {
        terminal.note(&format!(
            "cannot copy {}: {}",
            readable(&problem.key),
            readable(&problem.error.to_string())
        ));
        if let Some(remedy) = remedy::of(&problem.error) {
            terminal.note(&format!("  {remedy}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::folder_and_name;

    #[test]
    fn a_destination_is_a_folder_and_a_new_name() {
        assert_eq!(folder_and_name("a/b/c"), ("a/b/", "c"));
        assert_eq!(folder_and_name("a/b/"), ("a/b/", ""));
        assert_eq!(folder_and_name("c"), ("", "c"));
        assert_eq!(folder_and_name(""), ("", ""));
    }
}
