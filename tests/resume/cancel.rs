//! Giving up: with the parts kept, with the uploads given back, and through a crash.

use std::time::Duration;

use partway_democloud::Timing;
use partway_domain::limits::MIB;
use partway_domain::{DialectName, JobId, JobIntent, State};
use partway_engine::Engine;
use partway_tests::cloud::{bucket, provider};
use partway_tests::machine::{copy_request, look, transport};
use partway_tests::wire::Death;
use partway_tests::{Cloud, Machine};

const SOURCE: &str = "cancel/source.bin";

async fn stage(dialect: DialectName) -> (Cloud, Machine) {
    let cloud = Cloud::open().await;
    let datasets = bucket(dialect, "datasets");
    cloud
        .demo
        .put_virtual(provider(dialect), datasets.as_str(), SOURCE, 200 * MIB);
    let machine = Machine::new(&cloud);
    (cloud, machine)
}

/// A copy with some of its parts done.
async fn begin(cloud: &Cloud, dialect: DialectName, engine: &Engine, key: &str) -> JobId {
    let mut request = copy_request(cloud, dialect, ("datasets", SOURCE), ("backup", key));
    request.options.part_size = Some(5 * MIB);
    request.options.parts_at_once = 4;
    cloud.demo.set_timing(Timing {
        latency: Duration::from_millis(50),
        ..Timing::default()
    });
    let job = engine.start(&request).await.expect("it starts");
    while look(engine, job).1.parts_done < 6 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    job
}

async fn gives_the_upload_back(dialect: DialectName) {
    let (cloud, machine) = stage(dialect).await;
    let engine = machine.engine();
    let key = "cancel/back.bin";
    let job = begin(&cloud, dialect, &engine, key).await;
    engine.cancel(job, false).await.unwrap();
    engine.wait(job).await;
    let (row, transfer) = look(&engine, job);
    assert_eq!(transfer.state, State::Cancelled);
    assert_eq!(row.intent, JobIntent::Cancel);
    assert!(row.finished_ms.is_some());
    // Parts that were in flight may land behind the abort, but not come to life.
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(cloud.uploads_of(dialect, key).is_empty());
}

async fn keeps_the_parts(dialect: DialectName) {
    let (cloud, machine) = stage(dialect).await;
    let engine = machine.engine();
    let key = "cancel/kept.bin";
    let job = begin(&cloud, dialect, &engine, key).await;
    engine.cancel(job, true).await.unwrap();
    engine.wait(job).await;
    let (_, transfer) = look(&engine, job);
    assert_eq!(transfer.state, State::Cancelled);
    let kept = cloud.uploads_of(dialect, key).remove(0).parts.len();
    assert_eq!(kept as u64, transfer.parts_done);

    // A change of mind costs nothing.
    engine.retry(job).await.unwrap();
    engine.wait(job).await;
    let (_, transfer) = look(&engine, job);
    assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
    let sent = cloud
        .requests_of(dialect, key)
        .iter()
        .filter(|request| request.operation == "UploadPartCopy")
        .count();
    assert_eq!(sent, 40);
}

/// Dies at every point after the user's cancel. The next start finishes giving up by itself.
async fn survives_a_crash(dialect: DialectName) {
    let (cloud, _) = stage(dialect).await;
    for point in 1.. {
        let machine = Machine::new(&cloud);
        let key = format!("cancel/crash-{point}.bin");
        let death = Death::later(point);
        let engine = machine.engine_dying(death.wire(transport()), death.clone());
        let job = begin(&cloud, dialect, &engine, &key).await;
        death.arm();
        let cancelling = async {
            engine.cancel(job, false).await.unwrap();
            engine.wait(job).await;
        };
        let died = tokio::select! {
            biased;
            () = death.comes() => true,
            () = cancelling => false,
            () = tokio::time::sleep(Duration::from_secs(30)) => panic!("{key} hangs"),
        };
        drop(engine);
        machine.wall.shift_ms(20_000);
        cloud.demo.set_timing(Timing::default());

        let engine = machine.engine();
        if machine.journal().job(job).unwrap().intent != JobIntent::Cancel {
            // The program died before the user's word was written down; it is said again.
            engine.cancel(job, false).await.unwrap();
        }
        let settled = async {
            while look(&engine, job).1.state != State::Cancelled
                || !cloud.uploads_of(dialect, &key).is_empty()
            {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), settled)
            .await
            .unwrap_or_else(|_| panic!("{key}: {:?}", look(&engine, job).1));
        if !died {
            println!("{dialect}: cancelling died at {} points", point - 1);
            assert!(point > 8, "too few points: {point}");
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_upload_is_given_back() {
    for dialect in DialectName::ALL {
        gives_the_upload_back(dialect).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_parts_are_kept_on_request() {
    for dialect in DialectName::ALL {
        keeps_the_parts(dialect).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_does_not_forget_the_abort_on_cos() {
    survives_a_crash(DialectName::Cos).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_does_not_forget_the_abort_on_s3() {
    survives_a_crash(DialectName::S3).await;
}
