//! Progress that never lies: only bytes the server has confirmed count.

use serde::{Deserialize, Serialize};

/// How far a transfer or job is. All in bytes or counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Bytes the server has confirmed.
    pub bytes_done: u64,
    /// Bytes of parts in flight; shown lighter, never added to `bytes_done`.
    pub bytes_in_flight: u64,
    /// Bytes in all.
    pub bytes_total: u64,
    /// Objects that are done.
    pub objects_done: u64,
    /// Objects in all.
    pub objects_total: u64,
    /// Parts the server has confirmed.
    pub parts_done: u64,
    /// Parts in all; a single copy counts as one.
    pub parts_total: u64,
}

/// Speed as a moving average that forgets with a time constant of ten seconds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Speed {
    bytes_per_second: f64,
    samples: u32,
}

/// Seconds after which an old speed has lost two thirds of its say.
const TIME_CONSTANT: f64 = 10.0;

impl Speed {
    /// Takes `bytes` confirmed within `seconds` since the last sample.
    pub fn sample(&mut self, bytes: u64, seconds: f64) {
        if seconds <= 0.0 {
            return;
        }
        let now = bytes as f64 / seconds;
        // The first samples weigh fully, or the average would start from an invented zero.
        let weight =
            (1.0 - (-seconds / TIME_CONSTANT).exp()).max(1.0 / f64::from(self.samples + 1));
        self.bytes_per_second += weight * (now - self.bytes_per_second);
        self.samples = self.samples.saturating_add(1);
    }

    /// Bytes per second.
    pub fn bytes_per_second(&self) -> f64 {
        self.bytes_per_second
    }

    /// Seconds left for `bytes`; `None` before three samples or while nothing moves.
    pub fn seconds_left(&self, bytes: u64) -> Option<f64> {
        (self.samples >= 3 && self.bytes_per_second > 0.0)
            .then(|| bytes as f64 / self.bytes_per_second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_needs_three_samples() {
        let mut speed = Speed::default();
        speed.sample(100, 1.0);
        speed.sample(100, 1.0);
        assert_eq!(speed.seconds_left(1000), None);
        speed.sample(100, 1.0);
        assert_eq!(speed.seconds_left(1000).map(f64::round), Some(10.0));
    }

    #[test]
    fn the_average_follows_a_change_within_a_minute() {
        let mut speed = Speed::default();
        (0..20).for_each(|_| speed.sample(1000, 1.0));
        (0..60).for_each(|_| speed.sample(100, 1.0));
        assert!((speed.bytes_per_second() - 100.0).abs() < 5.0);
    }
}
