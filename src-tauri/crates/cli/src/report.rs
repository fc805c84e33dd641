//! Jobs as `jobs`, `history`, `cp` and `resume` show them.

use std::collections::HashMap;

use jiff::Timestamp;
use partway_api::contract::{
    AccountView, JobRef, JobState, JobView, Nothing, Priority, TransferView, TransfersRequest,
};
use partway_api::{Api, ApiError};
use serde::Serialize;

use crate::address::url;
use crate::quantity;
use crate::terminal::{Terminal, readable};

/// Transfers read for a job's evidence and failures.
const TRANSFERS_READ: u32 = 1_000;

/// As many jobs that left uploads are told of.
const KEPT_SHOWN: usize = 20;

/// A job in JSON. These fields are stable; others may be added.
#[derive(Debug, Serialize)]
pub(crate) struct JobReport {
    pub(crate) id: u32,
    pub(crate) state: JobState,
    /// It has ended, and every object that was copied agrees with its source by more than its
    /// size.
    pub(crate) verified: bool,
    /// Sources are deleted once their copies are verified.
    pub(crate) moves: bool,
    pub(crate) bytes_done: u64,
    pub(crate) bytes_total: u64,
    pub(crate) objects: u32,
    pub(crate) failed: u32,
    /// Address of the only object, else of the prefix of the first.
    pub(crate) source: String,
    pub(crate) destination: String,
    /// What was compared, each kind once.
    pub(crate) evidence: Option<String>,
    /// ISO 8601, UTC.
    pub(crate) created: String,
    pub(crate) finished: Option<String>,
    pub(crate) objects_done: u32,
    pub(crate) parts_done: u32,
    pub(crate) parts_total: u32,
    /// What the objects have that their copies have not.
    pub(crate) not_carried: Vec<String>,
    /// The first failure or obstacle.
    pub(crate) error: Option<ApiError>,
    /// How soon it gets its turn.
    pub(crate) priority: Priority,
    /// Not before this; ISO 8601, UTC.
    pub(crate) start_at: Option<String>,
    /// Only within these hours of every day, local time.
    pub(crate) window: Option<String>,
    /// It waits for its hours, which come then; ISO 8601, UTC.
    pub(crate) waits_until: Option<String>,
    pub(crate) transfers_at_once: u32,
    pub(crate) parts_at_once: u32,
    /// Uploads it has, or may have, open on the server, and their parts.
    pub(crate) open_uploads: u32,
    pub(crate) open_parts: u32,
    /// What it lacks to go on.
    #[serde(skip)]
    pub(crate) needs: Option<Needs>,
}

/// What the user has to give again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    /// The secret of one of its accounts.
    Secret,
    /// An encryption key of the user's own.
    Key,
}

/// Reads what a report needs beside the job.
pub(crate) async fn reports(api: &Api, jobs: Vec<JobView>) -> Result<Vec<JobReport>, ApiError> {
    let accounts = api.accounts(Nothing {}).await?;
    let mut names: HashMap<String, String> = accounts
        .iter()
        .map(|account| (account.id.clone(), account.name.clone()))
        .collect();
    let kept = api.kept_uploads().await?;
    let mut reports = Vec::with_capacity(jobs.len());
    for job in jobs {
        for id in [&job.source.account, &job.destination.account] {
            if !names.contains_key(id)
                && let Some(former) = api.former_name(id).await
            {
                names.insert(id.clone(), former);
            }
        }
        let kept = kept.iter().find(|kept| kept.job == job.id).copied();
        let request = TransfersRequest {
            job: job.id,
            after: None,
            limit: TRANSFERS_READ,
        };
        let transfers = api.transfers(request).await?;
        let report = report(job, &transfers, &accounts, &names);
        reports.push(JobReport {
            open_uploads: kept.map_or(0, |kept| kept.uploads),
            open_parts: kept.map_or(0, |kept| kept.parts),
            ..report
        });
    }
    Ok(reports)
}

fn report(
    job: JobView,
    transfers: &[TransferView],
    accounts: &[AccountView],
    names: &HashMap<String, String>,
) -> JobReport {
    let name = |id: &str| names.get(id).cloned().unwrap_or_else(|| id.to_owned());
    let (source_key, destination_key) = match transfers {
        [only] => (only.source_key.as_str(), only.destination_key.as_str()),
        _ => (job.source.prefix.as_str(), job.destination.prefix.as_str()),
    };
    JobReport {
        source: url(
            job.source_dialect,
            &name(&job.source.account),
            &job.source.bucket,
            source_key,
        ),
        destination: url(
            job.destination_dialect,
            &name(&job.destination.account),
            &job.destination.bucket,
            destination_key,
        ),
        evidence: evidence(transfers),
        needs: needs(&job, accounts),
        priority: job.timing.priority,
        start_at: job.timing.start_at_ms.map(time),
        window: job.timing.window.clone(),
        waits_until: job.waits_until_ms.map(time),
        transfers_at_once: job.transfers_at_once,
        parts_at_once: job.parts_at_once,
        not_carried: distinct(transfers.iter().flat_map(|t| t.not_carried.iter().cloned())),
        id: job.id,
        state: job.state,
        verified: job.verified && job.finished_ms.is_some(),
        moves: job.moves,
        bytes_done: quantity::whole(job.bytes_done),
        bytes_total: quantity::whole(job.bytes_total),
        objects: job.objects_total,
        failed: job.objects_failed,
        created: time(job.created_ms),
        finished: job.finished_ms.map(time),
        objects_done: job.objects_done,
        parts_done: job.parts_done,
        parts_total: job.parts_total,
        error: job.error,
        open_uploads: 0,
        open_parts: 0,
    }
}

/// Both are missing credentials; while the accounts have their secrets it is the key.
fn needs(job: &JobView, accounts: &[AccountView]) -> Option<Needs> {
    let missing = |error: &&ApiError| error.kind == "missing_credential";
    job.error.as_ref().filter(missing)?;
    let has_secret = |id: &str| {
        accounts
            .iter()
            .any(|account| account.id == id && account.has_secret)
    };
    let both = has_secret(&job.source.account) && has_secret(&job.destination.account);
    Some(if both { Needs::Key } else { Needs::Secret })
}

fn evidence(transfers: &[TransferView]) -> Option<String> {
    let verdicts = transfers
        .iter()
        .filter_map(|transfer| transfer.verdict.as_ref());
    let kinds = distinct(verdicts.map(|verdict| verdict.evidence.clone()));
    (!kinds.is_empty()).then(|| kinds.join("; "))
}

fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::new();
    for text in texts {
        if !distinct.contains(&text) {
            distinct.push(text);
        }
    }
    distinct
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "milliseconds of a journal row"
)]
fn time(ms: f64) -> String {
    Timestamp::from_millisecond(ms as i64)
        .map_or_else(|_| String::new(), |time| format!("{time:.0}"))
}

/// The word of a state.
pub(crate) fn state_word(state: JobState) -> &'static str {
    match state {
        JobState::Queued => "queued",
        JobState::Copying => "copying",
        JobState::Completing => "completing",
        JobState::Verifying => "verifying",
        JobState::Paused => "paused",
        JobState::Waiting => "waiting",
        JobState::Interrupted => "interrupted",
        JobState::Cancelling => "cancelling",
        JobState::Cancelled => "cancelled",
        JobState::Done => "done",
        JobState::DoneWithFailures => "done with failures",
        JobState::Failed => "failed",
    }
}

/// A list of jobs: one JSON document, or a table.
pub(crate) fn list(terminal: &Terminal, reports: &[JobReport], none: &str) {
    if terminal.json {
        terminal.value(&reports);
        return;
    }
    if reports.is_empty() {
        terminal.say(none);
        return;
    }
    let mut table = comfy_table::Table::new();
    table
        .load_preset(comfy_table::presets::NOTHING)
        .set_header([
            "JOB", "STATE", "PRIORITY", "DONE", "OF", "OBJECTS", "CREATED", "FROM", "TO",
        ]);
    for report in reports {
        table.add_row([
            report.id.to_string(),
            described(report),
            priority_word(report.priority).to_owned(),
            quantity::bytes(report.bytes_done as f64),
            quantity::bytes(report.bytes_total as f64),
            report.objects.to_string(),
            report.created.clone(),
            readable(&report.source),
            readable(&report.destination),
        ]);
    }
    terminal.say(&table.trim_fmt());
}

/// What settled jobs left open on the servers: it may cost storage, and no list of what is
/// unfinished shows it.
pub(crate) async fn tell_kept(api: &Api, terminal: &Terminal) -> Result<(), ApiError> {
    if terminal.json {
        return Ok(());
    }
    let mut views = Vec::new();
    for kept in api.kept_uploads().await?.into_iter().take(KEPT_SHOWN) {
        views.push(api.job(JobRef { job: kept.job }).await?);
    }
    for report in reports(api, views).await? {
        if let Some(kept) = kept(&report) {
            terminal.note(&kept);
        }
    }
    Ok(())
}

/// What a settled job left open, and what becomes of it.
fn kept(report: &JobReport) -> Option<String> {
    let settled = matches!(
        report.state,
        JobState::Failed | JobState::DoneWithFailures | JobState::Cancelled
    );
    let JobReport {
        id,
        open_uploads,
        open_parts,
        ..
    } = report;
    (settled && *open_uploads > 0).then(|| {
        format!(
            "Job {id} keeps {open_uploads} open upload(s) with {open_parts} parts on the server: \
             `partway-cli resume {id}` goes on with them, `partway-cli cancel {id}` gives them back."
        )
    })
}

/// State and, for what is done, how sure it is.
pub(crate) fn described(report: &JobReport) -> String {
    let word = state_word(report.state);
    match report.state {
        JobState::Done if report.objects == 0 => format!("{word}, there was nothing to copy"),
        JobState::Done if report.verified => format!("{word}, verified"),
        JobState::Done if report.objects_done == 0 => {
            format!("{word}, nothing copied: {} skipped", report.objects)
        }
        JobState::Done if report.moves => {
            format!("{word}, size only: sources that are not proven to be copied stay")
        }
        JobState::Done => format!("{word}, size only"),
        JobState::DoneWithFailures | JobState::Failed => {
            format!("{word} ({} of {})", report.failed, report.objects)
        }
        _ => match report.waits_until.as_deref().and_then(local) {
            Some(until) => format!("{word}, waits until {until}"),
            None => word.to_owned(),
        },
    }
}

/// A time of a report on the wall clock: today's without the day.
fn local(text: &str) -> Option<String> {
    let at = text
        .parse::<Timestamp>()
        .ok()?
        .to_zoned(jiff::tz::TimeZone::system());
    let day = at.date() == jiff::Zoned::now().date();
    let form = if day { "%H:%M" } else { "%Y-%m-%d %H:%M" };
    Some(at.strftime(form).to_string())
}

/// As `local`, of a time of the contract.
pub(crate) fn local_ms(ms: f64) -> Option<String> {
    local(&time(ms))
}

/// A job's place in the queue, its hours and its pace, as a sentence.
pub(crate) fn queued(report: &JobReport) -> String {
    let hours = match (&report.start_at, &report.window) {
        (None, None) => "at any time".to_owned(),
        (Some(start), None) => format!("from {} on", local(start).unwrap_or_default()),
        (None, Some(window)) => format!("daily {window}"),
        (Some(start), Some(window)) => {
            format!(
                "from {} on, daily {window}",
                local(start).unwrap_or_default()
            )
        }
    };
    let parts = match report.parts_at_once {
        0 => "as many parts of each at once as make it faster".to_owned(),
        parts => format!("{parts} parts of each at once"),
    };
    format!(
        "Job {} is {}; {} priority, {hours}; {} objects and {parts}.",
        report.id,
        described(report),
        priority_word(report.priority),
        report.transfers_at_once,
    )
}

fn priority_word(priority: Priority) -> &'static str {
    match priority {
        Priority::High => "high",
        Priority::Normal => "normal",
        Priority::Low => "low",
    }
}

/// Everything a person wants to know about a job that came to rest.
pub(crate) fn outcome(terminal: &Terminal, report: &JobReport) {
    terminal.say(&format!(
        "Job {}: {}; {} of {} objects, {}.",
        report.id,
        described(report),
        report.objects_done,
        report.objects,
        quantity::bytes(report.bytes_done as f64),
    ));
    if let Some(evidence) = &report.evidence {
        terminal.say(&format!("  compared: {evidence}"));
    }
    for lost in &report.not_carried {
        terminal.say(&format!("  not carried: {}", readable(lost)));
    }
    if let Some(error) = &report.error {
        terminal.say(&format!("  {}", readable(&error.to_string())));
    }
    if let Some(kept) = kept(report) {
        terminal.note(&kept);
    }
}
