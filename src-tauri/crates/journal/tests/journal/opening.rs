//! Opening: new, newer, foreign and damaged files.

use std::fs;

use partway_journal::{Journal, JournalError};
use rusqlite::Connection;

use crate::sample;

#[test]
fn a_new_folder_is_made_and_filled_and_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("not/there/yet");
    let journal = sample::open(&deep);
    let job = journal.add_job(sample::new_job(&["a"])).unwrap();
    drop(journal);

    assert!(
        !deep.join("partway.sqlite3-wal").exists(),
        "one file is left"
    );
    let again = sample::open(&deep);
    assert_eq!(again.job(job).unwrap().first_key.as_str(), "a");
}

#[test]
fn a_newer_file_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    drop(sample::open(folder.path()));
    let file = folder.path().join("partway.sqlite3");
    Connection::open(&file)
        .unwrap()
        .pragma_update(None, "user_version", 999)
        .unwrap();
    let before = fs::read(&file).unwrap();

    let error = Journal::open(folder.path()).unwrap_err();
    assert!(
        matches!(error, JournalError::Newer { found: 999, known, .. } if known < 999),
        "{error}"
    );
    assert!(error.to_string().contains("update this program"), "{error}");
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn another_programs_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("partway.sqlite3");
    let connection = Connection::open(&file).unwrap();
    connection.execute_batch("CREATE TABLE theirs (x)").unwrap();
    drop(connection);
    let before = fs::read(&file).unwrap();

    let error = Journal::open(folder.path()).unwrap_err();
    assert!(matches!(error, JournalError::Foreign { .. }), "{error}");
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn what_is_not_a_database_is_set_aside_and_said_so() {
    for garbage in [&b"x"[..], b"this is no database", &[7; 10_000]] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("partway.sqlite3");
        fs::write(&file, garbage).unwrap();

        let opened = Journal::open(folder.path()).unwrap();
        let aside = opened.set_aside.expect("the user must be told");
        assert_eq!(fs::read(&aside).unwrap(), garbage);
        let name = aside.file_name().unwrap().to_str().unwrap();
        assert!(name.starts_with("partway.sqlite3.corrupt-20"), "{name}");
        opened.journal.add_job(sample::new_job(&["a"])).unwrap();
    }
}

#[test]
fn damage_after_a_crash_is_found_by_the_check() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let keys: Vec<String> = (0..500).map(|n| format!("key-{n:0>100}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    journal.add_job(sample::new_job(&keys)).unwrap();
    drop(journal);
    // All pages after the schema's become noise: every statement of a start still succeeds.
    let file = folder.path().join("partway.sqlite3");
    let mut bytes = fs::read(&file).unwrap();
    let late = bytes.len() / 4 * 3;
    bytes[late..].fill(0xA5);
    fs::write(&file, &bytes).unwrap();

    drop(sample::open(folder.path()));
    // What a crash leaves: the sentinel was never taken back.
    fs::write(folder.path().join("partway.in-use"), "open\n").unwrap();
    let opened = Journal::open(folder.path()).unwrap();
    assert!(opened.set_aside.is_some());
    assert_eq!(opened.journal.jobs(None, 10).unwrap(), []);
}

#[test]
fn a_damaged_file_another_process_has_open_is_not_moved() {
    let folder = tempfile::tempdir().unwrap();
    let first = sample::open(folder.path());
    let file = folder.path().join("partway.sqlite3");
    fs::write(&file, [7; 10_000]).unwrap();

    let error = Journal::open(folder.path()).unwrap_err();
    assert!(matches!(error, JournalError::Corrupt { .. }), "{error}");
    assert!(file.exists());
    drop(first);
}

#[test]
fn a_folder_that_cannot_be_made_is_unwritable() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let error = Journal::open(&file.join("below")).unwrap_err();
    assert!(matches!(error, JournalError::Unwritable { .. }), "{error}");
}
