//! What is known of a destination, what was decided and what a verdict rests on survives the
//! program, and goes with its job.

use partway_domain::{
    Compared, Comparison, Decision, ETag, Key, Made, Occupant, Snapshot, Standing, TransferId,
    UploadId,
};
use partway_journal::table::restore::RestoreRow;
use partway_journal::{Change, Durability, Journal};
use tempfile::TempDir;

use crate::sample::{new_job, open};

fn write(journal: &Journal, change: Change) {
    journal.write(vec![change], Durability::Durable).unwrap();
}

fn begin() -> (TempDir, Journal, TransferId) {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path());
    let job = journal.add_job(new_job(&["a"])).unwrap();
    let transfer = journal.transfers(job, None, 1).unwrap()[0].id;
    (folder, journal, transfer)
}

#[test]
fn every_standing_and_every_decision_comes_back_as_it_was_written() {
    let (folder, journal, transfer) = begin();
    let object = Standing::Object(Occupant {
        etag: ETag::parse("\"abc\"").unwrap(),
        size: 7,
        last_modified: "Fri, 20 Nov 2026 01:02:03 GMT".to_owned(),
        version: None,
    });
    for standing in [Standing::Absent, Standing::Hidden, object] {
        let snapshot = Snapshot {
            may_replace: standing.is_taken(),
            writing: !standing.is_taken(),
            made: standing.is_taken().then(|| Made {
                etag: ETag::parse("\"made\"").unwrap(),
                of: ETag::parse("\"of\"").unwrap(),
            }),
            standing,
            at_ms: 9,
        };
        let change = Change::Snapshot {
            transfer,
            snapshot: snapshot.clone(),
        };
        write(&journal, change);
        let row = journal.transfer(transfer).unwrap();
        assert_eq!(row.snapshot, Some(snapshot));
    }
    let upload_id = UploadId::parse("an/upload").unwrap();
    for decision in [
        Decision::Replace,
        Decision::KeepBoth,
        Decision::Skip,
        Decision::StartOver,
        Decision::AcceptAsIs,
        Decision::AdoptUpload { upload_id },
    ] {
        let change = Change::Decided {
            transfer,
            decision: decision.clone(),
        };
        write(&journal, change);
        drop(journal.clone());
        let again = open(folder.path());
        let row = again.transfer(transfer).unwrap();
        assert_eq!(row.decision, Some(decision));
    }
    write(&journal, Change::DecisionSpent { transfer });
    assert_eq!(journal.transfer(transfer).unwrap().decision, None);
}

#[test]
fn another_key_or_another_source_ends_what_was_seen_at_the_destination() {
    let (_folder, journal, transfer) = begin();
    let seen = || Change::Snapshot {
        transfer,
        snapshot: Snapshot {
            standing: Standing::Absent,
            may_replace: false,
            writing: false,
            made: None,
            at_ms: 1,
        },
    };
    write(&journal, seen());
    let destination_key = Key::parse("in/a (2)").unwrap();
    let renamed = Change::Renamed {
        transfer,
        destination_key: destination_key.clone(),
    };
    write(&journal, renamed);
    let row = journal.transfer(transfer).unwrap();
    assert_eq!((row.snapshot, row.destination_key), (None, destination_key));
    write(&journal, seen());
    write(&journal, Change::Unpinned { transfer });
    let row = journal.transfer(transfer).unwrap();
    assert_eq!((row.snapshot, row.pin), (None, None));
}

#[test]
fn evidence_keeps_its_order_and_gives_way_to_newer() {
    let (_folder, journal, transfer) = begin();
    let line = |compared, found: Option<&str>| Comparison {
        compared,
        expected: "5".to_owned(),
        expected_from: "HeadObject of the source".to_owned(),
        found: found.map(str::to_owned),
        found_from: "HeadObject of the destination".to_owned(),
        request_id: Some("r1".to_owned()),
    };
    let first = vec![
        line(Compared::Size, Some("5")),
        line(Compared::Crc64Xz, None),
    ];
    let second = vec![line(Compared::UploadId, Some("5"))];
    for comparisons in [first, second] {
        let change = Change::Evidence {
            transfer,
            comparisons: comparisons.clone(),
        };
        write(&journal, change);
        assert_eq!(journal.evidence(transfer).unwrap(), comparisons);
    }
}

#[test]
fn a_restore_is_waited_for_only_while_the_transfer_waits_for_it() {
    let (_folder, journal, transfer) = begin();
    let job = journal.transfer(transfer).unwrap().job;
    let restore = RestoreRow {
        tier: "standard".to_owned(),
        days: 3,
        asked_ms: 4,
        sent: true,
    };
    let change = Change::Restore {
        transfer,
        restore: restore.clone(),
    };
    write(&journal, change);
    assert_eq!(journal.transfer(transfer).unwrap().restore, Some(restore));
    assert!(!journal.restores_waited_for(job).unwrap());
    let waits = Change::State {
        transfer,
        state: partway_domain::State::Waiting {
            wait: partway_domain::Wait::Restore,
        },
        failure: None,
    };
    write(&journal, waits);
    assert!(journal.restores_waited_for(job).unwrap());
    write(&journal, Change::Restored { transfer });
    assert!(!journal.restores_waited_for(job).unwrap());
}
