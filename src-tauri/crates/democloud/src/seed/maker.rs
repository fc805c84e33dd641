//! Puts examples into buckets: same input, same result, down to version ids and times.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use md5::{Digest, Md5};

use super::{GIB, MIB, example_bucket, home_region};
use crate::content::{Checksums, ContentId, Library, Segment};
use crate::options::Provider;
use crate::store::bucket::{Bucket, Stored, Versioning};
use crate::store::object::{Attached, Part, Upload, Version};
use crate::text::hex;

/// Milliseconds.
pub(super) const HOUR: i64 = 3_600_000;

/// Builds the example buckets.
pub(super) struct Maker<'a> {
    pub(super) provider: Provider,
    born: i64,
    library: &'a Library,
    buckets: BTreeMap<String, Bucket>,
    /// Objects made so far: each is a little younger than the one before.
    made: i64,
}

impl<'a> Maker<'a> {
    pub(super) fn new(provider: Provider, born: i64, library: &'a Library) -> Self {
        Maker {
            provider,
            born,
            library,
            buckets: BTreeMap::new(),
            made: 0,
        }
    }

    pub(super) fn done(self) -> BTreeMap<String, Bucket> {
        self.buckets
    }

    /// The bucket with this example word, made when it is not there yet.
    pub(super) fn bucket(&mut self, word: &str) -> &mut Bucket {
        let created = self.born - 24 * 500 * HOUR;
        self.buckets
            .entry(example_bucket(self.provider, word))
            .or_insert_with(|| Bucket::new(home_region(self.provider), created))
    }

    /// A small object of real bytes.
    pub(super) fn real(&mut self, word: &str, key: &str, kind: &str, bytes: impl Into<Bytes>) {
        let segments = self.library.hold(bytes.into());
        self.add(word, key, kind, segments);
    }

    /// A virtual object. Above 5 GiB it has been a multipart upload, as it must have been.
    pub(super) fn big(&mut self, word: &str, key: &str, size: u64) {
        let version = self.versions(word, key).len();
        let segments = vec![Segment {
            content: ContentId::Virtual(seed_of(&format!("{key} {version}"))),
            offset: 0,
            length: size,
        }];
        self.add(word, key, content_type(key), segments);
        if size > 5 * GIB {
            let provider = self.provider;
            let part_size = size.div_ceil(10_000).max(GIB).next_multiple_of(MIB);
            let whole = u32::try_from(size / part_size).unwrap_or(u32::MAX);
            self.change(word, key, |version| {
                version.part_runs = vec![(part_size, whole)];
                if !size.is_multiple_of(part_size) {
                    version.part_runs.push((size % part_size, 1));
                }
                version.etag = format!("{}-{}", version.etag, version.part_count());
                version.upload_id = Some(upload_id(provider, key, version.modified));
            });
        }
    }

    fn add(&mut self, word: &str, key: &str, kind: &str, segments: Vec<Segment>) {
        self.made += 1;
        let modified = (self.born - 24 * 300 * HOUR + self.made * HOUR) / 1000 * 1000;
        let mut attached = Attached::default();
        attached
            .headers
            .insert("content-type".to_owned(), kind.to_owned());
        // Samples are held in memory or computed: neither can fail to be read.
        let version = Version {
            id: self.version_id(word, key),
            modified,
            marker: false,
            etag: self.library.etag(&segments).unwrap_or_default(),
            size: crate::content::total(&segments),
            checksums: self.library.checksums(&segments).unwrap_or_default(),
            segments,
            attached: attached.into(),
            upload_id: None,
            part_runs: Vec::new(),
            checksum: None,
            restore: None,
        };
        self.versions(word, key).push(Arc::new(version));
    }

    pub(super) fn delete_marker(&mut self, word: &str, key: &str) {
        self.made += 1;
        let modified = self.born - 24 * 300 * HOUR + self.made * HOUR;
        let marker = Version::delete_marker(self.version_id(word, key), modified);
        self.versions(word, key).push(Arc::new(marker));
    }

    pub(super) fn attach(&mut self, word: &str, key: &str, edit: impl FnOnce(&mut Attached)) {
        self.change(word, key, |version| {
            edit(Arc::make_mut(&mut version.attached));
        });
    }

    fn change(&mut self, word: &str, key: &str, edit: impl FnOnce(&mut Version)) {
        if let Some(last) = self.versions(word, key).last_mut() {
            edit(Arc::make_mut(last));
        }
    }

    /// An upload begun `age` milliseconds before this cloud was born.
    pub(super) fn upload(&mut self, word: &str, key: &str, parts: u32, part_size: u64, age: i64) {
        let initiated = self.born - age;
        let seed = seed_of(key);
        let mut attached = Attached::default();
        let kind = content_type(key).to_owned();
        attached.headers.insert("content-type".to_owned(), kind);
        let part = |number: u32| {
            let segments = vec![Segment {
                content: ContentId::Virtual(seed),
                offset: u64::from(number - 1) * part_size,
                length: part_size,
            }];
            let part = Part {
                number,
                size: part_size,
                etag: self.library.etag(&segments).unwrap_or_default(),
                checksums: self
                    .library
                    .checksums(&segments)
                    .unwrap_or_else(|_| Checksums::default()),
                segments,
                modified: initiated + i64::from(number) * 2000,
            };
            (number, part)
        };
        let upload = Upload {
            id: upload_id(self.provider, key, initiated),
            key: key.to_owned(),
            initiated,
            attached,
            temporary: false,
            checksum_algorithm: None,
            checksum_kind: None,
            parts: (1..=parts).map(part).collect(),
        };
        let name = (key.to_owned(), upload.id.clone());
        self.bucket(word).uploads.insert(name, upload);
    }

    fn versions(&mut self, word: &str, key: &str) -> &mut Vec<Arc<Version>> {
        let objects = &mut self.bucket(word).objects;
        let stored = objects
            .entry(key.to_owned())
            .or_insert_with(|| Stored::Several(Vec::new()));
        stored.several()
    }

    fn version_id(&mut self, word: &str, key: &str) -> Option<String> {
        let number = self.versions(word, key).len();
        let versioned = self.bucket(word).versioning != Versioning::Off;
        versioned.then(|| {
            let digits = digest(&format!("version {word} {key} {number}"));
            match self.provider {
                Provider::Cos => crate::text::base64(&digits[..20]),
                Provider::Obs => format!("G0011{}FFFF", digits[..23].to_uppercase()),
                Provider::S3 => format!("{}.{}", &digits[..20], &digits[20..31]),
            }
        })
    }
}

/// An upload id in the manner of the provider that depends on nothing but its arguments.
fn upload_id(provider: Provider, key: &str, initiated: i64) -> String {
    let digits = digest(&format!("upload {key} {initiated}"));
    match provider {
        Provider::Cos => format!("{}{}{digits}", initiated / 1000, digest(&digits)),
        Provider::Obs => digits.to_uppercase(),
        Provider::S3 => format!("{digits}.{}_{}--", &digits[4..30], &digits[1..28]),
    }
}

fn digest(text: &str) -> String {
    hex(&Md5::digest(text))
}

/// The seed of virtual content that a name always leads to.
pub(crate) fn seed_of(name: &str) -> u64 {
    let digest = Md5::digest(name);
    digest
        .iter()
        .take(8)
        .fold(0, |seed, byte| seed << 8 | u64::from(*byte))
}

fn content_type(key: &str) -> &'static str {
    match key.rsplit_once('.').map(|(_, ending)| ending) {
        Some("gz") => "application/gzip",
        Some("zip") => "application/zip",
        Some("tar") => "application/x-tar",
        Some("csv") => "text/csv",
        Some("mkv" | "mov") => "video/x-matroska",
        _ => "application/octet-stream",
    }
}
