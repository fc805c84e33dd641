//! Failures: why a transfer failed or waits.

use partway_domain::{Failure, TransferId};
use rusqlite::{Connection, Row, params};

use crate::column;
use crate::error::Trouble;
use crate::migration::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    sql: "CREATE TABLE failure (
        transfer   INTEGER PRIMARY KEY REFERENCES transfer (id) ON DELETE CASCADE,
        kind       TEXT NOT NULL,
        message    TEXT NOT NULL,
        operation  TEXT NOT NULL,
        bucket     TEXT,
        key        BLOB,
        status     INTEGER,
        code       TEXT,
        request_id TEXT,
        attempts   INTEGER NOT NULL
    ) STRICT;",
}];

pub(crate) fn put(
    connection: &Connection,
    transfer: TransferId,
    failure: &Failure,
) -> Result<(), Trouble> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO failure
                (transfer, kind, message, operation, bucket, key, status, code, request_id,
                 attempts)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            transfer.0,
            column::word(failure.kind),
            failure.message,
            failure.operation,
            failure.bucket,
            failure.key.as_ref().map(String::as_bytes),
            failure.status,
            failure.code,
            failure.request_id,
            failure.attempts,
        ])?;
    Ok(())
}

pub(crate) fn clear(connection: &Connection, transfer: TransferId) -> Result<(), Trouble> {
    connection
        .prepare_cached("DELETE FROM failure WHERE transfer = ?1")?
        .execute([transfer.0])?;
    Ok(())
}

/// From a transfer's row joined with its failure.
pub(crate) fn from_row(row: &Row) -> rusqlite::Result<Option<Failure>> {
    let Some(message) = row.get("failure_message")? else {
        return Ok(None);
    };
    let key = row
        .get::<_, Option<Vec<u8>>>("failure_key")?
        .map(|bytes| {
            String::from_utf8(bytes).map_err(|error| column::unreadable("failure_key", error))
        })
        .transpose()?;
    Ok(Some(Failure {
        kind: column::from_word(row, "failure_kind")?,
        message,
        operation: row.get("failure_operation")?,
        bucket: row.get("failure_bucket")?,
        key,
        status: row.get("failure_status")?,
        code: row.get("failure_code")?,
        request_id: row.get("failure_request_id")?,
        attempts: row.get("failure_attempts")?,
    }))
}
