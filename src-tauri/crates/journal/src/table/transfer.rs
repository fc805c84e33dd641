//! Transfers: one object of a job each.

use partway_domain::{
    Decision, Failure, JobId, Key, Reason, Snapshot, State, TransferId, UploadId, VersionId,
};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::job::{Beginning, NewTransfer};
use super::restore::RestoreRow;
use super::{decision, failure, pin, restore, snapshot, upload, verdict};
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
    /// Why it is left out.
    #[serde(default)]
    pub left_out: Option<Reason>,
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
    /// What stood at the destination; `None` until it was looked at.
    #[serde(default)]
    pub snapshot: Option<Snapshot>,
    /// What a person decided and is not carried out yet.
    #[serde(default)]
    pub decision: Option<Decision>,
    /// The archived source is wanted back.
    #[serde(default)]
    pub restore: Option<RestoreRow>,
    /// First begun, in milliseconds since 1970.
    pub started_ms: Option<i64>,
    /// Settled, in milliseconds since 1970.
    pub finished_ms: Option<i64>,
}

/// The triggers keep the job's sums: whatever changes a transfer changes them in the same
/// transaction, and reading a job never counts.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
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
    },
    // Sums know what was left out: it counts as an object, but its bytes are nobody's work.
    // What is still to be done is found at once, however much is done already.
    Migration {
        version: 3,
        sql: "ALTER TABLE transfer DROP COLUMN arrived;
    ALTER TABLE transfer ADD COLUMN arrived
        INTEGER AS (state IN ('verifying', 'removing', 'done')) VIRTUAL;
    ALTER TABLE transfer ADD COLUMN left_out TEXT;
    ALTER TABLE transfer ADD COLUMN wanted INTEGER AS (state <> 'skipped') VIRTUAL;
    CREATE INDEX transfer_to_do ON transfer (job, id)
        WHERE state NOT IN ('done', 'skipped', 'failed', 'cancelled');
    CREATE INDEX transfer_given_up ON transfer (job, id) WHERE state IN ('failed', 'cancelled');

    CREATE TRIGGER transfer_added AFTER INSERT ON transfer BEGIN
        UPDATE job SET
            queued      = queued + new.wanted,
            skipped     = skipped + NOT new.wanted,
            bytes_total = bytes_total + new.size * new.wanted,
            parts_total = parts_total + new.parts_total * new.wanted
        WHERE id = new.job;
    END;

    CREATE TRIGGER transfer_moved AFTER UPDATE OF state ON transfer
    WHEN new.state <> old.state BEGIN
        UPDATE job SET
            queued     = queued     + (new.state = 'queued')     - (old.state = 'queued'),
            copying    = copying    + (new.state IN ('starting', 'copying'))
                                    - (old.state IN ('starting', 'copying')),
            completing = completing + (new.state = 'completing') - (old.state = 'completing'),
            verifying  = verifying  + (new.state = 'verifying')  - (old.state = 'verifying'),
            removing   = removing   + (new.state = 'removing')   - (old.state = 'removing'),
            paused     = paused     + (new.state = 'paused')     - (old.state = 'paused'),
            waiting    = waiting    + (new.state = 'waiting')    - (old.state = 'waiting'),
            aborting   = aborting   + (new.state = 'aborting')   - (old.state = 'aborting'),
            cancelled  = cancelled  + (new.state = 'cancelled')  - (old.state = 'cancelled'),
            failed     = failed     + (new.state = 'failed')     - (old.state = 'failed'),
            skipped    = skipped    + (new.state = 'skipped')    - (old.state = 'skipped'),
            done       = done       + (new.state = 'done')       - (old.state = 'done')
        WHERE id = new.job;
        UPDATE job SET finished_ms = iif(unfinished = 0, new.finished_ms, NULL)
        WHERE id = new.job AND (unfinished = 0) = (finished_ms IS NULL);
    END;

    CREATE TRIGGER transfer_grown
    AFTER UPDATE OF state, size, parts_total, parts_done, bytes_done ON transfer
    WHEN new.arrived <> old.arrived OR new.wanted <> old.wanted OR new.size <> old.size
      OR new.parts_total <> old.parts_total OR new.parts_done <> old.parts_done
      OR new.bytes_done <> old.bytes_done BEGIN
        UPDATE job SET
            bytes_total = bytes_total + new.size * new.wanted - old.size * old.wanted,
            parts_total = parts_total + new.parts_total * new.wanted
                                      - old.parts_total * old.wanted,
            bytes_done  = bytes_done + iif(new.arrived, new.size, new.bytes_done * new.wanted)
                                     - iif(old.arrived, old.size, old.bytes_done * old.wanted),
            parts_done  = parts_done
                + iif(new.arrived, new.parts_total, new.parts_done * new.wanted)
                - iif(old.arrived, old.parts_total, old.parts_done * old.wanted)
        WHERE id = new.job;
    END;",
    },
];

pub(crate) fn add(
    connection: &Connection,
    job: JobId,
    transfer: &NewTransfer,
    now_ms: i64,
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
    if let Some(pin) = &transfer.pin {
        pin::put(connection, id, pin)?;
    }
    match &transfer.beginning {
        Beginning::Queued => Ok(()),
        Beginning::Skipped(why) => {
            set_state(connection, id, State::Skipped, None, now_ms)?;
            leave_out(connection, id, *why)
        }
        Beginning::Failed(failure) => {
            let state = State::Failed { kind: failure.kind };
            set_state(connection, id, state, Some(failure), now_ms)
        }
    }
}

/// Notes why a transfer is left out.
pub(crate) fn leave_out(
    connection: &Connection,
    transfer: TransferId,
    why: Reason,
) -> Result<(), Trouble> {
    must_exist(connection, transfer)?;
    connection
        .prepare_cached("UPDATE transfer SET left_out = ?2 WHERE id = ?1")?
        .execute(params![transfer.0, column::word(why)])?;
    Ok(())
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
                 started_ms = coalesce(started_ms, ?4), finished_ms = ?5,
                 left_out = iif(?2 = 'skipped', left_out, NULL)
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

pub(crate) fn rename(
    connection: &Connection,
    transfer: TransferId,
    destination_key: &Key,
) -> Result<(), Trouble> {
    let changed = connection
        .prepare_cached("UPDATE transfer SET destination_key = ?2 WHERE id = ?1")?
        .execute(params![transfer.0, destination_key.as_str().as_bytes()])?;
    match changed {
        0 => Err(Trouble::not_found(format!("transfer {transfer}"))),
        _ => Ok(()),
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

/// The first transfers of a job that wait for something. Takes as long with a million done
/// transfers as with none.
pub(crate) fn waiting(
    connection: &Connection,
    job: JobId,
    limit: u32,
) -> Result<Vec<TransferRow>, Trouble> {
    let rows = connection
        // The very words of the partial index.
        .prepare_cached(&select(
            "WHERE t.job = ?1 AND t.state NOT IN ('done', 'skipped', 'failed', 'cancelled')
             AND t.state = 'waiting' ORDER BY t.id LIMIT ?2",
        ))?
        .query_map(params![job.0, limit], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Which transfers of a job have something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToDo {
    /// Those that are not settled.
    Unsettled,
    /// Those, and what failed or was cancelled.
    AndGivenUp,
    /// Those, and what failed or was cancelled but may have an upload on the server.
    AndHolding,
}

/// Transfers after `after` that have something to do. Takes as long with a million done
/// transfers as with none.
pub(crate) fn to_do(
    connection: &Connection,
    job: JobId,
    after: Option<TransferId>,
    limit: u32,
    which: ToDo,
) -> Result<Vec<TransferRow>, Trouble> {
    let after = after.map_or(0, |transfer| transfer.0);
    let page = |which: &str| -> Result<Vec<TransferRow>, Trouble> {
        let rows = connection
            .prepare_cached(&select(&format!(
                "WHERE t.job = ?1 AND t.id > ?2 AND t.state {which} ORDER BY t.id LIMIT ?3"
            )))?
            .query_map(params![job.0, after, limit], from_row)?
            .collect::<Result<_, _>>()?;
        Ok(rows)
    };
    // The very words of the two partial indexes.
    let mut rows = page("NOT IN ('done', 'skipped', 'failed', 'cancelled')")?;
    match which {
        ToDo::Unsettled => return Ok(rows),
        ToDo::AndGivenUp => rows.extend(page("IN ('failed', 'cancelled')")?),
        ToDo::AndHolding => rows.extend(page(
            "IN ('failed', 'cancelled') AND t.id IN (SELECT transfer FROM upload)",
        )?),
    }
    rows.sort_by_key(|row| row.id);
    rows.truncate(limit as usize);
    Ok(rows)
}

/// Cancels what was not begun: nothing of it is on any server.
pub(crate) fn cancel_queued(
    connection: &Connection,
    job: JobId,
    now_ms: i64,
) -> Result<(), Trouble> {
    connection
        .prepare_cached(
            "UPDATE transfer SET state = 'cancelled', finished_ms = ?2
             WHERE job = ?1 AND state = 'queued'
               AND state NOT IN ('done', 'skipped', 'failed', 'cancelled')",
        )?
        .execute(params![job.0, now_ms])?;
    Ok(())
}

/// Where the first transfers of a job go, up to `until`.
pub(crate) fn destinations(
    connection: &Connection,
    job: JobId,
    until: TransferId,
) -> Result<Vec<Key>, Trouble> {
    let rows = connection
        .prepare_cached("SELECT destination_key FROM transfer WHERE job = ?1 AND id <= ?2")?
        .query_map(params![job.0, until.0], |row| {
            column::key(row, "destination_key")
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Sources of a job's transfers behind `after`, in the order of their numbers, without those that
/// were refused when they were found: they take no other's place.
pub(crate) fn sources_behind(
    connection: &Connection,
    job: JobId,
    after: TransferId,
    at_most: u32,
) -> Result<Vec<(TransferId, Key)>, Trouble> {
    let rows = connection
        .prepare_cached(
            "SELECT id, source_key FROM transfer INDEXED BY transfer_by_job
             WHERE job = ?1 AND id > ?2 AND state_kind IS NOT 'impossible'
             ORDER BY id LIMIT ?3",
        )?
        .query_map(params![job.0, after.0, at_most], |row| {
            Ok((TransferId(row.get("id")?), column::key(row, "source_key")?))
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Transfers of a job with an upload row: what a cancel must give back.
pub(crate) fn uploads_of_job(
    connection: &Connection,
    job: JobId,
) -> Result<Vec<TransferId>, Trouble> {
    let rows = connection
        .prepare_cached(
            "SELECT t.id FROM upload u JOIN transfer t ON t.id = u.transfer
             WHERE t.job = ?1 ORDER BY t.id",
        )?
        .query_map([job.0], |row| row.get(0).map(TransferId))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

pub(crate) fn abort_queue(connection: &Connection) -> Result<Vec<TransferRow>, Trouble> {
    let rows = connection
        .prepare_cached(&select(
            "WHERE u.aborting AND t.state IN ('done', 'cancelled', 'failed', 'skipped', 'waiting') ORDER BY t.id",
        ))?
        .query_map([], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Transfers whose upload has this id; more than one only where servers give ids out twice.
pub(crate) fn with_upload(
    connection: &Connection,
    upload_id: &UploadId,
) -> Result<Vec<TransferRow>, Trouble> {
    let rows = connection
        .prepare_cached(&select("WHERE u.upload_id = ?1 ORDER BY t.id"))?
        .query_map([upload_id.as_str()], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Transfers that meant to open an upload for this key and never learned its id.
pub(crate) fn missing_upload(
    connection: &Connection,
    destination_key: &Key,
) -> Result<Vec<TransferRow>, Trouble> {
    let rows = connection
        .prepare_cached(&select(
            "WHERE t.destination_key = ?1 AND t.id IN
                (SELECT transfer FROM upload WHERE upload_id IS NULL) ORDER BY t.id",
        ))?
        .query_map([destination_key.as_str().as_bytes()], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

fn select(which: &str) -> String {
    format!(
        "SELECT t.id, t.job, t.source_key, t.source_version, t.destination_key, t.size,
            t.parts_total, t.state, t.state_kind, t.left_out, t.started_ms, t.finished_ms,
            iif(t.arrived, t.parts_total, t.parts_done) AS parts_done,
            iif(t.arrived, t.size, t.bytes_done) AS bytes_done,
            p.etag AS pin_etag, p.version AS pin_version, p.last_modified AS pin_last_modified,
            p.checksum AS pin_checksum, p.attributes AS pin_attributes,
            p.not_carried AS pin_not_carried, p.method AS pin_method,
            p.part_size AS pin_part_size,
            u.upload_id, u.intended_ms, u.completing, u.aborting, u.adopted,
            f.kind AS failure_kind, f.message AS failure_message,
            f.operation AS failure_operation, f.bucket AS failure_bucket,
            f.key AS failure_key, f.status AS failure_status, f.code AS failure_code,
            f.request_id AS failure_request_id, f.attempts AS failure_attempts,
            v.verified AS verdict_verified, v.evidence AS verdict_evidence,
            v.etag AS verdict_etag, v.version AS verdict_version, v.size AS verdict_size,
            v.request_id AS verdict_request_id, v.at_ms AS verdict_at_ms,
            s.standing AS snapshot_standing, s.etag AS snapshot_etag, s.size AS snapshot_size,
            s.last_modified AS snapshot_last_modified, s.version AS snapshot_version,
            s.may_replace AS snapshot_may_replace, s.writing AS snapshot_writing,
            s.at_ms AS snapshot_at_ms, s.made AS snapshot_made,
            s.made_of AS snapshot_made_of,
            d.choice AS decision_choice, d.upload_id AS decision_upload_id,
            r.tier AS restore_tier, r.days AS restore_days, r.asked_ms AS restore_asked_ms,
            r.sent AS restore_sent
        FROM transfer t
        LEFT JOIN pin p     ON p.transfer = t.id
        LEFT JOIN upload u  ON u.transfer = t.id
        LEFT JOIN failure f ON f.transfer = t.id
        LEFT JOIN verdict v ON v.transfer = t.id
        LEFT JOIN snapshot s ON s.transfer = t.id
        LEFT JOIN decision d ON d.transfer = t.id
        LEFT JOIN restore r ON r.transfer = t.id
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
        left_out: left_out(row)?,
        pin: pin::from_row(row)?,
        upload: upload::from_row(row)?,
        parts_done: row.get("parts_done")?,
        bytes_done: row.get("bytes_done")?,
        verdict: verdict::from_row(row)?,
        snapshot: snapshot::from_row(row)?,
        decision: decision::from_row(row)?,
        restore: restore::from_row(row)?,
        started_ms: row.get("started_ms")?,
        finished_ms: row.get("finished_ms")?,
    })
}

fn left_out(row: &Row) -> rusqlite::Result<Option<Reason>> {
    match row.get_ref("left_out")? {
        rusqlite::types::ValueRef::Null => Ok(None),
        _ => column::from_word(row, "left_out").map(Some),
    }
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
        State::Removing => ("removing", None),
        State::Done => ("done", None),
        State::Aborting => ("aborting", None),
        State::Cancelled => ("cancelled", None),
        State::Skipped => ("skipped", None),
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
        "removing" => State::Removing,
        "done" => State::Done,
        "aborting" => State::Aborting,
        "cancelled" => State::Cancelled,
        "skipped" => State::Skipped,
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
