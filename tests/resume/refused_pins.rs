//! Servers on which a tag that HEAD shows never meets a condition: the copy is bound by looking
//! at its source instead, and a source that changes is still noticed.

use std::time::Duration;

use partway_democloud::{Quirks, Switches};
use partway_domain::limits::MIB;
use partway_domain::{Capability, DialectName, FailureKind, JobId, State, Wait};
use partway_engine::{Engine, event};
use partway_journal::table::transfer::TransferRow;
use partway_tests::cloud::{bucket, provider};
use partway_tests::machine::{copy_request, look};
use partway_tests::{Cloud, Machine, on_every_dialect};

const SEED: &str = "pins/seed.bin";
/// An object made of parts, as its tag tells.
const SOURCE: &str = "pins/made-of-parts.bin";
const PARTS: u64 = 12;

/// Such a server, with a source made of parts.
struct Desk {
    cloud: Cloud,
    engine: Engine,
    dialect: DialectName,
    _machine: Machine,
}

impl Desk {
    async fn new(dialect: DialectName) -> Self {
        let cloud = Cloud::open().await;
        let datasets = bucket(dialect, "datasets");
        cloud
            .demo
            .put_virtual(provider(dialect), datasets.as_str(), SEED, 58 * MIB);
        let machine = Machine::new(&cloud);
        let desk = Self {
            engine: machine.engine(),
            cloud,
            dialect,
            _machine: machine,
        };
        let made = desk.copy(("datasets", SEED), ("photos", SOURCE)).await;
        desk.assert_done(made, SOURCE);
        desk.cloud.demo.set_quirks(Quirks::everywhere(Switches {
            part_tags_never_match: true,
            ..Switches::default()
        }));
        desk
    }

    async fn copy(&self, from: (&str, &str), to: (&str, &str)) -> JobId {
        let mut request = copy_request(&self.cloud, self.dialect, from, to);
        request.options.part_size = Some(5 * MIB);
        request.options.parts_at_once = 1;
        self.run(&request).await
    }

    async fn run(&self, request: &partway_engine::CopyRequest) -> JobId {
        let job = self.engine.start(request).await.expect("it starts");
        tokio::time::timeout(Duration::from_secs(60), self.engine.wait(job))
            .await
            .expect("it does not hang");
        job
    }

    fn fault(&self, line: &str) {
        self.cloud.demo.add_fault(line.parse().expect("a fault"));
    }

    fn assert_done(&self, job: JobId, key: &str) {
        let (_, transfer) = look(&self.engine, job);
        assert_eq!(transfer.state, State::Done, "{key}: {:?}", transfer.failure);
        assert!(transfer.verdict.is_some(), "{key}");
        let truth = |word, key| {
            let bucket = bucket(self.dialect, word);
            self.cloud.object(self.dialect, &bucket, key)
        };
        let seed = truth("datasets", SEED).expect("the seed");
        let made = truth("photos", key).or_else(|| truth("backup", key));
        assert_eq!(made.expect("the copy").segments, seed.segments);
        assert_eq!(self.cloud.demo.faults_left(), Vec::new());
        assert!(self.cloud.uploads_of(self.dialect, key).is_empty());
    }

    /// It ended as changed, by what was planned.
    fn assert_failed(&self, job: JobId) {
        let (_, transfer) = look(&self.engine, job);
        assert_waits_for_decision(&transfer);
        assert_eq!(self.cloud.demo.faults_left(), Vec::new());
    }

    /// It ended as changed, and nothing was made.
    fn assert_changed(&self, job: JobId, key: &str) {
        self.assert_failed(job);
        let backup = bucket(self.dialect, "backup");
        assert!(self.cloud.object(self.dialect, &backup, key).is_none());
        assert!(self.cloud.uploads_of(self.dialect, key).is_empty());
    }

    /// How the bucket's lack of conditions is known.
    fn learned(&self, capability: Capability) -> Option<String> {
        let account = self.cloud.account(self.dialect).id;
        let backup = bucket(self.dialect, "backup");
        let known = self.engine.journal().capabilities(&account, Some(&backup));
        let known = known.expect("the journal");
        known
            .absence(capability)
            .map(|learned| learned.evidence.clone())
    }

    fn refusals(&self, key: &str) -> usize {
        let requests = self.cloud.requests_of(self.dialect, key);
        requests.iter().filter(|one| one.status == 412).count()
    }

    fn sent(&self, key: &str, operation: &str) -> u64 {
        let requests = self.cloud.requests_of(self.dialect, key);
        let sent = requests.iter().filter(|one| one.operation == operation);
        sent.count() as u64
    }
}

/// By parts: what a refusal with an unchanged source means is found out once, told, and
/// remembered.
async fn a_source_made_of_parts_arrives_in_parts(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let job = desk.copy(("photos", SOURCE), ("backup", "first")).await;
    desk.assert_done(job, "first");
    let evidence = desk.learned(Capability::PartCopyConditions);
    let evidence = evidence.expect("it is learned");
    assert!(
        evidence.contains("412") && evidence.contains("unchanged"),
        "{evidence}"
    );
    let events = desk.engine.journal().events(job, None, 1000).unwrap();
    let told = events
        .iter()
        .any(|row| row.event.what == event::CAPABILITY_MISSING);
    assert!(told, "{events:?}");
    let verdict = look(&desk.engine, job).1.verdict.expect("a verdict");
    assert!(verdict.evidence.contains("by HEAD"), "{}", verdict.evidence);

    let job = desk.copy(("photos", SOURCE), ("backup", "second")).await;
    desk.assert_done(job, "second");
    assert_eq!(desk.refusals("second"), 0, "it is remembered");
    assert_eq!(desk.sent("second", "UploadPartCopy"), PARTS);
}

/// The same by one request.
async fn a_source_made_of_parts_arrives_in_one_piece(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    for key in ["first", "second"] {
        let request = copy_request(&desk.cloud, dialect, ("photos", SOURCE), ("backup", key));
        let job = desk.run(&request).await;
        desk.assert_done(job, key);
        assert_eq!(desk.sent(key, "CreateMultipartUpload"), 0);
        let verdict = look(&desk.engine, job).1.verdict.expect("a verdict");
        assert!(verdict.evidence.contains("by HEAD"), "{}", verdict.evidence);
    }
    assert!(desk.learned(Capability::CopyConditions).is_some());
    assert_eq!(desk.refusals("second"), 0, "it is remembered");
}

/// A change is noticed at the first refusal as well as by the last look, when no condition
/// guards the parts any more.
async fn a_source_that_changes_is_still_noticed(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    desk.fault("UploadPartCopy:source_changed");
    let job = desk.copy(("photos", SOURCE), ("backup", "early")).await;
    desk.assert_changed(job, "early");
    assert_eq!(desk.learned(Capability::PartCopyConditions), None);

    let desk = Desk::new(dialect).await;
    let job = desk.copy(("photos", SOURCE), ("backup", "first")).await;
    desk.assert_done(job, "first");
    desk.fault("UploadPartCopy:source_changed:skip=5");
    let job = desk.copy(("photos", SOURCE), ("backup", "late")).await;
    desk.assert_changed(job, "late");
    assert_eq!(desk.sent("late", "CompleteMultipartUpload"), 0);

    // One request cannot be stopped any more, but its copy is never called the source's.
    let desk = Desk::new(dialect).await;
    desk.fault("CopyObject:source_changed:skip=2");
    let request = copy_request(
        &desk.cloud,
        dialect,
        ("photos", SOURCE),
        ("backup", "whole"),
    );
    let job = desk.run(&request).await;
    desk.assert_failed(job);
}

/// One refusal may come from a machine that does not know the object yet.
async fn one_refusal_proves_nothing(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    desk.cloud.demo.set_quirks(Quirks::default());
    desk.fault("UploadPartCopy:refuse:status=412:code=PreconditionFailed");
    let job = desk.copy(("photos", SOURCE), ("backup", "once")).await;
    desk.assert_done(job, "once");
    assert_eq!(desk.learned(Capability::PartCopyConditions), None);
}

/// What becomes of a copy whose source changed is for the user to say.
fn assert_waits_for_decision(transfer: &TransferRow) {
    let failure = transfer.failure.as_ref().expect("a reason");
    assert_eq!(failure.kind, FailureKind::SourceChanged, "{failure}");
    let wait = Wait::Decision;
    assert_eq!(transfer.state, State::Waiting { wait });
}

/// A server that refuses what it has taken before means it.
async fn a_condition_that_held_before_is_not_given_up(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    desk.cloud.demo.set_quirks(Quirks::default());
    desk.fault("UploadPartCopy:refuse:status=412:code=PreconditionFailed:skip=6:count=9");
    let job = desk.copy(("photos", SOURCE), ("backup", "held")).await;
    let (_, transfer) = look(&desk.engine, job);
    assert_waits_for_decision(&transfer);
    assert_eq!(desk.learned(Capability::PartCopyConditions), None);
}

on_every_dialect! {
    a_source_made_of_parts_arrives_in_parts,
    a_source_made_of_parts_arrives_in_one_piece,
    a_source_that_changes_is_still_noticed,
    one_refusal_proves_nothing,
    a_condition_that_held_before_is_not_given_up,
}
