//! The order of jobs, their hours and whose turn it is: columns of the jobs' table.

use partway_domain::{JobId, JobIntent, Priority, QueuePlace, Schedule};
use rusqlite::{Connection, Row, params};

use super::job::Lease;
use crate::column;
use crate::error::Trouble;
use crate::migration::Migration;

/// A new wish about a job's place, hours or pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueChange {
    /// How soon it gets its turn.
    Priority(Priority),
    /// Elsewhere in the order.
    Moved(QueuePlace),
    /// Other hours.
    Schedule(Schedule),
    /// Transfers of the job at once, and part copies of one transfer at once.
    AtOnce {
        /// Transfers.
        transfers: u32,
        /// Parts.
        parts: u32,
    },
    /// Its turn is over: another may run.
    TurnOver,
}

/// A job that some process drives and that wants to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contender {
    /// The job.
    pub job: JobId,
    /// How soon it gets its turn.
    pub priority: Priority,
    /// Its place among those of its priority; no two are the same.
    pub position: i64,
    /// Its hours.
    pub schedule: Schedule,
    /// Who drives it.
    pub lease: Lease,
    /// It has its turn.
    pub running: bool,
}

// A job without a position has its number as one: what is moved changes places with others, so
// no two ever share one.
pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 3,
    sql: "ALTER TABLE job ADD COLUMN priority    TEXT NOT NULL DEFAULT 'normal';
    ALTER TABLE job ADD COLUMN position    INTEGER;
    ALTER TABLE job ADD COLUMN start_at_ms INTEGER;
    ALTER TABLE job ADD COLUMN window      TEXT;
    -- The holder of the lease while it has its turn.
    ALTER TABLE job ADD COLUMN turn        TEXT;
    CREATE INDEX job_leased ON job (lease_until_ms) WHERE lease_until_ms IS NOT NULL;",
}];

pub(crate) fn change(
    connection: &Connection,
    job: JobId,
    change: QueueChange,
) -> Result<(), Trouble> {
    match change {
        QueueChange::Priority(priority) => set_priority(connection, job, priority),
        QueueChange::Moved(place) => move_to(connection, job, place),
        QueueChange::Schedule(schedule) => set_schedule(connection, job, schedule),
        QueueChange::AtOnce { transfers, parts } => {
            let changed = connection
                .prepare_cached(
                    "UPDATE job SET transfers_at_once = ?2, parts_at_once = ?3 WHERE id = ?1",
                )?
                .execute(params![job.0, transfers, parts])?;
            must_exist(changed, job)
        }
        QueueChange::TurnOver => {
            let changed = connection
                .prepare_cached("UPDATE job SET turn = NULL WHERE id = ?1")?
                .execute([job.0])?;
            must_exist(changed, job)
        }
    }
}

pub(crate) fn set_priority(
    connection: &Connection,
    job: JobId,
    priority: Priority,
) -> Result<(), Trouble> {
    let changed = connection
        .prepare_cached("UPDATE job SET priority = ?2 WHERE id = ?1")?
        .execute(params![job.0, column::word(priority)])?;
    must_exist(changed, job)
}

pub(crate) fn set_schedule(
    connection: &Connection,
    job: JobId,
    schedule: Schedule,
) -> Result<(), Trouble> {
    let window = schedule.window.map(|window| window.to_string());
    let changed = connection
        .prepare_cached("UPDATE job SET start_at_ms = ?2, window = ?3 WHERE id = ?1")?
        .execute(params![job.0, schedule.start_at_ms, window])?;
    must_exist(changed, job)
}

/// Moves a job among the unfinished: their positions are dealt out anew in the new order.
fn move_to(connection: &Connection, job: JobId, place: QueuePlace) -> Result<(), Trouble> {
    let unfinished = order(connection)?;
    let find = |id: JobId| unfinished.iter().find(|one| one.job == id).copied();
    let moved = find(job).ok_or_else(|| unqueued(job))?;
    let mut rest: Vec<Placed> = unfinished
        .iter()
        .filter(|one| one.job != job)
        .copied()
        .collect();
    let (priority, at) = match place {
        QueuePlace::First => (moved.priority, 0),
        QueuePlace::Last => (moved.priority, rest.len()),
        QueuePlace::Before(other) | QueuePlace::After(other) => {
            let at = rest
                .iter()
                .position(|one| one.job == other)
                .ok_or_else(|| unqueued(other))?;
            let behind = usize::from(matches!(place, QueuePlace::After(_)));
            (rest[at].priority, at + behind)
        }
    };
    rest.insert(at, Placed { priority, ..moved });
    let mut positions: Vec<i64> = rest.iter().map(|one| one.position).collect();
    positions.sort_unstable();
    for (one, position) in rest.iter().zip(positions) {
        connection
            .prepare_cached("UPDATE job SET position = ?2 WHERE id = ?1")?
            .execute(params![one.job.0, position])?;
    }
    set_priority(connection, job, priority)
}

#[derive(Clone, Copy)]
struct Placed {
    job: JobId,
    priority: Priority,
    position: i64,
}

/// Unfinished jobs in the order of the queue.
fn order(connection: &Connection) -> Result<Vec<Placed>, Trouble> {
    let mut placed = connection
        .prepare_cached("SELECT id, priority, position FROM job WHERE finished_ms IS NULL")?
        .query_map([], |row| {
            Ok(Placed {
                job: JobId(row.get("id")?),
                priority: column::from_word(row, "priority")?,
                position: position(row)?,
            })
        })?
        .collect::<Result<Vec<_>, _>>()?;
    placed.sort_by_key(|one| (one.priority, one.position));
    Ok(placed)
}

/// Jobs that are driven and want to run, in the order of the queue. Also finished ones: whoever
/// tries failed transfers again waits for a turn like all others.
pub(crate) fn contenders(connection: &Connection, now_ms: i64) -> Result<Vec<Contender>, Trouble> {
    let mut contenders = connection
        .prepare_cached(
            "SELECT id, priority, position, start_at_ms, window, turn, lease_holder, lease_until_ms
             FROM job
             WHERE intent = ?1 AND lease_until_ms > ?2",
        )?
        .query_map(params![column::word(JobIntent::Run), now_ms], |row| {
            let lease = Lease {
                holder: row.get("lease_holder")?,
                until_ms: row.get("lease_until_ms")?,
            };
            Ok(Contender {
                job: JobId(row.get("id")?),
                priority: column::from_word(row, "priority")?,
                position: position(row)?,
                schedule: schedule(row)?,
                running: has_turn(row, Some(&lease))?,
                lease,
            })
        })?
        .collect::<Result<Vec<_>, _>>()?;
    contenders.sort_by_key(|one| (one.priority, one.position));
    Ok(contenders)
}

/// Gives a job its turn, if `may` says so of all who contend for one.
pub(crate) fn take_turn(
    connection: &Connection,
    job: JobId,
    holder: &str,
    now_ms: i64,
    may: impl FnOnce(&[Contender]) -> bool,
) -> Result<bool, Trouble> {
    if !may(&contenders(connection, now_ms)?) {
        return Ok(false);
    }
    let taken = connection
        .prepare_cached("UPDATE job SET turn = ?2 WHERE id = ?1 AND lease_holder = ?2")?
        .execute(params![job.0, holder])?;
    Ok(taken > 0)
}

/// The place of a job's row.
pub(crate) fn position(row: &Row) -> rusqlite::Result<i64> {
    match row.get("position")? {
        Some(position) => Ok(position),
        None => row.get("id"),
    }
}

/// Whether whoever drives a job has its turn. A turn ends with the lease it was taken under.
pub(crate) fn has_turn(row: &Row, lease: Option<&Lease>) -> rusqlite::Result<bool> {
    let turn: Option<String> = row.get("turn")?;
    Ok(turn.is_some() && turn.as_ref() == lease.map(|lease| &lease.holder))
}

/// The hours of a job's row.
pub(crate) fn schedule(row: &Row) -> rusqlite::Result<Schedule> {
    let window = row
        .get::<_, Option<String>>("window")?
        .map(|text| {
            text.parse()
                .map_err(|error| column::unreadable("window", error))
        })
        .transpose()?;
    Ok(Schedule {
        start_at_ms: row.get("start_at_ms")?,
        window,
    })
}

fn must_exist(changed: usize, job: JobId) -> Result<(), Trouble> {
    if changed == 0 {
        return Err(Trouble::not_found(format!("job {job}")));
    }
    Ok(())
}

fn unqueued(job: JobId) -> Trouble {
    Trouble::not_found(format!("unfinished job {job}"))
}
