//! Chance that is always the same for the same seed.

use std::sync::{Mutex, PoisonError};

use partway_engine::chance::Chance;

/// A generator of 64 bits at a time (`SplitMix64`): small, fast, and good for any seed.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The dice of a seed; `purpose` makes independent ones of the same seed.
    pub fn new(seed: u64, purpose: u64) -> Self {
        let mut dice = Self(seed ^ purpose.wrapping_mul(0xd6e8_feb8_6659_fd93));
        dice.bits();
        Self(dice.bits())
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number in 0..1.
    pub fn roll(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Whether something of this probability happens.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.roll() < probability
    }

    /// A number below `limit`, which is not zero.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.bits() % limit
    }

    /// A number from `least` to `most`, both included.
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.below(most - least + 1)
    }

    /// As [`Self::between`], in milliseconds of the world.
    pub fn between_ms(&mut self, least: i64, most: i64) -> i64 {
        let span = self.between(0, u64::try_from(most - least).unwrap_or(0));
        least + i64::try_from(span).unwrap_or(0)
    }

    /// One of several.
    pub fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        let index = self.below(choices.len() as u64);
        choices[usize::try_from(index).unwrap_or(0)].clone()
    }
}

/// Dice that the engine rolls.
#[derive(Debug)]
pub struct SharedDice(Mutex<Dice>);

impl SharedDice {
    /// Shares them.
    pub fn new(dice: Dice) -> Self {
        Self(Mutex::new(dice))
    }
}

impl Chance for SharedDice {
    fn roll(&self) -> f64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).roll()
    }
}
