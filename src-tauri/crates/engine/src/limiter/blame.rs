//! Whether refusals have anything to do with our pace. Pure.
//!
//! A server that counts requests takes all of them once they come slowly enough. One that refuses
//! every tenth whatever the pace, because of others or of a part of it that is sick, would be
//! answered with a slower pace again and again, down to nothing: being slow does not help there.

use std::collections::VecDeque;

/// Answers that are remembered.
const RECENT: usize = 64;

/// Refusals rarer than this are the price of looking for the limit; in all answers.
const RARE: f64 = 0.04;

/// Refusals more frequent than this always slow us down.
const FREQUENT: f64 = 0.35;

/// With a pace so much slower than it was, refusals that came of it had become rarer.
const MUCH_SLOWER: f64 = 0.1;

#[derive(Debug, Default)]
pub(super) struct Blame {
    /// Whether each was a refusal, the newest last.
    recent: VecDeque<bool>,
    /// The fastest pace since a pace is kept.
    fastest: f64,
    /// Refusals come of something else.
    is_elsewhere: bool,
}

impl Blame {
    /// An answer to a request that was sent at the present pace.
    pub(super) fn note(&mut self, refused: bool) {
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(refused);
    }

    /// Whether a refusal came of our pace, in requests per second; `None` where none is kept.
    pub(super) fn is_ours(&mut self, pace: Option<f64>) -> bool {
        let share = self.share();
        if self.is_elsewhere {
            if share.is_some_and(|share| share > FREQUENT) {
                *self = Self::default();
            }
            return !self.is_elsewhere;
        }
        let Some(pace) = pace.filter(|pace| pace.is_finite()) else {
            self.fastest = 0.0;
            return true;
        };
        self.fastest = self.fastest.max(pace);
        self.is_elsewhere = pace <= MUCH_SLOWER * self.fastest
            && share.is_some_and(|share| (RARE..=FREQUENT).contains(&share));
        !self.is_elsewhere
    }

    /// The share of refusals, once there are enough answers.
    fn share(&self) -> Option<f64> {
        let refused = self.recent.iter().filter(|refused| **refused).count();
        (self.recent.len() == RECENT).then(|| refused as f64 / RECENT as f64)
    }
}
