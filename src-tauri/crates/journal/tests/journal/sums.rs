//! A job's sums are kept, never counted; here they are counted after all.

use partway_domain::{
    FailureKind, JobId, JobIntent, PartNumber, State, TransferId, Wait, job::TransferCounts,
};
use partway_journal::table::job::JobRow;
use partway_journal::{Change, Durability, Journal};
use proptest::prelude::*;

use crate::sample;

fn any_state() -> impl Strategy<Value = State> {
    prop_oneof![
        Just(State::Queued),
        Just(State::Starting),
        Just(State::Copying),
        Just(State::Paused),
        Just(State::Waiting {
            wait: Wait::Network
        }),
        Just(State::Completing),
        Just(State::Verifying),
        Just(State::Removing),
        Just(State::Done),
        Just(State::Aborting),
        Just(State::Cancelled),
        Just(State::Skipped),
        Just(State::Failed {
            kind: FailureKind::AccessDenied
        }),
    ]
}

fn any_change() -> impl Strategy<Value = Change> {
    let transfer = (1..=3_i64).prop_map(TransferId);
    let number = 1..=6_u32;
    prop_oneof![
        4 => (transfer.clone(), any_state()).prop_map(|(transfer, state)| Change::State {
            transfer,
            state,
            failure: None,
        }),
        6 => (transfer.clone(), number.clone(), 0..1_000_u64)
            .prop_map(|(transfer, number, size)| sample::part_done(transfer, number, size)),
        2 => (transfer.clone(), proptest::collection::vec(number, 0..4)).prop_map(
            |(transfer, numbers)| Change::PartsForgotten {
                transfer,
                numbers: numbers.into_iter().filter_map(PartNumber::new).collect(),
            }
        ),
        1 => transfer.clone().prop_map(|transfer| Change::UploadGone { transfer }),
        1 => (transfer, 1..9_000_u64, 1..6_u32).prop_map(|(transfer, size, parts)| {
            Change::Pinned {
                transfer,
                pin: sample::pin(size, parts),
            }
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_sums_equal_a_recount(
        batches in proptest::collection::vec(proptest::collection::vec(any_change(), 1..8), 1..12)
    ) {
        let folder = tempfile::tempdir().unwrap();
        let journal = sample::open(folder.path());
        let jobs = [
            journal.add_job(sample::new_job(&["a", "b"])).unwrap(),
            journal.add_job(sample::new_job(&["c"])).unwrap(),
        ];
        for batch in batches {
            journal.write(batch, Durability::Durable).unwrap();
            for job in jobs {
                let kept = journal.job(job).unwrap();
                prop_assert_eq!(Sums::of(&kept), Sums::counted(&journal, job));
                prop_assert_eq!(kept.finished_ms.is_some(), kept.counts.unfinished() == 0);
            }
        }
        let open = journal.unfinished_jobs().unwrap();
        prop_assert!(open.iter().all(|job| job.counts.unfinished() > 0));
    }
}

#[derive(Debug, PartialEq)]
struct Sums {
    counts: TransferCounts,
    bytes_total: u64,
    bytes_done: u64,
    parts_total: u64,
    parts_done: u64,
}

impl Sums {
    fn of(row: &JobRow) -> Self {
        Self {
            counts: row.counts,
            bytes_total: row.bytes_total,
            bytes_done: row.bytes_done,
            parts_total: row.parts_total,
            parts_done: row.parts_done,
        }
    }

    fn counted(journal: &Journal, job: JobId) -> Self {
        let mut sums = Self {
            counts: TransferCounts::default(),
            bytes_total: 0,
            bytes_done: 0,
            parts_total: 0,
            parts_done: 0,
        };
        for transfer in journal.transfers(job, None, 100).unwrap() {
            let planned = transfer.pin.map_or(0, |pin| u64::from(pin.plan.parts));
            let parts = journal.parts(transfer.id).unwrap();
            let (bytes, count) = match transfer.state {
                State::Verifying | State::Removing | State::Done => (transfer.size, planned),
                _ => (parts.iter().map(|part| part.size).sum(), parts.len() as u64),
            };
            assert_eq!((transfer.bytes_done, transfer.parts_done), (bytes, count));
            sums.counts.add(transfer.state, 1);
            if transfer.state == State::Skipped {
                // Nobody works on what is left out.
                continue;
            }
            sums.bytes_total += transfer.size;
            sums.bytes_done += bytes;
            sums.parts_total += planned;
            sums.parts_done += count;
        }
        sums
    }
}

#[test]
fn a_job_is_finished_while_nothing_is_left_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let job = journal.add_job(sample::new_job(&["a", "b"])).unwrap();
    let set = |transfer, state| {
        let change = Change::State {
            transfer: TransferId(transfer),
            state,
            failure: None,
        };
        journal.write(vec![change], Durability::Grouped).unwrap();
        journal.job(job).unwrap().finished_ms
    };
    let failed = State::Failed {
        kind: FailureKind::Network,
    };
    assert_eq!(set(1, State::Done), None);
    assert!(set(2, failed).is_some());
    assert_eq!(journal.unfinished_jobs().unwrap(), []);
    assert_eq!(set(2, State::Starting), None);
    assert_eq!(journal.unfinished_jobs().unwrap().len(), 1);
    assert!(set(2, State::Done).is_some());
}

#[test]
fn the_users_will_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let job = journal.add_job(sample::new_job(&["a"])).unwrap();
    assert_eq!(journal.job(job).unwrap().intent, JobIntent::Run);
    for intent in [JobIntent::Pause, JobIntent::Cancel, JobIntent::Run] {
        journal
            .write(vec![Change::Intent { job, intent }], Durability::Durable)
            .unwrap();
        assert_eq!(journal.job(job).unwrap().intent, intent);
    }
}
