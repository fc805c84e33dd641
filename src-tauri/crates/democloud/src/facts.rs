//! The ground truth: what a test may compare a client's work with.

use std::collections::BTreeMap;
use std::ops::Bound;

use serde::{Deserialize, Serialize};

use crate::compare::{self, Comparison};
use crate::content::{Library, Segment};
use crate::store::Store;
use crate::store::access::{Grant, Grantee};
use crate::store::bucket::Bucket;
use crate::store::encryption::Encryption;
use crate::store::object::{Upload, Version};

/// What is known of a version of an object: the ground truth for a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectFacts {
    /// Bytes.
    pub size: u64,
    /// Without quotes.
    pub etag: String,
    /// CRC-64/XZ of all bytes, whatever the provider publishes.
    pub crc64: u64,
    /// What it is made of; neighbours that continue each other are joined.
    pub segments: Vec<Segment>,
    /// User metadata without the vendor's prefix.
    pub metadata: BTreeMap<String, String>,
    /// The standard headers it was written with, by lower-case name.
    pub headers: BTreeMap<String, String>,
    /// In the order written.
    pub tags: Vec<(String, String)>,
    /// In the provider's native spelling.
    pub storage_class: String,
    /// What was asked for when it was written; nothing on S3 means that S3 chose by itself.
    pub encryption: EncryptionFacts,
    /// The canned ACL that was asked for, unless grants took its place.
    pub acl: Option<String>,
    /// `PERMISSION grantee`, one line each, in the order written; a group is named by its word.
    pub grants: Vec<String>,
    /// Where a website would send its visitors.
    pub redirect: Option<String>,
    /// `None` is the version called `null`.
    pub version_id: Option<String>,
    /// The multipart upload it came from.
    pub upload_id: Option<String>,
    /// Sizes of its parts in bytes, in their order; empty when it was written in one go.
    #[serde(default)]
    pub part_sizes: Vec<u64>,
    /// Milliseconds since 1970.
    #[serde(default)]
    pub modified_ms: i64,
    /// It is a delete marker and has no bytes.
    #[serde(default)]
    pub marker: bool,
}

/// How an object is encrypted. Keys of customers are known by their MD5 only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncryptionFacts {
    /// `AES256`, `cos/kms`, `kms`, `aws:kms` or `aws:kms:dsse`.
    pub algorithm: Option<String>,
    /// The managed key that was named.
    pub key_id: Option<String>,
    /// Base64 of a JSON object.
    pub context: Option<String>,
    /// Base64.
    pub customer_key_md5: Option<String>,
}

/// An open multipart upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadFacts {
    /// The destination bucket.
    pub bucket: String,
    /// The destination key.
    pub key: String,
    /// Opaque.
    pub upload_id: String,
    /// Milliseconds since 1970.
    pub initiated_ms: i64,
    /// Begun with the temporary keys.
    #[serde(default)]
    pub temporary: bool,
    /// User metadata that the object will have, without the vendor's prefix.
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
    /// Standard headers that the object will have, by lower-case name.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Tags that the object will have.
    #[serde(default)]
    pub tags: Vec<(String, String)>,
    /// In the provider's native spelling.
    #[serde(default)]
    pub storage_class: String,
    /// How the object will be encrypted.
    #[serde(default)]
    pub encryption: EncryptionFacts,
    /// By number.
    pub parts: Vec<PartFacts>,
}

/// One part of an open upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartFacts {
    /// From 1.
    pub number: u32,
    /// Bytes.
    pub size: u64,
    /// Without quotes.
    pub etag: String,
    /// What it is made of.
    #[serde(default)]
    pub segments: Vec<Segment>,
    /// Milliseconds since 1970.
    #[serde(default)]
    pub modified_ms: i64,
}

impl ObjectFacts {
    pub(crate) fn of(version: &Version) -> Self {
        let attached = &version.attached;
        ObjectFacts {
            size: version.size,
            etag: version.etag.clone(),
            crc64: version.checksums.xz,
            segments: version.segments.clone(),
            metadata: attached.metadata.clone(),
            headers: attached.headers.clone(),
            tags: attached.tags.clone(),
            storage_class: attached.class().to_owned(),
            encryption: EncryptionFacts::of(&attached.encryption),
            acl: attached.access.canned.clone(),
            grants: attached.access.grants.iter().map(line).collect(),
            redirect: attached.redirect.clone(),
            version_id: version.id.clone(),
            upload_id: version.upload_id.clone(),
            part_sizes: part_sizes(version),
            modified_ms: version.modified,
            marker: version.marker,
        }
    }
}

fn part_sizes(version: &Version) -> Vec<u64> {
    let runs = version.part_runs.iter();
    runs.flat_map(|&(size, count)| std::iter::repeat_n(size, count as usize))
        .collect()
}

fn line(grant: &Grant) -> String {
    let grantee = match &grant.grantee {
        Grantee::User(id) => id,
        Grantee::Everyone => "AllUsers",
        Grantee::Authenticated => "AuthenticatedUsers",
        Grantee::LogDelivery => "LogDelivery",
    };
    format!("{} {grantee}", grant.permission.word())
}

impl EncryptionFacts {
    fn of(kept: &Encryption) -> Self {
        EncryptionFacts {
            algorithm: kept.algorithm.clone(),
            key_id: kept.key_id.clone(),
            context: kept.context.clone(),
            customer_key_md5: kept.customer_key.as_ref().map(|key| key.md5.clone()),
        }
    }
}

impl UploadFacts {
    pub(crate) fn of(bucket: &str, upload: &Upload) -> Self {
        UploadFacts {
            bucket: bucket.to_owned(),
            key: upload.key.clone(),
            upload_id: upload.id.clone(),
            initiated_ms: upload.initiated,
            temporary: upload.temporary,
            metadata: upload.attached.metadata.clone(),
            headers: upload.attached.headers.clone(),
            tags: upload.attached.tags.clone(),
            storage_class: upload.attached.class().to_owned(),
            encryption: EncryptionFacts::of(&upload.attached.encryption),
            parts: upload
                .parts
                .values()
                .map(|part| PartFacts {
                    number: part.number,
                    size: part.size,
                    etag: part.etag.clone(),
                    segments: part.segments.clone(),
                    modified_ms: part.modified,
                })
                .collect(),
        }
    }
}

impl Store {
    /// The current version of an object, unless it is a delete marker.
    pub(crate) fn object_facts(
        &self,
        bucket: &str,
        key: &str,
        library: &Library,
    ) -> Option<ObjectFacts> {
        let versions = self.buckets.get(bucket)?.versions(key, library);
        let current = versions.last().filter(|version| !version.marker)?;
        Some(ObjectFacts::of(current))
    }

    /// Every version of an object, oldest first.
    pub(crate) fn version_facts(
        &self,
        bucket: &str,
        key: &str,
        library: &Library,
    ) -> Vec<ObjectFacts> {
        let bucket = self.buckets.get(bucket);
        let versions = bucket.map(|bucket| bucket.versions(key, library));
        let versions = versions.unwrap_or_default();
        versions.iter().map(|one| ObjectFacts::of(one)).collect()
    }

    /// The current objects of a bucket, by key.
    pub(crate) fn bucket_facts(
        &self,
        bucket: &str,
        library: &Library,
    ) -> Vec<(String, ObjectFacts)> {
        let Some(bucket) = self.buckets.get(bucket) else {
            return Vec::new();
        };
        let mut all = Vec::new();
        let mut from = Bound::Unbounded;
        while let Some(found) = bucket.next(from.as_ref().map(String::as_str)) {
            let key = found.key();
            let versions = bucket.versions(&key, library);
            if let Some(current) = versions.last().filter(|version| !version.marker) {
                all.push((key.clone(), ObjectFacts::of(current)));
            }
            from = Bound::Excluded(key);
        }
        all
    }

    /// Compares two prefixes of two buckets; a bucket that is not there is an empty one.
    pub(crate) fn compare(
        &self,
        first: (&str, &str),
        second: (&str, &str),
        library: &Library,
    ) -> Comparison {
        let empty = Bucket::new("", 0);
        let at = |name: &str| self.buckets.get(name).unwrap_or(&empty);
        let first = (at(first.0), first.1);
        compare::compare(first, (at(second.0), second.1), library)
    }

    /// Every open upload, by bucket, key and upload id.
    pub(crate) fn upload_facts(&self) -> Vec<UploadFacts> {
        let buckets = self.buckets.iter();
        let uploads = buckets.flat_map(|(name, bucket)| {
            let uploads = bucket.uploads.values();
            uploads.map(move |upload| UploadFacts::of(name, upload))
        });
        uploads.collect()
    }
}
