//! What stands at a destination, and what became known of it.

use serde::{Deserialize, Serialize};

use crate::{ETag, VersionId};

/// A destination key as a HEAD showed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum Standing {
    /// Nothing is there.
    Absent,
    /// An object is there.
    Object(Occupant),
    /// An object is there, but the server shows it only to whoever has its encryption key.
    Hidden,
}

/// The object at a destination, as far as it tells one from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occupant {
    /// Tag.
    pub etag: ETag,
    /// Bytes.
    pub size: u64,
    /// Last-Modified as sent.
    pub last_modified: String,
    /// Version, where the bucket has versions.
    pub version: Option<VersionId>,
}

/// An object that one `CopyObject` of ours made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// Its tag, as the answer had it.
    pub etag: ETag,
    /// Tag of the source it was made of.
    pub of: ETag,
}

/// What is recorded of a transfer's destination before anything is written there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// What stood there.
    pub standing: Standing,
    /// That very object may be replaced: by the policy, or because someone said so.
    pub may_replace: bool,
    /// Our own `CopyObject` may have been sent since: what stands there now may be ours.
    pub writing: bool,
    /// What our own `CopyObject` made there since, or what our Complete may have made where a
    /// person was asked about it.
    pub made: Option<Made>,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
}

impl Standing {
    /// Whether an object is there.
    pub fn is_taken(&self) -> bool {
        !matches!(self, Self::Absent)
    }

    /// In words, for the history and for questions.
    pub fn in_words(&self) -> String {
        match self {
            Self::Absent => "nothing".to_owned(),
            Self::Hidden => "an object encrypted with a key that was not given".to_owned(),
            Self::Object(object) => {
                let version = object.version.as_ref();
                format!(
                    "an object of {} bytes, ETag {}, modified {}{}",
                    object.size,
                    object.etag,
                    object.last_modified,
                    version.map_or_else(String::new, |version| format!(", version {version}"))
                )
            }
        }
    }
}
