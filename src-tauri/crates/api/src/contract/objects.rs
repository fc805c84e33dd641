//! Single objects: what is known about them, and what is changed outside of jobs.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Place, RestoreTier};
use crate::error::ApiError;

value! {
/// One object, or one version of it. The prefix of the place plays no part.
pub struct ObjectRef {
    pub place: Place,
    pub key: String,
    /// `null` is the current one.
    #[serde(default)]
    pub version: Option<String>,
    /// The object is encrypted with this offered key.
    #[serde(default)]
    pub key_md5: Option<String>,
}

/// What a HEAD tells.
pub struct ObjectDetails {
    pub key: String,
    pub size: f64,
    pub etag: String,
    /// As sent: RFC 1123.
    pub last_modified: String,
    pub modified_ms: Option<f64>,
    pub version: Option<String>,
    /// In the provider's word; STANDARD where the server names none.
    pub storage_class: String,
    /// It must be restored before it can be read.
    pub is_archived: bool,
    pub restore: Option<RestoreProgress>,
    /// CRC-64/XZ as decimal text (COS), or CRC-64/NVME in base64 (S3).
    pub crc64: Option<String>,
    pub encryption: Option<EncryptionView>,
    /// Standard headers in lower case.
    pub headers: Vec<(String, String)>,
    /// User metadata: names without the vendor's prefix.
    pub metadata: Vec<(String, String)>,
    /// Where the server says so.
    pub tag_count: Option<u32>,
    pub website_redirect: Option<String>,
    /// The address without a signature: opens only what everybody may read.
    pub url: String,
    /// It is so large that changing it takes a multipart copy.
    pub needs_multipart: bool,
    pub request_id: Option<String>,
}

/// A restore that runs or has run.
pub struct RestoreProgress {
    pub ongoing: bool,
    /// Until when the restored bytes can be read.
    pub until_ms: Option<f64>,
}

pub struct EncryptionView {
    /// The provider's word: `AES256`, `cos/kms`, `aws:kms` …
    pub algorithm: String,
    pub kms_key: Option<String>,
    /// With a key of the user's own: the MD5 of that key.
    pub key_md5: Option<String>,
}

pub struct ObjectTags { pub tags: Vec<(String, String)> }

/// Replaces all tags; none removes them.
pub struct PutObjectTags { pub object: ObjectRef, pub tags: Vec<(String, String)> }

/// Who may do what with an object.
pub struct ObjectAcl {
    pub owner: Option<String>,
    pub grants: Vec<GrantView>,
    /// Canned ACLs the provider has for objects.
    pub canned: Vec<String>,
}

pub struct GrantView {
    /// `read`, `read-acp`, `write-acp`, `full-control`
    pub permission: String,
    /// `everyone`, `signed-in`, an account's id or a group's address.
    pub grantee: String,
}

/// Replaces all grants by a canned ACL.
pub struct PutObjectAcl { pub object: ObjectRef, pub canned: String }

/// A request as it would be sent, without its signature.
pub struct RequestPreview { pub text: String }

pub struct VersionsRequest {
    pub object: ObjectRef,
    /// Where the page before ended.
    #[serde(default)]
    pub after: Option<(String, String)>,
}

/// Versions of one key, the newest first.
pub struct VersionsPage {
    pub versions: Vec<VersionView>,
    pub next: Option<(String, String)>,
}

pub struct VersionView {
    /// `null` in a bucket that never had versions.
    pub version: Option<String>,
    pub is_latest: bool,
    /// It only says that the object was deleted.
    pub is_delete_marker: bool,
    pub size: f64,
    /// ISO 8601 as sent.
    pub modified: String,
    pub etag: Option<String>,
    pub storage_class: Option<String>,
}

/// `never`, `enabled` or `suspended`.
pub struct BucketVersions { pub versioning: String }

/// A zero-byte object whose key ends with `/`.
pub struct MakeFolder { pub place: Place, pub name: String }

/// Objects and whole prefixes of one bucket.
pub struct ObjectSet {
    pub place: Place,
    pub keys: Vec<String>,
    pub prefixes: Vec<String>,
}

/// Copies objects onto themselves with something changed; a job, so that it can be followed.
pub struct ChangeObjects {
    pub objects: ObjectSet,
    /// `null` keeps it.
    #[serde(default)]
    pub storage_class: Option<String>,
    /// `null` keeps headers and metadata; only for a single object.
    #[serde(default)]
    pub properties: Option<ObjectProperties>,
}

pub struct ObjectProperties {
    pub headers: Vec<(String, String)>,
    pub metadata: Vec<(String, String)>,
}

pub struct PresignObject {
    pub object: ObjectRef,
    /// For how many seconds the link works.
    pub seconds: u32,
    /// Browsers save it instead of showing it.
    #[serde(default)]
    pub as_download: bool,
}

/// A link whoever has it can use. Shown because the user asked; never kept anywhere.
pub struct PresignedLink { pub url: String, pub until_ms: f64 }

/// The beginning of an object, at most 1 MiB.
pub struct ObjectPreview {
    /// `text`, `image` or `binary`
    pub shows: String,
    pub content_type: String,
    /// For `text`.
    pub text: Option<String>,
    /// For `image`: the bytes in base64.
    pub base64: Option<String>,
    /// Bytes that were read, of all there are.
    pub read: f64,
    pub size: f64,
}

/// Does one thing to many objects, request by request. Nothing of it is journaled: what is done
/// is done, and what is left is left when it is stopped.
pub struct BeginErrand { pub objects: ObjectSet, pub errand: Errand }

pub struct ErrandRef { pub errand: u32 }

/// How far an errand is.
pub struct ErrandStatus {
    pub errand: u32,
    /// Objects found so far, with their bytes (versions and delete markers count, too, where
    /// those are deleted).
    pub found: f64,
    pub bytes: f64,
    /// Objects that are dealt with, failures included.
    pub done: f64,
    pub failed: f64,
    pub ended: bool,
    /// The user stopped it.
    pub stopped: bool,
    /// The first hundred refusals.
    pub failures: Vec<ErrandFailure>,
    /// Why it ended before its end.
    pub error: Option<ApiError>,
}

pub struct ErrandFailure { pub key: String, pub error: ApiError }
}

/// What is done to each of many objects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Errand {
    /// Nothing: they are counted.
    Count,
    /// Deleted; with `versions` every version for good, otherwise the current one.
    Delete { versions: bool },
    /// Brought back from the archive for some days.
    Restore { tier: RestoreTier, days: u32 },
    /// Given these tags instead of theirs.
    Tag { tags: Vec<(String, String)> },
    /// Given this canned ACL.
    Access { canned: String },
}
