//! Writing part rows.

use partway_domain::{
    AccountId, CopyOptions, ETag, JobKind, Key, Method, PartNumber, Plan, Prefix, TransferId,
};
use partway_journal::options::WriterKind;
use partway_journal::table::job::{Beginning, NewJob, NewTransfer};
use partway_journal::table::transfer::Pin;
use partway_journal::{Change, Durability, Journal, JournalClock, JournalOptions};

use super::place::{bucket, key};

/// Part rows of a round.
const PARTS: u32 = 1_000;

/// As many as gather while a commit is under way.
const COMMIT: usize = 20;

/// Bytes of a part.
const PART: u64 = 128 << 20;

const BEGINNING_MS: i64 = 1_790_000_000_000;

pub(super) fn append(rounds: u32) {
    let folder = tempfile::tempdir().expect("a folder for the journal");
    let options = JournalOptions {
        // On this thread: no waiting is counted, and no other thread's luck.
        writer: WriterKind::Inline(None),
        clock: JournalClock::new(|| BEGINNING_MS),
    };
    let journal = Journal::open_with(folder.path(), options).expect("the journal opens");
    let journal = journal.journal;
    let job = journal.add_job(job(rounds)).expect("the job is kept");
    for transfer in journal.transfers(job, None, rounds).expect("its transfers") {
        let numbers: Vec<u32> = (1..=PARTS).collect();
        for group in numbers.chunks(COMMIT) {
            let changes = group.iter().map(|number| part(transfer.id, *number));
            let written = journal.write(changes.collect(), Durability::Grouped);
            written.expect("the parts are kept");
        }
    }
}

fn part(transfer: TransferId, number: u32) -> Change {
    Change::PartDone {
        transfer,
        number: PartNumber::new(number).expect("a part number"),
        etag: ETag::parse(&format!("\"{number:08x}d41d8cd98f00b204e9800998\"")).expect("a tag"),
        size: PART,
    }
}

/// A transfer for each round: a part is written but once.
fn job(rounds: u32) -> NewJob {
    NewJob {
        kind: JobKind::Copy,
        created_ms: BEGINNING_MS,
        source_account: AccountId("from".to_owned()),
        source_bucket: bucket("datasets"),
        source_region: String::new(),
        destination_account: AccountId("to".to_owned()),
        destination_bucket: bucket("backup"),
        destination_region: String::new(),
        destination_prefix: Prefix::root(),
        options: CopyOptions::default(),
        transfers: (0..rounds).map(transfer).collect(),
        scans: Vec::new(),
    }
}

fn transfer(round: u32) -> NewTransfer {
    let size = u64::from(PARTS) * PART;
    NewTransfer {
        source_key: key(),
        source_version: None,
        destination_key: Key::parse(format!("copies/{round}")).expect("a key"),
        size,
        pin: Some(Pin {
            etag: ETag::parse("\"d41d8cd98f00b204e9800998ecf8427e-9\"").expect("a tag"),
            size,
            version: None,
            last_modified: "Fri, 20 Nov 2026 01:02:03 GMT".to_owned(),
            checksum: None,
            attributes: serde_json::Value::Null,
            not_carried: Vec::new(),
            plan: Plan {
                size,
                method: Method::Multipart,
                part_size: PART,
                parts: PARTS,
            },
        }),
        beginning: Beginning::Queued,
    }
}
