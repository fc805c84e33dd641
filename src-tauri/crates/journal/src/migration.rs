//! The schema's version and the steps towards it.
//!
//! Each table file owns its steps; here they are only put in order. `user_version` is the
//! line an older program will not cross.

use rusqlite::Connection;

use crate::error::Trouble;
use crate::table::{
    account, capability, event, failure, job, part, pin, setting, transfer, upload, verdict,
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
        transfer::MIGRATIONS,
        pin::MIGRATIONS,
        failure::MIGRATIONS,
        verdict::MIGRATIONS,
        upload::MIGRATIONS,
        part::MIGRATIONS,
        event::MIGRATIONS,
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
}
