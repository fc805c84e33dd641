//! Whole jobs through the engine: planned, carried out, interrupted and resumed.

use std::sync::Arc;
use std::time::Duration;

use partway_domain::limits::MIB;
use partway_domain::{CopyOptions, DialectName, FailureKind, JobId, Prefix, State};
use partway_engine::{CopyRequest, CopySelection, Engine, ObjectRef, Place};
use partway_protocol::op::GetObject;
use partway_tests::machine::{look, transport};
use partway_tests::on_every_dialect;
use partway_tests::wire::Death;

use super::content::content;
use super::desk::{Desk, name};

/// Five parts, the last a short one.
const SIZE: u64 = 21 * MIB;
const PARTS: u64 = 5;

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

impl Desk {
    fn place(&self, prefix: &str) -> Place {
        Place {
            account: self.account().id.clone(),
            bucket: self.bucket.clone(),
            region: None,
            prefix: Prefix::parse(prefix).unwrap(),
        }
    }

    /// A copy of objects to a prefix of the same bucket, in parts of the smallest size.
    fn job(&self, keys: &[&str], to: &str) -> CopyRequest {
        let objects = keys.iter().map(|key| ObjectRef {
            key: name(key),
            version: None,
            rename: None,
        });
        CopyRequest {
            source: self.place(""),
            kind: partway_domain::JobKind::Copy,
            selection: CopySelection {
                objects: objects.collect(),
                prefixes: Vec::new(),
            },
            destination: self.place(to),
            options: CopyOptions {
                part_size: Some(5 * MIB),
                parts_at_once: 2,
                ..CopyOptions::default()
            },
            refuse_existing: true,
        }
    }

    /// The source of most jobs.
    async fn large(&self, key: &str) -> Vec<u8> {
        let bytes = content(usize::try_from(SIZE).unwrap(), 9);
        self.put(key, &bytes).await;
        bytes
    }

    async fn assert_arrived(&self, key: &str, bytes: &[u8]) {
        assert!(self.read(key).await == bytes, "{key} is another");
        assert!(self.uploads().await.is_empty(), "{key} leaves an upload");
    }
}

async fn done(engine: &Engine, job: JobId) {
    let waiting = tokio::time::timeout(PATIENCE, engine.wait(job));
    waiting.await.expect("the job comes to an end");
    let (_, transfer) = look(engine, job);
    assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
    let verdict = transfer.verdict.expect("a verdict");
    assert!(verdict.verified, "{}", verdict.evidence);
}

/// Starts a job in a program that dies when it is about to copy the third part.
async fn die_half_way(desk: &Desk, request: &CopyRequest) -> JobId {
    let death = Death::of_part(3);
    let engine = desk
        .machine
        .engine_dying(death.wire(transport()), Arc::clone(&death) as _);
    let job = engine.start(request).await.expect("it starts");
    tokio::time::timeout(PATIENCE, death.comes())
        .await
        .expect("it dies half way");
    drop(engine);
    // Its lease runs out.
    desk.machine.wall.shift_ms(20_000);
    job
}

async fn a_large_object_arrives(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let bytes = desk.large("large").await;
    let job = desk.engine.start(&desk.job(&["large"], "copies/")).await;
    let job = job.expect("it starts");
    done(&desk.engine, job).await;
    let (row, transfer) = look(&desk.engine, job);
    assert_eq!((row.bytes_done, transfer.parts_done), (SIZE, PARTS));
    desk.assert_arrived("copies/large", &bytes).await;
}

/// Its tag is not that of its bytes, and still must pin it.
async fn an_object_made_of_parts_arrives(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let bytes = content(usize::try_from(SIZE).unwrap(), 9);
    desk.put_in_parts("in parts", &bytes, 8 << 20).await;
    let job = desk.engine.start(&desk.job(&["in parts"], "copies/")).await;
    done(&desk.engine, job.expect("it starts")).await;
    desk.assert_arrived("copies/in parts", &bytes).await;
}

/// The program dies after two parts; the next one copies only the others.
async fn an_interrupted_copy_is_resumed(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let bytes = desk.large("large").await;
    let mut request = desk.job(&["large"], "copies/");
    request.options.parts_at_once = 1;
    let job = die_half_way(&desk, &request).await;
    assert_eq!(desk.uploads().await.len(), 1);

    let second = Death::never();
    let engine = desk
        .machine
        .engine_dying(second.wire(transport()), Arc::clone(&second) as _);
    engine.resume(job).await.expect("it resumes");
    done(&engine, job).await;
    assert!(second.parts_sent() <= PARTS - 2, "{}", second.parts_sent());
    desk.assert_arrived("copies/large", &bytes).await;
}

async fn a_pause_keeps_what_is_there(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let bytes = desk.large("large").await;
    let mut request = desk.job(&["large"], "copies/");
    request.options.parts_at_once = 1;
    let job = desk.engine.start(&request).await.expect("it starts");
    desk.engine.pause(job).await.unwrap();
    desk.engine.wait(job).await;
    // Or it had not begun.
    let state = look(&desk.engine, job).1.state;
    assert!(matches!(state, State::Paused | State::Queued), "{state:?}");
    assert!(!desk.is_there("copies/large").await);
    desk.engine.resume(job).await.unwrap();
    done(&desk.engine, job).await;
    desk.assert_arrived("copies/large", &bytes).await;
}

async fn a_cancelled_copy_leaves_nothing(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    desk.large("large").await;
    let mut request = desk.job(&["large"], "copies/");
    request.options.parts_at_once = 1;
    let job = die_half_way(&desk, &request).await;
    desk.engine.cancel(job, false).await.unwrap();
    desk.engine.wait(job).await;
    assert_eq!(look(&desk.engine, job).1.state, State::Cancelled);
    assert!(desk.uploads().await.is_empty());
    assert!(!desk.is_there("copies/large").await);
}

async fn many_objects_arrive(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let keys = [
        "a/../b",
        "double//slash",
        "empty",
        "per%2Fcent",
        "plus+sign",
        "照片 🎉",
    ];
    for key in keys {
        let body = if key == "empty" { "" } else { key };
        desk.put(key, body.as_bytes()).await;
    }
    let job = desk.engine.start(&desk.job(&keys, "copies/")).await;
    let job = job.expect("it starts");
    desk.engine.wait(job).await;
    let row = desk.engine.journal().job(job).unwrap();
    assert_eq!(row.counts.done, keys.len() as u64, "{:?}", row.counts);
    for key in keys {
        let copy = format!("copies/{key}");
        assert_eq!(desk.read(&copy).await, desk.read(key).await, "{key}");
    }
}

async fn what_is_there_is_not_replaced_unasked(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    desk.put("report", b"new").await;
    desk.put("copies/report", b"old").await;
    let mut request = desk.job(&["report"], "copies/");
    let refusal = desk.engine.start(&request).await.unwrap_err();
    assert_eq!(refusal.kind, FailureKind::DestinationConflict, "{refusal}");
    assert_eq!(desk.read("copies/report").await, b"old");
    request.refuse_existing = false;
    request.options.on_conflict = partway_domain::ConflictPolicy::Overwrite;
    let job = desk.engine.start(&request).await.expect("it starts");
    done(&desk.engine, job).await;
    assert_eq!(desk.read("copies/report").await, b"new");
}

/// Another object takes the source's place half way: nothing is mixed.
async fn a_source_that_changes_half_way_is_noticed(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    desk.large("large").await;
    let mut request = desk.job(&["large"], "copies/");
    request.options.parts_at_once = 1;
    let job = die_half_way(&desk, &request).await;
    let changed = content(usize::try_from(SIZE).unwrap(), 10);
    desk.put("large", &changed).await;

    desk.engine.resume(job).await.expect("it resumes");
    tokio::time::timeout(PATIENCE, desk.engine.wait(job))
        .await
        .expect("it comes to an end");
    let failure = look(&desk.engine, job).1.failure.expect("a failure");
    assert_eq!(failure.kind, FailureKind::SourceChanged, "{failure}");
    assert!(!desk.is_there("copies/large").await);
}

async fn another_bucket_is_reached(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let bytes = desk.large("large").await;
    let mut request = desk.job(&["large"], "wire/");
    request.destination.bucket = desk.server.other.clone();
    let job = desk.engine.start(&request).await.expect("it starts");
    done(&desk.engine, job).await;
    let first = GetObject {
        bucket: desk.server.other.clone(),
        range: partway_domain::ByteRange::new(6 * MIB, 7 * MIB),
        ..desk.getting("wire/large")
    };
    assert!(desk.get(&first).await.body == bytes[6 << 20..7 << 20]);
}

on_every_dialect! {
    a_large_object_arrives,
    an_object_made_of_parts_arrives,
    an_interrupted_copy_is_resumed,
    a_pause_keeps_what_is_there,
    a_cancelled_copy_leaves_nothing,
    many_objects_arrive,
    what_is_there_is_not_replaced_unasked,
    a_source_that_changes_half_way_is_noticed,
    another_bucket_is_reached,
}
