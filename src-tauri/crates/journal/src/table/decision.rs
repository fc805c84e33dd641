//! Decisions: what a person answered to a transfer and what is not carried out yet.

use partway_domain::{Choice, Decision, JobId, TransferId, UploadId};
use rusqlite::{Connection, Row, params};

use crate::column;
use crate::error::Trouble;
use crate::migration::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 3,
    sql: "CREATE TABLE decision (
        transfer  INTEGER PRIMARY KEY REFERENCES transfer (id) ON DELETE CASCADE,
        choice    TEXT NOT NULL,
        -- The upload to be adopted.
        upload_id TEXT CHECK ((upload_id IS NOT NULL) = (choice = 'adopt_upload')),
        at_ms     INTEGER NOT NULL
    ) STRICT;",
}];

pub(crate) fn put(
    connection: &Connection,
    transfer: TransferId,
    decision: &Decision,
    now_ms: i64,
) -> Result<(), Trouble> {
    super::transfer::must_exist(connection, transfer)?;
    let upload_id = match decision {
        Decision::AdoptUpload { upload_id } => Some(upload_id.as_str()),
        _ => None,
    };
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO decision (transfer, choice, upload_id, at_ms)
             VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![
            transfer.0,
            column::word(decision.choice()),
            upload_id,
            now_ms
        ])?;
    Ok(())
}

pub(crate) fn clear(connection: &Connection, transfer: TransferId) -> Result<(), Trouble> {
    connection
        .prepare_cached("DELETE FROM decision WHERE transfer = ?1")?
        .execute([transfer.0])?;
    Ok(())
}

/// Transfers of a job whose answer is not carried out yet.
pub(crate) fn of_job(connection: &Connection, job: JobId) -> Result<Vec<TransferId>, Trouble> {
    let mut statement = connection.prepare_cached(
        "SELECT d.transfer FROM decision d JOIN transfer t ON t.id = d.transfer
         WHERE t.job = ?1 ORDER BY d.transfer",
    )?;
    let rows = statement.query_map([job.0], |row| row.get(0).map(TransferId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// From a transfer's row joined with its decision.
pub(crate) fn from_row(row: &Row) -> rusqlite::Result<Option<Decision>> {
    if row.get::<_, Option<String>>("decision_choice")?.is_none() {
        return Ok(None);
    }
    Ok(Some(match column::from_word(row, "decision_choice")? {
        Choice::Replace => Decision::Replace,
        Choice::KeepBoth => Decision::KeepBoth,
        Choice::Skip => Decision::Skip,
        Choice::StartOver => Decision::StartOver,
        Choice::AcceptAsIs => Decision::AcceptAsIs,
        Choice::AdoptUpload => Decision::AdoptUpload {
            upload_id: UploadId::parse(row.get::<_, String>("decision_upload_id")?)
                .map_err(|error| column::unreadable("decision_upload_id", error))?,
        },
    }))
}
