//! What whoever drives a job looks at twice a second: a few columns of the jobs' table.

use partway_domain::{JobId, JobIntent, Schedule};
use rusqlite::{Connection, OptionalExtension, Row};

use super::{job, queue};
use crate::column;
use crate::error::Trouble;

/// How far a job has come, and the will of other processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watched {
    /// What the user last asked.
    pub intent: JobIntent,
    /// Transfers of the job at once.
    pub transfers_at_once: u32,
    /// Part copies of one transfer at once.
    pub parts_at_once: u32,
    /// Its hours.
    pub schedule: Schedule,
    /// Bytes of done transfers plus confirmed parts of unfinished ones.
    pub bytes_done: u64,
}

pub(crate) fn one(connection: &Connection, job: JobId) -> Result<Watched, Trouble> {
    connection
        .prepare_cached(
            "SELECT intent, transfers_at_once, parts_at_once, start_at_ms, window, bytes_done
             FROM job WHERE id = ?1",
        )?
        .query_row([job.0], from_row)
        .optional()?
        .ok_or_else(|| job::not_found(job))
}

fn from_row(row: &Row) -> rusqlite::Result<Watched> {
    Ok(Watched {
        intent: column::from_word(row, "intent")?,
        transfers_at_once: row.get("transfers_at_once")?,
        parts_at_once: row.get("parts_at_once")?,
        schedule: queue::schedule(row)?,
        bytes_done: row.get("bytes_done")?,
    })
}
