//! Part numbers.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The most parts one multipart upload may have, with every provider.
pub const MAX_PARTS: u32 = 10_000;

/// The 1-based number of a part: 1 to 10,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct PartNumber(u16);

impl PartNumber {
    /// `None` outside 1..=10,000.
    pub fn new(number: u32) -> Option<Self> {
        if !(1..=MAX_PARTS).contains(&number) {
            return None;
        }
        u16::try_from(number).ok().map(Self)
    }

    /// The number.
    pub fn value(self) -> u32 {
        u32::from(self.0)
    }
}

impl TryFrom<u32> for PartNumber {
    type Error = String;

    fn try_from(number: u32) -> Result<Self, String> {
        Self::new(number)
            .ok_or_else(|| format!("part number {number} is not within 1..={MAX_PARTS}"))
    }
}

impl From<PartNumber> for u32 {
    fn from(number: PartNumber) -> Self {
        number.value()
    }
}

impl fmt::Display for PartNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
