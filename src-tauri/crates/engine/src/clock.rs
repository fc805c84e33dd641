//! Time as a port, so that tests can own it.

use jiff::tz::TimeZone;

/// Tells the time.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Milliseconds since 1970, by this computer.
    fn now_ms(&self) -> i64;

    /// What makes a local time of it: daily windows are meant in the time of the wall clock.
    fn zone(&self) -> TimeZone {
        TimeZone::system()
    }
}

/// The computer's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        jiff::Timestamp::now().as_millisecond()
    }
}
