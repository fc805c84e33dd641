//! Ended jobs: finding them by how they went, and forgetting old ones.

use std::time::{Duration, Instant};

use partway_domain::{AccountId, JobId};
use rusqlite::{Connection, named_params};

use super::job::{self, JobRow};
use super::search::{self, Hit};
use crate::error::Trouble;
use crate::migration::Migration;

/// A page that took so long ends with what it has: the next one goes on from there. A text that
/// every job holds takes some milliseconds for each.
const PATIENCE: Duration = Duration::from_millis(120);

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Nothing failed and nothing was given up.
    Done,
    /// Something failed.
    Failures,
    /// It was given up by its user, and nothing failed before.
    Cancelled,
}

/// Which ended jobs; all conditions hold together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Part of a bucket, prefix, key or request id; empty for no such condition.
    pub text: String,
    /// Ended at or after, in milliseconds since 1970.
    pub since_ms: Option<i64>,
    /// Ended before, in milliseconds since 1970.
    pub until_ms: Option<i64>,
    /// Seen through this account on either side.
    pub account: Option<AccountId>,
    /// How it ended.
    pub ending: Option<Ending>,
    /// Bytes in all, at least.
    pub min_bytes: u64,
}

/// A page of ended jobs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// Newest first, each with what was found in it if a text was looked for.
    pub jobs: Vec<(JobRow, Option<Hit>)>,
    /// What the next page comes after; `None` when there is no more.
    pub next: Option<JobId>,
}

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 4,
    sql: "CREATE INDEX job_ended ON job (finished_ms) WHERE finished_ms IS NOT NULL;",
}];

/// `:job` is one, or NULL for all; the other names are those of [`Wanted`].
const CONDITIONS: &str = "finished_ms IS NOT NULL
    AND (:since IS NULL OR finished_ms >= :since)
    AND (:until IS NULL OR finished_ms < :until)
    AND (:account IS NULL OR source_account = :account OR destination_account = :account)
    AND bytes_total >= :bytes
    AND CASE :ending
        WHEN 'done'      THEN failed + listing_failed + cancelled = 0
        WHEN 'failures'  THEN failed + listing_failed > 0
        WHEN 'cancelled' THEN failed + listing_failed = 0 AND cancelled > 0
        ELSE TRUE END";

/// At most `limit` ended jobs older than `before`.
pub(crate) fn page(
    connection: &Connection,
    wanted: &Wanted,
    before: Option<JobId>,
    limit: u32,
    now_ms: i64,
) -> Result<Page, Trouble> {
    if !wanted.text.is_empty() {
        return searched(connection, wanted, before, limit, now_ms);
    }
    let below = before.map_or(i64::MAX, |job| job.0);
    let rows = rows(connection, wanted, "id < :id", below, limit, now_ms)?;
    let full = rows.len() >= limit as usize;
    Ok(Page {
        next: rows.last().filter(|_| full).map(|row| row.id),
        jobs: rows.into_iter().map(|row| (row, None)).collect(),
    })
}

/// Walks from one job that holds the text to the next older one.
fn searched(
    connection: &Connection,
    wanted: &Wanted,
    before: Option<JobId>,
    limit: u32,
    now_ms: i64,
) -> Result<Page, Trouble> {
    let mut page = Page::default();
    let mut at = before;
    let begun = Instant::now();
    loop {
        if page.jobs.len() >= limit as usize || (at != before && begun.elapsed() > PATIENCE) {
            page.next = at;
            return Ok(page);
        }
        let Some(hit) = search::newest(connection, &wanted.text, at)? else {
            return Ok(page);
        };
        at = Some(hit.job);
        let row = rows(connection, wanted, "id = :id", hit.job.0, 1, now_ms)?;
        page.jobs
            .extend(row.into_iter().map(|row| (row, Some(hit.clone()))));
    }
}

fn rows(
    connection: &Connection,
    wanted: &Wanted,
    which: &str,
    id: i64,
    limit: u32,
    now_ms: i64,
) -> Result<Vec<JobRow>, Trouble> {
    let ending = wanted.ending.map(|ending| match ending {
        Ending::Done => "done",
        Ending::Failures => "failures",
        Ending::Cancelled => "cancelled",
    });
    let rows = connection
        .prepare_cached(&format!(
            "SELECT * FROM job WHERE {which} AND {CONDITIONS} ORDER BY id DESC LIMIT :limit"
        ))?
        .query_map(
            named_params! {
                ":id": id,
                ":since": wanted.since_ms,
                ":until": wanted.until_ms,
                ":account": wanted.account.as_ref().map(|account| &account.0),
                ":bytes": wanted.min_bytes,
                ":ending": ending,
                ":limit": limit,
            },
            |row| job::from_row(row, now_ms),
        )?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Ended jobs that are kept no longer: those that ended before `ended_before_ms`, and the oldest
/// beyond `most_objects` objects in all. None that may still have an upload on a server.
pub(crate) fn expired(
    connection: &Connection,
    ended_before_ms: Option<i64>,
    most_objects: Option<u64>,
) -> Result<Vec<JobId>, Trouble> {
    let jobs = connection
        .prepare_cached(
            "SELECT id FROM (
                 SELECT id, finished_ms,
                     sum(cancelled + failed + skipped + done)
                         OVER (ORDER BY finished_ms DESC, id DESC) AS objects
                 FROM job WHERE finished_ms IS NOT NULL)
             WHERE (finished_ms < :ended OR objects > :objects)
               AND NOT EXISTS (SELECT 1 FROM transfer t JOIN upload u ON u.transfer = t.id
                               WHERE t.job = id)
             ORDER BY finished_ms, id",
        )?
        .query_map(
            named_params! { ":ended": ended_before_ms, ":objects": most_objects },
            |row| row.get(0).map(JobId),
        )?
        .collect::<Result<_, _>>()?;
    Ok(jobs)
}
