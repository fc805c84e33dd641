//! Whether one bucket holds what another holds: fast enough for a million keys.

use std::cmp::Ordering;
use std::ops::Bound;
use std::sync::Arc;

use crate::content::Library;
use crate::store::bucket::{Bucket, Found};
use crate::store::object::Version;

/// Keys named of each kind of difference.
const NAMED: usize = 20;

/// What a look at two buckets found. Keys are compared without their prefixes, objects by what
/// they are made of and by their size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Objects that are in both and hold the same.
    pub same: u64,
    /// Bytes of these together.
    pub bytes: u64,
    /// Objects of both that hold something else; the first twenty are named.
    pub different: Difference,
    /// Objects of the first that the second lacks; the first twenty are named.
    pub missing: Difference,
    /// Objects of the second that the first lacks; the first twenty are named.
    pub extra: Difference,
}

/// One kind of difference.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// How many.
    pub count: u64,
    /// The first of them, in byte order, without the prefix.
    pub keys: Vec<String>,
}

impl Comparison {
    /// Whether the second holds all that the first holds, and nothing else.
    pub fn is_equal(&self) -> bool {
        let kinds = [&self.different, &self.missing, &self.extra];
        kinds.iter().all(|kind| kind.count == 0)
    }
}

impl Difference {
    fn take(&mut self, walk: &mut impl Iterator<Item = (String, Arc<Version>)>) {
        if let Some((key, _)) = walk.next() {
            self.add(&key);
        }
    }

    fn add(&mut self, key: &str) {
        self.count += 1;
        if self.keys.len() < NAMED {
            self.keys.push(key.to_owned());
        }
    }
}

/// The current objects below a prefix, in byte order.
struct Walk<'a> {
    bucket: &'a Bucket,
    library: &'a Library,
    prefix: &'a str,
    from: Bound<String>,
}

impl<'a> Walk<'a> {
    fn new((bucket, prefix): (&'a Bucket, &'a str), library: &'a Library) -> Self {
        Walk {
            bucket,
            library,
            prefix,
            from: Bound::Included(prefix.to_owned()),
        }
    }
}

impl Iterator for Walk<'_> {
    /// The key without the prefix, and the object.
    type Item = (String, Arc<Version>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let found = self.bucket.next(self.from.as_ref().map(String::as_str))?;
            let key = found.key();
            let short = key.strip_prefix(self.prefix)?.to_owned();
            let current = match found {
                Found::Stored(_, stored) => stored.current(),
                Found::Computed(million, index) => {
                    Some(Arc::new(million.version(index, self.library)))
                }
            };
            self.from = Bound::Excluded(key);
            if let Some(current) = current {
                return Some((short, current));
            }
        }
    }
}

/// Compares what lies below two prefixes.
pub(crate) fn compare(
    first: (&Bucket, &str),
    second: (&Bucket, &str),
    library: &Library,
) -> Comparison {
    let mut found = Comparison::default();
    let mut first = Walk::new(first, library).peekable();
    let mut second = Walk::new(second, library).peekable();
    loop {
        let order = match (first.peek(), second.peek()) {
            (None, None) => return found,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((one, _)), Some((other, _))) => one.cmp(other),
        };
        match order {
            Ordering::Less => found.missing.take(&mut first),
            Ordering::Greater => found.extra.take(&mut second),
            Ordering::Equal => {
                let (Some((key, one)), Some((_, other))) = (first.next(), second.next()) else {
                    return found;
                };
                if one.segments == other.segments && one.size == other.size {
                    found.same += 1;
                    found.bytes += one.size;
                } else {
                    found.different.add(&key);
                }
            }
        }
    }
}
