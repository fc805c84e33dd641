//! Scans: prefixes of a job whose objects become transfers while they are listed.
//!
//! A page of a listing and the place it ends at are written in one transaction, so a listing
//! goes on after any crash where it stopped, and lists nothing twice.

use partway_domain::{Failure, JobId, Key, Prefix, TransferId};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};

use super::job::{self, NewTransfer};
use super::transfer;
use crate::column;
use crate::error::Trouble;
use crate::migration::Migration;

/// A scan's number in the journal, counted from 1 over all jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ScanId(pub i64);

/// A prefix of a new job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewScan {
    /// What the sources begin with; empty for a whole bucket.
    pub source_prefix: Prefix,
    /// What takes its place in the destination keys.
    pub destination_prefix: Prefix,
}

impl NewScan {
    /// From where, to where.
    pub fn places(&self) -> (&Prefix, &Prefix) {
        (&self.source_prefix, &self.destination_prefix)
    }
}

impl ScanRow {
    /// From where, to where.
    pub fn places(&self) -> (&Prefix, &Prefix) {
        (&self.source_prefix, &self.destination_prefix)
    }
}

/// How far a scan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScanState {
    /// Pages are read, or will be as soon as the job runs.
    Listing,
    /// It cannot go on without the user.
    Waiting,
    /// It was given up, by us or with its job; a retry goes on where it stopped.
    Failed,
    /// The last page is in the journal.
    Done,
}

/// A scan as recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScanRow {
    /// Number.
    pub id: ScanId,
    /// Its job.
    pub job: JobId,
    /// See [`NewScan`].
    pub source_prefix: Prefix,
    /// See [`NewScan`].
    pub destination_prefix: Prefix,
    /// The last of the transfers that were named one by one when the job was made.
    pub named_until: TransferId,
    /// How far it is.
    pub state: ScanState,
    /// The last key that was read; `None` before the first page.
    pub marker: Option<Key>,
    /// Keys read so far.
    pub listed: u64,
    /// Why it waits or failed.
    pub failure: Option<Failure>,
}

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 3,
    sql: "CREATE TABLE scan (
        id                 INTEGER PRIMARY KEY AUTOINCREMENT,
        job                INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
        source_prefix      BLOB NOT NULL,
        destination_prefix BLOB NOT NULL,
        named_until        INTEGER NOT NULL,
        state              TEXT NOT NULL DEFAULT 'listing',
        marker             BLOB,
        listed             INTEGER NOT NULL DEFAULT 0,
        -- Read and written as a whole, like the failure of a transfer.
        failure            TEXT CHECK (json_type(failure) = 'object')
    ) STRICT;
    CREATE INDEX scan_by_job ON scan (job, id);

    CREATE TRIGGER scan_added AFTER INSERT ON scan BEGIN
        UPDATE job SET prefixes = prefixes + 1, listing = listing + 1 WHERE id = new.job;
    END;

    CREATE TRIGGER scan_moved AFTER UPDATE OF state ON scan WHEN new.state <> old.state BEGIN
        UPDATE job SET
            listing        = listing        + (new.state = 'listing') - (old.state = 'listing'),
            listing_waits  = listing_waits  + (new.state = 'waiting') - (old.state = 'waiting'),
            listing_failed = listing_failed + (new.state = 'failed')  - (old.state = 'failed')
        WHERE id = new.job;
    END;",
}];

pub(crate) fn add(connection: &Connection, job: JobId, scan: &NewScan) -> Result<(), Trouble> {
    connection
        .prepare_cached(
            "INSERT INTO scan (job, source_prefix, destination_prefix, named_until)
             VALUES (?1, ?2, ?3, coalesce((SELECT max(id) FROM transfer WHERE job = ?1), 0))",
        )?
        .execute(params![
            job.0,
            scan.source_prefix.as_str().as_bytes(),
            scan.destination_prefix.as_str().as_bytes(),
        ])?;
    Ok(())
}

/// Adds the transfers of one page and moves the marker to its last key.
pub(crate) fn page(
    connection: &Connection,
    scan: ScanId,
    marker: &Key,
    listed: u64,
    transfers: &[NewTransfer],
    now_ms: i64,
) -> Result<(), Trouble> {
    let job: i64 = connection
        .prepare_cached(
            "UPDATE scan SET marker = ?2, listed = listed + ?3 WHERE id = ?1 RETURNING job",
        )?
        .query_row(params![scan.0, marker.as_str().as_bytes(), listed], |row| {
            row.get(0)
        })
        .optional()?
        .ok_or_else(|| not_found(scan))?;
    for transfer in transfers {
        transfer::add(connection, JobId(job), transfer, now_ms)?;
    }
    // It may be the last page of a listing that was given up while it was on its way.
    job::settle(connection, JobId(job), now_ms)
}

/// Moves a scan on. The last one to end may end its job.
pub(crate) fn set_state(
    connection: &Connection,
    scan: ScanId,
    state: ScanState,
    failure: Option<&Failure>,
    now_ms: i64,
) -> Result<(), Trouble> {
    let failure = failure.map(column::json).transpose()?;
    let job: i64 = connection
        .prepare_cached("UPDATE scan SET state = ?2, failure = ?3 WHERE id = ?1 RETURNING job")?
        .query_row(params![scan.0, column::word(state), failure], |row| {
            row.get(0)
        })
        .optional()?
        .ok_or_else(|| not_found(scan))?;
    job::settle(connection, JobId(job), now_ms)
}

/// Ends the listings of a job that is given up; a retry goes on with them.
pub(crate) fn give_up(connection: &Connection, job: JobId, now_ms: i64) -> Result<(), Trouble> {
    connection
        .prepare_cached(
            "UPDATE scan SET state = 'failed', failure = NULL
             WHERE job = ?1 AND state IN ('listing', 'waiting')",
        )?
        .execute([job.0])?;
    job::settle(connection, job, now_ms)
}

/// All scans of a job, in the order in which they are listed.
pub(crate) fn of_job(connection: &Connection, job: JobId) -> Result<Vec<ScanRow>, Trouble> {
    let rows = connection
        .prepare_cached("SELECT * FROM scan WHERE job = ?1 ORDER BY id")?
        .query_map([job.0], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Why the first listing of a job that did not come to its end was held up.
pub(crate) fn first_failure(
    connection: &Connection,
    job: JobId,
) -> Result<Option<Failure>, Trouble> {
    let scans = of_job(connection, job)?;
    Ok(scans.into_iter().find_map(|scan| scan.failure))
}

fn from_row(row: &Row) -> rusqlite::Result<ScanRow> {
    let marker = match row.get_ref("marker")? {
        rusqlite::types::ValueRef::Null => None,
        _ => Some(column::key(row, "marker")?),
    };
    let failure = match row.get_ref("failure")? {
        rusqlite::types::ValueRef::Null => None,
        _ => Some(column::from_json(row, "failure")?),
    };
    Ok(ScanRow {
        id: ScanId(row.get("id")?),
        job: JobId(row.get("job")?),
        source_prefix: column::prefix(row, "source_prefix")?,
        destination_prefix: column::prefix(row, "destination_prefix")?,
        named_until: TransferId(row.get("named_until")?),
        state: column::from_word(row, "state")?,
        marker,
        listed: row.get("listed")?,
        failure,
    })
}

fn not_found(scan: ScanId) -> Trouble {
    Trouble::not_found(format!("scan {}", scan.0))
}
