//! One file per API operation.
//!
//! Success is never taken from the status alone: copies and completions are answered with 200
//! before they are done, so their bodies decide.

use partway_domain::{Bucket, ETag, Key, UploadId, VersionId};
use serde::{Deserialize, Serialize};

use crate::dialect::Dialect;
use crate::endpoint::Endpoint;
use crate::error::{RequestError, WireError};
use crate::wire::{Method, Request, Response};

mod access;
mod answer;
mod conditions;
mod customer_key;
mod encryption;
mod guarded;
mod listing;
mod paging;
mod policy;
mod presign;
mod properties;
mod terms;

mod abort_multipart_upload;
mod acl;
mod bucket_versioning;
mod complete_multipart_upload;
mod copy_object;
mod create_multipart_upload;
mod delete_object;
mod delete_objects;
mod get_bucket_location;
mod get_object;
mod head_bucket;
mod head_object;
mod list_buckets;
mod list_multipart_uploads;
mod list_object_versions;
mod list_objects;
mod list_parts;
mod object_tagging;
mod put_object;
mod restore_object;
mod upload_part;
mod upload_part_copy;

// Plain values that jobs remember as well; spoken of here because they are sent from here.
pub use partway_domain::{Access, Grant, Grantee, KeyService, Permission};

pub use conditions::{Conditions, NamedConditions};
pub use customer_key::{CustomerKey, CustomerKeyError};
pub use encryption::{Encrypted, Encryption, KeyServiceWords};
pub use guarded::{Guarded, Replaces};
pub use paging::{EndlessList, Page, Trail};
pub use policy::{AccessPolicy, GroupWord, PolicyWords};
pub use presign::presign;
pub use terms::Terms;

pub(crate) use access::check_grantee;

pub use abort_multipart_upload::AbortMultipartUpload;
pub use acl::{GetBucketAcl, GetObjectAcl, NewAcl, PutObjectAcl};
pub use bucket_versioning::{GetBucketVersioning, PutBucketVersioning, Versioning};
pub use complete_multipart_upload::CompleteMultipartUpload;
pub use copy_object::CopyObject;
pub use create_multipart_upload::CreateMultipartUpload;
pub use delete_object::{DeleteObject, Deletion};
pub use delete_objects::{DeleteObjects, Deletions, RefusedDeletion};
pub use get_bucket_location::GetBucketLocation;
pub use get_object::{Fetched, GetObject};
pub use head_bucket::{BucketHead, HeadBucket};
pub use head_object::HeadObject;
pub use list_buckets::{BucketEntry, BucketPage, ListBuckets};
pub use list_multipart_uploads::{ListMultipartUploads, ListedUpload, UploadPage};
pub use list_object_versions::{ListObjectVersions, VersionEntry, VersionPage};
pub use list_objects::{ListObjects, ObjectEntry, ObjectPage};
pub use list_parts::{ListParts, ListedPart, PartPage};
pub use object_tagging::{DeleteObjectTagging, GetObjectTagging, PutObjectTagging};
pub use put_object::PutObject;
pub use restore_object::{RestoreObject, RestoreState, RestoreTier, RestoreWords, Restoring};
pub use upload_part::UploadPart;
pub use upload_part_copy::UploadPartCopy;

/// Where and how a request is spoken.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The dialect of the account.
    pub dialect: &'a dyn Dialect,
    /// The endpoint of the account, in the bucket's region.
    pub endpoint: &'a Endpoint,
}

impl Target<'_> {
    /// A vendor header's full name: `x-cos-` and so on before `name`.
    pub fn vendor(&self, name: &str) -> String {
        format!("{}{name}", self.dialect.vendor_prefix())
    }

    fn bucket_request(&self, method: Method, bucket: &Bucket) -> Request {
        let location = self.endpoint.bucket(self.dialect, bucket);
        Request::new(method, &self.endpoint.scheme, location)
    }

    fn object_request(
        &self,
        method: Method,
        bucket: &Bucket,
        key: &Key,
    ) -> Result<Request, RequestError> {
        let location = self.endpoint.object(self.dialect, bucket, key)?;
        Ok(Request::new(method, &self.endpoint.scheme, location))
    }

    /// As `object_request`, for an object's bytes: hosts that only serve reading take it. Heads
    /// are not asked for there, because a cache in front may know the object as it was.
    fn bytes_request(&self, bucket: &Bucket, key: &Key) -> Result<Request, RequestError> {
        let location = self.endpoint.object_to_read(self.dialect, bucket, key)?;
        Ok(Request::new(Method::Get, &self.endpoint.scheme, location))
    }
}

/// How a request may be repeated and how long it may stay silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traits {
    /// Sending it twice does what sending it once does.
    pub idempotent: bool,
    /// Bytes the server copies before it answers; the deadline grows with them.
    pub copied_bytes: u64,
}

impl Traits {
    /// A request that copies nothing and may be sent twice.
    const PLAIN: Self = Self {
        idempotent: true,
        copied_bytes: 0,
    };
}

/// One API operation: builds its request and reads its answer.
pub trait Operation: Send + Sync {
    /// What success brings.
    type Output;
    /// The API's own name, e.g. `UploadPartCopy`.
    const NAME: &'static str;
    /// The bucket and key it is about, for messages and for remembering a bucket's region.
    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (None, None)
    }
    /// How it may be repeated.
    fn traits(&self) -> Traits;
    /// The request, unsigned.
    fn request(&self, target: Target<'_>) -> Result<Request, RequestError>;
    /// Reads the answer. A 200 is success only when the body says so.
    fn response(&self, target: Target<'_>, response: &Response) -> Result<Self::Output, WireError>;
    /// What to ask instead when the answer was ill-formed: lists have a way to write names
    /// that XML cannot hold. `None` for an answer that is not, or that had been asked for so.
    fn otherwise(&self, target: Target<'_>, response: &Response) -> Option<Self>
    where
        Self: Sized,
    {
        let _ = (target, response);
        None
    }
}

/// The source of a server-side copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopySource {
    /// Bucket.
    pub bucket: Bucket,
    /// Key.
    pub key: Key,
    /// Version; `None` for the current one.
    pub version: Option<VersionId>,
    /// Endpoint of the source account in the source bucket's region: COS names the host.
    pub endpoint: Endpoint,
    /// The key the source is encrypted with, if it is one of the user's own.
    pub customer_key: Option<CustomerKey>,
}

/// Whether a copy takes something along or is given something else instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Directive {
    /// The source's.
    Copy,
    /// What the request says.
    Replace,
}

/// What an object has besides its bytes, as read by HEAD and replayed on Create.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attributes {
    /// Standard headers in lower case: content-type, cache-control, content-disposition,
    /// content-encoding, content-language, expires.
    pub headers: Vec<(String, String)>,
    /// User metadata: names in lower case without the vendor's prefix.
    pub metadata: Vec<(String, String)>,
    /// Storage class in the provider's words; `None` is STANDARD.
    pub storage_class: Option<String>,
    /// Tags.
    pub tags: Vec<(String, String)>,
}

/// The answer to HEAD.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectHead {
    /// Bytes.
    pub size: u64,
    /// Entity tag.
    pub etag: ETag,
    /// As sent: RFC 1123.
    pub last_modified: String,
    /// Version, when the bucket has versions.
    pub version: Option<VersionId>,
    /// Headers, metadata and class; tags are not in a HEAD.
    pub attributes: Attributes,
    /// How many tags there are, where the server says so.
    pub tag_count: Option<u32>,
    /// COS: CRC-64/XZ of the whole object as decimal text.
    pub crc64_xz: Option<String>,
    /// S3: CRC-64/NVME of the whole object, base64 as sent.
    pub crc64_nvme: Option<String>,
    /// OBS: the upload that made it.
    pub upload_id: Option<UploadId>,
    /// `x-*-restore` as sent: a restore runs or has run.
    pub restore: Option<String>,
    /// How it is encrypted, where the server says so.
    #[serde(default)]
    pub encrypted: Option<Encrypted>,
    /// Where a website redirects to instead of showing the object.
    #[serde(default)]
    pub website_redirect: Option<String>,
    /// Things the object has that a copy here does not carry, in plain words
    /// (server-side encryption with a customer key, object lock, website redirect, ACL).
    pub not_carried: Vec<String>,
}

impl ObjectHead {
    /// How far a restore is; `None` when none was asked for or the header says nothing known.
    pub fn restore_state(&self) -> Option<RestoreState> {
        RestoreState::parse(self.restore.as_deref()?)
    }
}

/// A copy or part copy that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Tag of the new object or part.
    pub etag: ETag,
    /// CRC-64/XZ (COS) as decimal text.
    pub crc64_xz: Option<String>,
    /// The version that was read, where the server says so.
    pub source_version: Option<VersionId>,
    /// The version that was made.
    pub version: Option<VersionId>,
    /// How the new object or part is encrypted, where the server says so.
    pub encrypted: Option<Encrypted>,
}
