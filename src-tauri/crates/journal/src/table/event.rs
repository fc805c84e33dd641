//! Events: what happened to a job, with request ids.

use partway_domain::{JobId, PartNumber, TransferId};
use rusqlite::{Connection, ErrorCode, Row, params};
use serde::{Deserialize, Serialize};

use crate::column;
use crate::error::Trouble;
use crate::migration::Migration;

/// How loud an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Part of the normal course.
    Normal,
    /// Handled, but worth knowing: a retry, a throttle.
    Warning,
    /// Not handled.
    Error,
}

/// An event to be recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewEvent {
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// The job.
    pub job: JobId,
    /// The transfer, if it is about one.
    pub transfer: Option<TransferId>,
    /// The part, if it is about one.
    pub part: Option<PartNumber>,
    /// How loud.
    pub level: Level,
    /// What happened, as a stable word the UI translates: `upload_created`, `part_retried`, …
    pub what: String,
    /// Plain English details: provider code and message. Never a secret.
    pub detail: String,
    /// The provider's request id.
    pub request_id: Option<String>,
}

/// An event as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRow {
    /// Number, rising.
    pub id: i64,
    /// The event.
    pub event: NewEvent,
}

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    sql: "CREATE TABLE event (
        id         INTEGER PRIMARY KEY AUTOINCREMENT,
        at_ms      INTEGER NOT NULL,
        job        INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
        transfer   INTEGER REFERENCES transfer (id) ON DELETE CASCADE,
        part       INTEGER,
        level      TEXT NOT NULL,
        what       TEXT NOT NULL,
        detail     TEXT NOT NULL,
        request_id TEXT
    ) STRICT;
    CREATE INDEX event_by_job ON event (job, id);
    CREATE INDEX event_by_transfer ON event (transfer) WHERE transfer IS NOT NULL;",
}];

pub(crate) fn add(connection: &Connection, event: &NewEvent) -> Result<(), Trouble> {
    connection
        .prepare_cached(
            "INSERT INTO event (at_ms, job, transfer, part, level, what, detail, request_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            event.at_ms,
            event.job.0,
            event.transfer.map(|transfer| transfer.0),
            event.part.map(PartNumber::value),
            column::word(event.level),
            event.what,
            event.detail,
            event.request_id,
        ])
        .map_err(|error| match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation) => {
                Trouble::not_found(format!("job {} (or transfer) for an event", event.job))
            }
            _ => error.into(),
        })?;
    Ok(())
}

pub(crate) fn of_job(
    connection: &Connection,
    job: JobId,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<EventRow>, Trouble> {
    at_least(connection, job, before, limit, Level::Normal)
}

/// As `of_job`, without what is less loud.
pub(crate) fn at_least(
    connection: &Connection,
    job: JobId,
    before: Option<i64>,
    limit: u32,
    level: Level,
) -> Result<Vec<EventRow>, Trouble> {
    let louder = match level {
        Level::Normal => "",
        Level::Warning => "AND level <> 'normal'",
        Level::Error => "AND level = 'error'",
    };
    let sql = format!(
        "SELECT * FROM event WHERE job = ?1 AND id < ?2 {louder} ORDER BY id DESC LIMIT ?3"
    );
    let rows = connection
        .prepare_cached(&sql)?
        .query_map(params![job.0, before.unwrap_or(i64::MAX), limit], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

fn from_row(row: &Row) -> rusqlite::Result<EventRow> {
    let part = row
        .get::<_, Option<u32>>("part")?
        .map(|number| PartNumber::try_from(number).map_err(|e| column::unreadable("part", e)))
        .transpose()?;
    Ok(EventRow {
        id: row.get("id")?,
        event: NewEvent {
            at_ms: row.get("at_ms")?,
            job: JobId(row.get("job")?),
            transfer: row.get::<_, Option<i64>>("transfer")?.map(TransferId),
            part,
            level: column::from_word(row, "level")?,
            what: row.get("what")?,
            detail: row.get("detail")?,
            request_id: row.get("request_id")?,
        },
    })
}
