//! How many requests may be in flight to one endpoint: additive increase, multiplicative
//! decrease. One limiter per endpoint is shared by all jobs.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// A storm of refusals is one message: the limit is cut once per this span.
const CUT_EVERY: Duration = Duration::from_secs(1);

/// For how long after a refusal the endpoint is said to slow us down.
const SAID_FOR: Duration = Duration::from_secs(10);

/// Holds back requests to one endpoint.
#[derive(Debug)]
pub struct Limiter {
    most: f64,
    inner: Mutex<Inner>,
    freed: Notify,
}

#[derive(Debug)]
struct Inner {
    allowed: f64,
    in_flight: usize,
    last_cut: Option<Instant>,
}

/// The right to have one request in flight; given back when dropped.
#[derive(Debug)]
pub struct Permit(Arc<Limiter>);

impl Limiter {
    /// A limiter that never allows more than `most` at once.
    pub fn new(most: usize) -> Arc<Self> {
        let most = most.max(1) as f64;
        Arc::new(Self {
            most,
            inner: Mutex::new(Inner {
                allowed: most,
                in_flight: 0,
                last_cut: None,
            }),
            freed: Notify::new(),
        })
    }

    /// Waits for room. Dropping the future gives up the place.
    pub async fn acquire(self: &Arc<Self>) -> Permit {
        loop {
            let freed = self.freed.notified();
            if self.try_take() {
                return Permit(Arc::clone(self));
            }
            freed.await;
        }
    }

    fn try_take(&self) -> bool {
        let mut inner = self.lock();
        let free = (inner.in_flight as f64) < inner.allowed.floor();
        if free {
            inner.in_flight += 1;
        }
        free
    }

    /// The server took a request without complaint.
    pub fn succeeded(&self) {
        let mut inner = self.lock();
        if inner.allowed < self.most {
            inner.allowed = (inner.allowed + 1.0 / inner.allowed).min(self.most);
            drop(inner);
            self.freed.notify_one();
        }
    }

    /// The server asked us to slow down.
    pub fn throttled(&self) {
        let now = Instant::now();
        let mut inner = self.lock();
        if inner.last_cut.is_none_or(|cut| now - cut >= CUT_EVERY) {
            inner.allowed = (inner.allowed / 2.0).max(1.0);
            inner.last_cut = Some(now);
        }
    }

    /// The server asked us to slow down not long ago.
    pub fn is_throttled(&self) -> bool {
        self.lock()
            .last_cut
            .is_some_and(|cut| cut.elapsed() < SAID_FOR)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.lock().in_flight -= 1;
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(limiter: &Limiter) -> usize {
        let mut free = 0;
        while limiter.try_take() {
            free += 1;
        }
        limiter.lock().in_flight -= free;
        free
    }

    #[tokio::test(start_paused = true)]
    async fn a_storm_of_refusals_halves_the_limit_once() {
        let limiter = Limiter::new(64);
        (0..50).for_each(|_| limiter.throttled());
        assert_eq!(allowed(&limiter), 32);
        tokio::time::advance(CUT_EVERY).await;
        limiter.throttled();
        assert_eq!(allowed(&limiter), 16);
        assert!(limiter.is_throttled());
        tokio::time::advance(SAID_FOR).await;
        assert!(!limiter.is_throttled());
    }

    #[tokio::test(start_paused = true)]
    async fn it_never_falls_to_nothing_and_climbs_back() {
        let limiter = Limiter::new(8);
        for _ in 0..10 {
            limiter.throttled();
            tokio::time::advance(CUT_EVERY).await;
        }
        assert_eq!(allowed(&limiter), 1);
        (0..100).for_each(|_| limiter.succeeded());
        assert_eq!(allowed(&limiter), 8);
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_is_served_when_another_leaves() {
        let limiter = Limiter::new(1);
        let first = limiter.acquire().await;
        let waiting = tokio::spawn({
            let limiter = Arc::clone(&limiter);
            async move { drop(limiter.acquire().await) }
        });
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(!waiting.is_finished());
        drop(first);
        tokio::time::timeout(Duration::from_secs(1), waiting)
            .await
            .expect("the waiter is woken")
            .unwrap();
    }
}
