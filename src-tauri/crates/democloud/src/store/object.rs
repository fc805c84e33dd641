//! One version of one object, and everything a request may attach to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::access::Access;
use super::encryption::Encryption;
use crate::checksum::{Algorithm, Kind, Shown};
use crate::content::{Checksums, Segment};
use crate::seed::{GUEST, OWNER};
use crate::text::base64;

/// What a write attaches to an object besides its bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Attached {
    /// The standard headers that were sent, by lower-case name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) headers: BTreeMap<String, String>,
    /// User metadata without the vendor's prefix.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) metadata: BTreeMap<String, String>,
    /// In the order sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tags: Vec<(String, String)>,
    /// In the provider's native spelling; empty means `STANDARD`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) class: String,
    #[serde(flatten)]
    pub(crate) access: Access,
    /// Website redirect location.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) redirect: Option<String>,
    #[serde(flatten)]
    pub(crate) encryption: Encryption,
    /// OBS: days after which the object goes away by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires_days: Option<u32>,
}

impl Attached {
    /// The storage class, with the default spelled out.
    pub(crate) fn class(&self) -> &str {
        if self.class.is_empty() {
            "STANDARD"
        } else {
            &self.class
        }
    }

    /// Whether the bytes must be restored before they can be read.
    pub(crate) fn is_cold(&self) -> bool {
        matches!(
            self.class(),
            "ARCHIVE" | "DEEP_ARCHIVE" | "COLD" | "GLACIER" | "MAZ_ARCHIVE"
        )
    }
}

/// A thawed copy of a cold object; times in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Restore {
    /// From here on the bytes can be read …
    pub(crate) ready: i64,
    /// … until here.
    pub(crate) expires: i64,
}

/// One version. Versions are never changed in place: a new value replaces the old.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Version {
    /// `None` is the version called `null`, the only one where versioning was never on.
    pub(crate) id: Option<String>,
    /// Milliseconds since 1970.
    pub(crate) modified: i64,
    /// A delete marker has no bytes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) marker: bool,
    /// Without quotes.
    pub(crate) etag: String,
    /// Bytes.
    pub(crate) size: u64,
    pub(crate) segments: Vec<Segment>,
    pub(crate) checksums: Checksums,
    /// One for all versions that have the same.
    #[serde(flatten, with = "shared")]
    pub(crate) attached: Arc<Attached>,
    /// The multipart upload it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) upload_id: Option<String>,
    /// Sizes of its parts, as runs of equal size: `(bytes, how many)`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) part_runs: Vec<(u64, u32)>,
    /// S3: the checksum it shows, where it is not the CRC-64/NVME of all bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) checksum: Option<Shown>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) restore: Option<Restore>,
}

impl Version {
    /// A delete marker made now.
    pub(crate) fn delete_marker(id: Option<String>, now: i64) -> Self {
        Version {
            id,
            modified: now,
            marker: true,
            etag: String::new(),
            size: 0,
            segments: Vec::new(),
            checksums: Checksums::default(),
            attached: Arc::default(),
            upload_id: None,
            part_runs: Vec::new(),
            checksum: None,
            restore: None,
        }
    }

    /// The checksum that S3 shows: of every object the CRC-64/NVME, unless it has another.
    pub(crate) fn shown(&self) -> Shown {
        self.checksum.clone().unwrap_or_else(|| Shown {
            algorithm: Algorithm::Crc64Nvme,
            kind: Kind::FullObject,
            value: base64(self.checksums.nvme.to_be_bytes()),
        })
    }

    /// The version id as it is printed.
    pub(crate) fn id_text(&self) -> &str {
        self.id.as_deref().unwrap_or("null")
    }

    /// Whether its bytes can be read now.
    pub(crate) fn is_readable(&self, now: i64) -> bool {
        !self.attached.is_cold()
            || self
                .restore
                .is_some_and(|restore| restore.ready <= now && now < restore.expires)
    }

    /// Parts it was completed from; 0 when it was not a multipart upload.
    pub(crate) fn part_count(&self) -> u32 {
        self.part_runs.iter().map(|(_, count)| count).sum()
    }

    /// Where part `number` lies: its first byte and its length.
    pub(crate) fn part_range(&self, number: u32) -> Option<(u64, u64)> {
        let mut before = 0;
        let mut left = number.checked_sub(1)?;
        for &(size, count) in &self.part_runs {
            if left < count {
                return Some((before + size * u64::from(left), size));
            }
            left -= count;
            before += size * u64::from(count);
        }
        None
    }
}

/// A multipart upload that is neither completed nor aborted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Upload {
    pub(crate) id: String,
    pub(crate) key: String,
    /// Milliseconds since 1970.
    pub(crate) initiated: i64,
    pub(crate) attached: Attached,
    /// Begun with the temporary keys.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) temporary: bool,
    /// S3: the algorithm named at Create.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) checksum_algorithm: Option<Algorithm>,
    /// S3: whether that is of all bytes or of the parts' checksums.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) checksum_kind: Option<Kind>,
    #[serde(default, with = "parts_as_list")]
    pub(crate) parts: BTreeMap<u32, Part>,
}

impl Upload {
    /// The id of the user who began it.
    pub(crate) fn initiator(&self) -> &'static str {
        if self.temporary { GUEST } else { OWNER }
    }
}

/// One part of an open upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    pub(crate) number: u32,
    pub(crate) size: u64,
    /// Without quotes.
    pub(crate) etag: String,
    pub(crate) segments: Vec<Segment>,
    pub(crate) checksums: Checksums,
    /// Milliseconds since 1970.
    pub(crate) modified: i64,
}

mod shared {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Attached;

    pub(super) fn serialize<S: Serializer>(
        attached: &Arc<Attached>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        attached.as_ref().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Arc<Attached>, D::Error> {
        Attached::deserialize(from).map(Arc::new)
    }
}

/// JSON has no number keys, and a part knows its own number anyway.
mod parts_as_list {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer};

    use super::Part;

    pub(super) fn serialize<S: Serializer>(
        parts: &BTreeMap<u32, Part>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(parts.values())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<BTreeMap<u32, Part>, D::Error> {
        let list = Vec::<Part>::deserialize(from)?;
        Ok(list.into_iter().map(|part| (part.number, part)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_found_in_its_run() {
        let mut version = Version::delete_marker(None, 0);
        version.part_runs = vec![(10, 3), (4, 1)];
        assert_eq!(version.part_count(), 4);
        assert_eq!(version.part_range(1), Some((0, 10)));
        assert_eq!(version.part_range(3), Some((20, 10)));
        assert_eq!(version.part_range(4), Some((30, 4)));
        assert_eq!(version.part_range(5), None);
        assert_eq!(version.part_range(0), None);
    }
}
