//! Byte ranges: half-open in code, inclusive only when printed for the wire.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The bytes `start..end` of an object; never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ByteRange {
    start: u64,
    end: u64,
}

impl ByteRange {
    /// `None` when the range would be empty or inverted: no wire form can say that.
    pub fn new(start: u64, end: u64) -> Option<Self> {
        (start < end).then_some(Self { start, end })
    }

    /// First byte.
    pub fn start(self) -> u64 {
        self.start
    }

    /// One past the last byte.
    pub fn end(self) -> u64 {
        self.end
    }

    /// How many bytes; at least one.
    #[expect(clippy::len_without_is_empty, reason = "a range is never empty")]
    pub fn len(self) -> u64 {
        self.end - self.start
    }
}

/// The form of `x-*-copy-source-range` and `Range`: zero-based, last byte included.
impl fmt::Display for ByteRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bytes={}-{}", self.start, self.end - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_form_includes_the_last_byte() {
        assert_eq!(ByteRange::new(0, 1).unwrap().to_string(), "bytes=0-0");
        assert_eq!(ByteRange::new(10, 101).unwrap().to_string(), "bytes=10-100");
    }

    #[test]
    fn an_empty_range_cannot_be_made() {
        assert_eq!(ByteRange::new(5, 5), None);
        assert_eq!(ByteRange::new(6, 5), None);
    }
}
