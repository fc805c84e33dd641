//! A bucket of a million keys that are computed, never stored.

use std::ops::Bound;

use crate::content::{Checksums, ContentId, Library, Segment};
use crate::store::object::{Attached, Version};

/// How many keys there are.
pub(crate) const COUNT: u32 = 1_000_000;

/// All objects are windows into one virtual content, so that one block serves them all.
const SEED: u64 = 0x6d69_6c6c_696f_6e00;

/// The computed keys `node-NN/NN/reading-NNNNNN.json`, in byte order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Million {
    /// Milliseconds since 1970 at which the youngest was written.
    pub(crate) written: i64,
}

impl Million {
    pub(crate) fn key(index: u32) -> String {
        format!(
            "node-{:02}/{:02}/reading-{index:06}.json",
            index / 10_000,
            index / 100 % 100
        )
    }

    /// The index of a key that exists.
    pub(crate) fn index(key: &str) -> Option<u32> {
        let digits = key.strip_suffix(".json")?.rsplit_once('-')?.1;
        let index = digits.parse().ok().filter(|index| *index < COUNT)?;
        (Self::key(index) == key).then_some(index)
    }

    /// The first index at or after a place in the order of keys.
    pub(crate) fn seek(from: Bound<&str>) -> Option<u32> {
        let before = |index: u32| match from {
            Bound::Unbounded => false,
            Bound::Included(at) => Self::key(index).as_str() < at,
            Bound::Excluded(at) => Self::key(index).as_str() <= at,
        };
        // Paging and walking nearly always stand on an existing key.
        match from {
            Bound::Included(at) if Self::index(at).is_some() => return Self::index(at),
            Bound::Excluded(at) if Self::index(at).is_some() => {
                return Self::index(at)
                    .map(|index| index + 1)
                    .filter(|next| *next < COUNT);
            }
            _ => {}
        }
        let (mut low, mut high) = (0, COUNT);
        while low < high {
            let middle = low + (high - low) / 2;
            if before(middle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        (low < COUNT).then_some(low)
    }

    pub(crate) fn size(index: u32) -> u64 {
        100 + u64::from(index.wrapping_mul(2_654_435_761) >> 16)
    }

    pub(crate) fn modified(self, index: u32) -> i64 {
        self.written - i64::from(COUNT - index) * 1000
    }

    fn segments(index: u32) -> Vec<Segment> {
        vec![Segment {
            content: ContentId::Virtual(SEED),
            offset: u64::from(index) * 100_003,
            length: Self::size(index),
        }]
    }

    /// The `ETag`, without quotes.
    pub(crate) fn etag(index: u32, library: &Library) -> String {
        // Virtual content never touches a file, so this cannot fail.
        library.etag(&Self::segments(index)).unwrap_or_default()
    }

    pub(crate) fn version(self, index: u32, library: &Library) -> Version {
        let segments = Self::segments(index);
        let mut attached = Attached::default();
        attached
            .headers
            .insert("content-type".to_owned(), "application/json".to_owned());
        Version {
            id: None,
            modified: self.modified(index),
            marker: false,
            etag: Self::etag(index, library),
            size: Self::size(index),
            checksums: library
                .checksums(&segments)
                .unwrap_or_else(|_| Checksums::default()),
            segments,
            attached,
            upload_id: None,
            part_runs: Vec::new(),
            restore: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_in_byte_order_and_found_again() {
        for index in [0, 1, 99, 100, 9_999, 10_000, 500_500, COUNT - 1] {
            let key = Million::key(index);
            assert_eq!(Million::index(&key), Some(index));
            assert_eq!(Million::seek(Bound::Included(&key)), Some(index));
            if index > 0 {
                assert!(Million::key(index - 1) < key);
                assert_eq!(
                    Million::seek(Bound::Excluded(&Million::key(index - 1))),
                    Some(index)
                );
            }
        }
        assert_eq!(Million::seek(Bound::Unbounded), Some(0));
        assert_eq!(Million::seek(Bound::Included("node-50")), Some(500_000));
        assert_eq!(
            Million::seek(Bound::Excluded(&Million::key(COUNT - 1))),
            None
        );
        assert_eq!(Million::seek(Bound::Included("z")), None);
        assert_eq!(Million::index("node-00/00/reading-0.json"), None);
    }
}
