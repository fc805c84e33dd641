//! The ground truth: what a test may compare a client's work with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::content::Segment;
use crate::store::access::{Grant, Grantee};
use crate::store::encryption::Encryption;
use crate::store::object::{Upload, Version};

/// What is known of the current version of an object: the ground truth for a test.
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
        }
    }
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
            parts: upload
                .parts
                .values()
                .map(|part| PartFacts {
                    number: part.number,
                    size: part.size,
                    etag: part.etag.clone(),
                })
                .collect(),
        }
    }
}
