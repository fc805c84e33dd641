//! One refusal, many refusals, and who waits.

use super::*;

async fn refuse(limiter: &Arc<Limiter>) {
    limiter.acquire().await.refused(None);
}

/// Seconds until the next twenty requests have been let through.
async fn twenty(limiter: &Arc<Limiter>) -> f64 {
    let begun = Instant::now();
    for _ in 0..20 {
        limiter.acquire().await.taken();
    }
    begun.elapsed().as_secs_f64()
}

#[tokio::test(start_paused = true)]
async fn a_storm_of_refusals_is_one_message() {
    let limiter = Limiter::new(64);
    // Fifty in a second are taken, then fifty are refused at once.
    twenty(&limiter).await;
    for _ in 0..30 {
        limiter.acquire().await.taken();
    }
    tokio::time::advance(Duration::from_secs(1)).await;
    let mut sent = Vec::new();
    for _ in 0..50 {
        sent.push(limiter.acquire().await);
    }
    tokio::time::advance(Duration::from_millis(20)).await;
    for permit in sent {
        permit.refused(None);
    }
    assert!(limiter.is_throttled());
    let took = twenty(&limiter).await;
    assert!(
        (0.1..0.5).contains(&took),
        "cut once, not fifty times: {took}"
    );
    tokio::time::advance(SAID_FOR).await;
    assert!(!limiter.is_throttled());
}

#[tokio::test(start_paused = true)]
async fn it_never_falls_to_nothing_and_climbs_back() {
    let limiter = Limiter::new(8);
    for _ in 0..20 {
        refuse(&limiter).await;
        tokio::time::advance(Duration::from_millis(10)).await;
    }
    let held = limiter.acquire().await;
    assert_eq!(limiter.lock().allowed, 1);
    drop(held);
    assert!(twenty(&limiter).await < 20.0);
    assert!(twenty(&limiter).await < 5.0);
    assert_eq!(limiter.lock().allowed, 8);
}

#[tokio::test(start_paused = true)]
async fn who_waits_is_served_in_the_order_of_coming() {
    let limiter = Limiter::new(1);
    let first = limiter.acquire().await;
    let order = Arc::new(Mutex::new(Vec::new()));
    let waiting: Vec<_> = (0..5)
        .map(|number| {
            let (limiter, order) = (Arc::clone(&limiter), Arc::clone(&order));
            tokio::spawn(async move {
                let _permit = limiter.acquire().await;
                order.lock().unwrap().push(number);
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(order.lock().unwrap().is_empty());
    // Who gives up its place keeps nobody waiting.
    waiting[2].abort();
    drop(first);
    for (number, waiter) in waiting.into_iter().enumerate() {
        assert_eq!(waiter.await.is_ok(), number != 2);
    }
    assert_eq!(*order.lock().unwrap(), [0, 1, 3, 4]);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_asks_for_time_gets_it_from_everybody() {
    let limiter = Limiter::new(8);
    let begun = Instant::now();
    let other = limiter.acquire().await;
    limiter
        .acquire()
        .await
        .refused(Some(Duration::from_secs(120)));
    // A shorter wish heard later does not take the longer one back.
    other.refused(Some(Duration::from_secs(3)));
    assert_eq!(limiter.asked_left(), Some(Duration::from_secs(120)));
    limiter.acquire().await.taken();
    assert!(begun.elapsed() >= Duration::from_secs(120));
    assert_eq!(limiter.asked_left(), None);

    limiter
        .acquire()
        .await
        .refused(Some(Duration::from_secs(86_400)));
    assert_eq!(limiter.asked_left(), Some(ASKED_CAP));
}
