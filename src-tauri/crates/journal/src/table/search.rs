//! Looking for jobs by what they are about: buckets, prefixes, keys, request ids.
//!
//! A full-text index of three-letter pieces: any part of a key is found, not only its
//! beginning, in any script. It holds no text of its own, so what it finds is compared with the
//! rows themselves. Its entries are numbered by job, so one seek leads past all that a job of a
//! million objects has in common.

use partway_domain::JobId;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::error::Trouble;
use crate::migration::Migration;

/// Letters of a piece.
const PIECE: usize = 3;

/// Of a text that is shorter than a piece no more pieces are tried.
const MOST_PIECES: u32 = 500;

/// Bits of an entry's number below those of the job, and below those of its kind.
const JOB_SHIFT: u32 = 34;
const KIND_SHIFT: u32 = 32;

/// Where a text was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In a bucket, the prefix pasted into, or a prefix that was copied.
    Place,
    /// In a key of source or destination.
    Key,
    /// In a request id.
    RequestId,
}

/// A job in which a text was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The job.
    pub job: JobId,
    /// Where.
    pub place: Place,
    /// The whole name that holds the text.
    pub text: String,
}

// Entries of a job: itself, its transfers, their verdicts, its events. The number of an entry is
// job, kind (0 to 3) and the number of the row it is about. Each name in it ends with a line
// feed, so that also its last letters begin a piece.
pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 4,
    sql: "CREATE VIRTUAL TABLE search USING fts5 (
        text, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram'
    );
    CREATE VIRTUAL TABLE search_piece USING fts5vocab (search, row);

    CREATE VIEW searchable (entry, text) AS
        SELECT id << 34,
               source_bucket || char(10) || destination_bucket || char(10)
               || CAST(destination_prefix AS TEXT) || char(10) || CAST(first_key AS TEXT)
               || char(10)
        FROM job
        UNION ALL
        SELECT (job << 34) | (1 << 32) | id,
               CAST(source_key AS TEXT) || char(10) || CAST(destination_key AS TEXT) || char(10)
        FROM transfer
        UNION ALL
        SELECT (t.job << 34) | (2 << 32) | v.transfer, v.request_id || char(10)
        FROM verdict v JOIN transfer t ON t.id = v.transfer WHERE v.request_id IS NOT NULL
        UNION ALL
        SELECT (job << 34) | (3 << 32) | id, request_id || char(10)
        FROM event WHERE request_id IS NOT NULL;

    INSERT INTO search (rowid, text) SELECT entry, text FROM searchable;

    CREATE TRIGGER search_job AFTER INSERT ON job BEGIN
        INSERT INTO search (rowid, text) VALUES (new.id << 34,
            new.source_bucket || char(10) || new.destination_bucket || char(10)
            || CAST(new.destination_prefix AS TEXT) || char(10)
            || CAST(new.first_key AS TEXT) || char(10));
    END;
    CREATE TRIGGER search_transfer AFTER INSERT ON transfer BEGIN
        INSERT INTO search (rowid, text) VALUES ((new.job << 34) | (1 << 32) | new.id,
            CAST(new.source_key AS TEXT) || char(10) || CAST(new.destination_key AS TEXT)
            || char(10));
    END;
    CREATE TRIGGER search_renamed AFTER UPDATE OF destination_key ON transfer BEGIN
        DELETE FROM search WHERE rowid = (new.job << 34) | (1 << 32) | new.id;
        INSERT INTO search (rowid, text) VALUES ((new.job << 34) | (1 << 32) | new.id,
            CAST(new.source_key AS TEXT) || char(10) || CAST(new.destination_key AS TEXT)
            || char(10));
    END;
    CREATE TRIGGER search_verdict AFTER INSERT ON verdict WHEN new.request_id IS NOT NULL BEGIN
        DELETE FROM search WHERE rowid =
            ((SELECT job FROM transfer WHERE id = new.transfer) << 34)
            | (2 << 32) | new.transfer;
        INSERT INTO search (rowid, text)
            SELECT (job << 34) | (2 << 32) | id, new.request_id || char(10)
            FROM transfer WHERE id = new.transfer;
    END;
    CREATE TRIGGER search_event AFTER INSERT ON event WHEN new.request_id IS NOT NULL BEGIN
        INSERT INTO search (rowid, text)
            VALUES ((new.job << 34) | (3 << 32) | new.id, new.request_id || char(10));
    END;
    CREATE TRIGGER search_forgotten AFTER DELETE ON job BEGIN
        DELETE FROM search WHERE rowid >= old.id << 34 AND rowid < (old.id + 1) << 34;
    END;",
}];

/// The newest job older than `before` that holds the text; `None` when there is no more. Upper
/// and lower case are the same.
pub(crate) fn newest(
    connection: &Connection,
    text: &str,
    before: Option<JobId>,
) -> Result<Option<Hit>, Trouble> {
    let wanted = text.to_lowercase();
    let Some(pieces) = pieces(connection, &wanted)? else {
        return Ok(None);
    };
    let below = before.map_or(i64::MAX, |job| job.0 << JOB_SHIFT);
    let mut statement = connection.prepare_cached(
        "SELECT rowid FROM search WHERE search MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC",
    )?;
    let mut rows = statement.query(params![pieces, below])?;
    while let Some(row) = rows.next()? {
        if let Some(hit) = compared(connection, row.get(0)?, &wanted)? {
            return Ok(Some(hit));
        }
    }
    Ok(None)
}

/// The text as a query: all of its three-letter pieces; of a shorter one, any piece that begins
/// with it. `None` when nothing can be found.
fn pieces(connection: &Connection, text: &str) -> Result<Option<String>, Trouble> {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() >= PIECE {
        let all = letters.windows(PIECE).map(|piece| quoted(piece.iter()));
        return Ok(Some(all.collect::<Vec<_>>().join(" AND ")));
    }
    let any = connection
        .prepare_cached("SELECT term FROM search_piece WHERE term >= ?1 AND term < ?2 LIMIT ?3")?
        .query_map(
            params![text, format!("{text}{}", char::MAX), MOST_PIECES],
            |row| row.get(0),
        )?
        .map(|term| term.map(|term: String| quoted(term.chars().collect::<Vec<_>>().iter())))
        .collect::<Result<Vec<_>, _>>()?;
    Ok((!any.is_empty()).then(|| any.join(" OR ")))
}

fn quoted<'a>(piece: impl Iterator<Item = &'a char>) -> String {
    let piece: String = piece.collect();
    format!("\"{}\"", piece.replace('"', "\"\""))
}

/// What an entry is about, if it does hold the text: having its pieces is not enough.
fn compared(connection: &Connection, entry: i64, wanted: &str) -> Result<Option<Hit>, Trouble> {
    let row = entry & ((1 << KIND_SHIFT) - 1);
    let job = entry >> JOB_SHIFT;
    let (place, sql) = match (entry >> KIND_SHIFT) & 3 {
        0 => (
            Place::Place,
            "SELECT source_bucket || char(10) || destination_bucket || char(10)
                 || CAST(destination_prefix AS TEXT) || char(10) || CAST(first_key AS TEXT)
             FROM job WHERE id = ?1",
        ),
        1 => (
            Place::Key,
            "SELECT CAST(source_key AS TEXT) || char(10) || CAST(destination_key AS TEXT)
             FROM transfer WHERE id = ?1",
        ),
        2 => (
            Place::RequestId,
            "SELECT request_id FROM verdict WHERE transfer = ?1",
        ),
        _ => (
            Place::RequestId,
            "SELECT request_id FROM event WHERE id = ?1",
        ),
    };
    let about = if place == Place::Place { job } else { row };
    let text: Option<String> = connection
        .prepare_cached(sql)?
        .query_row([about], |row| row.get(0))
        .optional()?
        .flatten();
    let name = text.and_then(|text| holding(&text, wanted, place));
    Ok(name.map(|text| Hit {
        job: JobId(job),
        place,
        text,
    }))
}

/// The name that holds the text, of those that share an entry. A key may hold a line feed
/// itself; then the whole entry answers for it.
fn holding(names: &str, wanted: &str, place: Place) -> Option<String> {
    if !names.to_lowercase().contains(wanted) {
        return None;
    }
    if place == Place::RequestId {
        return Some(names.to_owned());
    }
    let one = names
        .split('\n')
        .find(|name| name.to_lowercase().contains(wanted));
    Some(one.unwrap_or(names).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_asked_for_in_pieces() {
        let nothing = Connection::open_in_memory().unwrap();
        let asked = |text| pieces(&nothing, text).unwrap().unwrap();
        assert_eq!(asked("abcd"), "\"abc\" AND \"bcd\"");
        assert_eq!(asked("a\"b"), "\"a\"\"b\"");
    }

    #[test]
    fn pieces_alone_are_no_hit() {
        assert_eq!(holding("abc-bcd", "abcd", Place::Key), None);
        assert_eq!(
            holding("one\ntwo/ABCD", "abcd", Place::Key).as_deref(),
            Some("two/ABCD")
        );
    }
}
