//! The record tells what the user has and where: nobody else on the computer reads it.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::sample;

const FILES: [&str; 4] = [
    "partway.sqlite3",
    "partway.sqlite3-wal",
    "partway.sqlite3-shm",
    "partway.in-use",
];

fn mode(path: &Path) -> u32 {
    let metadata = fs::metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    metadata.permissions().mode() & 0o777
}

fn set(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_new_record_is_its_users_alone() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("share/partway");
    let journal = sample::open(&folder);
    journal.add_job(sample::new_job(&["a"])).unwrap();
    assert_eq!(mode(&folder), 0o700);
    for file in FILES {
        assert_eq!(mode(&folder.join(file)), 0o600, "{file}");
    }
}

#[test]
fn the_files_of_an_older_version_are_closed_and_its_folder_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let open = sample::open(folder.path());
    open.add_job(sample::new_job(&["a"])).unwrap();
    set(folder.path(), 0o755);
    for file in FILES {
        set(&folder.path().join(file), 0o644);
    }

    // The other process still has it open, so nothing of it is gone.
    let again = sample::open(folder.path());
    for file in FILES {
        assert_eq!(mode(&folder.path().join(file)), 0o600, "{file}");
    }
    assert_eq!(mode(folder.path()), 0o755);
    drop((open, again));
}

#[test]
fn a_damaged_record_that_is_set_aside_is_closed_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("partway.sqlite3");
    fs::write(&file, "this is no database").unwrap();
    set(&file, 0o644);
    let opened = partway_journal::Journal::open(folder.path()).unwrap();
    assert_eq!(mode(&opened.set_aside.expect("it is set aside")), 0o600);
    assert_eq!(mode(&file), 0o600);
}
