//! How many parts of a copy are in flight where nobody said: as many as make it faster.
//!
//! A number is measured; then its double is. If that brought enough, the double is the number from
//! then on, and the next double is tried. If it did not, or the server refused requests, the copy
//! goes back and stays there for a while. Doubling finds the right order of magnitude in a few
//! steps, and more than that is lost in the noise of any network.

use serde::{Deserialize, Serialize};

/// Parts in flight before anything is measured: half of what most endpoints carry without
/// complaint, and enough to hide the latency of any of them.
pub const FIRST: u32 = 16;

/// Never more parts of one object in flight than this.
pub const MOST: u32 = 256;

/// A double that brings less than this factor is not worth the requests: they are then only waiting
/// at another place, and take room from the server's other users.
const WORTH_IT: f64 = 1.25;

/// Why a copy stays with a number of parts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stays {
    /// Twice as many came to this factor of the speed.
    NoFaster(f64),
    /// The server asked to slow down.
    Refused,
    /// More are not allowed.
    Most,
}

/// The search for the number of parts in flight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Concurrency {
    at_once: u32,
    most: u32,
    /// The number that was measured before, and its speed in bytes per second.
    before: Option<(u32, f64)>,
    stays: bool,
}

impl Concurrency {
    /// Begins with so many, at least 1 and never more than `most`. `known` is what another copy to
    /// the same place came to: it is taken without a search.
    pub fn new(known: Option<u32>, most: u32) -> Self {
        let most = most.clamp(1, MOST);
        Self {
            at_once: known.unwrap_or(FIRST).clamp(1, most),
            most,
            before: None,
            stays: known.is_some(),
        }
    }

    /// Parts in flight now.
    pub fn at_once(&self) -> u32 {
        self.at_once
    }

    /// Never more than this in flight.
    pub fn most(&self) -> u32 {
        self.most
    }

    /// Whether a measurement would change anything.
    pub fn searches(&self) -> bool {
        !self.stays
    }

    /// The present number came to this speed, in bytes per second. Answers when the search ends.
    pub fn measured(&mut self, speed: f64) -> Option<Stays> {
        if self.stays {
            return None;
        }
        if let Some((fewer, slower)) = self.before
            && speed < slower * WORTH_IT
        {
            self.at_once = fewer;
            return Some(self.stay(Stays::NoFaster(speed / slower)));
        }
        if self.at_once == self.most {
            return Some(self.stay(Stays::Most));
        }
        self.before = Some((self.at_once, speed));
        self.at_once = self.at_once.saturating_mul(2).min(self.most);
        None
    }

    /// The server refused requests meanwhile. Answers when that ends the search.
    pub fn refused(&mut self) -> Option<Stays> {
        if self.stays {
            return None;
        }
        if let Some((fewer, _)) = self.before {
            self.at_once = fewer;
        }
        Some(self.stay(Stays::Refused))
    }

    /// Searches on from the present number: much may have changed since.
    pub fn search_again(&mut self) {
        self.stays = false;
    }

    fn stay(&mut self, why: Stays) -> Stays {
        self.before = None;
        self.stays = true;
        why
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Searches on a line whose speed at so many parts is told by `speed`.
    fn search(most: u32, speed: impl Fn(u32) -> f64) -> (Concurrency, Stays) {
        let mut search = Concurrency::new(None, most);
        for _ in 0..20 {
            if let Some(why) = search.measured(speed(search.at_once())) {
                return (search, why);
            }
        }
        panic!("it ends");
    }

    #[test]
    fn it_grows_until_the_line_is_full() {
        // Each part brings 10, and the line carries 700.
        let (found, why) = search(256, |parts| f64::from(parts * 10).min(700.0));
        assert_eq!(found.at_once(), 64, "640 of 700");
        assert!(matches!(why, Stays::NoFaster(factor) if factor < 1.1));
        assert!(!found.searches());
    }

    #[test]
    fn it_grows_to_the_most_where_every_part_brings_more() {
        let (found, why) = search(256, f64::from);
        assert_eq!((found.at_once(), why), (256, Stays::Most));
        let (found, why) = search(100, f64::from);
        assert_eq!((found.at_once(), why), (100, Stays::Most));
    }

    #[test]
    fn it_stays_where_more_is_slower() {
        let (found, _) = search(256, |parts| 1000.0 / f64::from(parts));
        assert_eq!(found.at_once(), FIRST);
    }

    #[test]
    fn a_refusal_takes_it_back_by_one_step() {
        let mut search = Concurrency::new(None, 256);
        assert_eq!(search.measured(1.0), None);
        assert_eq!(search.measured(2.0), None);
        assert_eq!(search.at_once(), 64);
        assert_eq!(search.refused(), Some(Stays::Refused));
        assert_eq!(search.at_once(), 32);
        assert_eq!(search.refused(), None, "said once");
        search.search_again();
        assert!(search.searches());
        assert_eq!(search.measured(2.0), None);
        assert_eq!(search.at_once(), 64);
    }

    #[test]
    fn what_another_copy_found_is_taken() {
        let search = Concurrency::new(Some(64), 256);
        assert_eq!((search.at_once(), search.searches()), (64, false));
        assert_eq!(Concurrency::new(Some(64), 8).at_once(), 8);
        assert_eq!(Concurrency::new(None, 0).at_once(), 1);
    }

    proptest! {
        #[test]
        fn never_none_and_never_too_many(
            most in 0_u32..1000,
            speeds in proptest::collection::vec(proptest::option::of(0.0_f64..1e12), 0..50),
        ) {
            let mut search = Concurrency::new(None, most);
            for speed in speeds {
                match speed {
                    Some(speed) => search.measured(speed),
                    None => search.refused(),
                };
                prop_assert!((1..=most.clamp(1, MOST)).contains(&search.at_once()));
            }
        }
    }
}
