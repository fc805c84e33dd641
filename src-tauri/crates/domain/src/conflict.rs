//! What happens where a destination key exists already.
//!
//! Pure: the same two sets of facts are looked at when a prefix is listed and again right
//! before anything is written, and the answer can only change when the facts did.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{ETag, Key, NameError};

/// What the user wants where a destination key exists. One for a whole job.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictPolicy {
    /// Wait for the user.
    #[default]
    Ask,
    /// Leave the destination as it is.
    Skip,
    /// Replace the destination.
    Overwrite,
    /// Replace it only where the source was modified later.
    IfNewer,
    /// Replace it only where the two are not the same.
    IfDifferent,
    /// Copy under another name beside it.
    KeepBoth,
}

impl ConflictPolicy {
    /// Every policy, in the order in which they are offered.
    pub const ALL: [Self; 6] = [
        Self::Ask,
        Self::Skip,
        Self::Overwrite,
        Self::IfNewer,
        Self::IfDifferent,
        Self::KeepBoth,
    ];
}

/// What a listing or a HEAD tells of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Bytes.
    pub size: u64,
    /// Its tag, where one was given.
    pub etag: Option<ETag>,
    /// Last modified, in milliseconds since 1970; servers tell it in whole seconds.
    pub modified_ms: Option<i64>,
}

/// Why an object is left out, or why only the user can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The destination exists.
    Exists,
    /// Both have the same tag and size.
    Same,
    /// The destination was modified at the same time or later.
    NotNewer,
    /// The sizes are equal, the tags were made in different ways and say nothing, and the
    /// destination was modified at the same time or later.
    SameSizeNotNewer,
    /// One of the two does not tell when it was modified.
    TimeUnknown,
    /// The sizes are equal, and neither tags nor times tell more.
    ContentUnknown,
    /// Where it would go it has no name: the marker of a folder whose contents go to the top of
    /// a bucket.
    Nameless,
    /// The user said so.
    AsAnswered,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Exists => "the destination exists",
            Self::Same => "the destination is the same: equal ETag and size",
            Self::NotNewer => "the source is not newer than the destination",
            Self::SameSizeNotNewer => {
                "equal sizes, tags that cannot be compared, and the source is not newer"
            }
            Self::TimeUnknown => "the destination exists, and which of the two is newer is unknown",
            Self::ContentUnknown => {
                "the destination exists with an equal size, and whether it is the same is unknown"
            }
            Self::Nameless => "the folder itself has no name at the top of a bucket",
            Self::AsAnswered => "the user left it out",
        })
    }
}

/// What a policy comes to for one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Resolution {
    /// Copy to the destination key.
    Copy,
    /// Leave it out.
    Skip {
        /// Why.
        why: Reason,
    },
    /// Wait for the user.
    Ask {
        /// Why.
        why: Reason,
    },
    /// Copy to a free name [`beside`] the destination key.
    KeepBoth,
}

/// What a policy comes to for a source and what is at its destination key.
///
/// | policy       | nothing there | same | other, source newer | other, not newer | cannot be told |
/// |--------------|---------------|------|---------------------|------------------|----------------|
/// | ask          | copy          | ask  | ask                 | ask              | ask            |
/// | skip         | copy          | skip | skip                | skip             | skip           |
/// | overwrite    | copy          | copy | copy                | copy             | copy           |
/// | if newer     | copy          | skip | copy                | skip             | ask            |
/// | if different | copy          | skip | copy                | copy             | ask            |
/// | keep both    | copy          | both | both                | both             | both           |
///
/// *Same* is an equal tag and an equal size. Tags of which one was made from parts do not tell
/// whether two objects of one size differ; then *if different* goes by the times, and leaves
/// out what is not newer.
pub fn resolve(policy: ConflictPolicy, source: &Facts, destination: Option<&Facts>) -> Resolution {
    let Some(destination) = destination else {
        return Resolution::Copy;
    };
    let likeness = likeness(source, destination);
    let newer = is_newer(source, destination);
    match policy {
        ConflictPolicy::Overwrite => Resolution::Copy,
        ConflictPolicy::KeepBoth => Resolution::KeepBoth,
        ConflictPolicy::Ask => ask(Reason::Exists),
        ConflictPolicy::Skip => skip(Reason::Exists),
        ConflictPolicy::IfNewer => match (likeness, newer) {
            (Likeness::Same, _) => skip(Reason::Same),
            (_, Some(true)) => Resolution::Copy,
            (_, Some(false)) => skip(Reason::NotNewer),
            (_, None) => ask(Reason::TimeUnknown),
        },
        ConflictPolicy::IfDifferent => match (likeness, newer) {
            (Likeness::Same, _) => skip(Reason::Same),
            (Likeness::Different, _) | (Likeness::Unknown, Some(true)) => Resolution::Copy,
            (Likeness::Unknown, Some(false)) => skip(Reason::SameSizeNotNewer),
            (Likeness::Unknown, None) => ask(Reason::ContentUnknown),
        },
    }
}

/// The `n`th name beside a key, as file managers write it: `photo (2).jpg`, `notes (2)`,
/// `box (2)/` for a folder's marker. `n` counts from 2.
pub fn beside(key: &Key, n: u32) -> Result<Key, NameError> {
    let text = key.as_str();
    let trimmed = text.trim_end_matches('/');
    let (body, slashes) = text.split_at(trimmed.len());
    let name_at = body.rfind('/').map_or(0, |slash| slash + 1);
    let stem_end = name_at + stem(&body[name_at..]).len();
    let (stem, extension) = body.split_at(stem_end);
    Key::parse(format!("{stem} ({n}){extension}{slashes}"))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Likeness {
    Same,
    Different,
    Unknown,
}

fn likeness(source: &Facts, destination: &Facts) -> Likeness {
    if source.size != destination.size {
        return Likeness::Different;
    }
    match (&source.etag, &destination.etag) {
        (Some(one), Some(other)) if one == other => Likeness::Same,
        (Some(one), Some(other)) if is_of_one_piece(one) && is_of_one_piece(other) => {
            Likeness::Different
        }
        _ => Likeness::Unknown,
    }
}

/// A tag with a count of parts depends on how the object was cut.
fn is_of_one_piece(etag: &ETag) -> bool {
    !etag.as_str().contains('-')
}

fn is_newer(source: &Facts, destination: &Facts) -> Option<bool> {
    Some(source.modified_ms? > destination.modified_ms?)
}

/// A name without its extension. A dot in front makes a name, not an extension, and `.tar`
/// belongs to what follows it.
fn stem(name: &str) -> &str {
    match name.rfind('.') {
        None | Some(0) => name,
        Some(dot) => {
            let stem = &name[..dot];
            match stem.strip_suffix(".tar") {
                Some(inner) if !inner.is_empty() => inner,
                _ => stem,
            }
        }
    }
}

fn ask(why: Reason) -> Resolution {
    Resolution::Ask { why }
}

fn skip(why: Reason) -> Resolution {
    Resolution::Skip { why }
}

#[cfg(test)]
mod tests;
