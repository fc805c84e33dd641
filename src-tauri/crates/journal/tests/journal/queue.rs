//! The order of jobs and whose turn it is.

use partway_domain::{JobId, Priority, QueuePlace, Schedule};
use partway_journal::table::job::Lease;
use partway_journal::table::queue::{Contender, QueueChange};
use partway_journal::table::watched::Watched;
use partway_journal::{Change, Durability, Journal, JournalError};

use crate::sample::{new_job, open};

const NOW: i64 = 1_800_000_000_000;

/// A journal with four jobs that one process drives.
fn driven(folder: &std::path::Path) -> (Journal, Vec<JobId>) {
    let journal = open(folder);
    let jobs: Vec<_> = (0..4)
        .map(|_| journal.add_job(new_job(&["a"])).unwrap())
        .collect();
    for &job in &jobs {
        let lease = Lease {
            holder: "one".to_owned(),
            until_ms: NOW + 15_000,
        };
        journal.lease(job, lease, NOW).unwrap();
    }
    (journal, jobs)
}

fn change(journal: &Journal, job: JobId, change: QueueChange) -> Result<(), JournalError> {
    journal.write(vec![Change::Queue { job, change }], Durability::Durable)
}

fn order(journal: &Journal) -> Vec<JobId> {
    let contenders = journal.contenders(NOW).unwrap();
    contenders.iter().map(|one| one.job).collect()
}

#[test]
fn a_moved_job_changes_places_and_takes_the_priority_of_its_neighbour() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, jobs) = driven(folder.path());
    let [a, b, c, d] = jobs[..] else {
        unreachable!()
    };
    change(&journal, d, QueueChange::Priority(Priority::High)).unwrap();
    assert_eq!(order(&journal), [d, a, b, c]);
    change(&journal, c, QueueChange::Moved(QueuePlace::Before(a))).unwrap();
    assert_eq!(order(&journal), [d, c, a, b]);
    change(&journal, b, QueueChange::Moved(QueuePlace::After(d))).unwrap();
    assert_eq!(order(&journal), [d, b, c, a]);
    assert_eq!(journal.job(b).unwrap().options.priority, Priority::High);
    change(&journal, d, QueueChange::Moved(QueuePlace::Last)).unwrap();
    assert_eq!(order(&journal), [b, d, c, a], "the last of its priority");
    // Who comes next stands behind all of them.
    let next = journal.add_job(new_job(&["a"])).unwrap();
    let position = |job| journal.job(job).unwrap().position;
    assert!(jobs.iter().all(|&job| position(job) < position(next)));
    let nobody = change(
        &journal,
        a,
        QueueChange::Moved(QueuePlace::Before(JobId(99))),
    );
    assert!(
        matches!(nobody, Err(JournalError::NotFound { .. })),
        "{nobody:?}"
    );
    assert_eq!(order(&journal), [b, d, c, a], "nothing was moved halfway");
}

#[test]
fn a_turn_is_given_once_and_ends_with_the_lease() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, jobs) = driven(folder.path());
    let free = |contenders: &[Contender]| !contenders.iter().any(|one| one.running);
    assert!(journal.take_turn(jobs[0], "one", NOW, free).unwrap());
    assert!(!journal.take_turn(jobs[1], "one", NOW, free).unwrap());
    assert!(journal.contenders(NOW).unwrap()[0].running);
    assert_eq!(journal.contenders(NOW + 15_001).unwrap(), []);

    let released = Change::LeaseReleased {
        job: jobs[0],
        holder: "one".to_owned(),
    };
    journal.write(vec![released], Durability::Durable).unwrap();
    assert!(!journal.take_turn(jobs[1], "another", NOW, free).unwrap());
    assert!(journal.take_turn(jobs[1], "one", NOW, free).unwrap());
    change(&journal, jobs[1], QueueChange::TurnOver).unwrap();
    assert!(journal.take_turn(jobs[2], "one", NOW, free).unwrap());
}

#[test]
fn hours_and_pace_outlive_the_handle() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, jobs) = driven(folder.path());
    let schedule = Schedule {
        start_at_ms: Some(NOW),
        window: Some("22:00-06:00".parse().unwrap()),
    };
    change(&journal, jobs[0], QueueChange::Schedule(schedule)).unwrap();
    let pace = QueueChange::AtOnce {
        transfers: 2,
        parts: 9,
    };
    change(&journal, jobs[0], pace).unwrap();
    drop(journal);
    let journal = open(folder.path());
    let row = journal.job(jobs[0]).unwrap();
    let watched = Watched {
        intent: row.intent,
        transfers_at_once: 2,
        parts_at_once: 9,
        schedule,
        bytes_done: row.bytes_done,
    };
    assert_eq!(journal.watched(jobs[0]).unwrap(), watched);
    let options = row.options;
    assert_eq!(options.schedule, schedule);
    assert_eq!((options.transfers_at_once, options.parts_at_once), (2, 9));
}
