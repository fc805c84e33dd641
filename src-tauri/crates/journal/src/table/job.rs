//! Jobs, with their sums and their lease.

use partway_domain::{
    AccountId, Bucket, CopyOptions, CopyTerms, Failure, JobId, JobIntent, JobKind, Key, Prefix,
    Reason, VersionId, job::TransferCounts,
};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::queue;
use super::scan::{self, NewScan};
use super::transfer::{self, Pin};
use crate::column;
use crate::error::{JournalError, Trouble};
use crate::migration::Migration;

/// A job to be recorded together with its transfers, in one durable transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// What becomes of the sources.
    pub kind: JobKind,
    /// When, in milliseconds since 1970.
    pub created_ms: i64,
    /// Account the source is read through (COS host, HEADs).
    pub source_account: AccountId,
    /// Source bucket and its region, as found at planning.
    pub source_bucket: Bucket,
    /// Region of the source bucket; empty if the account's own.
    pub source_region: String,
    /// Account that performs the copy.
    pub destination_account: AccountId,
    /// Destination bucket.
    pub destination_bucket: Bucket,
    /// Region of the destination bucket; empty if the account's own.
    pub destination_region: String,
    /// The prefix it was pasted into; for showing.
    pub destination_prefix: Prefix,
    /// How.
    pub options: CopyOptions,
    /// One transfer per object that was named.
    pub transfers: Vec<NewTransfer>,
    /// Prefixes whose objects become transfers while they are listed.
    pub scans: Vec<NewScan>,
}

/// One object of a new job.
#[derive(Debug, Clone, PartialEq)]
pub struct NewTransfer {
    /// Source key.
    pub source_key: Key,
    /// Version asked for by the user; `None` is the current one.
    pub source_version: Option<VersionId>,
    /// Destination key.
    pub destination_key: Key,
    /// Bytes as listed; the pin replaces it.
    pub size: u64,
    /// The pin when the plan already HEADed the source, or a listing told enough.
    pub pin: Option<Pin>,
    /// How it begins.
    pub beginning: Beginning,
}

/// How a new transfer begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Beginning {
    /// Its turn will come.
    #[default]
    Queued,
    /// It is left out.
    Skipped(Reason),
    /// It cannot be copied as asked.
    Failed(Failure),
}

/// A job as recorded, with its sums.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobRow {
    /// Number.
    pub id: JobId,
    /// When, in milliseconds since 1970.
    pub created_ms: i64,
    /// When nothing was left to do; `None` while unfinished.
    pub finished_ms: Option<i64>,
    /// What becomes of the sources.
    #[serde(default)]
    pub kind: JobKind,
    /// What the user last asked.
    pub intent: JobIntent,
    /// See [`NewJob`].
    pub source_account: AccountId,
    /// See [`NewJob`].
    pub source_bucket: Bucket,
    /// See [`NewJob`].
    pub source_region: String,
    /// See [`NewJob`].
    pub destination_account: AccountId,
    /// See [`NewJob`].
    pub destination_bucket: Bucket,
    /// See [`NewJob`].
    pub destination_region: String,
    /// See [`NewJob`].
    pub destination_prefix: Prefix,
    /// How.
    pub options: CopyOptions,
    /// Transfers by state.
    pub counts: TransferCounts,
    /// Bytes of all transfers.
    pub bytes_total: u64,
    /// Bytes of done transfers plus confirmed parts of unfinished ones.
    pub bytes_done: u64,
    /// Parts confirmed, unfinished transfers included.
    pub parts_done: u64,
    /// Parts of all planned transfers.
    pub parts_total: u64,
    /// How many prefixes it lists or has listed.
    #[serde(default)]
    pub prefixes: u64,
    /// First source key, or else the first prefix: the name of a job of one thing. Empty for a
    /// whole bucket.
    pub first_key: String,
    /// Its place among the jobs of its priority; no two are the same.
    #[serde(default)]
    pub position: i64,
    /// Who drives it now (holder and expiry); `None` if nobody or expired.
    pub lease: Option<Lease>,
    /// A process that drove it ended without giving its lease back: what it did last may be
    /// missing here.
    #[serde(default)]
    pub abandoned: bool,
    /// It has its turn, by whoever drives it.
    #[serde(default)]
    pub running: bool,
}

/// Who drives a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// The process: host, pid and a random word.
    pub holder: String,
    /// Until when, in milliseconds since 1970.
    pub until_ms: i64,
}

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        sql: "CREATE TABLE job (
        id                  INTEGER PRIMARY KEY AUTOINCREMENT,
        created_ms          INTEGER NOT NULL,
        finished_ms         INTEGER,
        intent              TEXT NOT NULL,
        source_account      TEXT NOT NULL,
        source_bucket       TEXT NOT NULL,
        source_region       TEXT NOT NULL,
        destination_account TEXT NOT NULL,
        destination_bucket  TEXT NOT NULL,
        destination_region  TEXT NOT NULL,
        destination_prefix  BLOB NOT NULL,
        part_size           INTEGER,
        transfers_at_once   INTEGER NOT NULL,
        parts_at_once       INTEGER NOT NULL,
        storage_class       TEXT,
        first_key           BLOB NOT NULL,
        lease_holder        TEXT,
        lease_until_ms      INTEGER,
        -- Sums over the transfers, kept by the triggers of that table.
        queued      INTEGER NOT NULL DEFAULT 0,
        copying     INTEGER NOT NULL DEFAULT 0,
        completing  INTEGER NOT NULL DEFAULT 0,
        verifying   INTEGER NOT NULL DEFAULT 0,
        paused      INTEGER NOT NULL DEFAULT 0,
        waiting     INTEGER NOT NULL DEFAULT 0,
        aborting    INTEGER NOT NULL DEFAULT 0,
        cancelled   INTEGER NOT NULL DEFAULT 0,
        failed      INTEGER NOT NULL DEFAULT 0,
        done        INTEGER NOT NULL DEFAULT 0,
        bytes_total INTEGER NOT NULL DEFAULT 0,
        bytes_done  INTEGER NOT NULL DEFAULT 0,
        parts_total INTEGER NOT NULL DEFAULT 0,
        parts_done  INTEGER NOT NULL DEFAULT 0,
        unfinished  INTEGER AS (queued + copying + completing + verifying + paused + waiting
                                + aborting) VIRTUAL
    ) STRICT;
    CREATE INDEX job_unfinished ON job (id) WHERE finished_ms IS NULL;",
    },
    // A nested list of grants that is only ever read as a whole; NULL for nothing asked.
    Migration {
        version: 2,
        sql: "ALTER TABLE job ADD COLUMN terms TEXT CHECK (json_type(terms) = 'object');",
    },
    // Old jobs never asked before they replaced something; what is left of them asks.
    Migration {
        version: 3,
        sql: "DROP TRIGGER transfer_added;
    DROP TRIGGER transfer_changed;
    ALTER TABLE job DROP COLUMN unfinished;
    ALTER TABLE job ADD COLUMN kind           TEXT NOT NULL DEFAULT 'copy';
    ALTER TABLE job ADD COLUMN on_conflict    TEXT NOT NULL DEFAULT 'ask';
    ALTER TABLE job ADD COLUMN removing       INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE job ADD COLUMN skipped        INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE job ADD COLUMN abandoned      INTEGER NOT NULL DEFAULT FALSE
        CHECK (abandoned IN (FALSE, TRUE));
    -- Sums over the rows in scan, kept by that table.
    ALTER TABLE job ADD COLUMN prefixes       INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE job ADD COLUMN listing        INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE job ADD COLUMN listing_waits  INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE job ADD COLUMN listing_failed INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE job ADD COLUMN unfinished     INTEGER AS (queued + copying + completing
        + verifying + removing + paused + waiting + aborting + listing + listing_waits) VIRTUAL;",
    },
];

pub(crate) fn add(connection: &Connection, job: &NewJob) -> Result<JobId, Trouble> {
    let first_key = match (job.transfers.first(), job.scans.first()) {
        (Some(first), _) => first.source_key.as_str(),
        (None, Some(first)) => first.source_prefix.as_str(),
        (None, None) => return Err(Trouble::not_found("transfer in the new job")),
    };
    connection
        .prepare_cached(
            "INSERT INTO job
                (created_ms, intent, source_account, source_bucket, source_region,
                 destination_account, destination_bucket, destination_region,
                 destination_prefix, part_size, transfers_at_once, parts_at_once,
                 storage_class, first_key, terms, kind, on_conflict)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
        )?
        .execute(params![
            job.created_ms,
            column::word(JobIntent::Run),
            job.source_account.0,
            job.source_bucket.as_str(),
            job.source_region,
            job.destination_account.0,
            job.destination_bucket.as_str(),
            job.destination_region,
            job.destination_prefix.as_str().as_bytes(),
            job.options.part_size,
            job.options.transfers_at_once,
            job.options.parts_at_once,
            job.options.storage_class,
            first_key.as_bytes(),
            written(&job.options.terms)?,
            column::word(job.kind),
            column::word(job.options.on_conflict),
        ])?;
    let id = JobId(connection.last_insert_rowid());
    queue::set_priority(connection, id, job.options.priority)?;
    queue::set_schedule(connection, id, job.options.schedule)?;
    for transfer in &job.transfers {
        transfer::add(connection, id, transfer, job.created_ms)?;
    }
    for scan in &job.scans {
        scan::add(connection, id, scan)?;
    }
    Ok(id)
}

pub(crate) fn set_intent(
    connection: &Connection,
    job: JobId,
    intent: JobIntent,
    now_ms: i64,
) -> Result<(), Trouble> {
    let changed = connection
        .prepare_cached("UPDATE job SET intent = ?2 WHERE id = ?1")?
        .execute(params![job.0, column::word(intent)])?;
    if changed == 0 {
        return Err(not_found(job));
    }
    if intent == JobIntent::Cancel {
        scan::give_up(connection, job, now_ms)?;
    }
    Ok(())
}

/// Notes that nothing, or something again, is left to do. The triggers of transfers do so by
/// themselves.
pub(super) fn settle(connection: &Connection, job: JobId, now_ms: i64) -> Result<(), Trouble> {
    connection
        .prepare_cached(
            "UPDATE job SET finished_ms = iif(unfinished = 0, ?2, NULL)
             WHERE id = ?1 AND (unfinished = 0) = (finished_ms IS NULL)",
        )?
        .execute(params![job.0, now_ms])?;
    Ok(())
}

pub(crate) fn one(connection: &Connection, job: JobId, now_ms: i64) -> Result<JobRow, Trouble> {
    connection
        .prepare_cached("SELECT * FROM job WHERE id = ?1")?
        .query_row([job.0], |row| from_row(row, now_ms))
        .optional()?
        .ok_or_else(|| not_found(job))
}

pub(crate) fn unfinished(connection: &Connection, now_ms: i64) -> Result<Vec<JobRow>, Trouble> {
    let rows = connection
        .prepare_cached("SELECT * FROM job WHERE finished_ms IS NULL ORDER BY id")?
        .query_map([], |row| from_row(row, now_ms))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

pub(crate) fn page(
    connection: &Connection,
    before: Option<JobId>,
    limit: u32,
    now_ms: i64,
) -> Result<Vec<JobRow>, Trouble> {
    let before = before.map_or(i64::MAX, |job| job.0);
    let rows = connection
        .prepare_cached("SELECT * FROM job WHERE id < ?1 ORDER BY id DESC LIMIT ?2")?
        .query_map(params![before, limit], |row| from_row(row, now_ms))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

pub(crate) fn forget(connection: &Connection, job: JobId, now_ms: i64) -> Result<(), Trouble> {
    let cannot = |reason: String| Err(JournalError::CannotForget { job, reason }.into());

    let unfinished = one(connection, job, now_ms)?.counts.unfinished();
    if unfinished > 0 {
        return cannot(format!(
            "{unfinished} of its transfers are unfinished; cancel it first"
        ));
    }
    // An upload whose row is gone is an orphan nobody will ever give back.
    let uploads: u64 = connection
        .prepare_cached(
            "SELECT count(*) FROM upload u JOIN transfer t ON t.id = u.transfer WHERE t.job = ?1",
        )?
        .query_row([job.0], |row| row.get(0))?;
    if uploads > 0 {
        return cannot(format!(
            "{uploads} of its uploads may still be on the server; cancel it without keeping parts first"
        ));
    }
    connection
        .prepare_cached("DELETE FROM job WHERE id = ?1")?
        .execute([job.0])?;
    Ok(())
}

/// Takes or takes over the lease, unless another holder's is still good at `now_ms`.
pub(crate) fn lease(
    connection: &Connection,
    job: JobId,
    lease: &Lease,
    now_ms: i64,
) -> Result<(), Trouble> {
    let current = connection
        .prepare_cached("SELECT lease_holder, lease_until_ms FROM job WHERE id = ?1")?
        .query_row([job.0], |row| good_lease(row, now_ms))
        .optional()?
        .ok_or_else(|| not_found(job))?;
    if let Some(current) = current.filter(|current| current.holder != lease.holder) {
        return Err(JournalError::Leased {
            job,
            holder: current.holder,
        }
        .into());
    }
    connection
        .prepare_cached(
            "UPDATE job SET abandoned = abandoned OR coalesce(lease_holder <> ?2, FALSE),
                 lease_holder = ?2, lease_until_ms = ?3
             WHERE id = ?1",
        )?
        .execute(params![job.0, lease.holder, lease.until_ms])?;
    Ok(())
}

/// Lengthens a lease, also one that ran out while nobody else took it. What passed to another
/// or was given back is not renewed.
pub(crate) fn renew_lease(
    connection: &Connection,
    job: JobId,
    holder: &str,
    until_ms: i64,
) -> Result<(), Trouble> {
    insist_on_lease(connection, job, holder)?;
    connection
        .prepare_cached("UPDATE job SET lease_until_ms = ?2 WHERE id = ?1")?
        .execute(params![job.0, until_ms])?;
    Ok(())
}

/// Fails unless the lease is this holder's, whether or not it ran out meanwhile.
pub(crate) fn insist_on_lease(
    connection: &Connection,
    job: JobId,
    holder: &str,
) -> Result<(), Trouble> {
    let current: Option<String> = connection
        .prepare_cached("SELECT lease_holder FROM job WHERE id = ?1")?
        .query_row([job.0], |row| row.get(0))
        .optional()?
        .ok_or_else(|| not_found(job))?;
    match current {
        Some(current) if current == holder => Ok(()),
        Some(holder) => Err(JournalError::Leased { job, holder }.into()),
        None => Err(Trouble::not_found(format!(
            "lease of {holder} on job {job}"
        ))),
    }
}

/// Gives a lease back; nothing happens if it has passed to another.
pub(crate) fn release_lease(
    connection: &Connection,
    job: JobId,
    holder: &str,
) -> Result<(), Trouble> {
    connection
        .prepare_cached(
            "UPDATE job SET lease_holder = NULL, lease_until_ms = NULL, turn = NULL
             WHERE id = ?1 AND lease_holder = ?2",
        )?
        .execute(params![job.0, holder])?;
    Ok(())
}

/// Ends the lease of a holder that is no more; nothing happens if it has passed to another.
pub(crate) fn forfeit_lease(
    connection: &Connection,
    job: JobId,
    holder: &str,
) -> Result<(), Trouble> {
    connection
        .prepare_cached("UPDATE job SET abandoned = TRUE WHERE id = ?1 AND lease_holder = ?2")?
        .execute(params![job.0, holder])?;
    release_lease(connection, job, holder)
}

pub(super) fn from_row(row: &Row, now_ms: i64) -> rusqlite::Result<JobRow> {
    let lease = good_lease(row, now_ms)?;
    Ok(JobRow {
        id: JobId(row.get("id")?),
        created_ms: row.get("created_ms")?,
        finished_ms: row.get("finished_ms")?,
        kind: column::from_word(row, "kind")?,
        intent: column::from_word(row, "intent")?,
        source_account: AccountId(row.get("source_account")?),
        source_bucket: bucket(row, "source_bucket")?,
        source_region: row.get("source_region")?,
        destination_account: AccountId(row.get("destination_account")?),
        destination_bucket: bucket(row, "destination_bucket")?,
        destination_region: row.get("destination_region")?,
        destination_prefix: column::prefix(row, "destination_prefix")?,
        options: CopyOptions {
            part_size: row.get("part_size")?,
            transfers_at_once: row.get("transfers_at_once")?,
            parts_at_once: row.get("parts_at_once")?,
            storage_class: row.get("storage_class")?,
            terms: terms(row)?,
            on_conflict: column::from_word(row, "on_conflict")?,
            priority: column::from_word(row, "priority")?,
            schedule: queue::schedule(row)?,
        },
        counts: counts(row)?,
        bytes_total: row.get("bytes_total")?,
        bytes_done: row.get("bytes_done")?,
        parts_done: row.get("parts_done")?,
        parts_total: row.get("parts_total")?,
        prefixes: row.get("prefixes")?,
        first_key: column::prefix(row, "first_key")?.to_string(),
        position: queue::position(row)?,
        running: queue::has_turn(row, lease.as_ref())?,
        abandoned: row.get("abandoned")?,
        lease,
    })
}

/// Most jobs ask for nothing special and have nothing there.
fn terms(row: &Row) -> rusqlite::Result<CopyTerms> {
    match row.get_ref("terms")? {
        rusqlite::types::ValueRef::Null => Ok(CopyTerms::default()),
        _ => column::from_json(row, "terms"),
    }
}

fn written(terms: &CopyTerms) -> rusqlite::Result<Option<String>> {
    (!terms.is_default())
        .then(|| column::json(terms))
        .transpose()
}

fn counts(row: &Row) -> rusqlite::Result<TransferCounts> {
    Ok(TransferCounts {
        queued: row.get("queued")?,
        copying: row.get("copying")?,
        completing: row.get("completing")?,
        verifying: row.get("verifying")?,
        removing: row.get("removing")?,
        paused: row.get("paused")?,
        waiting: row.get("waiting")?,
        aborting: row.get("aborting")?,
        cancelled: row.get("cancelled")?,
        failed: row.get("failed")?,
        skipped: row.get("skipped")?,
        done: row.get("done")?,
        listing: row.get("listing")?,
        listing_waits: row.get("listing_waits")?,
        listing_failed: row.get("listing_failed")?,
    })
}

fn good_lease(row: &Row, now_ms: i64) -> rusqlite::Result<Option<Lease>> {
    let (Some(holder), Some(until_ms)) = (row.get("lease_holder")?, row.get("lease_until_ms")?)
    else {
        return Ok(None);
    };
    Ok((until_ms > now_ms).then_some(Lease { holder, until_ms }))
}

fn bucket(row: &Row, column: &str) -> rusqlite::Result<Bucket> {
    Bucket::parse(row.get::<_, String>(column)?).map_err(|error| column::unreadable(column, error))
}

pub(super) fn not_found(job: JobId) -> Trouble {
    Trouble::not_found(format!("job {job}"))
}
