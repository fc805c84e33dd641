//! Names that must differ from each other, and jitter. Nothing here needs to be secret.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::text::hex;

static STATE: LazyLock<AtomicU64> =
    LazyLock::new(|| AtomicU64::new(RandomState::new().hash_one("democloud")));

/// 64 bits that nobody has seen before in this process.
pub(crate) fn bits() -> u64 {
    // One SplitMix64 step per call; the counter makes calls from different threads differ.
    let mut state = STATE.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
    crate::content::noise(&mut state)
}

/// Lower-case hex digits.
pub(crate) fn token(digits: usize) -> String {
    let mut text = String::with_capacity(digits + 16);
    while text.len() < digits {
        text.push_str(&hex(&bits().to_be_bytes()));
    }
    text.truncate(digits);
    text
}

/// Evenly spread between nothing and `most`.
pub(crate) fn up_to(most: Duration) -> Duration {
    let fraction = (bits() >> 11) as f64 / (1_u64 << 53) as f64;
    most.mul_f64(fraction)
}
