//! One bucket: its keys in byte order, and its open uploads.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::access::Access;
use super::gone::Gone;
use super::million::Million;
use super::object::{Upload, Version};
use super::plain::Plain;
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
    /// What each key has that has anything.
    pub(crate) objects: BTreeMap<String, Stored>,
    /// Computed keys that were deleted.
    pub(crate) gone: Gone,
    /// Open uploads by key and upload id.
    pub(crate) uploads: BTreeMap<(String, String), Upload>,
    /// Uploads that were aborted, without their parts, where a late part may bring them back.
    pub(crate) aborted: BTreeMap<(String, String), Upload>,
}

/// The versions of a key.
#[derive(Debug, Clone)]
pub(crate) enum Stored {
    /// One of the commonest kind.
    Plain(Plain),
    /// Oldest first; at least one.
    Several(Vec<Arc<Version>>),
}

impl Stored {
    fn versions(&self) -> Vec<Arc<Version>> {
        match self {
            Stored::Plain(plain) => vec![Arc::new(plain.version())],
            Stored::Several(versions) => versions.clone(),
        }
    }

    /// The list of versions, to be changed.
    pub(crate) fn several(&mut self) -> &mut Vec<Arc<Version>> {
        if let Stored::Plain(_) = self {
            *self = Stored::Several(self.versions());
        }
        match self {
            Stored::Several(versions) => versions,
            Stored::Plain(_) => unreachable!("it was just made a list"),
        }
    }

    /// The current version, unless it is a delete marker.
    pub(crate) fn current(&self) -> Option<Arc<Version>> {
        let current = match self {
            Stored::Plain(plain) => return Some(Arc::new(plain.version())),
            Stored::Several(versions) => versions.last()?,
        };
        (!current.marker).then(|| Arc::clone(current))
    }
}

/// A key that exists, as a listing meets it.
pub(crate) enum Found<'a> {
    Stored(&'a str, &'a Stored),
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
            gone: Gone::default(),
            uploads: BTreeMap::new(),
            aborted: BTreeMap::new(),
        }
    }

    /// Gives a key these versions; none says that it is gone.
    pub(super) fn set(&mut self, key: String, mut versions: Vec<Arc<Version>>) {
        self.mark(&key, versions.is_empty());
        if versions.is_empty() {
            self.objects.remove(&key);
        } else {
            versions.shrink_to_fit();
            self.objects.insert(key, Stored::Several(versions));
        }
    }

    /// Gives a key one version of the commonest kind.
    pub(super) fn set_plain(&mut self, key: String, plain: Plain) {
        self.mark(&key, false);
        self.objects.insert(key, Stored::Plain(plain));
    }

    /// Remembers of a computed key whether it is gone.
    fn mark(&mut self, key: &str, gone: bool) {
        if let Some(index) = self.computed.and_then(|million| million.index(key)) {
            self.gone.set(index, gone);
        }
    }

    /// All versions of a key, oldest first; empty when there are none.
    pub(crate) fn versions(&self, key: &str, library: &Library) -> Vec<Arc<Version>> {
        match (self.objects.get(key), self.computed) {
            (Some(stored), _) => stored.versions(),
            (None, Some(million)) => million
                .index(key)
                .filter(|index| !self.gone.contains(*index))
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
            .next();
        let computed = self
            .computed
            .and_then(|million| Some((million, self.next_computed(million, from)?)));
        match (stored, computed) {
            (Some((key, stored)), Some((million, index))) if *key <= million.key(index) => {
                Some(Found::Stored(key, stored))
            }
            (_, Some((million, index))) => Some(Found::Computed(million, index)),
            (Some((key, stored)), None) => Some(Found::Stored(key, stored)),
            (None, None) => None,
        }
    }

    fn next_computed(&self, million: Million, from: Bound<&str>) -> Option<u32> {
        let mut index = self.gone.next_left(million.seek(from)?)?;
        while self.objects.contains_key(&million.key(index)) {
            index = self.gone.next_left(index + 1)?;
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
            bucket.set(between.to_owned(), vec![version]);
            bucket.set(million.key(1), Vec::new());
            assert_eq!(
                keys(&bucket, 3),
                [million.key(0), between.to_owned(), million.key(2)]
            );
        }
    }
}
