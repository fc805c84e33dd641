//! What was believed lost lands late: a Complete after the look that found the upload open and
//! before the next one, a part after the one that repeated it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use partway_democloud::{Quirks, Switches};
use partway_domain::{ConflictPolicy, DialectName, State};
use partway_engine::event;
use partway_engine::transport::{Transport, TransportError};
use partway_protocol::wire::{Method, Request, Response};
use partway_tests::cloud::bucket;
use partway_tests::machine::{copy_request, look, transport};
use partway_tests::{Cloud, Machine, on_every_dialect};
use tokio::sync::Mutex;

/// Keeps the first Complete back and says its connection broke; sends it behind a later listing
/// of parts.
#[derive(Debug)]
struct LateComplete {
    inner: Arc<dyn Transport>,
    kept: Mutex<Option<Request>>,
    done: AtomicBool,
    /// Behind which one from then on, counted from 1.
    listing: AtomicUsize,
}

fn names(request: &Request, parameter: &str) -> bool {
    request.query.iter().any(|(name, _)| name == parameter)
}

#[async_trait]
impl Transport for LateComplete {
    async fn send(&self, request: Request, deadline: Duration) -> Result<Response, TransportError> {
        let completes = request.method == Method::Post && names(&request, "uploadId");
        if completes && !self.done.swap(true, Ordering::SeqCst) {
            let host = request.host.clone();
            *self.kept.lock().await = Some(request);
            let reason = "the test broke it".to_owned();
            return Err(TransportError::Broken { host, reason });
        }
        let lists_parts = request.method == Method::Get && names(&request, "uploadId");
        let answer = self.inner.send(request, deadline).await;
        let mut kept = self.kept.lock().await;
        if lists_parts
            && kept.is_some()
            && self.listing.fetch_sub(1, Ordering::SeqCst) == 1
            && let Some(late) = kept.take()
        {
            let landed = self.inner.send(late, deadline).await?;
            assert_eq!(landed.status, 200);
        }
        answer
    }
}

async fn a_late_complete_is_recognised(dialect: DialectName) {
    late_complete(dialect, ConflictPolicy::Ask, 1).await;
}

/// It lands after the second look found the upload open: the object that stands there right before
/// the next Complete is not what may be replaced, but the copy.
async fn a_later_complete_is_not_made_again(dialect: DialectName) {
    for policy in [ConflictPolicy::Ask, ConflictPolicy::Overwrite] {
        late_complete(dialect, policy, 2).await;
    }
}

async fn late_complete(dialect: DialectName, policy: ConflictPolicy, listing: usize) {
    let cloud = Cloud::open().await;
    let machine = Machine::new(&cloud);
    let engine = machine.engine_over(Arc::new(LateComplete {
        inner: transport(),
        kept: Mutex::default(),
        done: AtomicBool::new(false),
        listing: AtomicUsize::new(listing),
    }));
    let source = ("datasets", "images/tiles-002.zip");
    let mut request = copy_request(&cloud, dialect, source, ("backup", "late.zip"));
    request.options.on_conflict = policy;
    let job = engine.start(&request).await.expect("it starts");
    tokio::time::timeout(Duration::from_secs(30), engine.wait(job))
        .await
        .expect("it does not hang");
    let (_, transfer) = look(&engine, job);
    assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
    assert!(transfer.verdict.expect("a verdict").verified);
    let events = engine.journal().events(job, None, 100).unwrap();
    let proven =
        |row: &partway_journal::table::event::EventRow| row.event.what == event::COMPLETION_PROVEN;
    assert!(events.iter().any(proven));
    let parts = cloud
        .requests_of(dialect, "late.zip")
        .iter()
        .filter(|request| request.operation == "UploadPartCopy")
        .count();
    assert_eq!(parts, 5, "nothing is copied again");
}

/// Keeps the first part copy back and says its connection broke; sends it right before Complete,
/// long after it was repeated.
#[derive(Debug)]
struct LatePart {
    inner: Arc<dyn Transport>,
    kept: Mutex<Option<Request>>,
    done: AtomicBool,
}

#[async_trait]
impl Transport for LatePart {
    async fn send(&self, request: Request, deadline: Duration) -> Result<Response, TransportError> {
        if names(&request, "partNumber") && !self.done.swap(true, Ordering::SeqCst) {
            let host = request.host.clone();
            *self.kept.lock().await = Some(request);
            let reason = "the test broke it".to_owned();
            return Err(TransportError::Broken { host, reason });
        }
        let completes = request.method == Method::Post && names(&request, "uploadId");
        if completes && let Some(late) = self.kept.lock().await.take() {
            let landed = self.inner.send(late, deadline).await?;
            assert_eq!(landed.status, 200);
        }
        self.inner.send(request, deadline).await
    }
}

/// The server has another tag for the part than the journal: what it lists is looked at, the part
/// that nobody answered for is copied anew, and Complete sent once more.
async fn a_late_part_is_looked_up(dialect: DialectName) {
    let cloud = Cloud::open().await;
    cloud.demo.set_quirks(Quirks::everywhere(Switches {
        fresh_part_tags: true,
        ..Switches::default()
    }));
    let machine = Machine::new(&cloud);
    let engine = machine.engine_over(Arc::new(LatePart {
        inner: transport(),
        kept: Mutex::default(),
        done: AtomicBool::new(false),
    }));
    let source = ("datasets", "images/tiles-002.zip");
    let request = copy_request(&cloud, dialect, source, ("backup", "late.zip"));
    let job = engine.start(&request).await.expect("it starts");
    tokio::time::timeout(Duration::from_secs(30), engine.wait(job))
        .await
        .expect("it does not hang");
    let (_, transfer) = look(&engine, job);
    assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
    let events = engine.journal().events(job, None, 100).unwrap();
    let refused = events
        .iter()
        .filter(|row| row.event.what == event::COMPLETE_REFUSED);
    assert_eq!(refused.count(), 1, "{events:?}");
    let sent = cloud.requests_of(dialect, "late.zip");
    let count = |operation| sent.iter().filter(|r| r.operation == operation).count();
    assert_eq!(count("CompleteMultipartUpload"), 2);
    assert_eq!(count("ListParts"), 1);
    // Twice the first part, once for each other, and once more the one that was replaced.
    assert_eq!(count("UploadPartCopy"), 2 + 4 + 1);
    let truth = |word, key| cloud.object(dialect, &bucket(dialect, word), key);
    let from = truth("datasets", source.1).expect("the source");
    let to = truth("backup", "late.zip").expect("the copy");
    assert_eq!(to.segments, from.segments);
}

on_every_dialect! {
    a_late_complete_is_recognised,
    a_later_complete_is_not_made_again,
    a_late_part_is_looked_up,
}
