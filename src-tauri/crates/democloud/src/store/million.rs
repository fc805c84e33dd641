//! Buckets of a million keys that are computed, never stored.

use std::ops::Bound;

use crate::content::{Checksums, ContentId, Library, Segment};
use crate::store::object::{Attached, Version};

/// How many keys there are.
pub(crate) const COUNT: u32 = 1_000_000;

/// All objects are windows into one virtual content, so that one block serves them all.
const SEED: u64 = 0x6d69_6c6c_696f_6e00;

/// Bytes between the beginnings of two windows: more than any object has.
const STRIDE: u64 = (128 << 20) + 1;

/// The sizes that flat keys take in turn.
const FLAT_SIZES: [u64; 4] = [256 << 10, (3 << 20) + 7, 32 << 20, 128 << 20];

/// How the keys are laid out.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    /// `part-NNNNNNN.parquet`: one level with a million rows.
    Flat,
    /// `node-NN/NN/reading-NNNNNN.json`: three levels, each with a hundred rows.
    Nested,
}

/// A million computed keys in byte order, which is the order of their indexes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Million {
    pub(crate) shape: Shape,
    /// Milliseconds since 1970 at which the youngest was written.
    pub(crate) written: i64,
}

impl Million {
    pub(crate) fn key(self, index: u32) -> String {
        match self.shape {
            Shape::Flat => format!("part-{index:07}.parquet"),
            Shape::Nested => format!(
                "node-{:02}/{:02}/reading-{index:06}.json",
                index / 10_000,
                index / 100 % 100
            ),
        }
    }

    /// The index of a key that exists.
    pub(crate) fn index(self, key: &str) -> Option<u32> {
        let digits = key.rsplit_once('.')?.0.rsplit_once('-')?.1;
        let index = digits.parse().ok().filter(|index| *index < COUNT)?;
        (self.key(index) == key).then_some(index)
    }

    /// The first index at or after a place in the order of keys.
    pub(crate) fn seek(self, from: Bound<&str>) -> Option<u32> {
        let before = |index: u32| match from {
            Bound::Unbounded => false,
            Bound::Included(at) => self.key(index).as_str() < at,
            Bound::Excluded(at) => self.key(index).as_str() <= at,
        };
        // Paging and walking nearly always stand on an existing key.
        match from {
            Bound::Included(at) if self.index(at).is_some() => return self.index(at),
            Bound::Excluded(at) if self.index(at).is_some() => {
                return self
                    .index(at)
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

    pub(crate) fn size(self, index: u32) -> u64 {
        match self.shape {
            Shape::Flat => FLAT_SIZES[index as usize % FLAT_SIZES.len()],
            Shape::Nested => 100 + u64::from(index.wrapping_mul(2_654_435_761) >> 16),
        }
    }

    fn content_type(self) -> &'static str {
        match self.shape {
            Shape::Flat => "application/vnd.apache.parquet",
            Shape::Nested => "application/json",
        }
    }

    pub(crate) fn modified(self, index: u32) -> i64 {
        self.written - i64::from(COUNT - index) * 1000
    }

    fn segments(self, index: u32) -> Vec<Segment> {
        vec![Segment {
            content: ContentId::Virtual(SEED),
            offset: u64::from(index) * STRIDE,
            length: self.size(index),
        }]
    }

    /// The `ETag`, without quotes.
    pub(crate) fn etag(self, index: u32, library: &Library) -> String {
        // Virtual content never touches a file, so this cannot fail.
        library.etag(&self.segments(index)).unwrap_or_default()
    }

    pub(crate) fn version(self, index: u32, library: &Library) -> Version {
        let segments = self.segments(index);
        let mut attached = Attached::default();
        attached
            .headers
            .insert("content-type".to_owned(), self.content_type().to_owned());
        Version {
            id: None,
            modified: self.modified(index),
            marker: false,
            etag: self.etag(index, library),
            size: self.size(index),
            checksums: library
                .checksums(&segments)
                .unwrap_or_else(|_| Checksums::default()),
            segments,
            attached: attached.into(),
            upload_id: None,
            part_runs: Vec::new(),
            checksum: None,
            restore: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAT: Million = million(Shape::Flat);
    const NESTED: Million = million(Shape::Nested);

    const fn million(shape: Shape) -> Million {
        Million { shape, written: 0 }
    }

    #[test]
    fn keys_are_in_byte_order_and_found_again() {
        for keys in [FLAT, NESTED] {
            for index in [0, 1, 99, 100, 9_999, 10_000, 500_500, COUNT - 1] {
                let key = keys.key(index);
                assert_eq!(keys.index(&key), Some(index));
                assert_eq!(keys.seek(Bound::Included(&key)), Some(index));
                if index > 0 {
                    let before = keys.key(index - 1);
                    assert!(before < key);
                    assert_eq!(keys.seek(Bound::Excluded(&before)), Some(index));
                }
            }
            let last = keys.key(COUNT - 1);
            assert_eq!(keys.seek(Bound::Unbounded), Some(0));
            assert_eq!(keys.seek(Bound::Excluded(&last)), None);
            assert_eq!(keys.seek(Bound::Included("z")), None);
        }
    }

    #[test]
    fn a_place_between_keys_is_found() {
        assert_eq!(FLAT.seek(Bound::Included("part-05")), Some(500_000));
        assert_eq!(NESTED.seek(Bound::Included("node-50")), Some(500_000));
    }

    #[test]
    fn what_only_resembles_a_key_does_not_exist() {
        assert_eq!(FLAT.index("part-1.parquet"), None);
        assert_eq!(FLAT.index("part-0000001.json"), None);
        assert_eq!(FLAT.index("part-1000000.parquet"), None);
        assert_eq!(FLAT.index(&NESTED.key(1)), None);
        assert_eq!(NESTED.index("node-00/00/reading-0.json"), None);
    }

    #[test]
    fn no_object_reaches_into_the_next() {
        for keys in [FLAT, NESTED] {
            assert!((0..COUNT).all(|index| keys.size(index) < STRIDE));
        }
    }
}
