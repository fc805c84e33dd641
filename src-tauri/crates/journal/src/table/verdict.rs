//! Verdicts: what arrived, and how sure that is.

use partway_domain::{ETag, TransferId, VersionId};
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

use crate::column;
use crate::error::Trouble;
use crate::migration::Migration;

/// What was found at the destination and how sure it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether something stronger than the size was compared and agreed.
    pub verified: bool,
    /// What was compared and where it came from, e.g. `size and CRC-64 of HEAD`.
    pub evidence: String,
    /// Tag of the new object.
    pub etag: ETag,
    /// Version of the new object.
    pub version: Option<VersionId>,
    /// Bytes of the new object.
    pub size: u64,
    /// Request id of the HEAD or Complete that showed it.
    pub request_id: Option<String>,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
}

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    sql: "CREATE TABLE verdict (
        transfer   INTEGER PRIMARY KEY REFERENCES transfer (id) ON DELETE CASCADE,
        verified   INTEGER NOT NULL,
        evidence   TEXT NOT NULL,
        etag       TEXT NOT NULL,
        version    TEXT,
        size       INTEGER NOT NULL,
        request_id TEXT,
        at_ms      INTEGER NOT NULL
    ) STRICT;",
}];

pub(crate) fn put(
    connection: &Connection,
    transfer: TransferId,
    verdict: &Verdict,
) -> Result<(), Trouble> {
    super::transfer::must_exist(connection, transfer)?;
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO verdict
                (transfer, verified, evidence, etag, version, size, request_id, at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            transfer.0,
            verdict.verified,
            verdict.evidence,
            verdict.etag.as_str(),
            verdict.version.as_ref().map(VersionId::as_str),
            verdict.size,
            verdict.request_id,
            verdict.at_ms,
        ])?;
    Ok(())
}

pub(crate) fn clear(connection: &Connection, transfer: TransferId) -> Result<(), Trouble> {
    connection
        .prepare_cached("DELETE FROM verdict WHERE transfer = ?1")?
        .execute([transfer.0])?;
    Ok(())
}

/// From a transfer's row joined with its verdict.
pub(crate) fn from_row(row: &Row) -> rusqlite::Result<Option<Verdict>> {
    let Some(verified) = row.get("verdict_verified")? else {
        return Ok(None);
    };
    Ok(Some(Verdict {
        verified,
        evidence: row.get("verdict_evidence")?,
        etag: column::etag(row, "verdict_etag")?,
        version: column::version(row, "verdict_version")?,
        size: row.get("verdict_size")?,
        request_id: row.get("verdict_request_id")?,
        at_ms: row.get("verdict_at_ms")?,
    }))
}
