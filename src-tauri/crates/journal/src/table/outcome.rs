//! What became of a job's transfers, as far as one line of a list tells it.

use partway_domain::{Failure, JobId, TransferId};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{scan, transfer};
use crate::error::Trouble;

/// Verdicts counted, and the first obstacle.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Done transfers compared by more than their size.
    pub verified: u64,
    /// Done transfers compared by their size only.
    pub unverified: u64,
    /// What the first transfer that failed or waits says; failures come before waits, and both
    /// before what holds up a listing.
    pub failure: Option<Failure>,
}

/// Reads every verdict of the job: not for each tick of a job of many thousand objects.
pub(crate) fn of_job(connection: &Connection, job: JobId) -> Result<Outcome, Trouble> {
    let (verified, unverified) = connection
        .prepare_cached(
            "SELECT coalesce(sum(v.verified), 0), coalesce(sum(NOT v.verified), 0)
             FROM transfer t JOIN verdict v ON v.transfer = t.id
             WHERE t.job = ?1 AND t.state = 'done'",
        )?
        .query_row(params![job.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Outcome {
        verified,
        unverified,
        failure: first_failure(connection, job)?,
    })
}

fn first_failure(connection: &Connection, job: JobId) -> Result<Option<Failure>, Trouble> {
    let first: Option<i64> = connection
        .prepare_cached(
            "SELECT t.id FROM transfer t JOIN failure f ON f.transfer = t.id
             WHERE t.job = ?1 ORDER BY t.state <> 'failed', t.id LIMIT 1",
        )?
        .query_row(params![job.0], |row| row.get(0))
        .optional()?;
    match first {
        Some(id) => Ok(transfer::one(connection, TransferId(id))?.failure),
        None => scan::first_failure(connection, job),
    }
}
