//! Pins: the source a copy is bound to, and its plan.
//!
//! Apart from the transfer's own row, which every confirmed part rewrites and which must
//! therefore stay small. The size and the number of parts stand there, for the sums.

use partway_domain::{ETag, Plan, TransferId, VersionId};
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

use crate::column;
use crate::error::Trouble;
use crate::migration::Migration;

/// The source as it was when the copy began. Every part is bound to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pin {
    /// Its tag.
    pub etag: ETag,
    /// Its bytes.
    pub size: u64,
    /// Its version, where the bucket has versions.
    pub version: Option<VersionId>,
    /// Last-Modified as sent.
    pub last_modified: String,
    /// CRC-64/XZ or CRC-64/NVME where the provider gives one, prefixed with its name
    /// (`crc64xz:123…`, `crc64nvme:AbC=`).
    pub checksum: Option<String>,
    /// Headers, metadata, class and tags as the protocol room's `Attributes`, in JSON.
    pub attributes: serde_json::Value,
    /// What will not be carried, in plain words.
    pub not_carried: Vec<String>,
    /// The parts.
    pub plan: Plan,
}

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    sql: "CREATE TABLE pin (
        transfer      INTEGER PRIMARY KEY REFERENCES transfer (id) ON DELETE CASCADE,
        etag          TEXT NOT NULL,
        version       TEXT,
        last_modified TEXT NOT NULL,
        checksum      TEXT,
        attributes    TEXT NOT NULL CHECK (json_valid(attributes)),
        not_carried   TEXT NOT NULL CHECK (json_type(not_carried) = 'array'),
        method        TEXT NOT NULL,
        part_size     INTEGER NOT NULL
    ) STRICT;",
}];

pub(crate) fn put(connection: &Connection, transfer: TransferId, pin: &Pin) -> Result<(), Trouble> {
    let changed = connection
        .prepare_cached("UPDATE transfer SET size = ?2, parts_total = ?3 WHERE id = ?1")?
        .execute(params![transfer.0, pin.size, pin.plan.parts])?;
    if changed == 0 {
        return Err(Trouble::not_found(format!("transfer {transfer}")));
    }
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO pin
                (transfer, etag, version, last_modified, checksum, attributes, not_carried,
                 method, part_size)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            transfer.0,
            pin.etag.as_str(),
            pin.version.as_ref().map(VersionId::as_str),
            pin.last_modified,
            pin.checksum,
            column::json(&pin.attributes)?,
            column::json(&pin.not_carried)?,
            column::word(pin.plan.method),
            pin.plan.part_size,
        ])?;
    // A verdict is about the source it was given for.
    super::verdict::clear(connection, transfer)
}

/// Forgets the pin; the size stays as it was last known.
pub(crate) fn clear(connection: &Connection, transfer: TransferId) -> Result<(), Trouble> {
    connection
        .prepare_cached("DELETE FROM pin WHERE transfer = ?1")?
        .execute([transfer.0])?;
    Ok(())
}

/// From a transfer's row joined with its pin.
pub(crate) fn from_row(row: &Row) -> rusqlite::Result<Option<Pin>> {
    if row.get::<_, Option<String>>("pin_etag")?.is_none() {
        return Ok(None);
    }
    let size = row.get("size")?;
    Ok(Some(Pin {
        etag: column::etag(row, "pin_etag")?,
        size,
        version: column::version(row, "pin_version")?,
        last_modified: row.get("pin_last_modified")?,
        checksum: row.get("pin_checksum")?,
        attributes: column::from_json(row, "pin_attributes")?,
        not_carried: column::from_json(row, "pin_not_carried")?,
        plan: Plan {
            size,
            method: column::from_word(row, "pin_method")?,
            part_size: row.get("pin_part_size")?,
            parts: row.get("parts_total")?,
        },
    }))
}
