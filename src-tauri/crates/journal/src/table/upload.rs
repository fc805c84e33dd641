//! Uploads: the ids that must never be forgotten.
//!
//! A row stands from the intention to create an upload until the server is known to have it
//! no longer. While it names an upload no other can take its place.

use partway_domain::{JobId, TransferId, UploadId};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::part;
use crate::column;
use crate::error::{JournalError, Trouble};
use crate::migration::Migration;

/// The upload of a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadRow {
    /// `None`: Create was intended but its answer never came.
    pub upload_id: Option<UploadId>,
    /// When Create was intended, in milliseconds since 1970 by the server's clock as far as it
    /// was known.
    pub intended_ms: i64,
    /// Complete may have been sent.
    pub completing: bool,
    /// It must be given back.
    pub aborting: bool,
    /// A person chose it: nothing shows what its first parts were copied from.
    #[serde(default)]
    pub adopted: bool,
}

/// What the transfers of one job have, or may have, open on the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenUploads {
    /// The job.
    pub job: JobId,
    /// How many uploads.
    pub uploads: u64,
    /// Their confirmed parts together.
    pub parts: u64,
}

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        sql: "CREATE TABLE upload (
        transfer    INTEGER PRIMARY KEY REFERENCES transfer (id) ON DELETE CASCADE,
        upload_id   TEXT,
        intended_ms INTEGER NOT NULL,
        completing  INTEGER NOT NULL DEFAULT 0,
        aborting    INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX upload_aborting ON upload (transfer) WHERE aborting;",
    },
    Migration {
        version: 3,
        sql: "ALTER TABLE upload ADD COLUMN adopted INTEGER NOT NULL DEFAULT 0;",
    },
];

/// Notes that Create is about to be sent. The first intention's time is kept: an upload from
/// any of the attempts since then may be ours. Of a job that goes on, none of them is to be given
/// back: who said so has taken that back since.
pub(crate) fn intend(
    connection: &Connection,
    transfer: TransferId,
    at_ms: i64,
) -> Result<(), Trouble> {
    super::transfer::must_exist(connection, transfer)?;
    if let Some(upload_id) = known(connection, transfer)? {
        return Err(JournalError::UploadOpen {
            transfer,
            upload_id,
        }
        .into());
    }
    connection
        .prepare_cached(
            "INSERT INTO upload (transfer, intended_ms) VALUES (?1, ?2)
             ON CONFLICT (transfer) DO UPDATE SET aborting = 0
             WHERE (SELECT j.intent FROM job j JOIN transfer t ON t.job = j.id
                    WHERE t.id = excluded.transfer) = 'run'",
        )?
        .execute(params![transfer.0, at_ms])?;
    Ok(())
}

/// Notes the id of the upload: from Create's answer, or adopted from a listing.
pub(crate) fn created(
    connection: &Connection,
    transfer: TransferId,
    upload_id: &UploadId,
    now_ms: i64,
) -> Result<(), Trouble> {
    match known(connection, transfer)? {
        Some(known) if known == *upload_id => return Ok(()),
        Some(known) => {
            return Err(JournalError::UploadOpen {
                transfer,
                upload_id: known,
            }
            .into());
        }
        None => intend(connection, transfer, now_ms)?,
    }
    connection
        .prepare_cached("UPDATE upload SET upload_id = ?2 WHERE transfer = ?1")?
        .execute(params![transfer.0, upload_id.as_str()])?;
    Ok(())
}

/// Notes that a person chose the upload.
pub(crate) fn adopted(
    connection: &Connection,
    transfer: TransferId,
    upload_id: &UploadId,
    now_ms: i64,
) -> Result<(), Trouble> {
    created(connection, transfer, upload_id, now_ms)?;
    connection
        .prepare_cached("UPDATE upload SET adopted = 1 WHERE transfer = ?1")?
        .execute([transfer.0])?;
    Ok(())
}

/// Notes that Complete is about to be sent.
pub(crate) fn completing(connection: &Connection, transfer: TransferId) -> Result<(), Trouble> {
    let changed = connection
        .prepare_cached("UPDATE upload SET completing = 1 WHERE transfer = ?1")?
        .execute([transfer.0])?;
    if changed == 0 {
        return Err(Trouble::not_found(format!(
            "upload of transfer {transfer} to complete"
        )));
    }
    Ok(())
}

/// Notes that the upload must be given back. Without an upload there is nothing to note.
pub(crate) fn aborting(connection: &Connection, transfer: TransferId) -> Result<(), Trouble> {
    super::transfer::must_exist(connection, transfer)?;
    connection
        .prepare_cached("UPDATE upload SET aborting = 1 WHERE transfer = ?1")?
        .execute([transfer.0])?;
    Ok(())
}

/// Forgets the upload and its parts, because the server has neither.
pub(crate) fn gone(connection: &Connection, transfer: TransferId) -> Result<(), Trouble> {
    super::transfer::must_exist(connection, transfer)?;
    connection
        .prepare_cached("DELETE FROM upload WHERE transfer = ?1")?
        .execute([transfer.0])?;
    part::forget_all(connection, transfer)
}

/// Forgets an upload that was given back, if it is still the transfer's. One whose id never
/// arrived is told from a later one by the time of its intention.
pub(crate) fn returned(
    connection: &Connection,
    transfer: TransferId,
    upload: &UploadRow,
) -> Result<(), Trouble> {
    let stands = connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM upload
             WHERE transfer = ?1 AND upload_id IS ?2 AND intended_ms = ?3)",
        )?
        .query_row(
            params![
                transfer.0,
                upload.upload_id.as_ref().map(UploadId::as_str),
                upload.intended_ms
            ],
            |row| row.get(0),
        )?;
    if stands {
        gone(connection, transfer)?;
    }
    Ok(())
}

fn known(connection: &Connection, transfer: TransferId) -> Result<Option<UploadId>, Trouble> {
    let id = connection
        .prepare_cached("SELECT upload_id FROM upload WHERE transfer = ?1")?
        .query_row([transfer.0], id_from_row)
        .optional()?;
    Ok(id.flatten())
}

/// All uploads that stand, by the jobs they belong to.
pub(crate) fn by_job(connection: &Connection) -> Result<Vec<OpenUploads>, Trouble> {
    let rows = connection
        .prepare_cached(
            "SELECT t.job, count(*),
                    sum((SELECT count(*) FROM part p WHERE p.transfer = u.transfer))
             FROM upload u JOIN transfer t ON t.id = u.transfer
             GROUP BY t.job ORDER BY t.job",
        )?
        .query_map([], |row| {
            Ok(OpenUploads {
                job: JobId(row.get(0)?),
                uploads: row.get(1)?,
                parts: row.get(2)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// From a transfer's row joined with its upload.
pub(crate) fn from_row(row: &Row) -> rusqlite::Result<Option<UploadRow>> {
    let Some(intended_ms) = row.get("intended_ms")? else {
        return Ok(None);
    };
    Ok(Some(UploadRow {
        upload_id: id_from_row(row)?,
        intended_ms,
        completing: row.get("completing")?,
        aborting: row.get("aborting")?,
        adopted: row.get("adopted")?,
    }))
}

fn id_from_row(row: &Row) -> rusqlite::Result<Option<UploadId>> {
    row.get::<_, Option<String>>("upload_id")?
        .map(|id| UploadId::parse(id).map_err(|error| column::unreadable("upload_id", error)))
        .transpose()
}
