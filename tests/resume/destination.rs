//! What stands at the destination is nobody's to lose: an object that somebody puts there while
//! a copy is under way stays until the user has decided.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use partway_democloud::{Fault, FaultKind};
use partway_domain::limits::MIB;
use partway_domain::{
    AtRest, ConflictPolicy, Decision, DialectName, FailureKind, JobId, State, Wait,
};
use partway_engine::engine::Which;
use partway_engine::transport::{Transport, TransportError};
use partway_engine::{CopyRequest, Engine, event};
use partway_journal::table::transfer::TransferRow;
use partway_protocol::op::CustomerKey;
use partway_protocol::wire::{Method, Request, Response};
use partway_tests::cloud::{bucket, provider};
use partway_tests::machine::{copy_request, look, transport};
use partway_tests::{Cloud, Machine, on_every_dialect};

const LARGE: &str = "destination/source.bin";
const SMALL: &str = "images/tiles-001.zip";
const TARGET: &str = "destination/copy.bin";
/// Bytes of what somebody else writes there.
const THEIRS: u64 = 34;

struct Stage {
    cloud: Arc<Cloud>,
    _machine: Machine,
    engine: Engine,
    dialect: DialectName,
}

impl Stage {
    async fn new(dialect: DialectName) -> Self {
        Self::over(dialect, |_| transport()).await
    }

    /// As `new`, over a wire that may know the cloud.
    async fn over(
        dialect: DialectName,
        wire: impl FnOnce(&Arc<Cloud>) -> Arc<dyn Transport>,
    ) -> Self {
        let cloud = Arc::new(Cloud::open().await);
        let datasets = bucket(dialect, "datasets");
        cloud
            .demo
            .put_virtual(provider(dialect), datasets.as_str(), LARGE, 58 * MIB);
        let machine = Machine::new(&cloud);
        Self {
            engine: machine.engine_over(wire(&cloud)),
            cloud,
            _machine: machine,
            dialect,
        }
    }

    /// With somebody who writes to the destination once, at this moment.
    async fn with_a_writer(dialect: DialectName, moment: Moment) -> Self {
        let (Moment::Before(nth) | Moment::After(nth)) = moment;
        Self::over(dialect, |cloud| {
            Arc::new(LastMoment {
                inner: transport(),
                cloud: Arc::clone(cloud),
                dialect,
                moment,
                left: AtomicU32::new(nth),
            })
        })
        .await
    }

    /// To the one target, whose condition is left to the policy.
    fn request(&self, source: &str, policy: ConflictPolicy) -> CopyRequest {
        let mut request = copy_request(
            &self.cloud,
            self.dialect,
            ("datasets", source),
            ("backup", TARGET),
        );
        request.options.on_conflict = policy;
        request.refuse_existing = false;
        request
    }

    async fn copy(&self, source: &str, policy: ConflictPolicy) -> JobId {
        let mut request = self.request(source, policy);
        request.options.part_size = (source == LARGE).then_some(5 * MIB);
        request.options.parts_at_once = 2;
        let job = self.engine.start(&request).await.expect("it starts");
        self.wait(job).await;
        job
    }

    async fn wait(&self, job: JobId) {
        tokio::time::timeout(Duration::from_secs(60), self.engine.wait(job))
            .await
            .expect("it does not hang");
    }

    async fn decide(&self, job: JobId, decision: Decision) -> TransferRow {
        let (_, transfer) = look(&self.engine, job);
        let which = Which::One(transfer.id);
        let answered = self.engine.decide(job, which, decision).await;
        assert_eq!(answered, Ok(1));
        self.wait(job).await;
        look(&self.engine, job).1
    }

    /// Somebody else writes to the destination.
    fn intrude(&self) {
        intrude(&self.cloud, self.dialect);
    }

    fn holds_theirs(&self) -> bool {
        let object = self
            .cloud
            .object(self.dialect, &bucket(self.dialect, "backup"), TARGET)
            .expect("something is there");
        object.size == THEIRS
    }

    fn holds_ours(&self, key: &str, source: &str) {
        let from = self
            .cloud
            .object(self.dialect, &bucket(self.dialect, "datasets"), source)
            .unwrap();
        let to = self
            .cloud
            .object(self.dialect, &bucket(self.dialect, "backup"), key)
            .expect("the copy is there");
        assert_eq!(to.segments, from.segments, "{key}");
    }

    fn assert_asks(&self, job: JobId) {
        let (_, transfer) = look(&self.engine, job);
        let waiting = State::Waiting {
            wait: Wait::Decision,
        };
        assert_eq!(transfer.state, waiting, "{:?}", transfer.failure);
        let failure = transfer.failure.expect("a reason");
        assert_eq!(failure.kind, FailureKind::DestinationConflict);
        assert!(failure.message.contains("decide"), "{}", failure.message);
    }

    fn was_told(&self, job: JobId, what: &str) -> bool {
        let events = self.engine.journal().events(job, None, 1000).unwrap();
        events.iter().any(|row| row.event.what == what)
    }
}

/// Stops the copy after five parts, and waits until the transfer stands still.
async fn held_half_way(stage: &Stage) -> JobId {
    let line = "UploadPartCopy:expired_token:skip=5";
    stage.cloud.demo.add_fault(line.parse().expect("a fault"));
    stage.copy(LARGE, ConflictPolicy::Ask).await
}

/// The grave one: the object of somebody else was overwritten without a word.
async fn an_object_put_there_meanwhile_is_not_overwritten(dialect: DialectName) {
    let stage = Stage::new(dialect).await;
    let job = held_half_way(&stage).await;
    stage.intrude();
    stage.engine.resume(job).await.expect("it resumes");
    stage.wait(job).await;
    stage.assert_asks(job);
    assert!(stage.holds_theirs(), "it is overwritten");
    // Asking again changes nothing.
    stage.engine.resume(job).await.expect("it resumes");
    stage.wait(job).await;
    stage.assert_asks(job);
    assert!(stage.holds_theirs());

    let transfer = stage.decide(job, Decision::Replace).await;
    assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
    stage.holds_ours(TARGET, LARGE);
    assert!(stage.was_told(job, event::DECIDED));
    assert_eq!(transfer.decision, None);
    assert!(stage.cloud.uploads_of(dialect, TARGET).is_empty());
}

/// The user said beforehand what becomes of keys that exist, whenever they come to exist.
async fn a_policy_holds_for_what_comes_meanwhile(dialect: DialectName) {
    let stage = Stage::new(dialect).await;
    let line = "UploadPartCopy:expired_token:skip=5";
    stage.cloud.demo.add_fault(line.parse().expect("a fault"));
    let job = stage.copy(LARGE, ConflictPolicy::Skip).await;
    stage.intrude();
    stage.engine.resume(job).await.expect("it resumes");
    stage.wait(job).await;
    let (_, transfer) = look(&stage.engine, job);
    assert_eq!(transfer.state, State::Skipped, "{:?}", transfer.failure);
    assert!(stage.holds_theirs());
    assert!(stage.cloud.uploads_of(dialect, TARGET).is_empty());
}

/// Somebody writes between the last look and the request that makes the object: only the server's
/// own condition sees that, so it is asked of servers that have one.
async fn the_servers_condition_guards_the_last_moment(dialect: DialectName) {
    for source in [LARGE, SMALL] {
        let stage = Stage::with_a_writer(dialect, Moment::Before(1)).await;
        let job = stage.copy(source, ConflictPolicy::Ask).await;
        if matches!(dialect, DialectName::Obs | DialectName::ObsV2) {
            // Nothing can be said to this one; the look right before is all there is.
            assert_eq!(look(&stage.engine, job).1.state, State::Done);
            return;
        }
        stage.assert_asks(job);
        assert!(stage.holds_theirs(), "it is overwritten by {source}");
        let transfer = stage.decide(job, Decision::Replace).await;
        assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
        stage.holds_ours(TARGET, source);
    }
}

/// The server asks for time, and while it gets it somebody writes there: the look before the first
/// sending says nothing of the second.
async fn what_waits_for_a_slow_server_is_looked_at_again(dialect: DialectName) {
    for source in [LARGE, SMALL] {
        let stage = Stage::with_a_writer(dialect, Moment::After(1)).await;
        for operation in ["CopyObject", "CompleteMultipartUpload"] {
            let line = format!("{operation}:slow_down:key={TARGET}");
            stage.cloud.demo.add_fault(line.parse().expect("a fault"));
        }
        let job = stage.copy(source, ConflictPolicy::Ask).await;
        stage.assert_asks(job);
        assert!(stage.holds_theirs(), "it is overwritten by {source}");
        let transfer = stage.decide(job, Decision::Replace).await;
        assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
        stage.holds_ours(TARGET, source);
    }
}

/// A write at the same moment that came to nothing is no reason to do without the condition.
async fn a_condition_that_was_refused_once_is_sent_again(dialect: DialectName) {
    if matches!(dialect, DialectName::Obs | DialectName::ObsV2) {
        return;
    }
    for source in [LARGE, SMALL] {
        let stage = Stage::with_a_writer(dialect, Moment::Before(2)).await;
        for operation in ["CopyObject", "CompleteMultipartUpload"] {
            let line = format!(
                "{operation}:refuse:status=409:code=ConditionalRequestConflict:key={TARGET}"
            );
            stage.cloud.demo.add_fault(line.parse().expect("a fault"));
        }
        let job = stage.copy(source, ConflictPolicy::Ask).await;
        stage.assert_asks(job);
        assert!(stage.holds_theirs(), "it is overwritten by {source}");
    }
}

/// When somebody writes: beside which of the requests that make an object of the destination, from
/// 1.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// Right before it goes out.
    Before(u32),
    /// Right behind its answer.
    After(u32),
}

/// Lets somebody write to the destination at a moment.
#[derive(Debug)]
struct LastMoment {
    inner: Arc<dyn Transport>,
    cloud: Arc<Cloud>,
    dialect: DialectName,
    moment: Moment,
    /// Requests until then.
    left: AtomicU32,
}

#[async_trait]
impl Transport for LastMoment {
    async fn send(&self, request: Request, deadline: Duration) -> Result<Response, TransportError> {
        let completes = request.method == Method::Post
            && request.query.iter().any(|(name, _)| name == "uploadId");
        let copies = request.method == Method::Put && request.query.is_empty();
        let is_it = (completes || copies) && self.left.fetch_sub(1, Ordering::SeqCst) == 1;
        if is_it && matches!(self.moment, Moment::Before(_)) {
            intrude(&self.cloud, self.dialect);
        }
        let answer = self.inner.send(request, deadline).await;
        if is_it && matches!(self.moment, Moment::After(_)) {
            intrude(&self.cloud, self.dialect);
        }
        answer
    }
}

fn intrude(cloud: &Cloud, dialect: DialectName) {
    let backup = bucket(dialect, "backup");
    cloud
        .demo
        .put_virtual(provider(dialect), backup.as_str(), TARGET, THEIRS);
}

/// Keeping both leaves theirs alone and puts ours beside it; skipping leaves no upload behind.
async fn both_are_kept_or_ours_is_left_out(dialect: DialectName) {
    let stage = Stage::new(dialect).await;
    let job = held_half_way(&stage).await;
    stage.intrude();
    stage.engine.resume(job).await.expect("it resumes");
    stage.wait(job).await;
    stage.assert_asks(job);
    let transfer = stage.decide(job, Decision::KeepBoth).await;
    assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
    assert_eq!(
        transfer.destination_key.as_str(),
        "destination/copy (2).bin"
    );
    stage.holds_ours("destination/copy (2).bin", LARGE);
    assert!(stage.holds_theirs());
    assert!(stage.cloud.uploads_of(dialect, TARGET).is_empty());

    let stage = Stage::new(dialect).await;
    let job = held_half_way(&stage).await;
    stage.intrude();
    stage.engine.resume(job).await.expect("it resumes");
    stage.wait(job).await;
    let transfer = stage.decide(job, Decision::Skip).await;
    assert_eq!(transfer.state, State::Skipped, "{:?}", transfer.failure);
    assert!(stage.holds_theirs());
    assert!(stage.cloud.uploads_of(dialect, TARGET).is_empty());
}

/// A small object goes by one request, and the same holds for it.
async fn small_objects_ask_as_well(dialect: DialectName) {
    let stage = Stage::new(dialect).await;
    stage.intrude();
    let job = stage.copy(SMALL, ConflictPolicy::Ask).await;
    stage.assert_asks(job);
    assert!(stage.holds_theirs());
    let refused = stage
        .engine
        .decide(
            job,
            Which::One(look(&stage.engine, job).1.id),
            Decision::AcceptAsIs,
        )
        .await
        .expect_err("it does not answer this");
    assert_eq!(refused.kind, FailureKind::Invalid);
    let transfer = stage.decide(job, Decision::Replace).await;
    assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
    stage.holds_ours(TARGET, SMALL);

    // Overwriting was agreed to beforehand.
    let job = stage.copy(LARGE, ConflictPolicy::Overwrite).await;
    assert_eq!(look(&stage.engine, job).1.state, State::Done);
    stage.holds_ours(TARGET, LARGE);
}

/// The answer to a `CopyObject` is lost, and nothing is sent twice: what stands there is ours.
async fn a_small_copy_whose_answer_is_lost_is_recognised(dialect: DialectName) {
    let stage = Stage::new(dialect).await;
    let lost = Fault::new("CopyObject", FaultKind::LoseAnswer);
    stage.cloud.demo.add_fault(lost);
    let job = stage.copy(SMALL, ConflictPolicy::Ask).await;
    let (_, transfer) = look(&stage.engine, job);
    assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
    assert!(transfer.verdict.expect("a verdict").verified);
    stage.holds_ours(TARGET, SMALL);
    assert!(stage.was_told(job, event::COMPLETION_PROVEN));
}

/// A small copy arrived, but could not be looked at, and its tag is not its source's: the answer
/// said which object it made, and nobody is asked about that.
async fn a_small_copy_that_could_not_be_looked_at_is_known(dialect: DialectName) {
    let stage = Stage::new(dialect).await;
    let key = CustomerKey::of_bytes(&[9; 32]).expect("a key");
    stage.engine.offer_key(key.clone());
    // Once before the start, once before the copy; the third look is the one after it.
    let line = format!("HeadObject:expired_token:skip=2:key={TARGET}");
    stage.cloud.demo.add_fault(line.parse().expect("a fault"));
    let mut request = stage.request(SMALL, ConflictPolicy::Ask);
    request.options.terms.encryption = AtRest::Customer { key_md5: key.md5() };
    let job = stage.engine.start(&request).await.expect("it starts");
    stage.wait(job).await;
    let (_, transfer) = look(&stage.engine, job);
    assert_ne!(transfer.state, State::Done, "it was looked at");
    stage.engine.retry(job).await.expect("it goes on");
    stage.wait(job).await;
    let (_, transfer) = look(&stage.engine, job);
    assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
    stage.holds_ours(TARGET, SMALL);
    let copies = stage.cloud.requests_of(dialect, TARGET);
    let copies = copies.iter().filter(|sent| sent.operation == "CopyObject");
    assert_eq!(copies.count(), 1, "it was not made again");
}

/// Somebody's object that is encrypted with a key of theirs shows nothing but what a listing has of
/// it. Consent to replace it is about that one.
async fn consent_to_a_hidden_object_is_about_no_other(dialect: DialectName) {
    let stage = Stage::new(dialect).await;
    let hide = |source: &'static str| {
        let key = CustomerKey::of_bytes(&[9; 32]).expect("a key");
        stage.engine.offer_key(key.clone());
        let mut request = stage.request(source, ConflictPolicy::Overwrite);
        request.options.terms.encryption = AtRest::Customer { key_md5: key.md5() };
        async {
            let request = request;
            let job = stage.engine.start(&request).await.expect("it starts");
            stage.wait(job).await;
            assert_eq!(look(&stage.engine, job).1.state, State::Done);
        }
    };
    hide(SMALL).await;
    let job = stage.copy(LARGE, ConflictPolicy::Ask).await;
    stage.assert_asks(job);
    let question = look(&stage.engine, job).1.failure.expect("why").message;
    assert!(question.contains("key that was not given"), "{question}");

    hide("images/tiles-002.zip").await;
    stage.decide(job, Decision::Replace).await;
    stage.assert_asks(job);
    let row = stage.decide(job, Decision::Replace).await;
    assert_eq!(row.state, State::Done, "{:?}", row.failure);
    stage.holds_ours(TARGET, LARGE);
}

/// A HEAD that is refused without a word may be a gateway's: what no listing shows is not there,
/// and nothing is left out for it.
async fn a_refusal_without_a_word_is_no_object(dialect: DialectName) {
    let stage = Stage::new(dialect).await;
    let refused = || {
        let bare = FaultKind::Refuse {
            status: 400,
            code: String::new(),
        };
        Fault::new("HeadObject", bare).on_key(TARGET)
    };
    let request = stage.request(SMALL, ConflictPolicy::Skip);
    stage.cloud.demo.add_fault(refused());
    let failure = stage.engine.start(&request).await.expect_err("a plan");
    assert_eq!(failure.kind, FailureKind::BadResponse, "{failure}");
    // Once it starts, the copy waits for the gateway.
    stage.cloud.demo.add_fault(refused().after(1));
    let job = stage.engine.start(&request).await.expect("it starts");
    stage.wait(job).await;
    let row = look(&stage.engine, job).1;
    assert_eq!(row.state, State::Done, "{:?}", row.failure);
    stage.holds_ours(TARGET, SMALL);
}

/// What stood there before is not taken for the result.
async fn what_stood_there_before_is_no_proof(dialect: DialectName) {
    // The same source was copied before: the same tag, size and checksum stand there, and a
    // Complete that never happened must not be taken for done because of them.
    let stage = Stage::new(dialect).await;
    let first = stage.copy(LARGE, ConflictPolicy::Ask).await;
    assert_eq!(look(&stage.engine, first).1.state, State::Done);
    let before = stage.cloud.requests_of(dialect, TARGET).len();
    let gone = Fault::new("CompleteMultipartUpload", FaultKind::UploadGone);
    stage.cloud.demo.add_fault(gone);
    let second = stage.copy(LARGE, ConflictPolicy::Overwrite).await;
    let (_, transfer) = look(&stage.engine, second);
    assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
    assert!(stage.was_told(second, event::UPLOAD_LOST));
    assert!(!stage.was_told(second, event::COMPLETION_PROVEN));
    let completes = stage.cloud.requests_of(dialect, TARGET)[before..]
        .iter()
        .filter(|request| request.operation == "CompleteMultipartUpload")
        .count();
    assert_eq!(completes, 2, "it was really completed");
}

on_every_dialect! {
    an_object_put_there_meanwhile_is_not_overwritten,
    a_policy_holds_for_what_comes_meanwhile,
    the_servers_condition_guards_the_last_moment,
    a_condition_that_was_refused_once_is_sent_again,
    what_waits_for_a_slow_server_is_looked_at_again,
    both_are_kept_or_ours_is_left_out,
    small_objects_ask_as_well,
    a_small_copy_whose_answer_is_lost_is_recognised,
    a_small_copy_that_could_not_be_looked_at_is_known,
    consent_to_a_hidden_object_is_about_no_other,
    a_refusal_without_a_word_is_no_object,
    what_stood_there_before_is_no_proof,
}
