//! Journal rows as the values the UI shows.

use std::collections::HashMap;

use partway_domain::{
    Account, AccountId, Addressing as DomainAddressing, DialectName, Failure, FailureKind,
    JobIntent, JobKind, Method, State, Wait, job::JobState as DomainJobState,
};
use partway_journal::table::event::{EventRow, Level};
use partway_journal::table::job::JobRow;
use partway_journal::table::outcome::Outcome;
use partway_journal::table::restore::RestoreRow;
use partway_journal::table::transfer::TransferRow;
use partway_journal::{Journal, JournalError};

use crate::accounts::Note;
use crate::api::Api;
use crate::contract::{
    AccountView, Addressing, Choice, Dialect, EventLevel, EventView, JobState, JobView, Place,
    RestoreTier, RestoreView, SecretPlace, TransferState, TransferView, Verdict,
};
use crate::error::ApiError;

/// Verdicts of a running job are counted on every tick up to this many transfers; of a larger
/// one only when it is settled.
const COUNT_WHILE_RUNNING: u64 = 1_000;

/// Journal numbers start at 1 and a journal never sees four billion of anything it counts.
pub(crate) fn number(id: i64) -> u32 {
    u32::try_from(id).unwrap_or(u32::MAX)
}

fn count(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// What shows jobs need besides their rows, read in one go.
struct Read {
    row: JobRow,
    outcome: Outcome,
}

/// Jobs as listed, in the order given.
pub(crate) async fn jobs(api: &Api, rows: Vec<JobRow>) -> Result<Vec<JobView>, ApiError> {
    let (read, dialects) = api
        .journal(move |journal| Ok((outcomes(journal, rows)?, dialects(journal)?)))
        .await?;
    Ok(read
        .into_iter()
        .map(|read| job(api, read, &dialects))
        .collect())
}

fn outcomes(journal: &Journal, rows: Vec<JobRow>) -> Result<Vec<Read>, JournalError> {
    rows.into_iter()
        .map(|row| {
            let counts = row.counts;
            let told = counts.failed + counts.waiting + counts.done > 0;
            let rests = row.finished_ms.is_some() || row.lease.is_none();
            let cheap = rests || counts.total() <= COUNT_WHILE_RUNNING;
            let outcome = if told && cheap {
                journal.outcome(row.id)?
            } else {
                Outcome::default()
            };
            Ok(Read { row, outcome })
        })
        .collect()
}

/// Under this name a setting keeps the dialect of a removed account: its jobs stay.
pub(crate) fn dialect_setting(account: &AccountId) -> String {
    format!("dialect_of:{account}")
}

/// Under this name a setting keeps the name of a removed account.
pub(crate) fn name_setting(account: &AccountId) -> String {
    format!("name_of:{account}")
}

struct Dialects {
    live: HashMap<AccountId, DialectName>,
    journal: Journal,
}

impl Dialects {
    fn of(&self, account: &AccountId) -> Dialect {
        if let Some(dialect) = self.live.get(account) {
            return (*dialect).into();
        }
        let kept = self.journal.setting(&dialect_setting(account));
        kept.ok()
            .flatten()
            .and_then(|value| serde_json::from_value(value).ok())
            .unwrap_or(Dialect::S3)
    }
}

fn dialects(journal: &Journal) -> Result<Dialects, JournalError> {
    let accounts = journal.accounts()?;
    Ok(Dialects {
        live: accounts.into_iter().map(|a| (a.id, a.dialect)).collect(),
        journal: journal.clone(),
    })
}

fn job(api: &Api, Read { row, outcome }: Read, dialects: &Dialects) -> JobView {
    let driven = api.engine().is_driven(&row);
    let live = api.engine().progress(row.id);
    let state = turned(row.counts.job_state(row.intent, driven), &row);
    let state = asking(state, &row, outcome.failure.as_ref());
    let waits_until_ms = api.engine().waits_until_ms(&row);
    let title = title(&row);
    let troubled = live
        .as_ref()
        .and_then(|_| api.engine().journal_trouble())
        .map(Into::into);
    let flying = live
        .as_ref()
        .map_or(0, |live| live.progress.bytes_in_flight);
    let speed = live.as_ref().map_or(0.0, |live| live.bytes_per_second);
    JobView {
        id: number(row.id.0),
        state: state.into(),
        source_dialect: dialects.of(&row.source_account),
        destination_dialect: dialects.of(&row.destination_account),
        source: Place {
            account: row.source_account.0,
            bucket: row.source_bucket.as_str().to_owned(),
            region: Some(row.source_region).filter(|region| !region.is_empty()),
            prefix: parent(&row.first_key).to_owned(),
        },
        destination: Place {
            account: row.destination_account.0,
            bucket: row.destination_bucket.as_str().to_owned(),
            region: Some(row.destination_region).filter(|region| !region.is_empty()),
            prefix: row.destination_prefix.as_str().to_owned(),
        },
        title,
        objects_total: count(row.counts.total()),
        objects_done: count(row.counts.done),
        objects_failed: count(row.counts.failed),
        objects_skipped: count(row.counts.skipped),
        objects_waiting: count(row.counts.waiting),
        listing: row.counts.listing + row.counts.listing_waits > 0,
        moves: row.kind == JobKind::Move,
        bytes_total: row.bytes_total as f64,
        bytes_done: row.bytes_done as f64,
        bytes_in_flight: flying as f64,
        parts_total: count(row.parts_total),
        parts_done: count(row.parts_done),
        in_flight: live.as_ref().map_or(0, |live| live.in_flight),
        bytes_per_second: speed,
        seconds_left: live.as_ref().and_then(|live| live.seconds_left),
        retries: live.as_ref().map_or(0, |live| count(live.retries)),
        throttled: live.as_ref().is_some_and(|live| live.throttled),
        asked_seconds: live.as_ref().and_then(|live| live.asked_seconds).map(count),
        verified: row.counts.done > 0 && outcome.verified == row.counts.done,
        unverified: count(outcome.unverified),
        created_ms: row.created_ms as f64,
        finished_ms: row.finished_ms.map(|ms| ms as f64),
        error: outcome.failure.map(Into::into).or(troubled),
        driven_here: api.engine().drives(row.id),
        timing: crate::queue::shown(row.options.priority, row.options.schedule),
        position: row.position as f64,
        waits_until_ms: waits_until_ms.map(|ms| ms as f64),
        transfers_at_once: row.options.transfers_at_once,
        parts_at_once: row.options.parts_at_once,
    }
}

/// The name of the first source; of a whole bucket, the bucket's.
fn title(row: &JobRow) -> String {
    if row.first_key.is_empty() {
        return row.source_bucket.as_str().to_owned();
    }
    row.first_key[parent(&row.first_key).len()..].to_owned()
}

/// A driven job that has not got its turn is queued, whatever its transfers did before.
fn turned(state: DomainJobState, row: &JobRow) -> DomainJobState {
    use DomainJobState as S;
    let wants = row.intent == JobIntent::Run && !row.running;
    match state {
        S::Copying | S::Completing | S::Verifying | S::Waiting | S::Paused if wants => S::Queued,
        state => state,
    }
}

/// A job that nobody drives because only its user can help was not interrupted: it asks. One that
/// waited for the network would have gone on by itself.
fn asking(state: DomainJobState, row: &JobRow, obstacle: Option<&Failure>) -> DomainJobState {
    let counts = &row.counts;
    let all_wait = counts.unfinished() == counts.waiting && counts.waiting > 0;
    let by_itself =
        |failure: &Failure| matches!(failure.kind, FailureKind::Network | FailureKind::Throttled);
    match (state, obstacle) {
        (DomainJobState::Interrupted, Some(failure)) if all_wait && !by_itself(failure) => {
            DomainJobState::Waiting
        }
        _ => state,
    }
}

/// Everything up to the last `/` that does not end the key.
fn parent(key: &str) -> &str {
    let body = key.strip_suffix('/').unwrap_or(key);
    body.rfind('/').map_or("", |slash| &key[..=slash])
}

#[allow(
    clippy::cast_precision_loss,
    reason = "milliseconds since 1970 are exact in f64"
)]
pub(crate) fn account(account: Account, secret_place: SecretPlace, note: Note) -> AccountView {
    AccountView {
        id: account.id.0,
        name: account.name,
        dialect: account.dialect.into(),
        endpoint: account.endpoint,
        region: account.region,
        addressing: account.addressing.into(),
        masked_key_id: account.masked_key_id,
        named_buckets: account.named_buckets,
        fallback_domain: account.fallback_domain,
        demo: account.demo,
        has_secret: secret_place != SecretPlace::Missing,
        secret_place,
        used_ms: note.used_ms.map(|at| at as f64),
        expires_ms: note.expires_ms.map(|at| at as f64),
    }
}

impl From<DomainAddressing> for Addressing {
    fn from(addressing: DomainAddressing) -> Self {
        match addressing {
            DomainAddressing::VirtualHost => Self::VirtualHost,
            DomainAddressing::Path => Self::Path,
            DomainAddressing::CustomDomain => Self::CustomDomain,
        }
    }
}

pub(crate) fn transfer(row: TransferRow) -> TransferView {
    let plan = row.pin.as_ref().map(|pin| pin.plan);
    TransferView {
        id: number(row.id.0),
        job: number(row.job.0),
        state: row.state.into(),
        waits_for: match row.state {
            State::Waiting { wait } => Some(wait_word(wait).to_owned()),
            _ => None,
        },
        source_key: row.source_key.as_str().to_owned(),
        destination_key: row.destination_key.as_str().to_owned(),
        size: row.size as f64,
        bytes_done: row.bytes_done as f64,
        multipart: plan.is_some_and(|plan| plan.method == Method::Multipart),
        part_size: plan.map_or(0.0, |plan| plan.part_size as f64),
        parts_total: plan.map_or(0, |plan| plan.parts),
        parts_done: count(row.parts_done),
        upload_id: row
            .upload
            .and_then(|upload| upload.upload_id)
            .map(|id| id.as_str().to_owned()),
        choices: choices(row.state, row.failure.as_ref()),
        restore: row.restore.as_ref().map(restore),
        error: row.failure.map(Into::into),
        left_out: row.left_out.map(|why| why.to_string()),
        verdict: row.verdict.map(|verdict| Verdict {
            verified: verdict.verified,
            evidence: verdict.evidence,
            etag: verdict.etag.as_str().to_owned(),
            version: verdict.version.map(|version| version.as_str().to_owned()),
            request_id: verdict.request_id,
            at_ms: verdict.at_ms as f64,
        }),
        not_carried: row.pin.map(|pin| pin.not_carried).unwrap_or_default(),
    }
}

fn restore(row: &RestoreRow) -> RestoreView {
    RestoreView {
        tier: match row.tier.as_str() {
            "expedited" => RestoreTier::Expedited,
            "bulk" => RestoreTier::Bulk,
            _ => RestoreTier::Standard,
        },
        days: row.days,
        asked_ms: row.asked_ms as f64,
    }
}

fn choices(state: State, failure: Option<&partway_domain::Failure>) -> Vec<Choice> {
    let waits = matches!(
        state,
        State::Waiting {
            wait: Wait::Decision
        }
    );
    let fitting = failure.filter(|_| waits).map(|failure| failure.kind);
    fitting
        .map(partway_domain::Choice::fitting)
        .unwrap_or_default()
        .iter()
        .map(|choice| (*choice).into())
        .collect()
}

fn wait_word(wait: Wait) -> &'static str {
    match wait {
        Wait::Network => "network",
        Wait::Credential => "credential",
        Wait::Restore => "restore",
        Wait::Decision => "decision",
    }
}

pub(crate) fn event(EventRow { id, event }: EventRow) -> EventView {
    EventView {
        id: id as f64,
        at_ms: event.at_ms as f64,
        transfer: event.transfer.map(|transfer| number(transfer.0)),
        part: event.part.map(partway_domain::PartNumber::value),
        level: match event.level {
            Level::Normal => EventLevel::Normal,
            Level::Warning => EventLevel::Warning,
            Level::Error => EventLevel::Error,
        },
        what: event.what,
        detail: event.detail,
        request_id: event.request_id,
    }
}

/// Two enums with the same words: one is the journal's and the engine's, one the contract's.
macro_rules! same_words {
    ($from:ty => $to:ty { $($word:ident),* $(,)? }) => {
        impl From<$from> for $to {
            fn from(word: $from) -> Self {
                match word { $(<$from>::$word => <$to>::$word,)* }
            }
        }
    };
}

pub(crate) use same_words;

same_words!(DialectName => Dialect { Cos, Obs, ObsV2, S3 });
same_words!(Dialect => DialectName { Cos, Obs, ObsV2, S3 });
same_words!(Addressing => DomainAddressing { VirtualHost, Path, CustomDomain });
same_words!(DomainJobState => JobState {
    Queued, Copying, Completing, Verifying, Paused, Waiting, Interrupted, Cancelling,
    Cancelled, Done, DoneWithFailures, Failed,
});

impl From<State> for TransferState {
    fn from(state: State) -> Self {
        match state {
            State::Queued => Self::Queued,
            State::Starting => Self::Starting,
            State::Copying => Self::Copying,
            State::Paused => Self::Paused,
            State::Waiting { .. } => Self::Waiting,
            State::Completing => Self::Completing,
            State::Verifying => Self::Verifying,
            State::Removing => Self::Removing,
            State::Done => Self::Done,
            State::Aborting => Self::Aborting,
            State::Cancelled => Self::Cancelled,
            State::Skipped => Self::Skipped,
            State::Failed { .. } => Self::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parent;

    #[test]
    fn the_parent_of_a_key_is_the_prefix_it_is_listed_under() {
        assert_eq!(parent("a/b/c"), "a/b/");
        assert_eq!(parent("a/b/"), "a/");
        assert_eq!(parent("c"), "");
        assert_eq!(parent("a//c"), "a//");
    }
}
