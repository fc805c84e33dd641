//! A copy as a window sees it: planned, started, followed over the stream, found in the lists.

use std::time::{Duration, Instant};

use crate::support::{copy_of, open, s3_place, settled};
use partway_api::contract::*;
use partway_api::{ApiError, Subscription};

fn request(key: &str, destination: Place) -> CopyRequest {
    copy_of(s3_place("datasets", "climate/"), &[key], destination)
}

async fn next(subscription: &mut Subscription) -> StreamMessage {
    tokio::time::timeout(Duration::from_secs(30), subscription.next())
        .await
        .expect("a message within half a minute")
        .expect("the engine lives")
}

fn seq(message: &StreamMessage) -> f64 {
    match message {
        StreamMessage::Snapshot(snapshot) => snapshot.seq,
        StreamMessage::Update(update) => update.seq,
        StreamMessage::Desktop(call) => panic!("nobody called: {call:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_planned_followed_and_found_in_the_lists() {
    let folder = tempfile::tempdir().unwrap();
    let api = open(folder.path()).await;
    api.start_demo(Nothing {}).await.unwrap();
    let mut stream = api.subscribe();
    let StreamMessage::Snapshot(snapshot) = next(&mut stream).await else {
        panic!("the first message is a snapshot");
    };
    assert_eq!(snapshot.jobs, []);

    let copy = request("climate/era5-2026.nc", s3_place("backup", "in/"));
    let plan = api.plan_copy(copy.clone()).await.unwrap();
    assert_eq!((plan.objects, plan.multipart_objects), (1, 1));
    assert_eq!(plan.items[0].destination_key, "in/era5-2026.nc");
    assert_eq!(plan.problems, []);
    let job = api.start_copy(copy).await.unwrap().job;

    let (mut last, mut seen, begun) = (snapshot.seq, Vec::new(), Instant::now());
    let mut messages = 0;
    while seen.last() != Some(&JobState::Done) {
        let message = next(&mut stream).await;
        messages += 1;
        assert!((seq(&message) - last - 1.0).abs() < 0.5, "a gap");
        last = seq(&message);
        if let StreamMessage::Update(update) = message {
            seen.extend(
                update
                    .jobs
                    .iter()
                    .filter(|view| view.id == job)
                    .map(|view| view.state),
            );
        }
    }
    let allowed = 2.0 + 8.0 * begun.elapsed().as_secs_f64();
    assert!(
        f64::from(messages) <= allowed,
        "{messages} messages in {:?}",
        begun.elapsed()
    );

    let view = settled(&api, job).await;
    assert!(view.verified, "{view:?}");
    assert_eq!(view.bytes_done.to_bits(), 5_368_709_121.0_f64.to_bits());
    assert_eq!(view.title, "era5-2026.nc");

    let page = TransfersRequest {
        job,
        after: None,
        limit: 10,
    };
    let transfers = api.transfers(page).await.unwrap();
    assert_eq!(transfers.len(), 1);
    assert!(
        transfers[0]
            .verdict
            .as_ref()
            .is_some_and(|verdict| verdict.verified)
    );
    let map = api
        .part_map(TransferRef {
            transfer: transfers[0].id,
        })
        .await
        .unwrap();
    assert_eq!(map.states, "#".repeat(transfers[0].parts_total as usize));
    let events = api
        .events(EventsRequest {
            job,
            before: None,
            limit: 100,
            at_least: None,
        })
        .await
        .unwrap();
    let words: Vec<&str> = events.iter().map(|event| event.what.as_str()).collect();
    assert!(
        words.contains(&"verified") && words.contains(&"upload_created"),
        "{words:?}"
    );

    api.forget_job(JobRef { job }).await.unwrap();
    let gone: ApiError = api.job(JobRef { job }).await.unwrap_err();
    assert_eq!(gone.kind, "not_found");
    loop {
        if let StreamMessage::Update(update) = next(&mut stream).await
            && update.removed == [job]
        {
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn problems_stand_in_the_plan_and_stop_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let api = open(folder.path()).await;
    api.start_demo(Nothing {}).await.unwrap();
    let long = "k".repeat(1025);
    let mut copy = request("climate/era5-2026.nc", s3_place("backup", ""));
    copy.keys.extend([long.clone(), "climate/gone".to_owned()]);
    let plan = api.plan_copy(copy.clone()).await.unwrap();
    assert_eq!(plan.objects, 1);
    let problems: Vec<&str> = plan
        .problems
        .iter()
        .map(|problem| problem.key.as_str())
        .collect();
    assert_eq!(problems, [long.as_str(), "climate/gone"]);
    assert!(plan.problems[0].error.message.contains("1025 bytes"));
    assert_eq!(plan.problems[1].error.kind, "no_such_source");
    assert!(api.start_copy(copy).await.is_err());
    let history = HistoryRequest {
        before: None,
        limit: 10,
    };
    assert_eq!(api.jobs(history).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_in_use_cannot_be_removed_and_its_name_outlives_it() {
    let folder = tempfile::tempdir().unwrap();
    let api = open(folder.path()).await;
    api.start_demo(Nothing {}).await.unwrap();
    let copy = request("climate/era5-2026.nc", s3_place("backup", ""));
    let job = api.start_copy(copy).await.unwrap().job;
    let account = AccountRef {
        account: "demo-s3".to_owned(),
    };
    api.pause_job(JobRef { job }).await.unwrap();
    match api.remove_account(account.clone()).await {
        Err(in_use) => assert_eq!(in_use.kind, "in_use", "{in_use:?}"),
        Ok(_) => panic!("an account of an unfinished copy was removed"),
    }
    api.resume_job(JobRef { job }).await.unwrap();
    settled(&api, job).await;
    api.remove_account(account).await.unwrap();
    let view = api.job(JobRef { job }).await.unwrap();
    assert_eq!(view.source_dialect, Dialect::S3);
}
