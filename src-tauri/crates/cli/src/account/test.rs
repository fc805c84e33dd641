//! `account test`: what the key may do and what the server can do, as a table.

use clap::Args;
use comfy_table::{ContentArrangement, Table, presets};
use partway_api::contract::{
    AccountCheck, AccountCheckup, AccountTest, CapabilityView, CheckOutcome, Nothing, Support,
};
use partway_api::{Api, ApiError};

use crate::address::find;
use crate::exit::{Exit, usage};
use crate::interrupt::Interrupts;
use crate::terminal::{Terminal, readable};

#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Name or id of the account.
    name: String,

    /// Look at this bucket; the first that can be read if it is not given.
    #[arg(long, value_name = "BUCKET")]
    bucket: Option<String>,

    /// Write one small object into this bucket (below the prefix, if there is one), try copies,
    /// parts, tags and conditions with it, and remove everything again.
    #[arg(long, value_name = "BUCKET[/PREFIX]", conflicts_with = "bucket")]
    probe: Option<String>,
}

pub(super) async fn run(api: &Api, args: TestArgs, terminal: &Terminal) -> Result<Exit, ApiError> {
    let accounts = api.accounts(Nothing {}).await?;
    let account = find(&args.name, &accounts)?.clone();
    if account.demo {
        // Its endpoint is only right while the cloud runs.
        api.start_demo(Nothing {}).await?;
    }
    let (bucket, probe) = match args.probe {
        Some(place) => {
            let (bucket, prefix) = split(&place)?;
            (Some(bucket), Some(prefix))
        }
        None => (args.bucket, None),
    };
    let checkup = AccountCheckup {
        account: account.id,
        bucket,
        probe,
    };
    let begun_ms = jiff::Timestamp::now().as_millisecond();
    let test = unless_interrupted(api, checkup, terminal).await?;
    show(&test, begun_ms, terminal);
    Ok(exit(&test))
}

/// `BUCKET[/PREFIX]`; an address says more than is wanted.
fn split(place: &str) -> Result<(String, String), ApiError> {
    if place.contains("://") {
        return Err(usage(format!(
            "{place:?} is an address; --probe takes BUCKET or BUCKET/PREFIX of the account under test"
        )));
    }
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    Ok((bucket.to_owned(), prefix.to_owned()))
}

/// A probe that is interrupted removes what it made before the program ends.
async fn unless_interrupted(
    api: &Api,
    checkup: AccountCheckup,
    terminal: &Terminal,
) -> Result<AccountTest, ApiError> {
    if checkup.probe.is_none() {
        return api.check_account(checkup).await;
    }
    let mut interrupts = Interrupts::listen();
    let mut testing = std::pin::pin!(api.check_account(checkup));
    tokio::select! {
        test = &mut testing => return test,
        () = interrupts.next() => {}
    }
    terminal.note(
        "The probe object is removed first. Press Ctrl-C again to leave at once; it may then stay.",
    );
    tokio::select! {
        test = &mut testing => test,
        () = interrupts.next() => std::process::exit(Exit::Interrupted as i32),
    }
}

/// Both tables; with `--json` the whole test as it is. What was learned before the test began is
/// no result of it.
pub(super) fn show(test: &AccountTest, begun_ms: i64, terminal: &Terminal) {
    if terminal.json {
        terminal.value(test);
        return;
    }
    let mut checks = table(["CHECK", "RESULT", "WHAT IT MEANS", "REMEDY"]);
    for check in &test.checks {
        checks.add_row([
            check.name.replace('_', " "),
            outcome(check.outcome).to_owned(),
            readable(&meaning(check)),
            readable(&remedy(check)),
        ]);
    }
    if let Some(bucket) = &test.bucket {
        terminal.say(&format!("Looked at the bucket {}.", readable(bucket)));
    }
    terminal.say(&checks.trim_fmt());
    if test.capabilities.iter().all(|one| one.at_ms.is_none()) {
        return;
    }
    let mut capabilities = table([
        "CAPABILITY",
        "RESULT",
        "HOW IT IS KNOWN",
        "WHAT IS DONE INSTEAD",
    ]);
    for capability in &test.capabilities {
        capabilities.add_row([
            capability.name.replace('_', " "),
            support(capability, begun_ms).to_owned(),
            readable(&capability.detail),
            instead(capability),
        ]);
    }
    terminal.say("");
    terminal.say(&capabilities.trim_fmt());
    for left in &test.left_behind {
        terminal.say(&format!("Left behind: {}; delete it.", readable(left)));
    }
}

/// Wrapped to the window when somebody watches, one line each in a pipe.
fn table(header: [&str; 4]) -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header);
    table
}

fn outcome(outcome: CheckOutcome) -> &'static str {
    match outcome {
        CheckOutcome::Passed => "pass",
        CheckOutcome::Warning => "warning",
        CheckOutcome::Failed => "FAIL",
        CheckOutcome::Unknown => "unknown",
    }
}

fn support(capability: &CapabilityView, begun_ms: i64) -> &'static str {
    let remembered = capability
        .at_ms
        .is_some_and(|at_ms| at_ms < begun_ms as f64);
    match capability.support {
        Support::Present if remembered => "known",
        Support::Absent if remembered => "lacking",
        Support::Present => "pass",
        Support::Absent => "FAIL",
        Support::Unknown => "unknown",
    }
}

fn meaning(check: &AccountCheck) -> String {
    match &check.error {
        Some(error) => error.to_string(),
        None => check.detail.clone(),
    }
}

/// What our own sentence already advises is not said twice.
fn remedy(check: &AccountCheck) -> String {
    match (&check.permission, &check.bucket) {
        (Some(permission), Some(bucket)) => format!("Allow the key {permission} on {bucket}."),
        (Some(permission), None) => format!("Allow the key {permission}."),
        (None, _) => String::new(),
    }
}

fn instead(capability: &CapabilityView) -> String {
    match capability.support {
        Support::Absent => capability.instead.clone(),
        Support::Present | Support::Unknown => String::new(),
    }
}

/// A probe that stays needs a person; otherwise the test's own word counts.
pub(super) fn exit(test: &AccountTest) -> Exit {
    if test.ok {
        return if test.left_behind.is_empty() {
            Exit::Done
        } else {
            Exit::NeedsUser
        };
    }
    let errors = test.checks.iter().filter_map(|check| check.error.as_ref());
    errors.map(Exit::of).max().unwrap_or(Exit::Failed)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_probe_goes_into_a_bucket_below_a_prefix() {
        let both = |bucket: &str, prefix: &str| (bucket.to_owned(), prefix.to_owned());
        assert_eq!(split("data").unwrap(), both("data", ""));
        assert_eq!(split("data/tmp/x").unwrap(), both("data", "tmp/x"));
        assert!(split("s3://data").unwrap_err().message.contains("--probe"));
    }
}
