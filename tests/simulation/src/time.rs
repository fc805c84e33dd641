//! The world's time: goes on through all lives of the program.
//!
//! Within a life it follows tokio's paused clock, which jumps from timer to timer. The program's
//! own clock may be wrong by a fixed amount, and while the computer sleeps the world goes on but
//! timers do not.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use partway_engine::clock::Clock;
use tokio::time::Instant;

/// Every world begins on the same day.
pub const BEGINNING_MS: i64 = 1_790_000_000_000;

/// The time; clones share it.
#[derive(Debug, Clone)]
pub struct WorldTime(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    /// When the present life began, or the last one ended, with what was slept since.
    base_ms: i64,
    /// The same moment by the timers of the present life.
    life: Option<Instant>,
}

impl Default for WorldTime {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Inner {
            base_ms: BEGINNING_MS,
            life: None,
        })))
    }
}

impl WorldTime {
    /// Milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        let inner = self.lock();
        match inner.life {
            Some(begun) => inner.base_ms + millis(begun),
            None => inner.base_ms,
        }
    }

    /// Milliseconds since the world began.
    pub fn elapsed_ms(&self) -> i64 {
        self.now_ms() - BEGINNING_MS
    }

    /// A life begins: call within its runtime.
    pub(crate) fn begin_life(&self) {
        self.lock().life = Some(Instant::now());
    }

    /// The life ends: call within its runtime.
    pub(crate) fn end_life(&self) {
        let mut inner = self.lock();
        if let Some(begun) = inner.life.take() {
            inner.base_ms += millis(begun);
        }
    }

    /// Time passes that no timer notices.
    pub(crate) fn pass_ms(&self, ms: i64) {
        self.lock().base_ms += ms;
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn millis(begun: Instant) -> i64 {
    i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX)
}

/// The clock of the computer the program runs on.
#[derive(Debug)]
pub(crate) struct Wall {
    pub(crate) time: WorldTime,
    /// How much it is ahead of the world.
    pub(crate) ahead_ms: i64,
}

impl Clock for Wall {
    fn now_ms(&self) -> i64 {
        self.time.now_ms() + self.ahead_ms
    }
}
