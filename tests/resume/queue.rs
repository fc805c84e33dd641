//! The queue: whose turn it is, at what pace, and at which hours.

use std::time::Duration;

use partway_democloud::Timing;
use partway_domain::limits::MIB;
use partway_domain::{
    CopyOptions, DailyWindow, DialectName, JobId, JobIntent, Priority, QueuePlace, Schedule, State,
};
use partway_engine::{CopyRequest, Engine};
use partway_tests::cloud::{bucket, provider};
use partway_tests::machine::{copy_request, look};
use partway_tests::{Cloud, Machine};

const DIALECT: DialectName = DialectName::S3;
const SOURCE: &str = "queue/source.bin";
const MINUTE_MS: i64 = 60_000;

/// A cloud in which every request takes this long, and a source of forty parts.
async fn stage(latency_ms: u64) -> (Cloud, Machine) {
    let cloud = Cloud::open().await;
    let datasets = bucket(DIALECT, "datasets");
    cloud
        .demo
        .put_virtual(provider(DIALECT), datasets.as_str(), SOURCE, 200 * MIB);
    let machine = Machine::new(&cloud);
    cloud.demo.set_timing(Timing {
        latency: Duration::from_millis(latency_ms),
        ..Timing::default()
    });
    (cloud, machine)
}

fn request(cloud: &Cloud, key: &str) -> CopyRequest {
    let mut request = copy_request(cloud, DIALECT, ("datasets", SOURCE), ("backup", key));
    request.options.part_size = Some(5 * MIB);
    request.options.parts_at_once = 4;
    request
}

async fn start(cloud: &Cloud, engine: &Engine, key: &str) -> JobId {
    engine.start(&request(cloud, key)).await.expect("it starts")
}

async fn until(what: &str, condition: impl Fn() -> bool) {
    let waiting = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting)
        .await
        .unwrap_or_else(|_| panic!("it never came to pass that {what}"));
}

fn runs(engine: &Engine, job: JobId) -> bool {
    engine.journal().job(job).expect("the job").running
}

/// Waits until all are done, and answers them in the order in which they got their turn. More
/// than `slots` at once never have one.
async fn order_of_turns(engine: &Engine, jobs: &[JobId], slots: usize) -> Vec<JobId> {
    let mut turns = Vec::new();
    let watching = async {
        loop {
            let running: Vec<_> = jobs
                .iter()
                .copied()
                .filter(|job| runs(engine, *job))
                .collect();
            assert!(running.len() <= slots, "{running:?} run at once");
            let new: Vec<_> = running
                .into_iter()
                .filter(|job| !turns.contains(job))
                .collect();
            turns.extend(new);
            let done = |job: &JobId| look(engine, *job).1.state == State::Done;
            if jobs.iter().all(done) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), watching)
        .await
        .expect("all get their turn");
    turns
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_get_their_turn_by_priority_and_place() {
    let (cloud, machine) = stage(20).await;
    let engine = machine.engine();
    engine.set_jobs_at_once(1).await.unwrap();
    let mut jobs = Vec::new();
    for key in ["a", "b", "c", "d", "e"] {
        jobs.push(start(&cloud, &engine, key).await);
    }
    let [running, lowered, third, raised, moved] = jobs[..] else {
        unreachable!()
    };
    until("the first runs", || runs(&engine, running)).await;
    engine.set_priority(lowered, Priority::Low).await.unwrap();
    engine.set_priority(raised, Priority::High).await.unwrap();
    engine
        .move_job(moved, QueuePlace::Before(third))
        .await
        .unwrap();
    assert_eq!(
        order_of_turns(&engine, &jobs, 1).await,
        [running, raised, moved, third, lowered],
        "a runs already and is not stopped for others"
    );
    let finished = engine
        .set_priority(running, Priority::Low)
        .await
        .unwrap_err();
    assert!(finished.message.contains("finished"), "{finished}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_share_the_turns() {
    let (cloud, machine) = stage(20).await;
    let (one, other) = (machine.engine(), machine.engine());
    one.set_jobs_at_once(1).await.unwrap();
    let mut jobs = Vec::new();
    for (at, key) in ["a", "b", "c", "d"].into_iter().enumerate() {
        let engine = if at % 2 == 0 { &one } else { &other };
        jobs.push(start(&cloud, engine, key).await);
    }
    until("the first runs", || runs(&one, jobs[0])).await;
    // Said to one process, obeyed by the other.
    one.move_job(jobs[3], QueuePlace::First).await.unwrap();
    let turns = order_of_turns(&one, &jobs, 1).await;
    assert_eq!(turns, [jobs[0], jobs[3], jobs[1], jobs[2]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_slots_start_what_waits() {
    let (cloud, machine) = stage(100).await;
    let engine = machine.engine();
    engine.set_jobs_at_once(1).await.unwrap();
    let first = start(&cloud, &engine, "a").await;
    let second = start(&cloud, &engine, "b").await;
    until("the first runs", || runs(&engine, first)).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert!(!runs(&engine, second));
    engine.set_jobs_at_once(2).await.unwrap();
    until("both run", || runs(&engine, first) && runs(&engine, second)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_copy_changes_its_pace() {
    let (cloud, machine) = stage(300).await;
    let engine = machine.engine();
    let job = start(&cloud, &engine, "pace").await;
    let in_flight = || engine.progress(job).map_or(0, |live| live.in_flight);
    until("four parts fly", || in_flight() == 4).await;
    engine.set_pace(job, 1, 9).await.unwrap();
    until("nine parts fly", || in_flight() == 9).await;
    // The terminal beside it.
    machine.engine().set_pace(job, 1, 2).await.unwrap();
    until("two parts fly", || in_flight() == 2).await;
    engine
        .set_pace(job, 1, CopyOptions::MEASURED)
        .await
        .unwrap();
    until("as many as are tried first", || in_flight() >= 16).await;
    engine.set_pace(job, 1, 16).await.unwrap();
    engine.wait(job).await;
    let (row, transfer) = look(&engine, job);
    assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
    assert_eq!(row.options.parts_at_once, 16, "it is remembered");
}

/// A window that opens in `minutes` and is an hour long.
fn window_in(machine: &Machine, minutes: i64) -> DailyWindow {
    use partway_engine::clock::Clock as _;
    let minute_now = machine.wall.now_ms() / MINUTE_MS;
    let at = |minute: i64| {
        let minute = minute.rem_euclid(24 * 60);
        format!("{:02}:{:02}", minute / 60, minute % 60)
    };
    let from = minute_now + minutes;
    format!("{}-{}", at(from), at(from + 60)).parse().unwrap()
}

fn parts_sent(cloud: &Cloud, key: &str) -> usize {
    cloud
        .requests_of(DIALECT, key)
        .iter()
        .filter(|request| request.operation == "UploadPartCopy")
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_holds_itself_outside_its_hours_and_lets_others_by() {
    let (cloud, machine) = stage(100).await;
    let engine = machine.engine();
    engine.set_jobs_at_once(1).await.unwrap();
    let nightly = start(&cloud, &engine, "nightly").await;
    until("parts are copied", || {
        look(&engine, nightly).1.parts_done >= 6
    })
    .await;
    let other = start(&cloud, &engine, "other").await;
    let schedule = Schedule {
        window: Some(window_in(&machine, 90)),
        start_at_ms: None,
    };
    engine.set_schedule(nightly, schedule).await.unwrap();
    until("it holds itself", || !runs(&engine, nightly)).await;
    let (row, transfer) = look(&engine, nightly);
    assert_eq!(transfer.state, State::Paused);
    assert_eq!(row.intent, JobIntent::Run, "nobody paused it");
    assert!(engine.drives(nightly));
    let sent = parts_sent(&cloud, "nightly");
    assert_eq!(sent as u64, transfer.parts_done, "what flew has arrived");
    let waits_ms = engine.waits_until_ms(&row).expect("it waits") - {
        use partway_engine::clock::Clock as _;
        machine.wall.now_ms()
    };
    assert!(
        (89 * MINUTE_MS..=90 * MINUTE_MS).contains(&waits_ms),
        "{waits_ms}"
    );

    cloud.demo.set_timing(Timing::default());
    engine.wait(other).await;
    assert_eq!(look(&engine, other).1.state, State::Done);
    assert_eq!(parts_sent(&cloud, "nightly"), sent);

    machine.wall.shift_ms(95 * MINUTE_MS);
    tokio::time::timeout(Duration::from_secs(30), engine.wait(nightly))
        .await
        .expect("its hours have come");
    let (_, transfer) = look(&engine, nightly);
    assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
    assert_eq!(
        parts_sent(&cloud, "nightly"),
        40,
        "no part was copied twice"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appointment_outlives_the_program_it_was_made_in() {
    use partway_engine::clock::Clock as _;
    let (cloud, machine) = stage(0).await;
    let engine = machine.engine();
    let mut later = request(&cloud, "later");
    later.options.schedule.start_at_ms = Some(machine.wall.now_ms() + 60 * MINUTE_MS);
    let job = engine.start(&later).await.unwrap();
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(look(&engine, job).1.state, State::Queued);
    engine.shutdown(Duration::from_secs(5)).await;
    drop(engine);

    let engine = machine.engine();
    let unscheduled = start(&cloud, &engine, "now").await;
    engine.wait(unscheduled).await;
    assert_eq!(engine.appointments().await.unwrap(), [job]);
    engine.resume(job).await.unwrap();
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert!(
        cloud
            .requests_of(DIALECT, "later")
            .iter()
            .all(|request| request.operation == "HeadObject")
    );
    machine.wall.shift_ms(61 * MINUTE_MS);
    tokio::time::timeout(Duration::from_secs(30), engine.wait(job))
        .await
        .expect("its time has come");
    assert_eq!(look(&engine, job).1.state, State::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_are_paused_at_once_whoever_drives_them() {
    let (cloud, machine) = stage(100).await;
    let (one, other) = (machine.engine(), machine.engine());
    let jobs = [
        start(&cloud, &one, "a").await,
        start(&cloud, &other, "b").await,
    ];
    until("both run", || jobs.iter().all(|job| runs(&one, *job))).await;
    assert_eq!(one.pause_all().await.unwrap(), jobs);
    one.wait(jobs[0]).await;
    other.wait(jobs[1]).await;
    for job in jobs {
        let (row, transfer) = look(&one, job);
        assert_eq!(row.intent, JobIntent::Pause);
        assert!(
            matches!(transfer.state, State::Paused | State::Queued),
            "{:?}",
            transfer.state
        );
        assert!(!row.running && row.lease.is_none(), "{row:?}");
    }
}
