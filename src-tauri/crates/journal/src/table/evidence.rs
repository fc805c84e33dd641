//! Evidence: the comparisons a verdict rests on.

use partway_domain::{Comparison, TransferId};
use rusqlite::{Connection, Row, params};

use crate::column;
use crate::error::Trouble;
use crate::migration::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 3,
    sql: "CREATE TABLE evidence (
        transfer      INTEGER NOT NULL REFERENCES transfer (id) ON DELETE CASCADE,
        position      INTEGER NOT NULL,
        compared      TEXT NOT NULL,
        expected      TEXT NOT NULL,
        expected_from TEXT NOT NULL,
        found         TEXT,
        found_from    TEXT NOT NULL,
        request_id    TEXT,
        PRIMARY KEY (transfer, position)
    ) STRICT, WITHOUT ROWID;",
}];

/// Takes the place of what was compared before.
pub(crate) fn put(
    connection: &Connection,
    transfer: TransferId,
    comparisons: &[Comparison],
) -> Result<(), Trouble> {
    super::transfer::must_exist(connection, transfer)?;
    connection
        .prepare_cached("DELETE FROM evidence WHERE transfer = ?1")?
        .execute([transfer.0])?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO evidence
            (transfer, position, compared, expected, expected_from, found, found_from, request_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for (position, comparison) in (0_i64..).zip(comparisons) {
        insert.execute(params![
            transfer.0,
            position,
            column::word(comparison.compared),
            comparison.expected,
            comparison.expected_from,
            comparison.found,
            comparison.found_from,
            comparison.request_id,
        ])?;
    }
    Ok(())
}

/// In the order in which it was compared.
pub(crate) fn of_transfer(
    connection: &Connection,
    transfer: TransferId,
) -> Result<Vec<Comparison>, Trouble> {
    let comparisons = connection
        .prepare_cached("SELECT * FROM evidence WHERE transfer = ?1 ORDER BY position")?
        .query_map([transfer.0], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(comparisons)
}

fn from_row(row: &Row) -> rusqlite::Result<Comparison> {
    Ok(Comparison {
        compared: column::from_word(row, "compared")?,
        expected: row.get("expected")?,
        expected_from: row.get("expected_from")?,
        found: row.get("found")?,
        found_from: row.get("found_from")?,
        request_id: row.get("request_id")?,
    })
}
