//! One writer, many callers: commits are shared, order is kept, nothing is lost.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use partway_domain::TransferId;
use partway_journal::{Change, Durability, JournalError};

use crate::sample;

#[test]
fn ten_thousand_parts_from_64_threads_share_their_commits() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let (job, transfer) = sample::large(&journal);
    let before = journal.commits();
    let next = AtomicU32::new(1);

    std::thread::scope(|scope| {
        for _ in 0..64 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number > 10_000 {
                        return;
                    }
                    let change = sample::part_done(transfer, number, 100);
                    journal.write(vec![change], Durability::Grouped).unwrap();
                }
            });
        }
    });

    let commits = journal.commits() - before;
    assert!(commits <= 2_500, "{commits} commits");
    assert!(commits > 10, "{commits} commits cannot be counted right");
    let row = journal.job(job).unwrap();
    assert_eq!((row.parts_done, row.bytes_done), (10_000, 1_000_000));
    assert_eq!(journal.parts(transfer).unwrap().len(), 10_000);
}

#[test]
fn submissions_are_committed_and_answered_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let (_, transfer) = sample::large(&journal);
    let (done, answers) = mpsc::channel();
    for n in 0..2_000_u32 {
        let durability = if n % 97 == 0 {
            Durability::Durable
        } else {
            Durability::Grouped
        };
        let done = done.clone();
        // Always the same part: the last one written must win.
        let change = sample::part_done(transfer, 1, u64::from(n));
        journal.submit(vec![change], durability, move |result| {
            result.unwrap();
            done.send(n).unwrap();
        });
    }
    drop(done);
    assert_eq!(
        answers.iter().collect::<Vec<_>>(),
        (0..2_000).collect::<Vec<_>>()
    );
    assert_eq!(journal.parts(transfer).unwrap()[0].size, 1_999);
}

#[test]
fn a_durable_submission_ends_the_lingering() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let (_, transfer) = sample::large(&journal);
    let rounds = 50;
    let before = journal.commits();
    for n in 1..=rounds {
        journal.submit(
            vec![sample::part_done(transfer, n, 1)],
            Durability::Grouped,
            |result| result.unwrap(),
        );
        journal
            .write(vec![sample::part_done(transfer, n, 2)], Durability::Durable)
            .unwrap();
    }
    // Both together, except when the writer had begun with the first before it saw the second.
    let commits = journal.commits() - before;
    assert!(
        (u64::from(rounds)..=u64::from(rounds) * 3 / 2).contains(&commits),
        "{commits} commits for {rounds} pairs"
    );
}

#[test]
fn one_bad_submission_changes_nothing_and_harms_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let (_, transfer) = sample::large(&journal);
    let nowhere = TransferId(4_711);
    let (done, answers) = mpsc::channel();
    let submit = |changes: Vec<Change>| {
        let done = done.clone();
        journal.submit(changes, Durability::Grouped, move |result| {
            done.send(result).unwrap();
        });
    };
    submit(vec![sample::part_done(transfer, 1, 10)]);
    submit(vec![
        sample::part_done(transfer, 2, 10),
        sample::part_done(nowhere, 1, 10),
    ]);
    submit(vec![sample::part_done(transfer, 3, 10)]);

    let results: Vec<_> = answers.iter().take(3).collect();
    assert_eq!(results[0], Ok(()));
    assert_eq!(
        results[1],
        Err(JournalError::NotFound {
            what: "transfer 4711".to_owned()
        })
    );
    assert_eq!(results[2], Ok(()));
    let numbers: Vec<u32> = journal
        .parts(transfer)
        .unwrap()
        .iter()
        .map(|part| part.number.value())
        .collect();
    assert_eq!(numbers, [1, 3]);
    assert_eq!(journal.transfer(transfer).unwrap().bytes_done, 20);
}

#[test]
fn a_panicking_callback_does_not_stop_the_writer() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let (_, transfer) = sample::large(&journal);
    journal.submit(
        vec![sample::part_done(transfer, 1, 1)],
        Durability::Durable,
        |_| panic!("on purpose"),
    );
    journal
        .write(vec![sample::part_done(transfer, 2, 1)], Durability::Durable)
        .unwrap();
    assert_eq!(journal.parts(transfer).unwrap().len(), 2);
}

#[test]
fn dropping_the_last_handle_commits_what_was_submitted() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let (_, transfer) = sample::large(&journal);
    for number in 1..=1_000 {
        let change = sample::part_done(transfer, number, 1);
        journal.submit(vec![change], Durability::Grouped, |result| result.unwrap());
    }
    drop(journal);
    let again = sample::open(folder.path());
    assert_eq!(again.parts(transfer).unwrap().len(), 1_000);
}

#[test]
fn the_last_handle_may_be_dropped_by_a_callback() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let (_, transfer) = sample::large(&journal);
    let (done, answer) = mpsc::channel();
    let last = Arc::new(journal.clone());
    journal.submit(
        vec![sample::part_done(transfer, 1, 1)],
        Durability::Grouped,
        move |result| {
            drop(last);
            done.send(result).unwrap();
        },
    );
    drop(journal);
    assert_eq!(answer.recv_timeout(Duration::from_secs(5)).unwrap(), Ok(()));
}

#[test]
fn another_process_holding_the_lock_delays_a_write_but_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let (_, transfer) = sample::large(&journal);
    let other = rusqlite::Connection::open(folder.path().join("partway.sqlite3")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    // Longer than SQLite waits by itself.
    let held = Duration::from_millis(2_600);
    let release = std::thread::spawn(move || {
        std::thread::sleep(held);
        other.execute_batch("COMMIT").unwrap();
    });

    let begun = Instant::now();
    journal
        .write(vec![sample::part_done(transfer, 1, 1)], Durability::Grouped)
        .unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(2_500));
    release.join().unwrap();
}

#[test]
fn two_processes_see_each_others_writes() {
    let folder = tempfile::tempdir().unwrap();
    let app = sample::open(folder.path());
    let cli = sample::open(folder.path());
    let (job, transfer) = sample::large(&app);
    std::thread::scope(|scope| {
        for (journal, parity) in [(&app, 1), (&cli, 2)] {
            scope.spawn(move || {
                for number in (parity..=400).step_by(2) {
                    let change = sample::part_done(transfer, number, 1);
                    journal.write(vec![change], Durability::Grouped).unwrap();
                }
            });
        }
    });
    for journal in [&app, &cli] {
        assert_eq!(journal.job(job).unwrap().parts_done, 400);
        assert_eq!(journal.parts(transfer).unwrap().len(), 400);
    }
}
