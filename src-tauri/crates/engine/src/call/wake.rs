//! Whether this computer slept, or this process was stopped: then every connection is dead
//! without knowing, names may mean other addresses, and credentials may have expired.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

use super::lock;
use crate::signal::Signal;

/// Clocks that go apart by more than this have seen a sleep.
const JUMP: Duration = Duration::from_secs(30);

/// Compares the two clocks of a computer: the one that stands still while it sleeps, and the
/// one on the wall. Where the first goes on as well, only somebody who wakes too late notices.
#[derive(Debug)]
pub(crate) struct Wake {
    seen: Mutex<Option<(Instant, i64)>>,
    naps: Signal<u64>,
}

impl Default for Wake {
    fn default() -> Self {
        Self {
            seen: Mutex::default(),
            naps: Signal::new(0),
        }
    }
}

impl Wake {
    /// How often it slept.
    pub(crate) fn naps(&self) -> u64 {
        self.naps.now()
    }

    /// Looks at both clocks; `late` is by how much the caller was woken too late. True once for
    /// each sleep.
    pub(super) fn slept(&self, now: Instant, wall_ms: i64, late: Duration) -> bool {
        let before = lock(&self.seen).replace((now, wall_ms));
        let apart = before.map_or(Duration::ZERO, |(then, then_ms)| {
            let by_wall = u64::try_from(wall_ms - then_ms).unwrap_or(0);
            Duration::from_millis(by_wall).saturating_sub(now - then)
        });
        // Somebody else woke late as well and has said so.
        let told = before.is_some_and(|(then, _)| now - then < late);
        apart > JUMP || (late > JUMP && !told)
    }

    /// Ends everything that waits for an answer.
    pub(super) fn tell(&self) {
        self.naps.set(self.naps.now() + 1);
    }

    /// Waits for the next sleep after so many.
    pub(super) async fn after(&self, naps: u64) {
        self.naps.until(|now| now != naps).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn clocks_that_go_apart_have_seen_a_sleep() {
        let (wake, begun) = (Wake::default(), Instant::now());
        let slept = |mono_s: u32, wall_s: i64| {
            wake.slept(begun + mono_s * SECOND, wall_s * 1000, Duration::ZERO)
        };
        assert!(!slept(0, 1_000_000));
        assert!(!slept(10, 1_000_010));
        // An hour in which nobody asked is no sleep, and neither is a clock set back.
        assert!(!slept(3610, 1_003_610));
        assert!(!slept(3620, 1_000_000));
        assert!(!slept(3621, 1_000_031));
        assert!(slept(3622, 1_000_063));
        assert!(!slept(3623, 1_000_064), "once for each");
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_woken_late_was_stopped_and_one_of_them_says_so() {
        let (wake, begun) = (Wake::default(), Instant::now());
        assert!(!wake.slept(begun, 0, Duration::ZERO));
        let late = 600 * SECOND;
        assert!(wake.slept(begun + late, 600_000, late));
        assert!(!wake.slept(begun + late + SECOND, 601_000, late));
        assert!(!wake.slept(begun + 2 * late, 1_200_000, 2 * SECOND));
    }
}
