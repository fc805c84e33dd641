//! Prefixes of a job: pages and markers go together, and a job is not finished before them.

use partway_domain::{Failure, FailureKind, JobId, JobIntent, Key, Prefix, Reason, State, Wait};
use partway_journal::table::job::{Beginning, NewTransfer};
use partway_journal::table::scan::{NewScan, ScanId, ScanState};
use partway_journal::table::transfer::ToDo;
use partway_journal::{Change, Durability, Journal};

use crate::sample;

/// A job of one named object and one prefix.
fn job_with_prefix(journal: &Journal) -> (JobId, ScanId) {
    let mut new = sample::new_job(&["named"]);
    new.scans.push(NewScan {
        source_prefix: Prefix::parse("box/").unwrap(),
        destination_prefix: Prefix::parse("in/box/").unwrap(),
    });
    let job = journal.add_job(new).unwrap();
    let scans = journal.scans(job).unwrap();
    assert_eq!(scans.len(), 1);
    (job, scans[0].id)
}

fn page(scan: ScanId, keys: &[&str], beginning: &Beginning) -> Change {
    let transfers: Vec<NewTransfer> = keys
        .iter()
        .map(|key| NewTransfer {
            beginning: beginning.clone(),
            ..sample::new_transfer(key)
        })
        .collect();
    Change::ScanPage {
        scan,
        marker: transfers.last().unwrap().source_key.clone(),
        listed: transfers.len() as u64,
        transfers,
    }
}

fn write(journal: &Journal, change: Change) {
    journal.write(vec![change], Durability::Durable).unwrap();
}

fn settle(journal: &Journal, job: JobId) {
    for row in journal.transfers(job, None, 100).unwrap() {
        if !row.state.is_settled() {
            let state = State::Done;
            let transfer = row.id;
            let failure = None;
            write(
                journal,
                Change::State {
                    transfer,
                    state,
                    failure,
                },
            );
        }
    }
}

fn ended(scan: ScanId, state: ScanState) -> Change {
    Change::ScanState {
        scan,
        state,
        failure: None,
    }
}

#[test]
fn a_listing_goes_on_where_its_last_page_ended() {
    let folder = tempfile::tempdir().unwrap();
    let (job, scan) = {
        let journal = sample::open(folder.path());
        let (job, scan) = job_with_prefix(&journal);
        write(
            &journal,
            page(scan, &["box/a", "box/b"], &Beginning::Queued),
        );
        // A page of which one row cannot be written leaves neither rows nor marker.
        let unknown = page(ScanId(99), &["box/c"], &Beginning::Queued);
        let both = vec![page(scan, &["box/c"], &Beginning::Queued), unknown];
        assert!(journal.write(both, Durability::Durable).is_err());
        (job, scan)
    };
    let journal = sample::open(folder.path());
    let row = &journal.scans(job).unwrap()[0];
    assert_eq!(row.id, scan);
    assert_eq!(row.marker.as_ref().map(Key::as_str), Some("box/b"));
    assert_eq!((row.listed, row.state), (2, ScanState::Listing));
    assert_eq!(journal.job(job).unwrap().counts.total(), 3);
    let named = journal.destinations(job, row.named_until).unwrap();
    assert_eq!(
        named,
        [Key::parse("in/named").unwrap()],
        "not what was listed"
    );
}

#[test]
fn a_job_is_not_finished_before_its_prefixes_are() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let (job, scan) = job_with_prefix(&journal);
    settle(&journal, job);
    assert_eq!(journal.job(job).unwrap().finished_ms, None);
    write(
        &journal,
        page(scan, &["box/a"], &Beginning::Skipped(Reason::Same)),
    );
    write(&journal, ended(scan, ScanState::Done));
    let row = journal.job(job).unwrap();
    assert!(row.finished_ms.is_some());
    assert_eq!(
        (row.counts.skipped, row.counts.done, row.prefixes),
        (1, 1, 1)
    );
    assert_eq!(
        row.bytes_total, row.bytes_done,
        "what is left out is no work"
    );
    let skipped = &journal.transfers(job, None, 10).unwrap()[1];
    assert_eq!(skipped.left_out, Some(Reason::Same));
}

#[test]
fn a_cancelled_job_ends_its_listings_and_can_take_them_up_again() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let (job, scan) = job_with_prefix(&journal);
    let intent = JobIntent::Cancel;
    write(&journal, Change::Intent { job, intent });
    write(&journal, Change::QueuedCancelled { job });
    let row = journal.job(job).unwrap();
    assert!(row.finished_ms.is_some(), "{row:?}");
    assert_eq!((row.counts.cancelled, row.counts.listing_failed), (1, 1));
    write(&journal, ended(scan, ScanState::Listing));
    assert_eq!(journal.job(job).unwrap().finished_ms, None);
}

#[test]
fn a_page_that_comes_after_the_cancel_leaves_its_job_unfinished() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let (job, scan) = job_with_prefix(&journal);
    settle(&journal, job);
    let intent = JobIntent::Cancel;
    write(&journal, Change::Intent { job, intent });
    write(&journal, page(scan, &["box/a"], &Beginning::Queued));
    // Whoever starts the program next has to find it.
    assert_eq!(journal.unfinished_jobs().unwrap().len(), 1);
    write(&journal, Change::QueuedCancelled { job });
    assert_eq!(journal.unfinished_jobs().unwrap(), []);
}

#[test]
fn only_what_has_something_to_do_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let (job, scan) = job_with_prefix(&journal);
    let failure = Failure::local(FailureKind::Invalid, "no");
    write(
        &journal,
        page(scan, &["box/a"], &Beginning::Failed(failure)),
    );
    write(
        &journal,
        page(scan, &["box/b"], &Beginning::Skipped(Reason::Exists)),
    );
    write(&journal, page(scan, &["box/c"], &Beginning::Queued));
    let keys = |which| -> Vec<String> {
        let rows = journal.transfers_to_do(job, None, 10, which).unwrap();
        rows.iter().map(|row| row.source_key.to_string()).collect()
    };
    assert_eq!(keys(ToDo::Unsettled), ["named", "box/c"]);
    assert_eq!(keys(ToDo::AndGivenUp), ["named", "box/a", "box/c"]);
    assert_eq!(keys(ToDo::AndHolding), ["named", "box/c"]);

    // And of that only what waits.
    let waiting = || journal.waiting_transfers(job, 10).unwrap();
    assert_eq!(waiting(), []);
    let last = journal.transfers(job, None, 10).unwrap().pop().unwrap();
    let state = State::Waiting {
        wait: Wait::Restore,
    };
    write(
        &journal,
        Change::State {
            transfer: last.id,
            state,
            failure: None,
        },
    );
    let keys: Vec<String> = waiting()
        .iter()
        .map(|row| row.source_key.to_string())
        .collect();
    assert_eq!(keys, ["box/c"]);
}
