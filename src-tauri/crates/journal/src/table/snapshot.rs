//! Snapshots: what stood at a destination before anything was written there.

use partway_domain::{Made, Occupant, Snapshot, Standing, TransferId, VersionId};
use rusqlite::{Connection, Row, params};

use crate::column;
use crate::error::Trouble;
use crate::migration::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 3,
        sql: "CREATE TABLE snapshot (
        transfer      INTEGER PRIMARY KEY REFERENCES transfer (id) ON DELETE CASCADE,
        standing      TEXT NOT NULL CHECK (standing IN ('absent', 'object', 'hidden')),
        etag          TEXT CHECK ((etag IS NOT NULL) = (standing = 'object')),
        size          INTEGER,
        last_modified TEXT,
        version       TEXT,
        -- That very object may be replaced.
        may_replace   INTEGER NOT NULL,
        -- Our own CopyObject may have been sent since.
        writing       INTEGER NOT NULL,
        at_ms         INTEGER NOT NULL
    ) STRICT;",
    },
    Migration {
        version: 4,
        // The tag of what that CopyObject made, as its answer had it, and that of its source.
        sql: "ALTER TABLE snapshot ADD COLUMN made TEXT;
              ALTER TABLE snapshot ADD COLUMN made_of TEXT;",
    },
];

pub(crate) fn put(
    connection: &Connection,
    transfer: TransferId,
    snapshot: &Snapshot,
) -> Result<(), Trouble> {
    super::transfer::must_exist(connection, transfer)?;
    let object = match &snapshot.standing {
        Standing::Object(object) => Some(object),
        Standing::Absent | Standing::Hidden => None,
    };
    let made = snapshot.made.as_ref();
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO snapshot
                (transfer, standing, etag, size, last_modified, version, may_replace, writing,
                 at_ms, made, made_of)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            transfer.0,
            word(&snapshot.standing),
            object.map(|object| object.etag.as_str()),
            object.map(|object| object.size),
            object.map(|object| &object.last_modified),
            object.and_then(|object| object.version.as_ref().map(VersionId::as_str)),
            snapshot.may_replace,
            snapshot.writing,
            snapshot.at_ms,
            made.map(|made| made.etag.as_str()),
            made.map(|made| made.of.as_str()),
        ])?;
    Ok(())
}

pub(crate) fn clear(connection: &Connection, transfer: TransferId) -> Result<(), Trouble> {
    connection
        .prepare_cached("DELETE FROM snapshot WHERE transfer = ?1")?
        .execute([transfer.0])?;
    Ok(())
}

/// From a transfer's row joined with its snapshot.
pub(crate) fn from_row(row: &Row) -> rusqlite::Result<Option<Snapshot>> {
    let Some(word) = row.get::<_, Option<String>>("snapshot_standing")? else {
        return Ok(None);
    };
    let standing = match word.as_str() {
        "absent" => Standing::Absent,
        "hidden" => Standing::Hidden,
        "object" => Standing::Object(Occupant {
            etag: column::etag(row, "snapshot_etag")?,
            size: row.get("snapshot_size")?,
            last_modified: row.get("snapshot_last_modified")?,
            version: column::version(row, "snapshot_version")?,
        }),
        other => {
            let reason = format!("unknown standing {other:?}");
            return Err(column::unreadable("snapshot_standing", reason));
        }
    };
    Ok(Some(Snapshot {
        standing,
        may_replace: row.get("snapshot_may_replace")?,
        writing: row.get("snapshot_writing")?,
        made: match row.get::<_, Option<String>>("snapshot_made")? {
            Some(_) => Some(Made {
                etag: column::etag(row, "snapshot_made")?,
                of: column::etag(row, "snapshot_made_of")?,
            }),
            None => None,
        },
        at_ms: row.get("snapshot_at_ms")?,
    }))
}

fn word(standing: &Standing) -> &'static str {
    match standing {
        Standing::Absent => "absent",
        Standing::Object(_) => "object",
        Standing::Hidden => "hidden",
    }
}
