//! What a server can do beyond the least, as far as it has shown it.
//!
//! A capability belongs to the server's software, not to a key: being refused (403) says
//! nothing about it. What nobody has tried yet is unknown, and unknown is used as if it were
//! there: the work itself finds out.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing that some servers of a dialect lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// The buckets of a key can be listed (`ListBuckets`).
    ListBuckets,
    /// `ListObjects` in its second version, where the dialect has one.
    ListObjectsV2,
    /// All versions of all objects can be listed (`ListObjectVersions`).
    ListVersions,
    /// A bucket tells whether it keeps versions (`GetBucketVersioning`).
    VersioningState,
    /// A version can be named in HEAD and in a copy source.
    VersionPin,
    /// HEAD shows a checksum of the whole object that a copy can be compared by.
    HeadChecksum,
    /// GET of a range answers with that range.
    RangeGet,
    /// ACLs can be read (`GetObjectAcl`).
    Acl,
    /// Tags of objects can be read and written.
    Tagging,
    /// Open uploads can be listed (`ListMultipartUploads`).
    ListUploads,
    /// Parts of an upload can be listed (`ListParts`).
    ListParts,
    /// Ranges of objects can be copied into an upload (`UploadPartCopy`).
    PartCopy,
    /// `copy-source-if-…` is honoured by `CopyObject`: refused when it fails, and only then.
    CopyConditions,
    /// `copy-source-if-…` is honoured by `UploadPartCopy`: refused when it fails, and only then.
    PartCopyConditions,
    /// `if-none-match: *` is honoured by `CompleteMultipartUpload`.
    ConditionalComplete,
    /// Archived objects can be restored (`RestoreObject`).
    Restore,
}

impl Capability {
    /// Every capability, in the order they are shown.
    pub const ALL: [Self; 16] = [
        Self::ListBuckets,
        Self::ListObjectsV2,
        Self::ListVersions,
        Self::VersioningState,
        Self::VersionPin,
        Self::HeadChecksum,
        Self::RangeGet,
        Self::Acl,
        Self::Tagging,
        Self::ListUploads,
        Self::ListParts,
        Self::PartCopy,
        Self::CopyConditions,
        Self::PartCopyConditions,
        Self::ConditionalComplete,
        Self::Restore,
    ];

    /// The word in the journal, the CLI's JSON and the UI's messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ListBuckets => "list_buckets",
            Self::ListObjectsV2 => "list_objects_v2",
            Self::ListVersions => "list_versions",
            Self::VersioningState => "versioning_state",
            Self::VersionPin => "version_pin",
            Self::HeadChecksum => "head_checksum",
            Self::RangeGet => "range_get",
            Self::Acl => "acl",
            Self::Tagging => "tagging",
            Self::ListUploads => "list_uploads",
            Self::ListParts => "list_parts",
            Self::PartCopy => "part_copy",
            Self::CopyConditions => "copy_conditions",
            Self::PartCopyConditions => "part_copy_conditions",
            Self::ConditionalComplete => "conditional_complete",
            Self::Restore => "restore",
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a capability became known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learned {
    /// One sentence: what was sent and what came back. Never holds a secret.
    pub evidence: String,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
}

/// Whether a server has a capability.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Support {
    /// Nobody has tried.
    #[default]
    Unknown,
    /// It was seen to work.
    Present(Learned),
    /// The server said, or showed, that it cannot.
    Absent(Learned),
}

impl Support {
    /// How it is known; `None` while it is not.
    pub fn learned(&self) -> Option<&Learned> {
        match self {
            Self::Unknown => None,
            Self::Present(learned) | Self::Absent(learned) => Some(learned),
        }
    }
}

/// What is known of one account, or of one bucket of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Capabilities(BTreeMap<Capability, Support>);

impl Capabilities {
    /// What is known of one capability.
    pub fn support(&self, capability: Capability) -> &Support {
        self.0.get(&capability).unwrap_or(&Support::Unknown)
    }

    /// How its absence is known; `None` if it is there or nobody has tried.
    pub fn absence(&self, capability: Capability) -> Option<&Learned> {
        match self.support(capability) {
            Support::Absent(learned) => Some(learned),
            Support::Unknown | Support::Present(_) => None,
        }
    }

    /// Whether the server is known to lack it.
    pub fn lacks(&self, capability: Capability) -> bool {
        self.absence(capability).is_some()
    }

    /// Notes something newly learned; it takes the place of what was known. Learning
    /// `Unknown` forgets.
    pub fn learn(&mut self, capability: Capability, support: Support) {
        if support == Support::Unknown {
            self.0.remove(&capability);
        } else {
            self.0.insert(capability, support);
        }
    }

    /// Everything known, in the order of [`Capability::ALL`].
    pub fn known(&self) -> impl Iterator<Item = (Capability, &Support)> {
        self.0
            .iter()
            .map(|(capability, support)| (*capability, support))
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// This knowledge with a nearer one (of one bucket) before it.
    #[must_use]
    pub fn refined_by(mut self, nearer: Self) -> Self {
        self.0.extend(nearer.0);
        self
    }
}

impl FromIterator<(Capability, Support)> for Capabilities {
    fn from_iter<I: IntoIterator<Item = (Capability, Support)>>(known: I) -> Self {
        let mut capabilities = Self::default();
        for (capability, support) in known {
            capabilities.learn(capability, support);
        }
        capabilities
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learned(evidence: &str) -> Learned {
        Learned {
            evidence: evidence.to_owned(),
            at_ms: 1,
        }
    }

    #[test]
    fn every_capability_is_listed_once_and_in_its_order() {
        assert!(Capability::ALL.is_sorted());
        let mut words: Vec<&str> = Capability::ALL.iter().map(|one| one.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Capability::ALL.len());
    }

    #[test]
    fn unknown_is_not_absent_and_a_bucket_knows_better_than_its_account() {
        let account = Capabilities::from_iter([
            (Capability::Tagging, Support::Present(learned("tags came"))),
            (Capability::Acl, Support::Absent(learned("HTTP 501"))),
        ]);
        assert!(!account.lacks(Capability::PartCopy));
        assert!(account.lacks(Capability::Acl));

        let bucket =
            Capabilities::from_iter([(Capability::Tagging, Support::Absent(learned("HTTP 405")))]);
        let both = account.refined_by(bucket);
        assert_eq!(
            both.absence(Capability::Tagging),
            Some(&learned("HTTP 405"))
        );
        assert!(both.lacks(Capability::Acl));
    }

    #[test]
    fn learning_unknown_forgets() {
        let mut known = Capabilities::default();
        known.learn(Capability::Acl, Support::Absent(learned("HTTP 501")));
        known.learn(Capability::Acl, Support::Unknown);
        assert!(known.is_empty());
    }
}
