//! Names that must differ from each other, jitter and odds. Nothing here needs to be secret.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::content::noise;
use crate::text::hex;

/// What `SplitMix64` adds to its state at every step.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// Where one cloud takes its chance from.
#[derive(Debug)]
pub(crate) struct Chance(AtomicU64);

impl Chance {
    /// Another one at every start.
    pub(crate) fn unforeseen() -> Self {
        Chance::seeded(RandomState::new().hash_one("democloud"))
    }

    /// The same one for the same seed.
    pub(crate) fn seeded(seed: u64) -> Self {
        // Seeds that follow each other would otherwise tell the same story one step apart.
        let mut state = seed;
        Chance(AtomicU64::new(noise(&mut state)))
    }

    /// 64 bits that nobody has seen before in this cloud.
    pub(crate) fn bits(&self) -> u64 {
        // The counter makes calls from different threads differ.
        let mut state = self.0.fetch_add(STEP, Ordering::Relaxed);
        noise(&mut state)
    }

    /// Lower-case hex digits.
    pub(crate) fn token(&self, digits: usize) -> String {
        let mut text = String::with_capacity(digits + 16);
        while text.len() < digits {
            text.push_str(&hex(&self.bits().to_be_bytes()));
        }
        text.truncate(digits);
        text
    }

    /// At least 0, less than 1, evenly spread.
    pub(crate) fn roll(&self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Evenly spread between nothing and `most`.
    pub(crate) fn up_to(&self, most: Duration) -> Duration {
        most.mul_f64(self.roll())
    }
}
