//! Jobs to fill a journal with.

use std::path::Path;

use partway_domain::{
    AccountId, Bucket, CopyOptions, ETag, JobId, JobKind, Key, Method, PartNumber, Plan, Prefix,
    TransferId,
};
use partway_journal::table::job::{Beginning, NewJob, NewTransfer};
use partway_journal::table::transfer::Pin;
use partway_journal::{Change, Journal};

pub(crate) fn open(folder: &Path) -> Journal {
    let opened = Journal::open(folder).unwrap();
    assert_eq!(opened.set_aside, None);
    opened.journal
}

pub(crate) fn new_job(keys: &[&str]) -> NewJob {
    NewJob {
        kind: JobKind::Copy,
        created_ms: 1_700_000_000_000,
        source_account: AccountId("from".to_owned()),
        source_bucket: Bucket::parse("source-1250000000").unwrap(),
        source_region: "ap-guangzhou".to_owned(),
        destination_account: AccountId("to".to_owned()),
        destination_bucket: Bucket::parse("target-1250000000").unwrap(),
        destination_region: String::new(),
        destination_prefix: Prefix::parse("in/").unwrap(),
        options: CopyOptions::default(),
        transfers: keys.iter().map(|key| new_transfer(key)).collect(),
        scans: Vec::new(),
    }
}

pub(crate) fn new_transfer(key: &str) -> NewTransfer {
    NewTransfer {
        source_key: Key::parse(key).unwrap(),
        source_version: None,
        destination_key: Key::parse(format!("in/{key}")).unwrap(),
        size: 1_000,
        pin: None,
        beginning: Beginning::Queued,
    }
}

pub(crate) fn pin(size: u64, parts: u32) -> Pin {
    Pin {
        etag: ETag::parse("\"abc-3\"").unwrap(),
        size,
        version: None,
        last_modified: "Fri, 20 Nov 2026 01:02:03 GMT".to_owned(),
        checksum: Some("crc64xz:123".to_owned()),
        attributes: serde_json::json!({"content_type": "text/plain"}),
        not_carried: vec!["the ACL".to_owned()],
        plan: Plan {
            size,
            method: Method::Multipart,
            part_size: size.div_ceil(u64::from(parts)),
            parts,
        },
    }
}

/// A job with one transfer of 10,000 planned parts.
pub(crate) fn large(journal: &Journal) -> (JobId, TransferId) {
    let mut job = new_job(&["large"]);
    job.transfers[0].pin = Some(pin(10_000 * 100, 10_000));
    let job = journal.add_job(job).unwrap();
    (job, only_transfer(journal, job))
}

pub(crate) fn only_transfer(journal: &Journal, job: JobId) -> TransferId {
    let transfers = journal.transfers(job, None, 10).unwrap();
    assert_eq!(transfers.len(), 1);
    transfers[0].id
}

pub(crate) fn part_done(transfer: TransferId, number: u32, size: u64) -> Change {
    Change::PartDone {
        transfer,
        number: PartNumber::new(number).unwrap(),
        etag: ETag::parse(&format!("\"part-{number}\"")).unwrap(),
        size,
    }
}
