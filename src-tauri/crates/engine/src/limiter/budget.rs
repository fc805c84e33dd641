//! Retry tokens of one endpoint, as the AWS SDKs keep them: a retry costs, a success pays a
//! little back, so that a server in trouble is never asked many times over. Pure: time is an
//! argument.
//!
//! Where those give up when nothing is left, a copy waits: tokens also come back with time. The
//! absence of a network costs nothing, for nobody is burdened by what never arrives.

use std::time::Duration;

use partway_domain::FailureKind;
use tokio::time::Instant;

/// Tokens at the beginning, and at most.
const FULL: f64 = 500.0;

/// What one retry costs.
const RETRY: f64 = 5.0;

/// What a request that succeeds at once pays back. One that needed retries pays back what the
/// last of them cost.
const SUCCESS: f64 = 1.0;

/// Tokens that come back per second: five retries.
const PER_SECOND: f64 = 25.0;

#[derive(Debug)]
pub(crate) struct Budget {
    tokens: f64,
    counted: Instant,
}

impl Budget {
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            tokens: FULL,
            counted: now,
        }
    }

    /// Pays for a retry after a failure of this kind; how long to wait until it is paid for.
    pub(crate) fn spend(&mut self, now: Instant, kind: FailureKind) -> Duration {
        if kind == FailureKind::Network {
            return Duration::ZERO;
        }
        self.refill(now);
        self.tokens -= RETRY;
        // Whoever comes next waits for its own tokens behind these.
        Duration::from_secs_f64((-self.tokens / PER_SECOND).max(0.0))
    }

    /// A request succeeded, after so many sendings.
    pub(crate) fn succeeded(&mut self, attempts: u32) {
        let paid = if attempts > 1 { RETRY } else { SUCCESS };
        self.tokens = (self.tokens + paid).min(FULL);
    }

    fn refill(&mut self, now: Instant) {
        let gone = (now - self.counted).as_secs_f64();
        self.counted = now;
        self.tokens = (self.tokens + gone * PER_SECOND).min(FULL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_storm_is_asked_a_hundred_times_and_then_five_times_a_second() {
        let now = Instant::now();
        let mut budget = Budget::new(now);
        let paid = |budget: &mut Budget| budget.spend(now, FailureKind::ServerTrouble);
        for _ in 0..100 {
            assert_eq!(paid(&mut budget), Duration::ZERO);
        }
        assert_eq!(paid(&mut budget), Duration::from_millis(200));
        assert_eq!(paid(&mut budget), Duration::from_millis(400));
        let later = now + Duration::from_millis(400);
        assert_eq!(
            budget.spend(later, FailureKind::Throttled),
            Duration::from_millis(200)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn the_absence_of_a_network_costs_nothing() {
        let now = Instant::now();
        let mut budget = Budget::new(now);
        for _ in 0..10_000 {
            assert_eq!(budget.spend(now, FailureKind::Network), Duration::ZERO);
        }
        assert_eq!(budget.spend(now, FailureKind::Throttled), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_tenth_of_failures_is_never_waited_for() {
        let now = Instant::now();
        let mut budget = Budget::new(now);
        for request in 0..100_000 {
            if request % 10 == 0 {
                assert_eq!(budget.spend(now, FailureKind::BadResponse), Duration::ZERO);
                budget.succeeded(2);
            } else {
                budget.succeeded(1);
            }
        }
    }
}
