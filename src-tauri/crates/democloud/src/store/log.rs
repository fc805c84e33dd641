//! The append-only log: one line per change, each line one `write` call.
//!
//! A line is a JSON list of records that belong together, so that a process killed between two
//! writes leaves either all of a change or nothing. Only what differs from the seeded examples is
//! written. The log is read and compacted when the cloud opens.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::access::Access;
use super::bucket::Versioning;
use super::object::{Part, Upload, Version};

/// One change.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub(crate) enum Record {
    /// First line: when this cloud was made. The ages of the examples hang on it.
    Born { ms: i64 },
    /// A bucket that is not among the examples, or whose settings changed.
    Bucket {
        bucket: String,
        region: String,
        created: i64,
        versioning: Versioning,
        #[serde(flatten)]
        access: Access,
    },
    /// A bucket that was deleted.
    BucketGone { bucket: String },
    /// All versions a key now has; none says that it is gone.
    Key {
        bucket: String,
        key: String,
        #[serde(with = "shared")]
        versions: Vec<Arc<Version>>,
    },
    /// A new upload, or after compaction one with its parts.
    Upload { bucket: String, upload: Box<Upload> },
    /// A part came, or came again.
    Part {
        bucket: String,
        key: String,
        upload_id: String,
        part: Part,
    },
    /// The upload was completed or aborted, or vanished.
    UploadGone {
        bucket: String,
        key: String,
        upload_id: String,
    },
}

/// The open log.
#[derive(Debug)]
pub(crate) struct Log(File);

impl Log {
    /// Replaces the log by these lines, complete or not at all, and opens it for more.
    pub(crate) fn rewrite(path: &Path, lines: &[Vec<Record>]) -> io::Result<Log> {
        let half = path.with_extension("jsonl.new");
        let mut text = Vec::new();
        for line in lines {
            text.extend_from_slice(&print(line)?);
        }
        std::fs::write(&half, text)?;
        std::fs::rename(&half, path)?;
        Ok(Log(OpenOptions::new().append(true).open(path)?))
    }

    /// Appends one change.
    pub(crate) fn append(&mut self, records: &[Record]) -> io::Result<()> {
        self.0.write_all(&print(records)?)
    }
}

fn print(records: &[Record]) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(records)?;
    line.push(b'\n');
    Ok(line)
}

/// Every record of a log, in order. A last line without its line end is one that a killed process
/// did not finish: it never happened.
pub(crate) fn read(path: &Path) -> Result<Vec<Record>, Unreadable> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Unreadable::File(error)),
    };
    let mut records = Vec::new();
    for (index, line) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
        if line.last() != Some(&b'\n') {
            break;
        }
        let parsed: Vec<Record> =
            serde_json::from_slice(line).map_err(|error| Unreadable::Line {
                line: index + 1,
                reason: error.to_string(),
            })?;
        records.extend(parsed);
    }
    Ok(records)
}

/// Why a log cannot be read.
#[derive(Debug)]
pub(crate) enum Unreadable {
    File(io::Error),
    Line { line: usize, reason: String },
}

mod shared {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serializer};

    use super::Version;

    pub(super) fn serialize<S: Serializer>(
        versions: &[Arc<Version>],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(versions.iter().map(|version| &**version))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<Arc<Version>>, D::Error> {
        let list = Vec::<Version>::deserialize(from)?;
        Ok(list.into_iter().map(Arc::new).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_last_line_never_happened() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cos.jsonl");
        let mut log = Log::rewrite(&path, &[vec![Record::Born { ms: 7 }]]).unwrap();
        let gone = Record::UploadGone {
            bucket: "b".to_owned(),
            key: "k".to_owned(),
            upload_id: "u".to_owned(),
        };
        log.append(std::slice::from_ref(&gone)).unwrap();
        assert_eq!(read(&path).unwrap().len(), 2);

        let mut text = std::fs::read(&path).unwrap();
        text.extend_from_slice(b"[{\"is\":\"upload_gone\",\"buc");
        std::fs::write(&path, text).unwrap();
        assert_eq!(read(&path).unwrap().len(), 2);
    }

    #[test]
    fn a_broken_line_in_the_middle_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cos.jsonl");
        std::fs::write(&path, "[]\nnonsense\n[]\n").unwrap();
        assert!(matches!(read(&path), Err(Unreadable::Line { line: 2, .. })));
    }

    #[test]
    fn lines_of_earlier_versions_are_understood() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s3.jsonl");
        let lines = [
            r#"[{"is":"bucket","bucket":"b","region":"r","created":1,"versioning":"off"}]"#,
            r#"[{"is":"key","bucket":"b","key":"k","versions":[{"id":null,"modified":1,"etag":"e","size":0,"segments":[],"checksums":{"xz":0,"nvme":0},"class":"GLACIER","acl":"public-read","encryption":"AES256"}]}]"#,
            r#"[{"is":"upload","bucket":"b","upload":{"id":"u","key":"k","initiated":1,"attached":{},"checksum_algorithm":"CRC64NVME","parts":[]}}]"#,
        ];
        std::fs::write(&path, lines.join("\n") + "\n").unwrap();
        let records = read(&path).unwrap();
        let Record::Key { versions, .. } = &records[1] else {
            panic!("{records:?}")
        };
        let attached = &versions[0].attached;
        assert_eq!(attached.access, Access::canned("public-read"));
        assert_eq!(attached.encryption.algorithm.as_deref(), Some("AES256"));
        let Record::Upload { upload, .. } = &records[2] else {
            panic!("{records:?}")
        };
        let algorithm = upload.checksum_algorithm;
        assert_eq!(algorithm, Some(crate::checksum::Algorithm::Crc64Nvme));
    }
}
