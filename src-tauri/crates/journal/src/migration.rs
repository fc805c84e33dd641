//! The schema's version and the steps towards it.
//!
//! Each table file owns its steps; here they are only put in order. `user_version` is the
//! line an older program will not cross.

use rusqlite::Connection;

use crate::error::Trouble;
use crate::table::{
    abort, account, capability, decision, event, evidence, failure, history, job, part, pin, queue,
    restore, scan, search, setting, snapshot, transfer, upload, verdict,
};

/// `PRAGMA application_id` of every journal: `PWay` in ASCII.
pub(crate) const APPLICATION_ID: i32 = 0x5057_6179;

/// One step of one table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Migration {
    /// The schema version this step belongs to; a version is reached by all its steps at once.
    pub(crate) version: i64,
    pub(crate) sql: &'static str,
}

/// All steps: by version, and within one version in an order that suits the references.
fn steps() -> Vec<Migration> {
    let mut steps = [
        setting::MIGRATIONS,
        account::MIGRATIONS,
        capability::MIGRATIONS,
        job::MIGRATIONS,
        queue::MIGRATIONS,
        transfer::MIGRATIONS,
        scan::MIGRATIONS,
        pin::MIGRATIONS,
        failure::MIGRATIONS,
        verdict::MIGRATIONS,
        evidence::MIGRATIONS,
        snapshot::MIGRATIONS,
        decision::MIGRATIONS,
        restore::MIGRATIONS,
        upload::MIGRATIONS,
        abort::MIGRATIONS,
        part::MIGRATIONS,
        event::MIGRATIONS,
        search::MIGRATIONS,
        history::MIGRATIONS,
    ]
    .concat();
    steps.sort_by_key(|step| step.version);
    steps
}

/// The newest schema this program knows.
pub fn known_version() -> i64 {
    steps().last().map_or(0, |step| step.version)
}

/// The schema of the file; 0 before anything was written.
pub(crate) fn version_of(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Brings the file to [`known_version`] in one transaction.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), Trouble> {
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    // Read inside the transaction: another process may have been first.
    let found = version_of(&transaction)?;
    for step in steps().iter().filter(|step| step.version > found) {
        transaction.execute_batch(step.sql)?;
    }
    if found < known_version() {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", known_version())?;
    }
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use partway_domain::{CopyOptions, JobId, JobKind};

    use super::*;

    #[test]
    fn versions_are_counted_without_gaps() {
        let mut versions: Vec<i64> = steps().iter().map(|step| step.version).collect();
        versions.dedup();
        let expected: Vec<i64> = (1..=known_version()).collect();
        assert_eq!(versions, expected);
    }

    #[test]
    fn an_empty_file_gets_every_table_and_a_second_run_changes_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        let schema = |connection: &Connection| -> Vec<String> {
            connection
                .prepare("SELECT name FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
                .unwrap()
                .query_map([], |row| row.get(0))
                .unwrap()
                .collect::<Result<_, _>>()
                .unwrap()
        };
        let first = schema(&connection);
        for table in [
            "account",
            "capability",
            "event",
            "job",
            "part",
            "setting",
            "transfer",
            "upload",
        ] {
            assert!(first.contains(&table.to_owned()), "{table} in {first:?}");
        }
        migrate(&mut connection).unwrap();
        assert_eq!(schema(&connection), first);
        assert_eq!(version_of(&connection).unwrap(), known_version());
    }

    /// Everything a file of the present schema consists of.
    fn parts(connection: &Connection) -> Vec<String> {
        let read = |sql: &str| -> Vec<String> {
            connection
                .prepare(sql)
                .unwrap()
                .query_map([], |row| row.get(0))
                .unwrap()
                .collect::<Result<_, _>>()
                .unwrap()
        };
        let mut parts = read("SELECT type || ' ' || name FROM sqlite_schema");
        parts.extend(read(
            "SELECT s.name || '.' || c.name FROM sqlite_schema s, pragma_table_xinfo(s.name) c
             WHERE s.type = 'table'",
        ));
        parts.sort();
        parts
    }

    #[test]
    fn a_file_of_any_older_schema_is_brought_up_to_date_with_what_it_holds() {
        let mut fresh = Connection::open_in_memory().unwrap();
        migrate(&mut fresh).unwrap();
        for old in 1..known_version() {
            let mut connection = Connection::open_in_memory().unwrap();
            for step in steps().iter().filter(|step| step.version <= old) {
                connection.execute_batch(step.sql).unwrap();
            }
            connection.pragma_update(None, "user_version", old).unwrap();
            connection
                .execute_batch(
                    "INSERT INTO account (id, name, dialect, endpoint, region, addressing,
                         masked_key_id, named_buckets, demo)
                     VALUES ('1', 'work', 's3', 'https://s3.example', '', 'path', '', '[]', 0);
                     INSERT INTO job (created_ms, intent, source_account, source_bucket,
                         source_region, destination_account, destination_bucket,
                         destination_region, destination_prefix, transfers_at_once,
                         parts_at_once, first_key)
                     VALUES (1, 'run', '1', 'from', '', '1', 'to', '', x'', 3, 16, x'61');
                     INSERT INTO transfer (job, source_key, destination_key, size)
                     VALUES (1, x'61', x'61', 100), (1, x'62', x'62', 10);
                     UPDATE transfer SET state = 'done', finished_ms = 5 WHERE id = 1;",
                )
                .unwrap();
            migrate(&mut connection).unwrap();
            assert_eq!(parts(&connection), parts(&fresh), "from {old}");
            let one = job::one(&connection, JobId(1), 0).unwrap();
            let asked = CopyOptions {
                parts_at_once: 16,
                ..CopyOptions::default()
            };
            assert_eq!(one.options, asked, "from {old}");
            assert_eq!((one.kind, one.prefixes), (JobKind::Copy, 0));
            assert_eq!((one.counts.queued, one.counts.done), (1, 1));
            assert_eq!((one.bytes_total, one.bytes_done), (110, 100));
            assert_eq!(account::all(&connection).unwrap().len(), 1);
            // The sums are kept as before.
            connection
                .execute_batch("UPDATE transfer SET state = 'done', finished_ms = 6 WHERE id = 2;")
                .unwrap();
            let one = job::one(&connection, JobId(1), 0).unwrap();
            assert_eq!((one.counts.done, one.finished_ms), (2, Some(6)));
        }
    }
}
