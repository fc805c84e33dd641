//! Every fault of the demo cloud during a copy, on every dialect: each ends right, and each
//! planned fault really happened.

use std::time::Duration;

use partway_democloud::{Fault, FaultKind, Quirks, Switches};
use partway_domain::limits::MIB;
use partway_domain::{DialectName, FailureKind, JobId, State, Wait};
use partway_engine::{Engine, event};
use partway_tests::cloud::{bucket, provider};
use partway_tests::machine::{copy_request, look};
use partway_tests::{Cloud, Machine, on_every_dialect};

const SOURCE: &str = "faults/source.bin";
const TARGET: &str = "faults/copy.bin";
const SMALL: &str = "images/tiles-001.zip";

/// A copy of twelve parts on its way through a cloud that misbehaves.
struct Trial {
    cloud: Cloud,
    engine: Engine,
    dialect: DialectName,
    _machine: Machine,
}

impl Trial {
    async fn new(dialect: DialectName, faults: &[Fault]) -> Self {
        let cloud = Cloud::open().await;
        let datasets = bucket(dialect, "datasets");
        cloud
            .demo
            .put_virtual(provider(dialect), datasets.as_str(), SOURCE, 58 * MIB);
        for fault in faults {
            cloud.demo.add_fault(fault.clone());
        }
        let machine = Machine::new(&cloud);
        Self {
            engine: machine.engine(),
            cloud,
            dialect,
            _machine: machine,
        }
    }

    async fn copy(&self) -> JobId {
        let mut request = copy_request(
            &self.cloud,
            self.dialect,
            ("datasets", SOURCE),
            ("backup", TARGET),
        );
        request.options.part_size = Some(5 * MIB);
        request.options.parts_at_once = 4;
        let job = self.engine.start(&request).await.expect("it starts");
        self.wait(job).await;
        job
    }

    async fn wait(&self, job: JobId) {
        tokio::time::timeout(Duration::from_secs(60), self.engine.wait(job))
            .await
            .expect("it does not hang");
    }

    /// Arrived, verified, right by ground truth, nothing left behind, every fault used up.
    fn assert_done(&self, job: JobId) {
        let (_, transfer) = look(&self.engine, job);
        assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
        let verdict = transfer.verdict.expect("a verdict");
        assert!(verdict.verified, "{}", verdict.evidence);
        let from = self.truth("datasets", SOURCE).expect("the source");
        let to = self.truth("backup", TARGET).expect("the copy");
        assert_eq!(to.segments, from.segments);
        self.assert_clean();
    }

    /// The user is asked, and nothing was made or left.
    fn assert_asks(&self, job: JobId, kind: FailureKind) {
        let (_, transfer) = look(&self.engine, job);
        let waiting = State::Waiting {
            wait: Wait::Decision,
        };
        assert_eq!(transfer.state, waiting, "{:?}", transfer.failure);
        let failure = transfer.failure.expect("a reason");
        assert_eq!(failure.kind, kind);
        assert!(failure.message.contains("decide"), "{}", failure.message);
        assert!(self.truth("backup", TARGET).is_none(), "no false success");
        self.assert_clean();
    }

    fn assert_clean(&self) {
        let open = self.cloud.uploads_of(self.dialect, TARGET);
        assert!(open.is_empty(), "{open:?}");
        assert_eq!(self.cloud.demo.faults_left(), Vec::new());
    }

    fn truth(&self, word: &str, key: &str) -> Option<partway_democloud::ObjectFacts> {
        self.cloud
            .object(self.dialect, &bucket(self.dialect, word), key)
    }

    fn was_told(&self, job: JobId, what: &str) -> bool {
        let events = self.engine.journal().events(job, None, 1000).unwrap();
        events.iter().any(|row| row.event.what == what)
    }
}

fn fault(line: &str) -> Fault {
    line.parse().expect("a fault")
}

/// Whatever happens on the way, the copy arrives.
async fn survives(dialect: DialectName) {
    let trials: &[(&str, Option<&str>)] = &[
        (
            "CreateMultipartUpload:lose_answer",
            Some(event::UPLOAD_ADOPTED),
        ),
        (
            "CreateMultipartUpload:half_body",
            Some(event::UPLOAD_ADOPTED),
        ),
        (
            "CreateMultipartUpload:slow_down:count=2",
            Some(event::THROTTLED),
        ),
        ("CreateMultipartUpload:reset", None),
        (
            "UploadPartCopy:lose_answer:count=3:skip=2",
            Some(event::PART_RETRIED),
        ),
        (
            "UploadPartCopy:half_body:count=3",
            Some(event::PART_RETRIED),
        ),
        (
            "UploadPartCopy:error_in_200:count=3",
            Some(event::PART_RETRIED),
        ),
        ("UploadPartCopy:slow_down:count=15", Some(event::THROTTLED)),
        ("UploadPartCopy:slow_down:secs=1", Some(event::THROTTLED)),
        (
            "UploadPartCopy:refuse:status=500:code=InternalError:count=3",
            Some(event::PART_RETRIED),
        ),
        (
            "UploadPartCopy:upload_gone:skip=5",
            Some(event::UPLOAD_LOST),
        ),
        ("UploadPartCopy:reset:count=3", Some(event::PART_RETRIED)),
        (
            "CompleteMultipartUpload:lose_answer",
            Some(event::COMPLETION_PROVEN),
        ),
        (
            "CompleteMultipartUpload:half_body",
            Some(event::COMPLETION_PROVEN),
        ),
        ("CompleteMultipartUpload:error_in_200", None),
        (
            "CompleteMultipartUpload:refuse:status=500:code=InternalError:count=2",
            None,
        ),
        (
            "CompleteMultipartUpload:slow_down:count=2",
            Some(event::THROTTLED),
        ),
        ("CompleteMultipartUpload:reset", None),
        (
            "CompleteMultipartUpload:upload_gone",
            Some(event::UPLOAD_LOST),
        ),
        (
            "CompleteMultipartUpload:refuse:status=400:code=InvalidPart",
            Some(event::COMPLETE_REFUSED),
        ),
        ("HeadObject:reset:count=2", None),
    ];
    for (line, told) in trials {
        let trial = Trial::new(dialect, &[fault(line)]).await;
        let job = trial.copy().await;
        println!("{dialect}: {line}");
        trial.assert_done(job);
        if let Some(told) = told {
            assert!(trial.was_told(job, told), "{line} is not told as {told}");
        }
    }
}

/// A changed source never becomes a mixed copy: by the condition on each part, by the last
/// HEAD where a server ignores the condition, and by a source that is deleted.
async fn notices_a_changed_source(dialect: DialectName) {
    let line = fault("UploadPartCopy:source_changed:skip=5");
    let trial = Trial::new(dialect, std::slice::from_ref(&line)).await;
    let job = trial.copy().await;
    trial.assert_asks(job, FailureKind::SourceChanged);
    assert!(trial.was_told(job, event::SOURCE_CHANGED));

    // The user retries: the source as it is now arrives.
    trial.engine.retry(job).await.expect("it retries");
    trial.wait(job).await;
    trial.assert_done(job);

    let trial = Trial::new(dialect, &[line]).await;
    trial.cloud.demo.set_quirks(Quirks::everywhere(Switches {
        ignore_copy_conditions: true,
        ..Switches::default()
    }));
    let job = trial.copy().await;
    trial.assert_asks(job, FailureKind::SourceChanged);
}

/// A refused credential holds the transfer with its upload; resuming goes on with the parts.
async fn waits_for_a_credential(dialect: DialectName) {
    let trial = Trial::new(dialect, &[fault("UploadPartCopy:expired_token:skip=5")]).await;
    let job = trial.copy().await;
    let (_, transfer) = look(&trial.engine, job);
    let waiting = State::Waiting {
        wait: Wait::Credential,
    };
    assert_eq!(transfer.state, waiting, "{:?}", transfer.failure);
    assert!(transfer.parts_done >= 5, "{}", transfer.parts_done);
    trial.engine.resume(job).await.expect("it resumes");
    trial.wait(job).await;
    trial.assert_done(job);
}

/// What is refused for good fails with the provider's words, and cancelling gives the upload
/// back.
async fn fails_honestly(dialect: DialectName) {
    let line = "CompleteMultipartUpload:refuse:status=403:code=AccessDenied";
    let trial = Trial::new(dialect, &[fault(line)]).await;
    let job = trial.copy().await;
    let (_, transfer) = look(&trial.engine, job);
    let failure = transfer.failure.expect("a reason");
    assert_eq!(failure.kind, FailureKind::AccessDenied);
    assert_eq!(failure.code.as_deref(), Some("AccessDenied"));
    assert!(failure.request_id.is_some());
    assert_eq!(trial.cloud.uploads_of(dialect, TARGET).len(), 1);

    trial.engine.cancel(job, false).await.expect("it cancels");
    trial.wait(job).await;
    let (row, transfer) = look(&trial.engine, job);
    assert_eq!(transfer.state, State::Cancelled);
    assert!(row.finished_ms.is_some());
    assert!(transfer.upload.is_none());
    trial.assert_clean();
}

/// Small objects go by one request, which is safe to repeat.
async fn small_objects_survive_too(dialect: DialectName) {
    for line in [
        "CopyObject:lose_answer",
        "CopyObject:error_in_200",
        "CopyObject:half_body",
        "CopyObject:slow_down",
    ] {
        let trial = Trial::new(dialect, &[fault(line)]).await;
        let request = copy_request(
            &trial.cloud,
            dialect,
            ("datasets", SMALL),
            ("backup", TARGET),
        );
        let job = trial.engine.start(&request).await.expect("it starts");
        trial.wait(job).await;
        let (_, transfer) = look(&trial.engine, job);
        assert_eq!(
            transfer.state,
            State::Done,
            "{line}: {:?}",
            transfer.failure
        );
        assert!(transfer.verdict.expect("a verdict").verified);
        assert_eq!(
            trial.truth("backup", TARGET).unwrap().segments,
            trial.truth("datasets", SMALL).unwrap().segments
        );
        trial.assert_clean();
    }
}

/// A Complete that may be sent twice, and one that may not, end alike.
async fn completes_once(dialect: DialectName) {
    for complete_idempotent in [true, false] {
        let lost = Fault::new("CompleteMultipartUpload", FaultKind::LoseAnswer);
        let trial = Trial::new(dialect, &[lost]).await;
        trial.cloud.demo.set_quirks(Quirks::everywhere(Switches {
            complete_idempotent,
            ..Switches::default()
        }));
        let job = trial.copy().await;
        trial.assert_done(job);
    }
}

on_every_dialect! {
    survives,
    notices_a_changed_source,
    waits_for_a_credential,
    fails_honestly,
    small_objects_survive_too,
    completes_once,
}
