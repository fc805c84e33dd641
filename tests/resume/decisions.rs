//! What waits for a person: each question has its answers, and each answer its end.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use partway_democloud::{Fault, FaultKind, Quirks, Switches};
use partway_domain::limits::MIB;
use partway_domain::{
    Bucket, Choice, Compared, Decision, DialectName, FailureKind, JobId, Key, Prefix, State, Wait,
};
use partway_engine::engine::Which;
use partway_engine::request::{CopySelection, ObjectRef, PrefixRef};
use partway_engine::transport::{Transport, TransportError};
use partway_engine::{CopyRequest, Engine, event};
use partway_journal::table::transfer::TransferRow;
use partway_protocol::op::{Attributes, CreateMultipartUpload, RestoreTier, Terms};
use partway_protocol::wire::{Request, Response};
use partway_tests::cloud::{bucket, provider};
use partway_tests::machine::{copy_request, look, transport};
use partway_tests::{Cloud, Machine, on_every_dialect};

const SOURCE: &str = "decisions/source.bin";
const TARGET: &str = "decisions/copy.bin";

struct Stage {
    cloud: Cloud,
    engine: Engine,
    dialect: DialectName,
    _machine: Machine,
}

impl Stage {
    async fn new(dialect: DialectName, wire: Arc<dyn Transport>) -> Self {
        let cloud = Cloud::open().await;
        let datasets = bucket(dialect, "datasets");
        cloud
            .demo
            .put_virtual(provider(dialect), datasets.as_str(), SOURCE, 58 * MIB);
        let machine = Machine::new(&cloud);
        Self {
            engine: machine.engine_over(wire),
            cloud,
            dialect,
            _machine: machine,
        }
    }

    fn request(&self) -> CopyRequest {
        let mut request = copy_request(
            &self.cloud,
            self.dialect,
            ("datasets", SOURCE),
            ("backup", TARGET),
        );
        request.options.part_size = Some(5 * MIB);
        request
    }

    async fn copy(&self) -> JobId {
        let job = self.engine.start(&self.request()).await.expect("it starts");
        self.wait(job).await;
        job
    }

    async fn wait(&self, job: JobId) {
        tokio::time::timeout(Duration::from_secs(60), self.engine.wait(job))
            .await
            .expect("it does not hang");
    }

    /// The transfer waits because of this, and the question says what can be answered.
    fn assert_asks(&self, job: JobId, kind: FailureKind) -> TransferRow {
        let (_, transfer) = look(&self.engine, job);
        let wait = Wait::Decision;
        assert_eq!(
            transfer.state,
            State::Waiting { wait },
            "{:?}",
            transfer.failure
        );
        let failure = transfer.failure.as_ref().expect("a reason");
        assert_eq!(failure.kind, kind, "{failure}");
        assert!(!Choice::fitting(kind).is_empty());
        transfer
    }

    async fn decide(&self, transfer: &TransferRow, decision: Decision) -> TransferRow {
        let which = Which::One(transfer.id);
        let answered = self.engine.decide(transfer.job, which, decision).await;
        assert_eq!(answered, Ok(1));
        self.wait(transfer.job).await;
        look(&self.engine, transfer.job).1
    }

    fn assert_arrived(&self, transfer: &TransferRow) {
        assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
        assert_eq!(transfer.decision, None, "it is carried out");
        let truth = |word: &str, key: &str| {
            let bucket: Bucket = bucket(self.dialect, word);
            let facts = self.cloud.object(self.dialect, &bucket, key);
            facts
                .unwrap_or_else(|| panic!("{key} is not there"))
                .segments
        };
        assert_eq!(truth("backup", TARGET), truth("datasets", SOURCE));
    }
}

/// A provider that shows no checksum, as for objects from before it had any.
#[derive(Debug)]
struct NoChecksum(Arc<dyn Transport>);

#[async_trait]
impl Transport for NoChecksum {
    async fn send(&self, request: Request, deadline: Duration) -> Result<Response, TransportError> {
        let mut response = self.0.send(request, deadline).await?;
        response
            .headers
            .retain(|(name, _)| !name.to_ascii_lowercase().contains("crc64"));
        Ok(response)
    }
}

/// The answer to Complete is lost and nothing but the size can be compared: nobody but a person
/// can say whether that object is the copy, and what they say is never shown as verified.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_completion_beyond_proof_is_asked_about() {
    let lost = || Fault::new("CompleteMultipartUpload", FaultKind::LoseAnswer);
    let wire = || Arc::new(NoChecksum(transport()));
    let stage = Stage::new(DialectName::Cos, wire()).await;
    stage.cloud.demo.add_fault(lost());
    let job = stage.copy().await;
    let transfer = stage.assert_asks(job, FailureKind::Unprovable);
    let transfer = stage.decide(&transfer, Decision::AcceptAsIs).await;
    stage.assert_arrived(&transfer);
    let verdict = transfer.verdict.expect("a verdict");
    assert!(!verdict.verified, "{}", verdict.evidence);
    let evidence = stage.engine.journal().evidence(transfer.id).unwrap();
    assert!(
        evidence
            .iter()
            .any(|line| line.compared == Compared::Person)
    );

    let stage = Stage::new(DialectName::Cos, wire()).await;
    stage.cloud.demo.add_fault(lost());
    let job = stage.copy().await;
    let transfer = stage.assert_asks(job, FailureKind::Unprovable);
    let transfer = stage.decide(&transfer, Decision::StartOver).await;
    stage.assert_arrived(&transfer);
    assert!(!transfer.verdict.expect("a verdict").verified);
    assert!(stage.cloud.uploads_of(DialectName::Cos, TARGET).is_empty());
}

/// A source that changed: its parts are given back at once, and starting over takes it as it
/// is now.
async fn a_changed_source_is_asked_about(dialect: DialectName) {
    let stage = Stage::new(dialect, transport()).await;
    let changed = "UploadPartCopy:source_changed:skip=5";
    stage.cloud.demo.add_fault(changed.parse().unwrap());
    let job = stage.copy().await;
    let transfer = stage.assert_asks(job, FailureKind::SourceChanged);
    assert!(stage.cloud.uploads_of(dialect, TARGET).is_empty());
    let refused = stage
        .engine
        .decide(job, Which::One(transfer.id), Decision::AcceptAsIs)
        .await
        .expect_err("nothing was made that could be accepted");
    assert_eq!(refused.kind, FailureKind::Invalid);
    let transfer = stage.decide(&transfer, Decision::StartOver).await;
    stage.assert_arrived(&transfer);
    assert!(transfer.verdict.expect("a verdict").verified);
}

/// Somebody else has an open upload of the same key, and the answer to our Create is lost:
/// which of the two is ours nobody can tell, so none is taken or aborted unasked.
async fn uploads_that_could_be_ours_are_offered(dialect: DialectName) {
    for adopts in [true, false] {
        let stage = Stage::new(dialect, transport()).await;
        let foreign = CreateMultipartUpload {
            bucket: bucket(dialect, "backup"),
            key: Key::parse(TARGET).unwrap(),
            attributes: Attributes::default(),
            checksum: false,
            terms: Terms::default(),
        };
        let account = stage.cloud.account(dialect);
        stage.engine.call(&account, None, &foreign).await.unwrap();
        let lost = Fault::new("CreateMultipartUpload", FaultKind::LoseAnswer);
        stage.cloud.demo.add_fault(lost);
        let job = stage.copy().await;
        let transfer = stage.assert_asks(job, FailureKind::UploadUncertain);
        let open = stage.cloud.uploads_of(dialect, TARGET);
        assert_eq!(open.len(), 2, "{open:?}");
        let question = transfer.failure.as_ref().unwrap().message.clone();
        for upload in &open {
            assert!(question.contains(&upload.upload_id), "{question}");
        }
        let decision = if adopts {
            let upload_id = open[0].upload_id.parse_upload();
            Decision::AdoptUpload { upload_id }
        } else {
            Decision::StartOver
        };
        let transfer = stage.decide(&transfer, decision).await;
        stage.assert_arrived(&transfer);
        let left = stage.cloud.uploads_of(dialect, TARGET).len();
        assert_eq!(left, if adopts { 1 } else { 2 }, "what is not ours stays");
        // What an adopted upload held before proves nothing by itself.
        let whole = matches!(dialect, DialectName::Cos | DialectName::S3);
        let verified = transfer.verdict.expect("a verdict").verified;
        assert!(verified || adopts);
        assert!(!(verified && adopts) || whole);
    }
}

trait ParseUpload {
    fn parse_upload(&self) -> partway_domain::UploadId;
}

impl ParseUpload for String {
    fn parse_upload(&self) -> partway_domain::UploadId {
        partway_domain::UploadId::parse(self.as_str()).unwrap()
    }
}

/// Cold objects, named or under a prefix, are asked back, waited for and copied.
async fn archived_sources_are_restored_and_copied(dialect: DialectName) {
    let named = ObjectRef {
        key: Key::parse("2019/ledger.tar").unwrap(),
        version: None,
        rename: None,
    };
    let all = PrefixRef {
        prefix: Prefix::root(),
        rename: None,
    };
    // Side by side, because a restore is only looked at after fifteen seconds.
    let both = [(vec![named], vec![]), (vec![], vec![all])].map(|(objects, prefixes)| {
        archived_sources_wait(dialect, CopySelection { objects, prefixes })
    });
    futures::future::join_all(both).await;
}

async fn archived_sources_wait(dialect: DialectName, selection: CopySelection) {
    let stage = Stage::new(dialect, transport()).await;
    stage.cloud.demo.set_quirks(Quirks::everywhere(Switches {
        thaw_millis: Some(1),
        ..Switches::default()
    }));
    let mut request = stage.request();
    request.source.bucket = bucket(dialect, "archive");
    request.selection = selection;
    request.destination.prefix = Prefix::parse("thawed/").unwrap();
    let job = stage.engine.start(&request).await.expect("it starts");
    stage.wait(job).await;
    let wait = Wait::Restore;
    let waiting = stage
        .engine
        .journal()
        .transfers(job, None, 100)
        .unwrap()
        .into_iter()
        .filter(|row| row.state == State::Waiting { wait })
        .count() as u64;
    assert!(waiting > 0, "nothing is archived");
    let asked = stage.engine.restore(job, RestoreTier::Standard, 3).await;
    assert_eq!(asked, Ok(waiting));
    // Readable after the first look already, which comes after fifteen seconds.
    stage.wait(job).await;
    let (row, events) = (
        stage.engine.journal().job(job).unwrap(),
        stage.engine.journal().events(job, None, 1000).unwrap(),
    );
    assert_eq!(row.counts.done, row.counts.total(), "{:?}", row.counts);
    for what in [event::RESTORE_ASKED, event::RESTORED] {
        let told = events.iter().filter(|row| row.event.what == what).count();
        assert_eq!(told as u64, waiting, "{what}");
    }
}

/// The manifest tells of each object what it is, how that is known and by which request.
async fn the_manifest_names_its_evidence(dialect: DialectName) {
    let stage = Stage::new(dialect, transport()).await;
    let job = stage.copy().await;
    let rows: Vec<_> = stage.engine.manifest(job, None).unwrap().collect();
    assert_eq!(rows.len(), 1);
    let row = rows[0].as_ref().unwrap();
    assert_eq!(row.source_key, SOURCE);
    assert_eq!(row.destination_key, TARGET);
    assert_eq!(row.verified, Some(true));
    assert_eq!(row.before.as_deref(), Some("nothing"));
    let proof = row
        .comparisons
        .iter()
        .find(|line| line.compared.proves())
        .expect("more than the size was compared");
    assert!(proof.agrees(), "{proof:?}");
    assert!(proof.request_id.is_some());
    assert!(row.comparisons.iter().all(|line| !line.differs()));
    let kind = match dialect {
        DialectName::Cos => Compared::Crc64Xz,
        DialectName::S3 => Compared::Crc64Nvme,
        DialectName::Obs | DialectName::ObsV2 => Compared::UploadId,
    };
    assert!(row.comparisons.iter().any(|line| line.compared == kind));
    let table = partway_engine::manifest::csv_line(row);
    assert!(table.contains(SOURCE) && table.ends_with("\r\n"), "{table}");
    // Where the last row was there is nothing more.
    let last = partway_domain::TransferId(row.transfer);
    assert!(
        stage
            .engine
            .manifest(job, Some(last))
            .unwrap()
            .next()
            .is_none()
    );
}

on_every_dialect! {
    a_changed_source_is_asked_about,
    uploads_that_could_be_ours_are_offered,
    archived_sources_are_restored_and_copied,
    the_manifest_names_its_evidence,
}
