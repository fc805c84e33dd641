//! What is changed where it is replaces itself and nothing else: what somebody writes there meanwhile
//! stays, and what somebody deletes stays away, at whatever moment, if any look could have shown it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use partway_domain::limits::MIB;
use partway_domain::{AtRest, ConflictPolicy, CopyTerms, DialectName, FailureKind, State, Wait};
use partway_engine::transport::{Transport, TransportError};
use partway_protocol::op::CustomerKey;
use partway_protocol::wire::{Method, Request, Response};
use partway_tests::cloud::{bucket, provider};
use partway_tests::machine::{copy_request, look, transport};
use partway_tests::{Cloud, Machine, on_every_dialect};

const KEY: &str = "in-place/object.bin";
/// Bytes of what somebody else writes.
const THEIRS: u64 = 34;
/// More looks than any change takes.
const MOST_LOOKS: usize = 12;

/// What somebody else does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meanwhile {
    Written,
    Deleted,
}

/// Somebody writes or deletes the object right after a look at it was answered.
#[derive(Debug)]
struct AfterALook {
    meanwhile: Meanwhile,
    inner: Arc<dyn Transport>,
    cloud: Arc<Cloud>,
    dialect: DialectName,
    /// Looks until then.
    left: AtomicUsize,
    /// Requests about the object by then.
    before: AtomicUsize,
}

#[async_trait]
impl Transport for AfterALook {
    async fn send(&self, request: Request, deadline: Duration) -> Result<Response, TransportError> {
        let looks = request.method == Method::Head && request.target().contains("object.bin");
        let answer = self.inner.send(request, deadline).await;
        if looks && self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            match self.meanwhile {
                Meanwhile::Written => put(&self.cloud, self.dialect, THEIRS),
                Meanwhile::Deleted => {
                    let datasets = bucket(self.dialect, "datasets");
                    let demo = &self.cloud.demo;
                    demo.delete(provider(self.dialect), datasets.as_str(), KEY);
                }
            }
            let before = self.cloud.requests_of(self.dialect, KEY).len();
            self.before.store(before, Ordering::SeqCst);
        }
        answer
    }
}

fn put(cloud: &Cloud, dialect: DialectName, size: u64) {
    let datasets = bucket(dialect, "datasets");
    cloud
        .demo
        .put_virtual(provider(dialect), datasets.as_str(), KEY, size);
}

/// Gives it another class, with somebody after this look. Whether there were so many looks.
async fn change(dialect: DialectName, size: u64, meanwhile: Meanwhile, after: usize) -> bool {
    let cloud = Arc::new(Cloud::open().await);
    put(&cloud, dialect, size);
    let wire = Arc::new(AfterALook {
        meanwhile,
        inner: transport(),
        cloud: Arc::clone(&cloud),
        dialect,
        left: AtomicUsize::new(after),
        before: AtomicUsize::new(0),
    });
    let machine = Machine::new(&cloud);
    let engine = machine.engine_over(wire.clone());
    let mut request = copy_request(&cloud, dialect, ("datasets", KEY), ("datasets", KEY));
    request.options.part_size = (size > 5 * MIB).then_some(5 * MIB);
    request.options.on_conflict = ConflictPolicy::Overwrite;
    request.options.storage_class = Some(match dialect {
        DialectName::Obs => "WARM".to_owned(),
        _ => "STANDARD_IA".to_owned(),
    });
    request.refuse_existing = false;
    let job = match engine.start(&request).await {
        Ok(job) => job,
        // Nothing is there to be changed any more.
        Err(failure) if meanwhile == Meanwhile::Deleted => {
            assert_eq!(failure.kind, FailureKind::NoSuchSource, "{failure}");
            return true;
        }
        Err(failure) => panic!("it starts: {failure}"),
    };
    tokio::time::timeout(Duration::from_secs(60), engine.wait(job))
        .await
        .expect("it does not hang");
    let row = look(&engine, job).1;
    let before = wire.before.load(Ordering::SeqCst);
    let standing = cloud.object(dialect, &bucket(dialect, "datasets"), KEY);
    let is_theirs = match meanwhile {
        Meanwhile::Written => standing.is_some_and(|object| object.size == THEIRS),
        Meanwhile::Deleted => standing.is_none(),
    };
    if before == 0 {
        assert_eq!(row.state, State::Done, "{:?}", row.failure);
        return false;
    }
    let requests = cloud.requests_of(dialect, KEY);
    let next = requests[before..].iter().find(|request| {
        let operation = request.operation.as_str();
        matches!(
            operation,
            "HeadObject" | "CopyObject" | "CompleteMultipartUpload"
        )
    });
    let unseen = next.is_some_and(|next| next.operation != "HeadObject");
    assert!(
        is_theirs || unseen,
        "{meanwhile:?} after look {after}, seen, and replaced"
    );
    if is_theirs && row.state != State::Done {
        let asks = State::Waiting {
            wait: Wait::Decision,
        };
        assert_eq!(row.state, asks, "{:?}", row.failure);
        let kind = row.failure.expect("why").kind;
        assert_eq!(kind, FailureKind::SourceChanged);
    }
    true
}

async fn at_every_look(dialect: DialectName, meanwhile: Meanwhile) {
    for size in [MIB, 12 * MIB] {
        let mut looks = 0;
        while looks < MOST_LOOKS && change(dialect, size, meanwhile, looks + 1).await {
            looks += 1;
        }
        assert!((2..MOST_LOOKS).contains(&looks), "{looks} looks");
    }
}

async fn what_is_written_there_meanwhile_stays(dialect: DialectName) {
    at_every_look(dialect, Meanwhile::Written).await;
}

async fn what_is_deleted_meanwhile_stays_away(dialect: DialectName) {
    at_every_look(dialect, Meanwhile::Deleted).await;
}

/// The key the copy is to have does not open what is there yet: that is no loss of the object.
async fn the_key_is_changed_in_its_place(dialect: DialectName) {
    let keys = [9, 10].map(|byte| CustomerKey::of_bytes(&[byte; 32]).expect("a key"));
    for size in [MIB, 12 * MIB] {
        let cloud = Cloud::open().await;
        put(&cloud, dialect, size);
        let machine = Machine::new(&cloud);
        let engine = machine.engine_over(transport());
        let mut before = None;
        for key in &keys {
            let key_md5 = engine.offer_key(key.clone());
            let here = ("datasets", KEY);
            let mut request = copy_request(&cloud, dialect, here, here);
            request.options.part_size = (size > 5 * MIB).then_some(5 * MIB);
            request.options.on_conflict = ConflictPolicy::Overwrite;
            request.options.terms = CopyTerms {
                source_key_md5: before.replace(key_md5.clone()),
                encryption: AtRest::Customer { key_md5 },
                ..CopyTerms::default()
            };
            request.refuse_existing = false;
            let job = engine.start(&request).await.expect("it starts");
            tokio::time::timeout(Duration::from_secs(60), engine.wait(job))
                .await
                .expect("it does not hang");
            let row = look(&engine, job).1;
            assert_eq!(row.state, State::Done, "{:?}", row.failure);
            let verdict = row.verdict.expect("a verdict");
            let evidence = verdict.evidence;
            assert!(!evidence.contains("asked for"), "{evidence}");
        }
    }
}

on_every_dialect!(
    the_key_is_changed_in_its_place,
    what_is_written_there_meanwhile_stays,
    what_is_deleted_meanwhile_stays_away,
);
