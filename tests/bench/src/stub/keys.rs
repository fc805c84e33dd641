//! A key space that is there without being kept: the key of each place in the order is made from
//! its number, and its place is found by halving.
//!
//! A thousand keys lie under each folder. Folders begin with letters of several alphabets, in the
//! order of their bytes, so that nobody wins who takes keys for ASCII.

/// What the names of folders begin with, in order of bytes.
const ROOTS: [&str; 10] = ["0", "A", "b", "n", "z", "é", "ж", "日", "語", "😀"];

/// Keys under a folder.
const FOLDER: u64 = 1_000;

/// The `at`th of `count` keys.
pub(super) fn key(at: u64, count: u64) -> String {
    let folder = at / FOLDER;
    let folders = count.div_ceil(FOLDER).max(1);
    let roots = ROOTS.len() as u64;
    let root = usize::try_from(folder * roots / folders).unwrap_or(0);
    format!(
        "{}{folder:05}/{at:08} 夏.bin",
        ROOTS[root.min(ROOTS.len() - 1)]
    )
}

/// How many keys come before the first that satisfies a condition which no later one breaks.
pub(super) fn first(count: u64, holds: impl Fn(&str) -> bool) -> u64 {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(&key(middle, count)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_ascend_by_their_bytes_and_are_found() {
        for count in [1, 999, 20_000] {
            let keys: Vec<String> = (0..count).map(|at| key(at, count)).collect();
            assert!(keys.is_sorted());
            for (at, wanted) in keys.iter().enumerate() {
                assert_eq!(first(count, |key| key >= wanted.as_str()), at as u64);
            }
        }
    }
}
