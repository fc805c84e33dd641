//! Against a real Secret Service daemon and against none, each step in a process of its own.
#![cfg(target_os = "linux")]

mod session;
mod step;

use session::{Provider, Session};

#[test]
fn a_secret_outlives_the_process_and_the_daemon() {
    let session = Session::new();
    session.run(
        Provider::Unlocked,
        &["finds_nothing", "saves", "loads", "replaces"],
    );
    assert_eq!(session.files_with(step::SECRET), [] as [&str; 0]);

    // The same folders under a new daemon: what is found now was on the disk.
    session.run(
        Provider::Unlocked,
        &["loads_the_replaced", "removes", "finds_nothing", "removes"],
    );
}

#[test]
fn without_a_bus_a_secret_is_kept_for_this_run_only() {
    let session = Session::new();
    session.run(Provider::NoBus, &["is_refused", "is_missing_again"]);
    assert_eq!(session.files_with(step::SECRET), [] as [&str; 0]);
}

#[test]
fn without_a_daemon_a_secret_is_kept_for_this_run_only() {
    let session = Session::new();
    session.run(Provider::BusOnly, &["is_refused", "is_missing_again"]);
    assert_eq!(session.files_with(step::SECRET), [] as [&str; 0]);
}

#[test]
fn a_locked_keyring_keeps_a_secret_for_this_run_only() {
    let session = Session::new();
    session.run(Provider::Locked, &["is_refused_as_locked"]);
    assert_eq!(session.files_with(step::SECRET), [] as [&str; 0]);
}
