//! Every row comes back as it went in.

use partway_domain::{
    Access, Account, AccountId, Addressing, DialectName, ETag, Failure, FailureKind, PartNumber,
    State, VersionId, Wait,
};
use partway_journal::table::event::{Level, NewEvent};
use partway_journal::table::transfer::Verdict;
use partway_journal::{Change, Durability, Journal, JournalError};

use crate::sample;

#[test]
fn odd_keys_are_kept_byte_for_byte() {
    let keys = [
        "a/../b",
        "a//b",
        "/a",
        "a/",
        " a ",
        "'",
        "\"; DROP TABLE job; --",
        "a\nb\0c",
        "\u{e9}",
        "e\u{301}",
        "\u{202e}gpj.exe",
        "😀",
        "%2e%2e/%00",
        "x'41'",
        "123",
        "NULL",
    ];
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let job = journal.add_job(sample::new_job(&keys)).unwrap();
    let rows = journal.transfers(job, None, 100).unwrap();
    assert_eq!(rows.len(), keys.len());
    for (row, key) in rows.iter().zip(keys) {
        assert_eq!(row.source_key.as_str().as_bytes(), key.as_bytes());
        assert_eq!(row.destination_key.as_str(), format!("in/{key}"));
    }
    // Also for whoever looks at the file: bytes, not text.
    let file = rusqlite::Connection::open(folder.path().join("partway.sqlite3")).unwrap();
    let stored: String = file
        .query_row(
            "SELECT group_concat(DISTINCT typeof(source_key) || typeof(destination_key)) FROM transfer",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(stored, "blobblob");
}

/// Every state there is; the match makes a new one fail to compile here.
fn all_states() -> Vec<State> {
    const KINDS: [FailureKind; 25] = [
        FailureKind::Throttled,
        FailureKind::ServerTrouble,
        FailureKind::Network,
        FailureKind::Tls,
        FailureKind::ClockSkew,
        FailureKind::WrongCredential,
        FailureKind::ExpiredCredential,
        FailureKind::MissingCredential,
        FailureKind::AccessDenied,
        FailureKind::AccountSuspended,
        FailureKind::WrongRegion,
        FailureKind::NoSuchBucket,
        FailureKind::NoSuchSource,
        FailureKind::NoSuchUpload,
        FailureKind::NeedsRestore,
        FailureKind::SourceChanged,
        FailureKind::DestinationConflict,
        FailureKind::Unprovable,
        FailureKind::UploadUncertain,
        FailureKind::VerificationFailed,
        FailureKind::Invalid,
        FailureKind::Impossible,
        FailureKind::NotSupported,
        FailureKind::BadResponse,
        FailureKind::Journal,
    ];
    const WAITS: [Wait; 4] = [
        Wait::Network,
        Wait::Credential,
        Wait::Restore,
        Wait::Decision,
    ];
    let plain = [
        State::Queued,
        State::Starting,
        State::Copying,
        State::Paused,
        State::Completing,
        State::Verifying,
        State::Removing,
        State::Done,
        State::Aborting,
        State::Cancelled,
        State::Skipped,
    ];
    let waits = WAITS.into_iter().map(|wait| State::Waiting { wait });
    let kinds = KINDS.into_iter().map(|kind| State::Failed { kind });
    let states: Vec<State> = plain.into_iter().chain(waits).chain(kinds).collect();
    for state in &states {
        match state {
            State::Queued
            | State::Starting
            | State::Copying
            | State::Paused
            | State::Waiting { .. }
            | State::Completing
            | State::Verifying
            | State::Removing
            | State::Done
            | State::Aborting
            | State::Cancelled
            | State::Skipped
            | State::Failed { .. } => {}
        }
    }
    states
}

#[test]
fn every_state_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let (_, transfer) = sample::large(&journal);
    for state in all_states() {
        let change = Change::State {
            transfer,
            state,
            failure: None,
        };
        journal.write(vec![change], Durability::Durable).unwrap();
        let row = journal.transfer(transfer).unwrap();
        assert_eq!(row.state, state);
        assert_eq!(row.finished_ms.is_some(), state.is_settled(), "{state:?}");
        assert_eq!(
            row.started_ms.is_some(),
            state != State::Queued,
            "{state:?}"
        );
    }
}

#[test]
fn a_failure_stays_with_failed_and_waiting_only() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let (_, transfer) = sample::large(&journal);
    let failure = Failure {
        kind: FailureKind::AccessDenied,
        message: "may not".to_owned(),
        operation: "UploadPartCopy".to_owned(),
        bucket: Some("b".to_owned()),
        key: Some("k\n".to_owned()),
        status: Some(403),
        code: Some("AccessDenied".to_owned()),
        request_id: Some("r-1".to_owned()),
        attempts: 3,
    };
    for state in all_states() {
        let change = Change::State {
            transfer,
            state,
            failure: Some(failure.clone()),
        };
        journal.write(vec![change], Durability::Durable).unwrap();
        let kept = matches!(state, State::Failed { .. } | State::Waiting { .. });
        assert_eq!(
            journal.transfer(transfer).unwrap().failure,
            kept.then(|| failure.clone()),
            "{state:?}"
        );
    }
}

#[test]
fn pins_parts_and_verdicts_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let mut job = sample::new_job(&["a"]);
    job.transfers[0].source_version = Some(VersionId::parse("v 1").unwrap());
    job.options.part_size = Some(1 << 20);
    job.options.storage_class = Some("STANDARD_IA".to_owned());
    job.options.terms.source_key_md5 = Some("md5=".to_owned());
    job.options.terms.access = Access::Canned("private".to_owned());
    let id = journal.add_job(job.clone()).unwrap();
    let row = journal.job(id).unwrap();
    assert_eq!(row.options, job.options);
    assert_eq!(row.destination_prefix, job.destination_prefix);
    assert_eq!(row.source_bucket, job.source_bucket);
    assert_eq!(row.source_region, job.source_region);
    assert_eq!((row.bytes_total, row.parts_total), (1_000, 0));

    let transfer = sample::only_transfer(&journal, id);
    let mut pin = sample::pin(5_000, 5);
    pin.version = Some(VersionId::parse("v2").unwrap());
    let verdict = Verdict {
        verified: true,
        evidence: "size and CRC-64 of HEAD".to_owned(),
        etag: ETag::parse("x-5").unwrap(),
        version: Some(VersionId::parse("v3").unwrap()),
        size: 5_000,
        request_id: Some("r-2".to_owned()),
        at_ms: 7,
    };
    journal
        .write(
            vec![
                Change::Pinned {
                    transfer,
                    pin: pin.clone(),
                },
                sample::part_done(transfer, 2, 900),
                sample::part_done(transfer, 1, 1_000),
                sample::part_done(transfer, 2, 1_000),
                Change::Verdict {
                    transfer,
                    verdict: verdict.clone(),
                },
            ],
            Durability::Durable,
        )
        .unwrap();
    let row = journal.transfer(transfer).unwrap();
    assert_eq!(row.source_version, job.transfers[0].source_version);
    assert_eq!(row.pin, Some(pin));
    assert_eq!(row.verdict, Some(verdict));
    assert_eq!(
        (row.size, row.parts_done, row.bytes_done),
        (5_000, 2, 2_000)
    );
    let parts = journal.parts(transfer).unwrap();
    assert_eq!(parts[0].number, PartNumber::new(1).unwrap());
    assert_eq!(parts[1].etag.as_str(), "part-2");
    assert_eq!(journal.job(id).unwrap().bytes_total, 5_000);
}

#[test]
fn events_come_back_newest_first_and_in_pages() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let (job, transfer) = sample::large(&journal);
    let event = |n: i64| NewEvent {
        at_ms: n,
        job,
        transfer: (n % 2 == 0).then_some(transfer),
        part: (n % 3 == 0).then(|| PartNumber::new(7).unwrap()),
        level: [Level::Normal, Level::Warning, Level::Error][usize::try_from(n % 3).unwrap()],
        what: "part_retried".to_owned(),
        detail: format!("SlowDown {n}"),
        request_id: (n % 2 == 1).then(|| "r".to_owned()),
    };
    let events = (0..7).map(|n| Change::Event(event(n))).collect();
    journal.write(events, Durability::Grouped).unwrap();

    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let page = journal.events(job, before, 3).unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        seen.extend(page.into_iter().map(|row| row.event));
    }
    assert_eq!(seen, (0..7).rev().map(event).collect::<Vec<_>>());
}

#[test]
fn jobs_and_transfers_come_in_pages() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let ids: Vec<_> = (0..5)
        .map(|_| journal.add_job(sample::new_job(&["a", "b", "c"])).unwrap())
        .collect();
    let page = |before, limit| -> Vec<_> {
        let rows = journal.jobs(before, limit).unwrap();
        rows.iter().map(|row| row.id).collect()
    };
    assert_eq!(page(None, 2), [ids[4], ids[3]]);
    assert_eq!(page(Some(ids[3]), 9), [ids[2], ids[1], ids[0]]);

    let first = journal.transfers(ids[1], None, 2).unwrap();
    let rest = journal.transfers(ids[1], Some(first[1].id), 9).unwrap();
    assert_eq!((first.len(), rest.len()), (2, 1));
    assert_eq!(rest[0].source_key.as_str(), "c");
}

#[test]
fn a_job_without_transfers_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    assert!(matches!(
        journal.add_job(sample::new_job(&[])),
        Err(JournalError::NotFound { .. })
    ));
    assert_eq!(journal.jobs(None, 9).unwrap(), []);
}

pub(crate) fn account(id: &str, name: &str) -> Account {
    Account {
        id: AccountId(id.to_owned()),
        name: name.to_owned(),
        dialect: DialectName::ObsV2,
        endpoint: "https://obs.example".to_owned(),
        region: "eu".to_owned(),
        addressing: Addressing::VirtualHost,
        masked_key_id: "AKIA…1234".to_owned(),
        named_buckets: vec!["one".to_owned(), "two".to_owned()],
        demo: true,
        fallback_domain: true,
    }
}

#[test]
fn accounts_are_replaced_by_id_and_unique_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let work = account("1", "work");
    journal.put_account(&account("2", "archive")).unwrap();
    journal.put_account(&work).unwrap();
    assert_eq!(
        journal.accounts().unwrap(),
        [account("2", "archive"), work.clone()]
    );
    assert_eq!(
        journal.put_account(&account("3", "work")),
        Err(JournalError::NameTaken {
            name: "work".to_owned()
        })
    );
    journal.put_account(&account("1", "renamed")).unwrap();
    journal.remove_account(&AccountId("2".to_owned())).unwrap();
    assert_eq!(journal.accounts().unwrap(), [account("1", "renamed")]);
    assert!(matches!(
        journal.remove_account(&AccountId("2".to_owned())),
        Err(JournalError::NotFound { .. })
    ));
}

#[test]
fn settings_are_json() {
    let folder = tempfile::tempdir().unwrap();
    let journal: Journal = sample::open(folder.path());
    assert_eq!(journal.setting("theme").unwrap(), None);
    for value in [
        serde_json::json!("dark"),
        serde_json::json!({"a": [1, null]}),
        serde_json::Value::Null,
    ] {
        journal.put_setting("theme", &value).unwrap();
        assert_eq!(journal.setting("theme").unwrap(), Some(value));
    }
}
