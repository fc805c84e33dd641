//! Whether what happened is what may happen: the eight invariants over the ground truth.
//!
//! The checker sees what took effect on the server, what was sent, what the journal was told and
//! what the user said, and shares no code with the engine's own proofs. It is pure, and has tests
//! of its own with a good and a bad story for each rule.

use std::fmt;

use crate::outcome::Outcome;

mod bounds;
mod destination;
mod keys;
mod redo;
mod rest;
mod secrets;
pub mod story;
mod success;
mod uploads;

#[cfg(test)]
mod tests;

use story::Story;

/// What must always hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Invariant {
    /// No false success: what is done is one version of its source, whole, with its properties,
    /// and only called verified where more than sizes were compared.
    I1,
    /// A destination is untouched until its Complete, and never replaced without consent.
    I2,
    /// No upload is forgotten, and none of somebody else's is touched.
    I3,
    /// What is known to be copied is not copied again.
    I4,
    /// Secrets are nowhere.
    I5,
    /// Requests and the journal are bounded.
    I6,
    /// When the faults stop everything comes to an end, or to a question that fits.
    I7,
    /// Keys are exact; what is left out stays untouched; only a proven copy lets its source go.
    I8,
}

impl Invariant {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::I1,
        Self::I2,
        Self::I3,
        Self::I4,
        Self::I5,
        Self::I6,
        Self::I7,
        Self::I8,
    ];
}

impl fmt::Display for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::I1 => "I1 no false success",
            Self::I2 => "I2 destination untouched",
            Self::I3 => "I3 no upload forgotten",
            Self::I4 => "I4 nothing copied again",
            Self::I5 => "I5 secrets nowhere",
            Self::I6 => "I6 bounded",
            Self::I7 => "I7 comes to an end",
            Self::I8 => "I8 exact keys",
        })
    }
}

/// A rule that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which.
    pub invariant: Invariant,
    /// What happened, in one line.
    pub why: String,
}

impl Violation {
    fn new(invariant: Invariant, why: String) -> Self {
        Self { invariant, why }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.invariant, self.why)
    }
}

/// Everything that went against a rule in this outcome.
pub fn check(outcome: &Outcome) -> Vec<Violation> {
    judge(&Story::of(outcome))
}

/// As [`check`], of a story however it was made.
pub fn judge(story: &Story) -> Vec<Violation> {
    let mut broken = Vec::new();
    success::judge(story, &mut broken);
    destination::judge(story, &mut broken);
    uploads::judge(story, &mut broken);
    redo::judge(story, &mut broken);
    secrets::judge(story, &mut broken);
    bounds::judge(story, &mut broken);
    rest::judge(story, &mut broken);
    keys::judge(story, &mut broken);
    broken
}
