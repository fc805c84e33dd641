//! `cp`: copies objects from bucket to bucket.

use std::collections::HashSet;

use clap::Args;
use partway_api::contract::{CopyOptions, CopyPlan, CopyRequest, Nothing, Place};
use partway_api::{Api, ApiError};

use crate::address::Address;
use crate::exit::{Exit, usage};
use crate::follow::follow;
use crate::quantity::{self, parse_bytes};
use crate::remedy;
use crate::terminal::{Terminal, readable};

mod terms;

use terms::TermsArgs;

#[derive(Debug, Args)]
pub(crate) struct CpArgs {
    /// Objects to copy, then where to. A destination that ends in '/' or names only a bucket
    /// means into it, under the same name.
    #[arg(required = true, num_args = 2.., value_name = "SRC… DST")]
    addresses: Vec<Address>,

    /// Size of a part, e.g. 64MiB; chosen by itself if not given.
    #[arg(long, value_parser = parse_bytes)]
    part_size: Option<u64>,

    /// Parts of one object in flight at once.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256))]
    parts_at_once: Option<u32>,

    /// Storage class of the copies, in the provider's words; the source's if not given.
    #[arg(long, value_name = "C")]
    storage_class: Option<String>,

    #[command(flatten)]
    terms: TermsArgs,

    /// Replace objects that exist at the destination.
    #[arg(long)]
    overwrite: bool,

    /// Show the plan and change nothing.
    #[arg(long)]
    dry_run: bool,
}

pub(crate) async fn run(args: CpArgs, terminal: &Terminal) -> Result<Exit, ApiError> {
    let api = terminal.open().await?;
    let requests = requests(&api, &args).await?;
    if args.dry_run {
        return dry_run(&api, requests, terminal).await;
    }
    let mut jobs = Vec::with_capacity(requests.len());
    for request in requests {
        jobs.push(api.start_copy(request).await?.job);
    }
    follow(&api, &jobs, terminal).await
}

/// One request for each folder the sources lie in: names are taken relative to it.
async fn requests(api: &Api, args: &CpArgs) -> Result<Vec<CopyRequest>, ApiError> {
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
    let mut names = HashSet::new();
    for source in sources {
        if source.key.is_empty() {
            return Err(usage(format!(
                "a source names only the bucket {}; name an object (copying whole buckets comes later)",
                source.bucket.as_deref().unwrap_or_default()
            )));
        }
        let (folder, _) = folder_and_name(source.key.trim_end_matches('/'));
        // Each folder is a job of its own, and none of them would see the other's objects.
        if !names.insert(&source.key[folder.len()..]) {
            return Err(usage(format!(
                "two of the sources would become the same object {:?}; copy them to different places",
                format!("{prefix}{}", &source.key[folder.len()..])
            )));
        }
        let from = Place {
            prefix: folder.to_owned(),
            ..source.place(api).await?
        };
        if let Some(same) = requests.iter_mut().find(|request| request.source == from) {
            same.keys.push(source.key.clone());
            continue;
        }
        requests.push(CopyRequest {
            source: from,
            keys: vec![source.key.clone()],
            destination: to.clone(),
            rename: (!into).then(|| name.to_owned()),
            options: CopyOptions {
                part_size: args.part_size.map(|size| size as f64),
                transfers_at_once: settings.transfers_at_once,
                parts_at_once: args.parts_at_once.unwrap_or(settings.parts_at_once),
                storage_class: args.storage_class.clone(),
                terms: terms.clone(),
            },
            overwrite: args.overwrite,
        });
    }
    Ok(requests)
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
        let exists = if item.exists {
            ", exists and is replaced"
        } else {
            ""
        };
        terminal.say(&format!(
            "  {} -> {}  {} in {how}{exists}",
            readable(&item.source_key),
            readable(&item.destination_key),
            quantity::bytes(item.size),
        ));
        for lost in &item.not_carried {
            terminal.say(&format!("    not carried: {}", readable(lost)));
        }
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
