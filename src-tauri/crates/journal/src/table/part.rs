//! Confirmed parts.
//!
//! The only rows written by the thousand: `WITHOUT ROWID`, in the order they are read, and
//! counted in the transfer's row as they come and go.

use std::ops::AddAssign;

use partway_domain::{ETag, PartNumber, TransferId};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use crate::column;
use crate::error::Trouble;
use crate::migration::Migration;

/// A part the server has confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartRow {
    /// Its number.
    pub number: PartNumber,
    /// Its tag.
    pub etag: ETag,
    /// Its bytes.
    pub size: u64,
}

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    sql: "CREATE TABLE part (
        transfer INTEGER NOT NULL REFERENCES transfer (id) ON DELETE CASCADE,
        number   INTEGER NOT NULL CHECK (number BETWEEN 1 AND 10000),
        etag     TEXT NOT NULL,
        size     INTEGER NOT NULL,
        PRIMARY KEY (transfer, number)
    ) STRICT, WITHOUT ROWID;",
}];

/// What the transfer's row has to be told of its parts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    parts: i64,
    bytes: i64,
}

impl AddAssign for Sum {
    fn add_assign(&mut self, more: Self) {
        self.parts += more.parts;
        self.bytes += more.bytes;
    }
}

/// Records a part, or what it has become when it was sent again.
pub(crate) fn confirm(
    connection: &Connection,
    transfer: TransferId,
    number: PartNumber,
    etag: &ETag,
    size: u64,
) -> Result<(), Trouble> {
    super::transfer::must_exist(connection, transfer)?;
    let added = put(connection, transfer, number, etag, size)?;
    count(connection, transfer, added)
}

/// As [`confirm`], but what the transfer's row is to be told is left to the caller.
pub(crate) fn put(
    connection: &Connection,
    transfer: TransferId,
    number: PartNumber,
    etag: &ETag,
    size: u64,
) -> Result<Sum, Trouble> {
    let new = connection
        .prepare_cached(
            "INSERT INTO part (transfer, number, etag, size) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (transfer, number) DO NOTHING",
        )?
        .execute(params![transfer.0, number.value(), etag.as_str(), size])?;
    if new > 0 {
        return Ok(Sum {
            parts: 1,
            bytes: signed(size)?,
        });
    }
    let before = size_of(connection, transfer, number)?.unwrap_or(0);
    connection
        .prepare_cached("UPDATE part SET etag = ?3, size = ?4 WHERE transfer = ?1 AND number = ?2")?
        .execute(params![transfer.0, number.value(), etag.as_str(), size])?;
    Ok(Sum {
        parts: 0,
        bytes: signed(size)? - signed(before)?,
    })
}

/// Drops parts the server does not have; a part that is not recorded is skipped.
pub(crate) fn forget(
    connection: &Connection,
    transfer: TransferId,
    numbers: &[PartNumber],
) -> Result<(), Trouble> {
    super::transfer::must_exist(connection, transfer)?;
    for &number in numbers {
        let Some(size) = size_of(connection, transfer, number)? else {
            continue;
        };
        connection
            .prepare_cached("DELETE FROM part WHERE transfer = ?1 AND number = ?2")?
            .execute(params![transfer.0, number.value()])?;
        let gone = Sum {
            parts: -1,
            bytes: -signed(size)?,
        };
        count(connection, transfer, gone)?;
    }
    Ok(())
}

/// Drops all parts of a transfer.
pub(crate) fn forget_all(connection: &Connection, transfer: TransferId) -> Result<(), Trouble> {
    connection
        .prepare_cached("DELETE FROM part WHERE transfer = ?1")?
        .execute([transfer.0])?;
    connection
        .prepare_cached("UPDATE transfer SET parts_done = 0, bytes_done = 0 WHERE id = ?1")?
        .execute([transfer.0])?;
    Ok(())
}

pub(crate) fn of_transfer(
    connection: &Connection,
    transfer: TransferId,
) -> Result<Vec<PartRow>, Trouble> {
    let parts = connection
        .prepare_cached("SELECT number, etag, size FROM part WHERE transfer = ?1 ORDER BY number")?
        .query_map([transfer.0], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(parts)
}

fn size_of(
    connection: &Connection,
    transfer: TransferId,
    number: PartNumber,
) -> Result<Option<u64>, Trouble> {
    let size = connection
        .prepare_cached("SELECT size FROM part WHERE transfer = ?1 AND number = ?2")?
        .query_row(params![transfer.0, number.value()], |row| row.get(0))
        .optional()?;
    Ok(size)
}

/// Tells the transfer's row, and by its trigger the job's.
pub(crate) fn count(
    connection: &Connection,
    transfer: TransferId,
    sum: Sum,
) -> Result<(), Trouble> {
    let changed = connection
        .prepare_cached(
            "UPDATE transfer SET parts_done = parts_done + ?2, bytes_done = bytes_done + ?3
             WHERE id = ?1",
        )?
        .execute(params![transfer.0, sum.parts, sum.bytes])?;
    if changed == 0 {
        return Err(Trouble::not_found(format!("transfer {transfer}")));
    }
    Ok(())
}

fn signed(bytes: u64) -> rusqlite::Result<i64> {
    i64::try_from(bytes).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

fn from_row(row: &Row) -> rusqlite::Result<PartRow> {
    let number = PartNumber::try_from(row.get::<_, u32>("number")?)
        .map_err(|error| column::unreadable("number", error))?;
    Ok(PartRow {
        number,
        etag: column::etag(row, "etag")?,
        size: row.get("size")?,
    })
}
