//! A key space that is there without being kept: the key of each place in the order is made from
//! its number, and its place is found by halving.
//!
//! Names begin with letters of several alphabets, in the order of their bytes, so that nobody
//! wins who takes keys for ASCII.

use std::fmt::Write as _;

/// What names begin with, in order of bytes.
const ROOTS: [&str; 10] = ["0", "A", "b", "n", "z", "é", "ж", "日", "語", "😀"];

/// So many keys, in folders of so many each, or all on one level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) count: u64,
    /// Keys under each folder; 0 for no folders.
    pub(super) folder: u64,
}

impl Keys {
    /// The `at`th key.
    pub(super) fn key(self, at: u64) -> String {
        let mut key = String::with_capacity(32);
        self.write(at, &mut key);
        key
    }

    /// The same, in place of what was there.
    pub(super) fn write(self, at: u64, key: &mut String) {
        key.clear();
        // Nothing fails to be written to a text.
        let _ = match at.checked_div(self.folder) {
            None => write!(key, "{}{at:08} 夏.bin", root(at, self.count)),
            Some(folder) => {
                let root = root(folder, self.count.div_ceil(self.folder));
                write!(key, "{root}{folder:05}/{at:08} 夏.bin")
            }
        };
    }

    /// How many keys come before the first that satisfies a condition which no later one breaks.
    pub(super) fn first(self, holds: impl Fn(&str) -> bool) -> u64 {
        let (mut low, mut high) = (0, self.count);
        let mut key = String::new();
        while low < high {
            let middle = low + (high - low) / 2;
            self.write(middle, &mut key);
            if holds(&key) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    }
}

fn root(at: u64, of: u64) -> &'static str {
    let roots = ROOTS.len();
    let root = usize::try_from(at * roots as u64 / of.max(1)).unwrap_or(0);
    ROOTS[root.min(roots - 1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_ascend_by_their_bytes_and_are_found() {
        for (count, folder) in [(1, 1_000), (999, 1_000), (20_000, 1_000), (20_000, 0)] {
            let keys = Keys { count, folder };
            let all: Vec<String> = (0..count).map(|at| keys.key(at)).collect();
            assert!(all.is_sorted());
            for (at, wanted) in all.iter().enumerate() {
                assert_eq!(keys.first(|key| key >= wanted.as_str()), at as u64);
            }
        }
    }
}
