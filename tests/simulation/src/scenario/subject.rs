//! The objects of a scenario.

use partway_domain::limits::{KIB, MIB};

use crate::dice::Dice;

/// Keys that somebody somewhere has broken.
pub const ODD_KEYS: &[&str] = &[
    "plain.bin",
    "a/../b",
    "a//b",
    "./dot",
    " leading and trailing ",
    "plus+plus%20percent",
    "u\u{308}ber.txt",
    "\u{fc}ber.txt",
    "emoji-\u{1f980}.bin",
    "folder/",
    "quote'\"<&>.xml",
    "question?mark#hash",
    "back\\slash",
    "tab\tend",
    "deep/er/and/deep/er.bin",
];

/// Where the objects are that have the names of others.
pub(crate) const SECOND_FOLDER: &str = "more/";

/// One object to copy.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Where it is.
    pub source_key: String,
    /// Where it goes.
    pub destination_key: String,
    /// Bytes.
    pub size: u64,
    /// How often it was written before, where versions are kept.
    pub versions_before: u32,
    /// User metadata, tags and headers it has.
    pub dressed: bool,
    /// Somebody's object stands at the destination already.
    pub occupied: bool,
    /// Open uploads of others at the destination key.
    pub strays: u32,
}

impl Subject {
    pub(super) fn several(dice: &mut Dice) -> Vec<Self> {
        let count = dice.pick(&[1, 1, 1, 2, 2, 3, 5]);
        let odd = dice.happens(0.25);
        (0..count)
            .map(|index| Self::one(dice, index, odd))
            .collect()
    }

    fn one(dice: &mut Dice, index: usize, odd: bool) -> Self {
        let name = if odd {
            format!("{index}/{}", dice.pick(ODD_KEYS))
        } else {
            format!("object-{index}.bin")
        };
        Self {
            source_key: format!("from/{name}"),
            destination_key: format!("to/{name}"),
            size: size(dice),
            versions_before: u32::from(dice.happens(0.3)),
            dressed: dice.happens(0.5),
            occupied: dice.happens(0.15),
            strays: u32::from(dice.happens(0.15)) + u32::from(dice.happens(0.05)),
        }
    }
}

/// Bytes: from nothing to some forty parts, mostly a few.
fn size(dice: &mut Dice) -> u64 {
    match dice.below(100) {
        0..4 => 0,
        4..20 => dice.between(1, 4 * MIB),
        20..75 => dice.between(6 * MIB, 60 * MIB),
        75..85 => 5 * MIB * dice.between(2, 12),
        85..97 => dice.between(60 * MIB, 220 * MIB),
        _ => dice.between(220 * MIB, 220 * MIB + 64 * KIB),
    }
}
