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

mod answer;
mod properties;

mod abort_multipart_upload;
mod complete_multipart_upload;
mod copy_object;
mod create_multipart_upload;
mod delete_object;
mod get_object_tagging;
mod head_bucket;
mod head_object;
mod list_buckets;
mod list_multipart_uploads;
mod list_objects;
mod list_parts;
mod put_object;
mod upload_part_copy;

pub use abort_multipart_upload::AbortMultipartUpload;
pub use complete_multipart_upload::CompleteMultipartUpload;
pub use copy_object::CopyObject;
pub use create_multipart_upload::CreateMultipartUpload;
pub use delete_object::DeleteObject;
pub use get_object_tagging::GetObjectTagging;
pub use head_bucket::{BucketHead, HeadBucket};
pub use head_object::HeadObject;
pub use list_buckets::{BucketEntry, BucketPage, ListBuckets};
pub use list_multipart_uploads::{ListMultipartUploads, ListedUpload, UploadPage};
pub use list_objects::{ListObjects, ObjectEntry, ObjectPage};
pub use list_parts::{ListParts, ListedPart, PartPage};
pub use put_object::PutObject;
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
    /// Things the object has that a copy here does not carry, in plain words
    /// (server-side encryption with a customer key, object lock, website redirect, ACL).
    pub not_carried: Vec<String>,
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
}
