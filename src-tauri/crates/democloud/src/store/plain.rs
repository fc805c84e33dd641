//! Objects of the commonest kind, kept small: a million of them must fit on a laptop.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::object::{Attached, Version};
use crate::content::{Checksums, ContentId, Segment};
use crate::text::{hex, unhex};

/// The `null` version of an object that was written in one go, from one range of virtual content.
#[derive(Debug, Clone)]
pub(crate) struct Plain {
    /// Milliseconds since 1970.
    modified: i64,
    etag: [u8; 16],
    seed: u64,
    offset: u64,
    length: u64,
    checksums: Checksums,
    attached: Arc<Attached>,
}

impl Plain {
    /// The version, if it is of this kind.
    pub(super) fn of(version: &Version) -> Option<Plain> {
        let Version {
            id: None,
            marker: false,
            upload_id: None,
            checksum: None,
            restore: None,
            ..
        } = version
        else {
            return None;
        };
        let [segment] = version.segments.as_slice() else {
            return None;
        };
        let ContentId::Virtual(seed) = segment.content else {
            return None;
        };
        let etag: [u8; 16] = unhex(&version.etag)?.try_into().ok()?;
        let whole = version.part_runs.is_empty() && hex(&etag) == version.etag;
        whole.then(|| Plain {
            modified: version.modified,
            etag,
            seed,
            offset: segment.offset,
            length: segment.length,
            checksums: version.checksums,
            attached: Arc::clone(&version.attached),
        })
    }

    pub(super) fn attached(&self) -> &Arc<Attached> {
        &self.attached
    }

    /// The version in full.
    pub(crate) fn version(&self) -> Version {
        Version {
            id: None,
            modified: self.modified,
            marker: false,
            etag: hex(&self.etag),
            size: self.length,
            segments: vec![Segment {
                content: ContentId::Virtual(self.seed),
                offset: self.offset,
                length: self.length,
            }],
            checksums: self.checksums,
            attached: Arc::clone(&self.attached),
            upload_id: None,
            part_runs: Vec::new(),
            checksum: None,
            restore: None,
        }
    }

    /// Its line in the log; `attached` is the text of what it has attached.
    pub(super) fn line<'a>(
        &self,
        bucket: &'a str,
        key: &'a str,
        attached: &'a str,
    ) -> PlainLine<'a> {
        PlainLine {
            plain: key.into(),
            bucket: bucket.into(),
            at: self.modified,
            tag: hex(&self.etag).into(),
            of: (self.seed, self.offset, self.length),
            sums: (self.checksums.xz, self.checksums.nvme),
            attached: attached.into(),
        }
    }
}

/// A plain object as a line of the log: an object where all other lines are lists, and flat, so
/// that a million of them are read in seconds.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PlainLine<'a> {
    /// The key.
    #[serde(borrow)]
    pub(super) plain: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) bucket: Cow<'a, str>,
    at: i64,
    #[serde(borrow)]
    tag: Cow<'a, str>,
    /// Seed, offset and length.
    of: (u64, u64, u64),
    sums: (u64, u64),
    /// JSON within a string: compared with the last ones far more often than read.
    #[serde(borrow)]
    pub(super) attached: Cow<'a, str>,
}

impl PlainLine<'_> {
    /// The object, unless the tag is none.
    pub(super) fn object(&self, attached: Arc<Attached>) -> Option<Plain> {
        let (seed, offset, length) = self.of;
        let (xz, nvme) = self.sums;
        Some(Plain {
            modified: self.at,
            etag: unhex(&self.tag)?.try_into().ok()?,
            seed,
            offset,
            length,
            checksums: Checksums { xz, nvme },
            attached,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version() -> Version {
        Version {
            marker: false,
            etag: "0123456789abcdef0123456789abcdef".to_owned(),
            size: 7,
            segments: vec![Segment {
                content: ContentId::Virtual(3),
                offset: 5,
                length: 7,
            }],
            checksums: Checksums { xz: 1, nvme: 2 },
            ..Version::delete_marker(None, 9)
        }
    }

    #[test]
    fn a_plain_version_comes_back_as_it_was() {
        let plain = Plain::of(&version()).unwrap();
        let line = serde_json::to_string(&plain.line("b", "k\"\u{1}", "{}")).unwrap();
        let read: PlainLine<'_> = serde_json::from_str(&line).unwrap();
        assert_eq!(
            (read.bucket.as_ref(), read.plain.as_ref()),
            ("b", "k\"\u{1}")
        );
        let again = read.object(Arc::default()).unwrap().version();
        for back in [plain.version(), again] {
            let text = |version: &Version| serde_json::to_string(version).unwrap();
            assert_eq!(text(&back), text(&version()));
        }
    }

    #[test]
    fn what_is_not_plain_is_kept_in_full() {
        let edits: [fn(&mut Version); 8] = [
            |v| v.id = Some("1".to_owned()),
            |v| v.marker = true,
            |v| v.etag = "0123456789ABCDEF0123456789ABCDEF".to_owned(),
            |v| v.etag = "0123456789abcdef0123456789abcdef-2".to_owned(),
            |v| v.segments.push(v.segments[0].clone()),
            |v| v.segments[0].content = ContentId::Bytes("00".repeat(32)),
            |v| v.upload_id = Some("u".to_owned()),
            |v| v.part_runs = vec![(7, 1)],
        ];
        for edit in edits {
            let mut version = version();
            edit(&mut version);
            assert!(Plain::of(&version).is_none(), "{version:?}");
        }
    }
}
