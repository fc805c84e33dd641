//! Restores: archived sources that were asked back and are waited for.

use partway_domain::{JobId, TransferId};
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

use crate::error::Trouble;
use crate::migration::Migration;

/// What the user asked for an archived source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreRow {
    /// How fast: `expedited`, `standard` or `bulk`.
    pub tier: String,
    /// Days the restored bytes stay readable.
    pub days: u32,
    /// When it was asked for, in milliseconds since 1970.
    pub asked_ms: i64,
    /// The server has taken the request.
    pub sent: bool,
}

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 3,
    sql: "CREATE TABLE restore (
        transfer INTEGER PRIMARY KEY REFERENCES transfer (id) ON DELETE CASCADE,
        tier     TEXT NOT NULL,
        days     INTEGER NOT NULL,
        asked_ms INTEGER NOT NULL,
        sent     INTEGER NOT NULL
    ) STRICT;",
}];

pub(crate) fn put(
    connection: &Connection,
    transfer: TransferId,
    restore: &RestoreRow,
) -> Result<(), Trouble> {
    super::transfer::must_exist(connection, transfer)?;
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO restore (transfer, tier, days, asked_ms, sent)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            transfer.0,
            restore.tier,
            restore.days,
            restore.asked_ms,
            restore.sent,
        ])?;
    Ok(())
}

pub(crate) fn clear(connection: &Connection, transfer: TransferId) -> Result<(), Trouble> {
    connection
        .prepare_cached("DELETE FROM restore WHERE transfer = ?1")?
        .execute([transfer.0])?;
    Ok(())
}

pub(crate) fn is_waited_for(connection: &Connection, job: JobId) -> Result<bool, Trouble> {
    let waits = connection
        .prepare_cached(
            "SELECT EXISTS (
                SELECT 1 FROM restore r JOIN transfer t ON t.id = r.transfer
                WHERE t.job = ?1 AND t.state = 'waiting' AND t.state_kind = 'restore')",
        )?
        .query_row([job.0], |row| row.get(0))?;
    Ok(waits)
}

/// From a transfer's row joined with its restore.
pub(crate) fn from_row(row: &Row) -> rusqlite::Result<Option<RestoreRow>> {
    let Some(tier) = row.get("restore_tier")? else {
        return Ok(None);
    };
    Ok(Some(RestoreRow {
        tier,
        days: row.get("restore_days")?,
        asked_ms: row.get("restore_asked_ms")?,
        sent: row.get("restore_sent")?,
    }))
}
