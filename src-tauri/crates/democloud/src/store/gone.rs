//! Which of a million computed keys were deleted: a bit for each.

use super::million::COUNT;

const BITS: u32 = u64::BITS;

/// A set of indexes below [`COUNT`]. Empty, it takes no room.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Gone(Vec<u64>);

impl Gone {
    /// Puts an index in or takes it out.
    pub(super) fn set(&mut self, index: u32, gone: bool) {
        if self.0.is_empty() {
            if !gone {
                return;
            }
            self.0 = vec![0; COUNT.div_ceil(BITS) as usize];
        }
        let (word, bit) = ((index / BITS) as usize, 1 << (index % BITS));
        if let Some(word) = self.0.get_mut(word) {
            if gone {
                *word |= bit;
            } else {
                *word &= !bit;
            }
        }
    }

    pub(super) fn contains(&self, index: u32) -> bool {
        let word = self.0.get((index / BITS) as usize);
        word.is_some_and(|word| word >> (index % BITS) & 1 == 1)
    }

    /// The first index from this one on that is not in the set.
    pub(super) fn next_left(&self, from: u32) -> Option<u32> {
        let mut at = from;
        while let Some(word) = self.0.get((at / BITS) as usize) {
            let ones = (word >> (at % BITS)).trailing_ones();
            at += ones;
            if ones == 0 || !at.is_multiple_of(BITS) {
                break;
            }
        }
        (at < COUNT).then_some(at)
    }

    /// Every index in the set, in order.
    pub(super) fn all(&self) -> impl Iterator<Item = u32> {
        let last = if self.0.is_empty() { 0 } else { COUNT };
        (0..last).filter(|index| self.contains(*index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_any_length_are_skipped() {
        let mut gone = Gone::default();
        assert_eq!(gone.next_left(7), Some(7));
        assert_eq!(gone.next_left(COUNT), None);
        for index in (60..200).chain(COUNT - 100..COUNT) {
            gone.set(index, true);
        }
        gone.set(130, false);
        assert_eq!(gone.next_left(59), Some(59));
        assert_eq!(gone.next_left(60), Some(130));
        assert_eq!(gone.next_left(64), Some(130));
        assert_eq!(gone.next_left(131), Some(200));
        assert_eq!(gone.next_left(COUNT - 100), None);
        assert!(gone.contains(199) && !gone.contains(200) && !gone.contains(130));
        assert_eq!(gone.all().count(), 239);
    }
}
