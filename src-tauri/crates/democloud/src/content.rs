//! What objects are made of.
//!
//! An object is a list of segments, each a range of some content. Content is either real bytes,
//! kept as a file under their SHA-256, or *virtual*: a short seeded block repeated without end, so
//! that any range of 48 TiB can be read, and its CRC-64 computed, without ever having been written.
//! Segments are the ground truth of a copy: a faithful copy ends as the same segments as its source.

mod block;
mod library;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::crc::Crc;
pub(crate) use block::{Block, next as noise};
pub(crate) use library::Library;

/// Names a content. As text: `virtual:<16 hex>` or `bytes:<64 hex>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum ContentId {
    /// The endless repetition of the block grown from this seed.
    Virtual(u64),
    /// Real bytes with this SHA-256, lower-case hex.
    Bytes(String),
}

impl fmt::Display for ContentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ContentId::Virtual(seed) => write!(f, "virtual:{seed:016x}"),
            ContentId::Bytes(sha256) => write!(f, "bytes:{sha256}"),
        }
    }
}

impl From<ContentId> for String {
    fn from(id: ContentId) -> String {
        id.to_string()
    }
}

impl TryFrom<String> for ContentId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("virtual", hex)) => u64::from_str_radix(hex, 16)
                .map(ContentId::Virtual)
                .map_err(|e| format!("content {text}: {e}")),
            Some(("bytes", hex))
                if hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()) =>
            {
                Ok(ContentId::Bytes(hex.to_owned()))
            }
            _ => Err(format!("content {text} is neither virtual nor bytes")),
        }
    }
}

/// A range of some content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Of what.
    pub content: ContentId,
    /// First byte, counted from 0.
    pub offset: u64,
    /// Bytes; never 0.
    pub length: u64,
}

/// The two checksums the providers publish.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Checksums {
    /// CRC-64/XZ.
    pub(crate) xz: u64,
    /// CRC-64/NVME.
    pub(crate) nvme: u64,
}

impl Checksums {
    /// The checksums of these bytes and then that many others with the checksums `next`.
    pub(crate) fn join(self, next: Checksums, length: u64) -> Checksums {
        Checksums {
            xz: Crc::Xz.join(self.xz, next.xz, length),
            nvme: Crc::Nvme.join(self.nvme, next.nvme, length),
        }
    }
}

/// Appends segments, joining neighbours that continue each other.
pub(crate) fn append(segments: &mut Vec<Segment>, more: &[Segment]) {
    for next in more.iter().filter(|segment| segment.length > 0) {
        match segments.last_mut() {
            Some(last)
                if last.content == next.content && last.offset + last.length == next.offset =>
            {
                last.length += next.length;
            }
            _ => segments.push(next.clone()),
        }
    }
}

/// The part of `segments` from byte `offset` on, `length` bytes long. Both must lie inside.
pub(crate) fn slice(segments: &[Segment], offset: u64, length: u64) -> Vec<Segment> {
    let mut out = Vec::new();
    let (mut skip, mut want) = (offset, length);
    for segment in segments {
        if want == 0 {
            break;
        }
        if skip >= segment.length {
            skip -= segment.length;
            continue;
        }
        let take = (segment.length - skip).min(want);
        let piece = Segment {
            content: segment.content.clone(),
            offset: segment.offset + skip,
            length: take,
        };
        append(&mut out, &[piece]);
        skip = 0;
        want -= take;
    }
    out
}

/// Bytes in all segments together.
pub(crate) fn total(segments: &[Segment]) -> u64 {
    segments.iter().map(|segment| segment.length).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn virtual_range(seed: u64, offset: u64, length: u64) -> Segment {
        Segment {
            content: ContentId::Virtual(seed),
            offset,
            length,
        }
    }

    #[test]
    fn neighbours_join_and_strangers_do_not() {
        let mut segments = Vec::new();
        append(&mut segments, &[virtual_range(1, 0, 10)]);
        append(&mut segments, &[virtual_range(1, 10, 5)]);
        append(
            &mut segments,
            &[virtual_range(1, 20, 5), virtual_range(2, 25, 5)],
        );
        assert_eq!(
            segments,
            [
                virtual_range(1, 0, 15),
                virtual_range(1, 20, 5),
                virtual_range(2, 25, 5)
            ]
        );
    }

    #[test]
    fn a_slice_may_cross_segments() {
        let segments = [virtual_range(1, 100, 10), virtual_range(2, 0, 10)];
        assert_eq!(
            slice(&segments, 8, 4),
            [virtual_range(1, 108, 2), virtual_range(2, 0, 2)]
        );
        assert_eq!(slice(&segments, 0, 0), []);
    }

    #[test]
    fn an_id_reads_back_and_cannot_leave_its_folder() {
        let id = ContentId::Virtual(7);
        assert_eq!(ContentId::try_from(id.to_string()), Ok(id));
        assert!(ContentId::try_from("bytes:../../etc/passwd".to_owned()).is_err());
    }
}
