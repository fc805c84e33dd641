//! A journal of a year: a million objects that were copied in a thousand jobs.

use std::fs;
use std::path::{Path, PathBuf};

use partway_domain::{AccountId, Bucket, CopyOptions, JobId, JobKind, Key, Prefix, State};
use partway_journal::table::event::{Level, NewEvent};
use partway_journal::table::job::{Beginning, NewJob, NewTransfer};
use partway_journal::{Change, Durability, Journal, JournalError};

use crate::place;

const JOBS: u32 = 1_000;
const OBJECTS: u32 = 1_000;

/// Changes with what is written: an older one is made anew.
const STAMP: &str = "1,000 jobs of 1,000 objects, first form";

/// Where it lies; made once, in a minute or two.
pub(super) fn folder() -> Result<PathBuf, String> {
    let folder = place::work().join("history");
    let stamp = folder.join("made.txt");
    if fs::read_to_string(&stamp).is_ok_and(|made| made == STAMP) {
        return Ok(folder);
    }
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
    }
    println!("writing a history of 1,000,000 objects, once");
    write(&folder).map_err(|error| error.to_string())?;
    fs::write(stamp, STAMP).map_err(|error| error.to_string())?;
    Ok(folder)
}

/// The id that a request of this job had.
pub(super) fn request_id(job: u32) -> String {
    format!("NjczZjA{job:04}Zjk0X2M4YjQ")
}

fn write(folder: &Path) -> Result<(), JournalError> {
    let journal = Journal::open(folder)?.journal;
    for number in 0..JOBS {
        let job = journal.add_job(new_job(number))?;
        let transfers = journal.transfers(job, None, OBJECTS)?;
        let mut changes: Vec<_> = transfers
            .iter()
            .map(|transfer| Change::State {
                transfer: transfer.id,
                state: State::Done,
                failure: None,
            })
            .collect();
        changes.push(Change::Event(event(job, number)));
        journal.write(changes, Durability::Grouped)?;
    }
    Ok(())
}

fn event(job: JobId, number: u32) -> NewEvent {
    NewEvent {
        at_ms: 1,
        job,
        transfer: None,
        part: None,
        level: Level::Warning,
        what: "part_retried".to_owned(),
        detail: String::new(),
        request_id: Some(request_id(number)),
    }
}

fn new_job(number: u32) -> NewJob {
    let bucket = |name| Bucket::parse(name).expect("a bucket's name");
    NewJob {
        kind: JobKind::Copy,
        created_ms: 1_700_000_000_000,
        source_account: AccountId("from".to_owned()),
        source_bucket: bucket("measurements-1250000000"),
        source_region: "ap-guangzhou".to_owned(),
        destination_account: AccountId("to".to_owned()),
        destination_bucket: bucket("archive-1250000000"),
        destination_region: "ap-guangzhou".to_owned(),
        destination_prefix: Prefix::parse("in/").expect("a prefix"),
        options: CopyOptions::default(),
        transfers: (0..OBJECTS).map(|at| new_transfer(number, at)).collect(),
        scans: Vec::new(),
    }
}

fn new_transfer(job: u32, at: u32) -> NewTransfer {
    let mixed = job * 7_919 + at * 104_729;
    let key = format!("datasets/2026/{job:03}/part-{at:05}-{mixed:08x}.parquet");
    NewTransfer {
        destination_key: Key::parse(format!("in/{key}")).expect("a key"),
        source_key: Key::parse(key).expect("a key"),
        source_version: None,
        size: 1_000,
        pin: None,
        beginning: Beginning::Queued,
    }
}
