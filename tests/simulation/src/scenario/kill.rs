//! How a life of the program ends before its time.

use crate::dice::Dice;

/// When.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// At a commit, counted from 1 within the life.
    Commit {
        /// Which.
        number: u64,
        /// Before it is handed to the journal, or when it is safe.
        before: bool,
    },
    /// At a request, counted from 1 within the life.
    Request {
        /// Which.
        number: u64,
        /// Before it is sent, or when it is answered.
        before: bool,
    },
    /// At a commit, counted from 0 at the one that tells of the user's giving the job up.
    Cancel {
        /// Which.
        commits: u64,
        /// Before it is handed to the journal, or when it is safe.
        before: bool,
    },
    /// So many milliseconds after the life began.
    After {
        /// Milliseconds.
        ms: i64,
    },
}

/// The end of one life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kill {
    /// When.
    pub moment: Moment,
    /// The power goes: what was not synced may be lost.
    pub power: bool,
    /// Milliseconds until the next life begins.
    pub dead_ms: i64,
}

impl Kill {
    pub(super) fn several(dice: &mut Dice, faults_end_ms: i64) -> Vec<Self> {
        let count = dice.pick(&[0, 0, 0, 1, 1, 1, 2, 3]);
        (0..count).map(|_| Self::one(dice, faults_end_ms)).collect()
    }

    fn one(dice: &mut Dice, faults_end_ms: i64) -> Self {
        let moment = match dice.below(3) {
            0 => Moment::Commit {
                number: early(dice),
                before: dice.happens(0.5),
            },
            1 => Moment::Request {
                number: early(dice),
                before: dice.happens(0.5),
            },
            _ => Moment::After {
                ms: dice.between_ms(0, faults_end_ms),
            },
        };
        Self {
            moment,
            power: dice.happens(0.4),
            dead_ms: dice.pick(&[0, 500, 20_000, 3_600_000]),
        }
    }
}

/// Most jobs are short, and recovery is shorter still.
fn early(dice: &mut Dice) -> u64 {
    let most = dice.pick(&[10, 30, 60, 120]);
    dice.between(1, most)
}
