use partway_domain::{AccountId, Bucket, CopyOptions, Key, Prefix};

use super::*;
use crate::table::job::NewTransfer;

fn new_job(transfers: usize) -> NewJob {
    let transfer = NewTransfer {
        source_key: Key::parse("k".repeat(1_000)).unwrap(),
        source_version: None,
        destination_key: Key::parse("d".repeat(1_000)).unwrap(),
        size: 1,
        pin: None,
        beginning: crate::table::job::Beginning::Queued,
    };
    NewJob {
        kind: partway_domain::JobKind::Copy,
        scans: Vec::new(),
        created_ms: 0,
        source_account: AccountId("a".to_owned()),
        source_bucket: Bucket::parse("source").unwrap(),
        source_region: String::new(),
        destination_account: AccountId("a".to_owned()),
        destination_bucket: Bucket::parse("target").unwrap(),
        destination_region: String::new(),
        destination_prefix: Prefix::root(),
        options: CopyOptions::default(),
        transfers: vec![transfer; transfers],
    }
}

/// SQLite answers a file at its page limit exactly as it answers a full disk.
fn limit_pages(journal: &Journal, pages: i64) {
    journal
        .transact(Durability::Durable, move |connection| {
            let query = format!("PRAGMA max_page_count = {pages}");
            Ok(connection.query_row(&query, [], |_| Ok(()))?)
        })
        .unwrap();
}

#[test]
fn a_full_disk_is_said_and_the_writer_goes_on_once_there_is_space() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap().journal;
    let first = journal.add_job(new_job(1)).unwrap();

    limit_pages(&journal, 1);
    let error = journal.add_job(new_job(1_000)).unwrap_err();
    assert!(
        matches!(&error, JournalError::Unwritable { reason, .. } if reason.contains("full")),
        "{error}"
    );
    let ids = |journal: &Journal| -> Vec<JobId> {
        let jobs = journal.jobs(None, 9).unwrap();
        jobs.iter().map(|job| job.id).collect()
    };
    assert_eq!(ids(&journal), [first], "nothing half-written");

    limit_pages(&journal, 1_000_000);
    let second = journal.add_job(new_job(1_000)).unwrap();
    assert_eq!(ids(&journal), [second, first]);
}

#[test]
fn grouped_and_durable_commits_differ_in_what_they_sync() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap().journal;
    let synchronous = |durability| -> i64 {
        journal
            .transact(durability, |connection| {
                Ok(connection.pragma_query_value(None, "synchronous", |row| row.get(0))?)
            })
            .unwrap()
    };
    let (normal, full) = (1, 2);
    assert_eq!(synchronous(Durability::Grouped), normal);
    assert_eq!(synchronous(Durability::Durable), full);
    assert_eq!(synchronous(Durability::Grouped), normal);
}

#[test]
fn the_file_is_in_wal_mode_with_references_checked() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap().journal;
    let (mode, references): (String, bool) = journal
        .transact(Durability::Grouped, |connection| {
            Ok((
                connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?,
                connection.pragma_query_value(None, "foreign_keys", |row| row.get(0))?,
            ))
        })
        .unwrap();
    assert_eq!((mode.as_str(), references), ("wal", true));
}

/// A program that ends by `exit` drops nothing: what it does instead must count as a proper end,
/// or each of its starts checks the whole file.
#[test]
fn a_close_needs_no_drop_and_nothing_works_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let word = || std::fs::read_to_string(folder.path().join("partway.in-use")).unwrap();
    let journal = Journal::open(folder.path()).unwrap().journal;
    let job = journal.add_job(new_job(1)).unwrap();
    assert_eq!(word(), "open\n");

    journal.close();
    assert_eq!(word(), "");
    assert!(!folder.path().join("partway.sqlite3-wal").exists());
    assert!(matches!(journal.job(job), Err(JournalError::Sqlite(_))));
    let late = journal.put_setting("late", &serde_json::Value::Bool(true));
    assert!(matches!(late, Err(JournalError::Sqlite(_))));
    journal.close();

    let again = Journal::open(folder.path()).unwrap();
    assert_eq!(again.set_aside, None);
    assert_eq!(again.journal.job(job).unwrap().id, job);
    drop(journal);
    assert_eq!(
        word(),
        "open\n",
        "the old handle has nothing to close any more"
    );
}
