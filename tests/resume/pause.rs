//! Holding and going on, by the user and by the end of the program.

use std::time::Duration;

use partway_democloud::Timing;
use partway_domain::limits::MIB;
use partway_domain::{DialectName, JobIntent, State};
use partway_engine::Engine;
use partway_tests::cloud::{bucket, provider};
use partway_tests::machine::{copy_request, look};
use partway_tests::{Cloud, Machine};

const DIALECT: DialectName = DialectName::S3;
const SOURCE: &str = "pause/source.bin";
const TARGET: &str = "pause/copy.bin";

/// A cloud in which a part takes a tenth of a second, and a copy of forty parts under way.
async fn under_way() -> (Cloud, Machine, Engine, partway_domain::JobId) {
    let cloud = Cloud::open().await;
    let datasets = bucket(DIALECT, "datasets");
    cloud
        .demo
        .put_virtual(provider(DIALECT), datasets.as_str(), SOURCE, 200 * MIB);
    let machine = Machine::new(&cloud);
    let engine = machine.engine();
    let mut request = copy_request(&cloud, DIALECT, ("datasets", SOURCE), ("backup", TARGET));
    request.options.part_size = Some(5 * MIB);
    request.options.parts_at_once = 4;
    cloud.demo.set_timing(Timing {
        latency: Duration::from_millis(100),
        ..Timing::default()
    });
    let job = engine.start(&request).await.expect("it starts");
    until(|| look(&engine, job).1.parts_done >= 8).await;
    (cloud, machine, engine, job)
}

async fn until(condition: impl Fn() -> bool) {
    let waiting = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting)
        .await
        .expect("it comes to pass");
}

fn part_requests(cloud: &Cloud) -> usize {
    cloud
        .requests_of(DIALECT, TARGET)
        .iter()
        .filter(|request| request.operation == "UploadPartCopy")
        .count()
}

fn assert_done(engine: &Engine, job: partway_domain::JobId) {
    let (_, transfer) = look(engine, job);
    assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
    assert!(transfer.verdict.expect("a verdict").verified);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_lets_parts_in_flight_arrive_and_a_resume_repeats_none() {
    let (cloud, _machine, engine, job) = under_way().await;
    until(|| {
        let live = engine.progress(job).expect("it is driven");
        assert!(live.in_flight <= 4, "{live:?}");
        assert_eq!(live.progress.parts_total, 40);
        live.in_flight > 0
    })
    .await;

    engine.pause(job).await.unwrap();
    engine.wait(job).await;
    let (row, transfer) = look(&engine, job);
    assert_eq!(transfer.state, State::Paused);
    assert_eq!(row.intent, JobIntent::Pause);
    assert!(row.lease.is_none(), "the lease is given back");
    assert_eq!(transfer.parts_done, part_requests(&cloud) as u64);
    assert!(transfer.parts_done < 40);
    let map = engine.part_map(transfer.id).unwrap();
    assert_eq!(map.len(), 40);

    engine.resume(job).await.unwrap();
    engine.wait(job).await;
    assert_done(&engine, job);
    assert_eq!(part_requests(&cloud), 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn pausing_and_resuming_at_once_loses_nothing() {
    let (cloud, _machine, engine, job) = under_way().await;
    for _ in 0..5 {
        engine.pause(job).await.unwrap();
        engine.resume(job).await.unwrap();
    }
    cloud.demo.set_timing(Timing::default());
    engine.wait(job).await;
    assert_done(&engine, job);
    assert_eq!(part_requests(&cloud), 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_ends_well_leaves_an_interrupted_job() {
    let (cloud, machine, engine, job) = under_way().await;
    engine.shutdown(Duration::from_secs(5)).await;
    let (row, transfer) = look(&engine, job);
    assert_eq!(row.intent, JobIntent::Run);
    assert!(row.lease.is_none());
    assert_eq!(transfer.state, State::Copying);
    assert_eq!(transfer.parts_done, part_requests(&cloud) as u64);
    drop(engine);

    let engine = machine.engine();
    cloud.demo.set_timing(Timing::default());
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!engine.drives(job), "nothing goes on unasked");
    engine.resume(job).await.unwrap();
    engine.wait(job).await;
    assert_done(&engine, job);
    assert_eq!(part_requests(&cloud), 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_process_may_pause_but_not_drive() {
    let (cloud, machine, engine, job) = under_way().await;
    cloud.demo.set_timing(Timing {
        latency: Duration::from_secs(2),
        ..Timing::default()
    });
    let other = machine.engine();
    // The lease is renewed every five seconds: that is how long it takes to be sure.
    let refusal = other.resume(job).await.unwrap_err();
    assert!(refusal.message.contains("another process"), "{refusal}");
    other.pause(job).await.unwrap();
    engine.wait(job).await;
    assert_eq!(look(&engine, job).1.state, State::Paused);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_network_is_outlasted() {
    let (cloud, _machine, engine, job) = under_way().await;
    // More refusals than one request is repeated.
    let gone: partway_democloud::Fault = "UploadPartCopy:reset:count=40".parse().unwrap();
    cloud.demo.set_timing(Timing::default());
    cloud.demo.add_fault(gone);
    tokio::time::timeout(Duration::from_secs(120), engine.wait(job))
        .await
        .expect("it comes back");
    assert_done(&engine, job);
    assert!(cloud.demo.faults_left().is_empty());
}
