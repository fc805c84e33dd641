//! Jobs, with their sums and their lease.

use partway_domain::{
    AccountId, Bucket, CopyOptions, CopyTerms, JobId, JobIntent, Key, Prefix, VersionId,
    job::TransferCounts,
};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::transfer::{self, Pin};
use crate::column;
use crate::error::{JournalError, Trouble};
use crate::migration::Migration;

/// A job to be recorded together with its transfers, in one durable transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
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
    /// One transfer per object.
    pub transfers: Vec<NewTransfer>,
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
    /// The pin when the plan already HEADed the source.
    pub pin: Option<Pin>,
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
    /// First source key: the name of a job of one object.
    pub first_key: Key,
    /// Who drives it now (holder and expiry); `None` if nobody or expired.
    pub lease: Option<Lease>,
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
];

pub(crate) fn add(connection: &Connection, job: &NewJob) -> Result<JobId, Trouble> {
    let Some(first) = job.transfers.first() else {
        return Err(Trouble::not_found("transfer in the new job"));
    };
    connection
        .prepare_cached(
            "INSERT INTO job
                (created_ms, intent, source_account, source_bucket, source_region,
                 destination_account, destination_bucket, destination_region,
                 destination_prefix, part_size, transfers_at_once, parts_at_once,
                 storage_class, first_key, terms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
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
            first.source_key.as_str().as_bytes(),
            written(&job.options.terms)?,
        ])?;
    let id = JobId(connection.last_insert_rowid());
    for transfer in &job.transfers {
        transfer::add(connection, id, transfer)?;
    }
    Ok(id)
}

pub(crate) fn set_intent(
    connection: &Connection,
    job: JobId,
    intent: JobIntent,
) -> Result<(), Trouble> {
    let changed = connection
        .prepare_cached("UPDATE job SET intent = ?2 WHERE id = ?1")?
        .execute(params![job.0, column::word(intent)])?;
    if changed == 0 {
        return Err(not_found(job));
    }
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
    let current = one(connection, job, now_ms)?.lease;
    if let Some(current) = current.filter(|current| current.holder != lease.holder) {
        return Err(JournalError::Leased {
            job,
            holder: current.holder,
        }
        .into());
    }
    connection
        .prepare_cached("UPDATE job SET lease_holder = ?2, lease_until_ms = ?3 WHERE id = ?1")?
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
    let current: Option<String> = connection
        .prepare_cached("SELECT lease_holder FROM job WHERE id = ?1")?
        .query_row([job.0], |row| row.get(0))
        .optional()?
        .ok_or_else(|| not_found(job))?;
    match current {
        Some(current) if current == holder => {}
        Some(holder) => return Err(JournalError::Leased { job, holder }.into()),
        None => {
            return Err(Trouble::not_found(format!(
                "lease of {holder} on job {job}"
            )));
        }
    }
    connection
        .prepare_cached("UPDATE job SET lease_until_ms = ?2 WHERE id = ?1")?
        .execute(params![job.0, until_ms])?;
    Ok(())
}

/// Gives a lease back; nothing happens if it has passed to another.
pub(crate) fn release_lease(
    connection: &Connection,
    job: JobId,
    holder: &str,
) -> Result<(), Trouble> {
    connection
        .prepare_cached(
            "UPDATE job SET lease_holder = NULL, lease_until_ms = NULL
             WHERE id = ?1 AND lease_holder = ?2",
        )?
        .execute(params![job.0, holder])?;
    Ok(())
}

fn from_row(row: &Row, now_ms: i64) -> rusqlite::Result<JobRow> {
    Ok(JobRow {
        id: JobId(row.get("id")?),
        created_ms: row.get("created_ms")?,
        finished_ms: row.get("finished_ms")?,
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
        },
        counts: counts(row)?,
        bytes_total: row.get("bytes_total")?,
        bytes_done: row.get("bytes_done")?,
        parts_done: row.get("parts_done")?,
        parts_total: row.get("parts_total")?,
        first_key: column::key(row, "first_key")?,
        lease: good_lease(row, now_ms)?,
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
        paused: row.get("paused")?,
        waiting: row.get("waiting")?,
        aborting: row.get("aborting")?,
        cancelled: row.get("cancelled")?,
        failed: row.get("failed")?,
        done: row.get("done")?,
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

fn not_found(job: JobId) -> Trouble {
    Trouble::not_found(format!("job {job}"))
}
