//! Chance as a port, so that tests can own it.

/// Rolls the dice.
pub trait Chance: Send + Sync + std::fmt::Debug {
    /// A number in 0..1.
    fn roll(&self) -> f64;
}

/// The system's own randomness: differs between computers and between runs.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn roll(&self) -> f64 {
        let bits = (uuid::Uuid::new_v4().as_u128() >> 96) as u32;
        f64::from(bits) / (f64::from(u32::MAX) + 1.0)
    }
}
