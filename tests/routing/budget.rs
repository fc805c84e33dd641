//! A server in trouble is not asked many times over, and an absent network costs nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::future::join_all;
use partway_domain::{DialectName, FailureKind};
use partway_protocol::op::ListBuckets;
use partway_protocol::wire::Request;

use crate::scripted::{Scene, answer, error, silence};

const LIST: ListBuckets = ListBuckets { cursor: None };
const CALLS: usize = 300;

async fn all(scene: &Scene) -> Vec<FailureKind> {
    let calls = (0..CALLS).map(|_| scene.call(&LIST));
    let outcomes = join_all(calls).await;
    outcomes
        .into_iter()
        .filter_map(|outcome| outcome.err().map(|failure| failure.kind))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn trouble_is_not_answered_with_more_requests() {
    let broken = |_: &Request| answer(500, &[], &error("InternalError", ""));
    let scene = Scene::new(
        DialectName::S3,
        "http://127.0.0.1:9",
        "r-1",
        vec![Box::new(broken)],
    );
    let first = async {
        tokio::time::sleep(Duration::from_secs(20)).await;
        scene.sent().len()
    };
    let (failures, first) = tokio::join!(all(&scene), first);
    // Each once, a hundred retries, and five more a second.
    assert!(first <= CALLS + 100 + 5 * 21, "{first} requests");
    // Nobody gives up earlier for it.
    assert_eq!(failures, vec![FailureKind::ServerTrouble; CALLS]);
    assert_eq!(scene.sent().len(), 8 * CALLS);
}

#[tokio::test(start_paused = true)]
async fn what_the_network_lost_is_not_paid_for() {
    let away = Arc::new(AtomicBool::new(true));
    let is_away = Arc::clone(&away);
    let stumbles = AtomicBool::new(false);
    let wire = move |request: &Request| {
        if is_away.load(Ordering::SeqCst) {
            silence(request)
        } else if stumbles.swap(true, Ordering::SeqCst) {
            let none = "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>";
            answer(200, &[], none)
        } else {
            answer(500, &[], &error("InternalError", ""))
        }
    };
    let scene = Scene::new(
        DialectName::S3,
        "http://127.0.0.1:9",
        "r-1",
        vec![Box::new(wire)],
    );
    let begun = tokio::time::Instant::now();
    assert_eq!(all(&scene).await, vec![FailureKind::Network; CALLS]);
    assert!(begun.elapsed() < Duration::from_secs(60), "nobody queued");

    away.store(false, Ordering::SeqCst);
    let begun = tokio::time::Instant::now();
    scene.call(&LIST).await.expect("the second time");
    assert!(begun.elapsed() < Duration::from_secs(1), "nothing was owed");
}
