//! Transfers: one object of a job each.

use partway_domain::{Failure, JobId, Key, State, TransferId, VersionId};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::job::NewTransfer;
use super::{failure, pin, upload, verdict};
use crate::column;
use crate::error::Trouble;
use crate::migration::Migration;

pub use super::pin::Pin;
pub use super::upload::UploadRow;
pub use super::verdict::Verdict;

/// A transfer as recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TransferRow {
    /// Number.
    pub id: TransferId,
    /// Its job.
    pub job: JobId,
    /// Source key.
    pub source_key: Key,
    /// Version asked for.
    pub source_version: Option<VersionId>,
    /// Destination key.
    pub destination_key: Key,
    /// Bytes: from the pin, else as listed.
    pub size: u64,
    /// Where it is.
    pub state: State,
    /// Why it failed or waits.
    pub failure: Option<Failure>,
    /// The pinned source and plan; `None` until located.
    pub pin: Option<Pin>,
    /// Its upload, if one is open as far as we know.
    pub upload: Option<UploadRow>,
    /// Parts confirmed.
    pub parts_done: u64,
    /// Bytes confirmed.
    pub bytes_done: u64,
    /// The verdict.
    pub verdict: Option<Verdict>,
    /// First begun, in milliseconds since 1970.
    pub started_ms: Option<i64>,
    /// Settled, in milliseconds since 1970.
    pub finished_ms: Option<i64>,
}

/// The triggers keep the job's sums: whatever changes a transfer changes them in the same
/// transaction, and reading a job never counts.
pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    sql: "CREATE TABLE transfer (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        job             INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
        source_key      BLOB NOT NULL,
        source_version  TEXT,
        destination_key BLOB NOT NULL,
        size            INTEGER NOT NULL,
        parts_total     INTEGER NOT NULL DEFAULT 0,
        state           TEXT NOT NULL DEFAULT 'queued',
        -- What it waits for, or what its failure means.
        state_kind      TEXT CHECK ((state_kind IS NULL) = (state NOT IN ('waiting', 'failed'))),
        -- Of the rows in part.
        parts_done      INTEGER NOT NULL DEFAULT 0,
        bytes_done      INTEGER NOT NULL DEFAULT 0,
        started_ms      INTEGER,
        finished_ms     INTEGER,
        -- The object is at the destination, whether or not its parts are still listed.
        arrived         INTEGER AS (state IN ('verifying', 'done')) VIRTUAL
    ) STRICT;
    CREATE INDEX transfer_by_job ON transfer (job, id);

    CREATE TRIGGER transfer_added AFTER INSERT ON transfer BEGIN
        UPDATE job SET
            queued      = queued + 1,
            bytes_total = bytes_total + new.size,
            parts_total = parts_total + new.parts_total
        WHERE id = new.job;
    END;

    CREATE TRIGGER transfer_changed
    AFTER UPDATE OF state, size, parts_total, parts_done, bytes_done ON transfer BEGIN
        UPDATE job SET
            queued     = queued     + (new.state = 'queued')     - (old.state = 'queued'),
            copying    = copying    + (new.state IN ('starting', 'copying'))
                                    - (old.state IN ('starting', 'copying')),
            completing = completing + (new.state = 'completing') - (old.state = 'completing'),
            verifying  = verifying  + (new.state = 'verifying')  - (old.state = 'verifying'),
            paused     = paused     + (new.state = 'paused')     - (old.state = 'paused'),
            waiting    = waiting    + (new.state = 'waiting')    - (old.state = 'waiting'),
            aborting   = aborting   + (new.state = 'aborting')   - (old.state = 'aborting'),
            cancelled  = cancelled  + (new.state = 'cancelled')  - (old.state = 'cancelled'),
            failed     = failed     + (new.state = 'failed')     - (old.state = 'failed'),
            done       = done       + (new.state = 'done')       - (old.state = 'done'),
            bytes_total = bytes_total + new.size - old.size,
            parts_total = parts_total + new.parts_total - old.parts_total,
            bytes_done  = bytes_done + iif(new.arrived, new.size, new.bytes_done)
                                     - iif(old.arrived, old.size, old.bytes_done),
            parts_done  = parts_done + iif(new.arrived, new.parts_total, new.parts_done)
                                     - iif(old.arrived, old.parts_total, old.parts_done)
        WHERE id = new.job;
        UPDATE job SET finished_ms = iif(unfinished = 0, new.finished_ms, NULL)
        WHERE id = new.job AND (unfinished = 0) = (finished_ms IS NULL);
    END;",
}];

pub(crate) fn add(
    connection: &Connection,
    job: JobId,
    transfer: &NewTransfer,
) -> Result<(), Trouble> {
    connection
        .prepare_cached(
            "INSERT INTO transfer (job, source_key, source_version, destination_key, size)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            job.0,
            transfer.source_key.as_str().as_bytes(),
            transfer.source_version.as_ref().map(VersionId::as_str),
            transfer.destination_key.as_str().as_bytes(),
            transfer.size,
        ])?;
    let id = TransferId(connection.last_insert_rowid());
    match &transfer.pin {
        Some(pin) => pin::put(connection, id, pin),
        None => Ok(()),
    }
}

pub(crate) fn set_state(
    connection: &Connection,
    transfer: TransferId,
    state: State,
    failure: Option<&Failure>,
    now_ms: i64,
) -> Result<(), Trouble> {
    let (word, kind) = state_columns(state);
    let begun = (state != State::Queued).then_some(now_ms);
    let settled = state.is_settled().then_some(now_ms);
    let changed = connection
        .prepare_cached(
            "UPDATE transfer SET state = ?2, state_kind = ?3,
                 started_ms = coalesce(started_ms, ?4), finished_ms = ?5
             WHERE id = ?1",
        )?
        .execute(params![transfer.0, word, kind, begun, settled])?;
    if changed == 0 {
        return Err(Trouble::not_found(format!("transfer {transfer}")));
    }
    match (state, failure) {
        (State::Failed { .. } | State::Waiting { .. }, Some(failure)) => {
            failure::put(connection, transfer, failure)
        }
        _ => failure::clear(connection, transfer),
    }
}

pub(crate) fn must_exist(connection: &Connection, transfer: TransferId) -> Result<(), Trouble> {
    connection
        .prepare_cached("SELECT 1 FROM transfer WHERE id = ?1")?
        .query_row([transfer.0], |_| Ok(()))
        .optional()?
        .ok_or_else(|| Trouble::not_found(format!("transfer {transfer}")))
}

pub(crate) fn one(connection: &Connection, transfer: TransferId) -> Result<TransferRow, Trouble> {
    connection
        .prepare_cached(&select("WHERE t.id = ?1"))?
        .query_row([transfer.0], from_row)
        .optional()?
        .ok_or_else(|| Trouble::not_found(format!("transfer {transfer}")))
}

pub(crate) fn of_job(
    connection: &Connection,
    job: JobId,
    after: Option<TransferId>,
    limit: u32,
) -> Result<Vec<TransferRow>, Trouble> {
    let after = after.map_or(0, |transfer| transfer.0);
    let rows = connection
        .prepare_cached(&select(
            "WHERE t.job = ?1 AND t.id > ?2 ORDER BY t.id LIMIT ?3",
        ))?
        .query_map(params![job.0, after, limit], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

pub(crate) fn abort_queue(connection: &Connection) -> Result<Vec<TransferRow>, Trouble> {
    let rows = connection
        .prepare_cached(&select(
            "WHERE u.aborting AND t.state IN ('done', 'cancelled', 'failed') ORDER BY t.id",
        ))?
        .query_map([], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

fn select(which: &str) -> String {
    format!(
        "SELECT t.id, t.job, t.source_key, t.source_version, t.destination_key, t.size,
            t.parts_total, t.state, t.state_kind, t.started_ms, t.finished_ms,
            iif(t.arrived, t.parts_total, t.parts_done) AS parts_done,
            iif(t.arrived, t.size, t.bytes_done) AS bytes_done,
            p.etag AS pin_etag, p.version AS pin_version, p.last_modified AS pin_last_modified,
            p.checksum AS pin_checksum, p.attributes AS pin_attributes,
            p.not_carried AS pin_not_carried, p.method AS pin_method,
            p.part_size AS pin_part_size,
            u.upload_id, u.intended_ms, u.completing, u.aborting,
            f.kind AS failure_kind, f.message AS failure_message,
            f.operation AS failure_operation, f.bucket AS failure_bucket,
            f.key AS failure_key, f.status AS failure_status, f.code AS failure_code,
            f.request_id AS failure_request_id, f.attempts AS failure_attempts,
            v.verified AS verdict_verified, v.evidence AS verdict_evidence,
            v.etag AS verdict_etag, v.version AS verdict_version, v.size AS verdict_size,
            v.request_id AS verdict_request_id, v.at_ms AS verdict_at_ms
        FROM transfer t
        LEFT JOIN pin p     ON p.transfer = t.id
        LEFT JOIN upload u  ON u.transfer = t.id
        LEFT JOIN failure f ON f.transfer = t.id
        LEFT JOIN verdict v ON v.transfer = t.id
        {which}"
    )
}

fn from_row(row: &Row) -> rusqlite::Result<TransferRow> {
    Ok(TransferRow {
        id: TransferId(row.get("id")?),
        job: JobId(row.get("job")?),
        source_key: column::key(row, "source_key")?,
        source_version: column::version(row, "source_version")?,
        destination_key: column::key(row, "destination_key")?,
        size: row.get("size")?,
        state: state_from_row(row)?,
        failure: failure::from_row(row)?,
        pin: pin::from_row(row)?,
        upload: upload::from_row(row)?,
        parts_done: row.get("parts_done")?,
        bytes_done: row.get("bytes_done")?,
        verdict: verdict::from_row(row)?,
        started_ms: row.get("started_ms")?,
        finished_ms: row.get("finished_ms")?,
    })
}

/// A state as its word and, where it has one, its kind.
fn state_columns(state: State) -> (&'static str, Option<String>) {
    match state {
        State::Queued => ("queued", None),
        State::Starting => ("starting", None),
        State::Copying => ("copying", None),
        State::Paused => ("paused", None),
        State::Waiting { wait } => ("waiting", Some(column::word(wait))),
        State::Completing => ("completing", None),
        State::Verifying => ("verifying", None),
        State::Done => ("done", None),
        State::Aborting => ("aborting", None),
        State::Cancelled => ("cancelled", None),
        State::Failed { kind } => ("failed", Some(column::word(kind))),
    }
}

/// The way back from [`state_columns`].
fn state_from_row(row: &Row) -> rusqlite::Result<State> {
    let word: String = row.get("state")?;
    Ok(match word.as_str() {
        "queued" => State::Queued,
        "starting" => State::Starting,
        "copying" => State::Copying,
        "paused" => State::Paused,
        "waiting" => State::Waiting {
            wait: column::from_word(row, "state_kind")?,
        },
        "completing" => State::Completing,
        "verifying" => State::Verifying,
        "done" => State::Done,
        "aborting" => State::Aborting,
        "cancelled" => State::Cancelled,
        "failed" => State::Failed {
            kind: column::from_word(row, "state_kind")?,
        },
        other => {
            return Err(column::unreadable(
                "state",
                format!("unknown state {other:?}"),
            ));
        }
    })
}
