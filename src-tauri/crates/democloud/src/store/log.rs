//! The append-only log: one line per change, each line one `write` call.
//!
//! A line is a JSON list of records that belong together, so that a process killed between two
//! writes leaves either all of a change or nothing. Only what differs from the seeded examples is
//! written. The log is read and compacted when the cloud opens.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::access::Access;
use super::bucket::Versioning;
use super::object::{Part, Upload, Version};
use super::plain::PlainLine;

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

impl Record {
    /// When the cloud was made, if this says so.
    pub(super) fn born(&self) -> Option<i64> {
        match self {
            Record::Born { ms } => Some(*ms),
            _ => None,
        }
    }
}

/// The open log.
#[derive(Debug)]
pub(crate) struct Log(File);

impl Log {
    /// Replaces the log by the records that `tell` hands over, complete or not at all, and opens
    /// it for more.
    pub(super) fn rewrite<F>(path: &Path, tell: F) -> io::Result<Log>
    where
        F: FnOnce(&mut dyn FnMut(Line<'_>) -> io::Result<()>) -> io::Result<()>,
    {
        let half = path.with_extension("jsonl.new");
        let mut file = BufWriter::new(File::create(&half)?);
        tell(&mut |line| {
            file.write_all(&match line {
                Line::Records(records) => print(&records)?,
                Line::Plain(plain) => print_plain(&plain)?,
            })
        })?;
        file.into_inner().map_err(io::IntoInnerError::into_error)?;
        std::fs::rename(&half, path)?;
        Ok(Log(OpenOptions::new().append(true).open(path)?))
    }

    /// Opens a log for more. What lies behind its whole lines never happened, and is cut off.
    pub(crate) fn carry_on(path: &Path, whole_bytes: u64) -> io::Result<Log> {
        let file = OpenOptions::new().append(true).open(path)?;
        file.set_len(whole_bytes)?;
        Ok(Log(file))
    }

    /// Appends a plain object.
    pub(super) fn append_plain(&mut self, line: &PlainLine<'_>) -> io::Result<()> {
        self.0.write_all(&print_plain(line)?)
    }

    /// Appends one change.
    pub(crate) fn append(&mut self, records: &[Record]) -> io::Result<()> {
        self.0.write_all(&print(records)?)
    }
}

fn print_plain(line: &PlainLine<'_>) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(line)?;
    line.push(b'\n');
    Ok(line)
}

fn print(records: &[Record]) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(records)?;
    line.push(b'\n');
    Ok(line)
}

/// One line: one change.
#[derive(Debug)]
pub(super) enum Line<'a> {
    Records(Vec<Record>),
    Plain(PlainLine<'a>),
}

impl From<Record> for Line<'_> {
    fn from(record: Record) -> Self {
        Line::Records(vec![record])
    }
}

/// The lines of a log, one after the other. A last line without its line end is one that a killed
/// process did not finish: it never happened.
pub(crate) struct Lines {
    /// `None` where there is no log yet.
    file: Option<BufReader<File>>,
    line: Vec<u8>,
    number: usize,
    whole_bytes: u64,
}

impl Lines {
    pub(crate) fn open(path: &Path) -> Result<Lines, Unreadable> {
        let file = match File::open(path) {
            Ok(file) => Some(BufReader::with_capacity(1 << 18, file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(Unreadable::File(error)),
        };
        Ok(Lines {
            file,
            line: Vec::new(),
            number: 0,
            whole_bytes: 0,
        })
    }

    /// The next line; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Line<'_>>, Unreadable> {
        let Some(file) = &mut self.file else {
            return Ok(None);
        };
        self.line.clear();
        let read = file.read_until(b'\n', &mut self.line);
        let length = read.map_err(Unreadable::File)?;
        if self.line.last() != Some(&b'\n') {
            return Ok(None);
        }
        self.number += 1;
        self.whole_bytes += length as u64;
        let line = if self.line.starts_with(b"{") {
            serde_json::from_slice(&self.line).map(Line::Plain)
        } else {
            serde_json::from_slice(&self.line).map(Line::Records)
        };
        line.map(Some).map_err(|error| Unreadable::Line {
            line: self.number,
            reason: error.to_string(),
        })
    }

    /// Bytes of the lines so far.
    pub(crate) fn whole_bytes(&self) -> u64 {
        self.whole_bytes
    }
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

    fn read(path: &Path) -> Result<Vec<Record>, Unreadable> {
        let mut lines = Lines::open(path)?;
        let mut all = Vec::new();
        while let Some(Line::Records(records)) = lines.next()? {
            all.extend(records);
        }
        Ok(all)
    }

    #[test]
    fn a_torn_last_line_never_happened() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cos.jsonl");
        let mut log = Log::rewrite(&path, |log| log(Record::Born { ms: 7 }.into())).unwrap();
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

        let mut lines = Lines::open(&path).unwrap();
        while lines.next().unwrap().is_some() {}
        let mut log = Log::carry_on(&path, lines.whole_bytes()).unwrap();
        log.append(&[gone]).unwrap();
        assert_eq!(read(&path).unwrap().len(), 3);
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
