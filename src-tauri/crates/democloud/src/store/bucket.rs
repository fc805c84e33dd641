//! One bucket: its keys in byte order, and its open uploads.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::access::Access;
use super::million::Million;
use super::object::{Upload, Version};
use crate::content::Library;

/// Whether writes make versions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Versioning {
    /// Never switched on.
    #[default]
    Off,
    Enabled,
    Suspended,
}

/// One bucket.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    pub(crate) region: String,
    /// Milliseconds since 1970.
    pub(crate) created: i64,
    pub(crate) versioning: Versioning,
    pub(crate) access: Access,
    /// Everything but its name in the list of buckets is refused.
    pub(crate) closed: bool,
    /// Keys that are computed; a stored key of the same name hides the computed one.
    pub(crate) computed: Option<Million>,
    /// Versions of each key, oldest first. An empty list says that a computed key was deleted.
    pub(crate) objects: BTreeMap<String, Vec<Arc<Version>>>,
    /// Open uploads by key and upload id.
    pub(crate) uploads: BTreeMap<(String, String), Upload>,
}

/// A key that exists, as a listing meets it.
pub(crate) enum Found<'a> {
    Stored(&'a str, &'a [Arc<Version>]),
    Computed(Million, u32),
}

impl Found<'_> {
    pub(crate) fn key(&self) -> String {
        match self {
            Found::Stored(key, _) => (*key).to_owned(),
            Found::Computed(million, index) => million.key(*index),
        }
    }
}

impl Bucket {
    pub(crate) fn new(region: &str, created: i64) -> Self {
        Bucket {
            region: region.to_owned(),
            created,
            versioning: Versioning::Off,
            access: Access::default(),
            closed: false,
            computed: None,
            objects: BTreeMap::new(),
            uploads: BTreeMap::new(),
        }
    }

    /// All versions of a key, oldest first; empty when there are none.
    pub(crate) fn versions(&self, key: &str, library: &Library) -> Vec<Arc<Version>> {
        match (self.objects.get(key), self.computed) {
            (Some(versions), _) => versions.clone(),
            (None, Some(million)) => million
                .index(key)
                .map(|index| Arc::new(million.version(index, library)))
                .into_iter()
                .collect(),
            (None, None) => Vec::new(),
        }
    }

    /// The next key that has any version, from a place in byte order on.
    pub(crate) fn next(&self, from: Bound<&str>) -> Option<Found<'_>> {
        let stored = self
            .objects
            .range::<str, _>((from, Bound::Unbounded))
            .find(|(_, versions)| !versions.is_empty());
        let computed = self
            .computed
            .and_then(|million| Some((million, self.next_computed(million, from)?)));
        match (stored, computed) {
            (Some((key, versions)), Some((million, index))) if *key <= million.key(index) => {
                Some(Found::Stored(key, versions))
            }
            (_, Some((million, index))) => Some(Found::Computed(million, index)),
            (Some((key, versions)), None) => Some(Found::Stored(key, versions)),
            (None, None) => None,
        }
    }

    fn next_computed(&self, million: Million, from: Bound<&str>) -> Option<u32> {
        let mut index = million.seek(from)?;
        while self.objects.contains_key(&million.key(index)) {
            index = million.seek(Bound::Excluded(&million.key(index)))?;
        }
        Some(index)
    }
}

#[cfg(test)]
mod tests {
    use super::super::million::Shape;
    use super::*;

    fn keys(bucket: &Bucket, count: usize) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        while out.len() < count {
            let from = out
                .last()
                .map_or(Bound::Unbounded, |k| Bound::Excluded(k.as_str()));
            match bucket.next(from) {
                Some(found) => out.push(found.key()),
                None => break,
            }
        }
        out
    }

    #[test]
    fn stored_keys_lie_among_the_computed_and_hide_them() {
        for (shape, between) in [
            (Shape::Flat, "part-0000000.txt"),
            (Shape::Nested, "node-00/00/reading-000000.txt"),
        ] {
            let million = Million { shape, written: 0 };
            let mut bucket = Bucket::new("r", 0);
            bucket.computed = Some(million);
            let version = Arc::new(Version::delete_marker(None, 0));
            bucket.objects.insert(between.to_owned(), vec![version]);
            bucket.objects.insert(million.key(1), Vec::new());
            assert_eq!(
                keys(&bucket, 3),
                [million.key(0), between.to_owned(), million.key(2)]
            );
        }
    }
}
