//! Open uploads: whose they are, and giving them back until they are gone.

use std::sync::Mutex;
use std::time::Duration;

use partway_democloud::Timing;
use partway_domain::limits::MIB;
use partway_domain::{Bucket, DialectName, FailureKind, JobId, Key, State, UploadId};
use partway_engine::Engine;
use partway_engine::uploads::{OpenUpload, Ownership};
use partway_journal::table::abort::UploadName;
use partway_journal::{Change, Durability};
use partway_protocol::op::{Attributes, CreateMultipartUpload, Terms};
use partway_tests::cloud::{bucket, provider};
use partway_tests::machine::{copy_request, look};
use partway_tests::{Cloud, Machine};

const SOURCE: &str = "uploads/source.bin";

async fn stage(dialect: DialectName) -> (Cloud, Machine) {
    let cloud = Cloud::open().await;
    let datasets = bucket(dialect, "datasets");
    cloud
        .demo
        .put_virtual(provider(dialect), datasets.as_str(), SOURCE, 200 * MIB);
    let machine = Machine::new(&cloud);
    (cloud, machine)
}

/// A copy with some of its parts done, on hold.
async fn paused(cloud: &Cloud, dialect: DialectName, engine: &Engine, key: &str) -> JobId {
    let mut request = copy_request(cloud, dialect, ("datasets", SOURCE), ("backup", key));
    request.options.part_size = Some(5 * MIB);
    request.options.parts_at_once = 4;
    cloud.demo.set_timing(Timing {
        latency: Duration::from_millis(50),
        ..Timing::default()
    });
    let job = engine.start(&request).await.expect("it starts");
    until("parts are copied", || look(engine, job).1.parts_done >= 4).await;
    engine.pause(job).await.unwrap();
    engine.wait(job).await;
    cloud.demo.set_timing(Timing::default());
    job
}

async fn until(what: &str, condition: impl Fn() -> bool) {
    let waiting = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(100), waiting)
        .await
        .unwrap_or_else(|_| panic!("it never came to pass that {what}"));
}

/// Opens an upload that no journal knows of.
async fn foreign(cloud: &Cloud, dialect: DialectName, engine: &Engine, key: &str) -> UploadName {
    let operation = CreateMultipartUpload {
        bucket: bucket(dialect, "backup"),
        key: Key::parse(key).unwrap(),
        attributes: Attributes::default(),
        checksum: false,
        terms: Terms::default(),
    };
    let account = cloud.account(dialect);
    let created = engine.call(&account, None, &operation).await.unwrap();
    name(cloud, dialect, key, created.output)
}

fn name(cloud: &Cloud, dialect: DialectName, key: &str, upload_id: UploadId) -> UploadName {
    UploadName {
        account: cloud.account(dialect).id,
        bucket: bucket(dialect, "backup"),
        region: String::new(),
        key: Key::parse(key).unwrap(),
        upload_id,
    }
}

async fn found(
    cloud: &Cloud,
    dialect: DialectName,
    engine: &Engine,
    bucket: &Bucket,
    key: &str,
) -> OpenUpload {
    let found = Mutex::new(Vec::new());
    let heard = |page: Vec<OpenUpload>| {
        found.lock().unwrap().extend(page);
        true
    };
    engine
        .open_uploads(&cloud.account(dialect), None, bucket, &heard)
        .await
        .unwrap();
    let mut found = found.into_inner().unwrap();
    found.retain(|upload| upload.key.as_str() == key);
    assert_eq!(found.len(), 1, "{key}");
    found.remove(0)
}

async fn tells_whose_they_are(dialect: DialectName) {
    let (cloud, machine) = stage(dialect).await;
    let engine = machine.engine();
    let job = paused(&cloud, dialect, &engine, "uploads/ours.bin").await;
    let stray = foreign(&cloud, dialect, &engine, "uploads/stray.bin").await;
    let backup = bucket(dialect, "backup");

    let ours = found(&cloud, dialect, &engine, &backup, "uploads/ours.bin").await;
    let Ownership::Ours(owner) = ours.ownership else {
        panic!("{ours:?}");
    };
    assert_eq!(owner.job, job);
    assert!(
        !owner.driven && !owner.completing && !owner.settled,
        "{owner:?}"
    );
    assert!(ours.initiated_ms.is_some(), "{ours:?}");
    let size = engine
        .upload_size(
            &cloud.account(dialect),
            None,
            &backup,
            &ours.key,
            &ours.upload_id,
        )
        .await
        .unwrap();
    let transfer = look(&engine, job).1;
    assert_eq!(u64::from(size.parts), transfer.parts_done);
    assert_eq!(size.bytes, transfer.bytes_done);

    let theirs = found(&cloud, dialect, &engine, &backup, "uploads/stray.bin").await;
    assert_eq!(theirs.ownership, Ownership::Foreign);
    assert_eq!(theirs.upload_id, stray.upload_id);

    // Another computer's journal knows none of them.
    let elsewhere = Machine::new(&cloud);
    let stranger = elsewhere.engine();
    let ours = found(&cloud, dialect, &stranger, &backup, "uploads/ours.bin").await;
    assert_eq!(ours.ownership, Ownership::Foreign);
}

partway_tests::on_every_dialect!(tells_whose_they_are);

#[tokio::test(flavor = "multi_thread")]
async fn an_abort_is_owed_until_the_upload_is_gone_also_after_a_restart() {
    let dialect = DialectName::Cos;
    let (cloud, machine) = stage(dialect).await;
    let engine = machine.engine();
    let stray = foreign(&cloud, dialect, &engine, "uploads/stray.bin").await;
    let refusal = "AbortMultipartUpload:refuse:status=403:code=AccessDenied:count=2";
    cloud.demo.add_fault(refusal.parse().unwrap());

    engine.abort_uploads(vec![stray.clone()]).await.unwrap();
    let journal = machine.journal();
    until("it was tried in vain", || {
        journal
            .aborts()
            .unwrap()
            .iter()
            .any(|owed| owed.attempts == 1)
    })
    .await;
    let owed = journal.aborts().unwrap().remove(0);
    assert_eq!(owed.upload, stray);
    let failure = owed.failure.expect("why it did not do");
    assert_eq!(failure.kind, FailureKind::AccessDenied);
    assert!(failure.request_id.is_some(), "{failure:?}");
    drop(engine);

    // The next start does not wait for the time the one before had in mind; it fails once more,
    // and its own patience mends it.
    let engine = machine.engine();
    until("it is gone", || journal.aborts().unwrap().is_empty()).await;
    assert!(cloud.uploads_of(dialect, "uploads/stray.bin").is_empty());
    assert!(cloud.demo.faults_left().is_empty());
    drop(engine);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_may_be_completed_is_never_aborted() {
    let dialect = DialectName::Obs;
    let (cloud, machine) = stage(dialect).await;
    let engine = machine.engine();
    let key = "uploads/unknown.bin";
    let job = paused(&cloud, dialect, &engine, key).await;
    let transfer = look(&engine, job).1;
    let upload_id = transfer.upload.clone().unwrap().upload_id.unwrap();
    let named = name(&cloud, dialect, key, upload_id);
    let journal = machine.journal();
    let mark = Change::CompleteIntended {
        transfer: transfer.id,
    };
    journal.write(vec![mark], Durability::Durable).unwrap();

    let refusal = engine.abort_uploads(vec![named.clone()]).await.unwrap_err();
    assert!(refusal.message.contains("resume the job"), "{refusal}");
    assert!(journal.aborts().unwrap().is_empty());

    // Nor when it was wanted before anybody knew.
    let wanted = partway_journal::table::abort::AbortChange::Wanted(named);
    journal
        .write(vec![Change::Abort(wanted)], Durability::Durable)
        .unwrap();
    drop(engine);
    let engine = machine.engine();
    until("the wish is dropped", || {
        journal.aborts().unwrap().is_empty()
    })
    .await;
    let sent = cloud.requests_of(dialect, key);
    let aborts =
        |request: &&partway_democloud::RequestRecord| request.operation == "AbortMultipartUpload";
    assert_eq!(sent.iter().filter(aborts).count(), 0);
    drop(engine);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_cancelled_job_could_not_give_back_is_given_back_without_a_restart() {
    let dialect = DialectName::S3;
    let (cloud, machine) = stage(dialect).await;
    let engine = machine.engine();
    let key = "uploads/cancelled.bin";
    let job = paused(&cloud, dialect, &engine, key).await;
    // More than the job itself tries.
    let refusal = "AbortMultipartUpload:refuse:status=403:code=AccessDenied:count=3";
    cloud.demo.add_fault(refusal.parse().unwrap());
    engine.cancel(job, false).await.unwrap();
    engine.wait(job).await;
    until("it is given back", || look(&engine, job).1.upload.is_none()).await;
    let events = engine.journal().events(job, None, 100).unwrap();
    let afterwards = events
        .iter()
        .any(|row| row.event.detail.contains("had ended"));
    assert!(afterwards, "not by the job itself: {events:?}");
    assert!(cloud.uploads_of(dialect, key).is_empty());
    assert!(cloud.demo.faults_left().is_empty());
    engine.journal().forget_job(job).expect("nothing holds it");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_of_a_held_job_may_be_aborted_and_the_job_begins_another() {
    let dialect = DialectName::S3;
    let (cloud, machine) = stage(dialect).await;
    let engine = machine.engine();
    let key = "uploads/held.bin";
    let job = paused(&cloud, dialect, &engine, key).await;
    let first = look(&engine, job).1.upload.unwrap().upload_id.unwrap();
    engine
        .abort_uploads(vec![name(&cloud, dialect, key, first.clone())])
        .await
        .unwrap();
    until("it is gone", || cloud.uploads_of(dialect, key).is_empty()).await;
    until("nothing is owed", || {
        engine.journal().aborts().unwrap().is_empty()
    })
    .await;
    engine.resume(job).await.unwrap();
    engine.wait(job).await;
    let transfer = look(&engine, job).1;
    assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
}
