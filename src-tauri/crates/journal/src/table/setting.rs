//! Settings as JSON by name.

use rusqlite::{Connection, OptionalExtension, params};

use crate::column;
use crate::error::Trouble;
use crate::migration::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    sql: "CREATE TABLE setting (
        name  TEXT PRIMARY KEY NOT NULL,
        value TEXT NOT NULL CHECK (json_valid(value))
    ) STRICT, WITHOUT ROWID;",
}];

pub(crate) fn read(
    connection: &Connection,
    name: &str,
) -> Result<Option<serde_json::Value>, Trouble> {
    let value = connection
        .prepare_cached("SELECT value FROM setting WHERE name = ?1")?
        .query_row([name], |row| column::from_json(row, "value"))
        .optional()?;
    Ok(value)
}

pub(crate) fn put(
    connection: &Connection,
    name: &str,
    value: &serde_json::Value,
) -> Result<(), Trouble> {
    connection
        .prepare_cached(
            "INSERT INTO setting (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?
        .execute(params![name, column::json(value)?])?;
    Ok(())
}
