//! What no cloud makes itself: time and chance. A simulation brings its own.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::chance::Chance;
use crate::text;

/// A clock that says how many milliseconds have gone by since 1970.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> i64 + Send + Sync>);

impl Clock {
    /// A clock that asks this function.
    pub fn new(ask: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Clock(Arc::new(ask))
    }

    /// The clock on the wall.
    pub(crate) fn of_the_wall() -> Self {
        Clock::new(text::now_ms)
    }

    pub(crate) fn now_ms(&self) -> i64 {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now_ms()).finish()
    }
}

/// Time, chance and the order of events in one cloud; clones share all three.
#[derive(Debug, Clone)]
pub(crate) struct Nature {
    clock: Clock,
    pub(crate) chance: Arc<Chance>,
    counted: Arc<AtomicU64>,
}

impl Nature {
    /// Nobody knows what it brings.
    pub(crate) fn real() -> Self {
        Nature::new(Clock::of_the_wall(), Chance::unforeseen())
    }

    pub(crate) fn new(clock: Clock, chance: Chance) -> Self {
        Nature {
            clock,
            chance: Arc::new(chance),
            counted: Arc::default(),
        }
    }

    /// Milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// 1, 2, 3 and so on: which of two deeds came first.
    pub(crate) fn count(&self) -> u64 {
        self.counted.fetch_add(1, Ordering::Relaxed) + 1
    }
}
