//! Buckets as people fill them, and as nobody would.

use std::collections::BTreeSet;

use super::Dice;

#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    Counted,
    Hexadecimal,
    Levels,
    Words,
    Script,
    /// A few names that nearly all keys begin with.
    Crowded,
    /// Characters that no request can carry, and the last there is.
    Odd,
}

impl Shape {
    pub(super) const ALL: [Self; 7] = [
        Self::Counted,
        Self::Hexadecimal,
        Self::Levels,
        Self::Words,
        Self::Script,
        Self::Crowded,
        Self::Odd,
    ];

    pub(super) fn key(self, at: usize, dice: &mut Dice) -> String {
        match self {
            Self::Counted => format!("part-{at:07}.parquet"),
            Self::Hexadecimal => format!("{:016x}{:016x}", dice.roll(), dice.roll()),
            Self::Levels => format!("{}/{:02}/{}", at / 300, at / 10 % 30, word(dice, LETTERS)),
            Self::Words => word(dice, SCRIPTS),
            Self::Script => format!("照片/{}/{at}", word(dice, SCRIPTS)),
            Self::Crowded => {
                let first = dice.below(12) * dice.below(12) / 10;
                format!("{}/{}", "x".repeat(first), word(dice, LETTERS))
            }
            Self::Odd => word(dice, &['\u{10ffff}', '\u{1}', 'a', '\u{ffff}', ' ', '/']),
        }
    }
}

/// Keys, the prefix that is listed, and the delimiter.
pub(super) fn any(dice: &mut Dice) -> (BTreeSet<String>, String, Option<char>) {
    let count = *dice.of(&[0, 1, 30, 400, 2_000]);
    let shape = *dice.of(&Shape::ALL);
    let keys: BTreeSet<String> = (0..count).map(|at| shape.key(at, dice)).collect();
    let delimiter = (dice.below(3) == 0).then_some('/');
    let prefix = match keys.iter().nth(dice.below(count.max(1))) {
        Some(key) if dice.below(4) == 0 => key.chars().take(dice.below(4)).collect(),
        _ => String::new(),
    };
    (keys, prefix, delimiter)
}

const LETTERS: &[char] = &['a', 'b', 'e', 'i', 'n', 's', 't', 'Z', '-', '0', '7'];
const SCRIPTS: &[char] = &[
    'a', '/', 'é', 'я', '中', '文', '한', '\u{e000}', '\u{ff01}', '😀', '🦀',
];

fn word(dice: &mut Dice, letters: &[char]) -> String {
    let length = 1 + dice.below(9);
    (0..length).map(|_| *dice.of(letters)).collect()
}
