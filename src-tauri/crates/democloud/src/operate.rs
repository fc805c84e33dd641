//! What the operations do. Each takes the state under its lock and answers at once: delays and
//! faults are none of their business.

mod acl;
mod attach;
mod bucket;
mod conditions;
mod copy;
pub(crate) mod elsewhere;
mod encryption;
mod grants;
mod list;
mod multipart;
mod object;
mod parts;
mod precheck;
mod restore;
mod source;
mod tagging;

use std::sync::Arc;

use crate::answer::Answer;
use crate::call::{Call, Form};
use crate::chance::Chance;
use crate::content::{Checksums, Library, Segment};
use crate::operation::Operation;
use crate::options::Provider;
use crate::quirk::Switches;
use crate::refusal::Refusal;
use crate::seed;
use crate::store::Store;
use crate::store::bucket::Bucket;
use crate::store::object::Version;

pub(crate) use multipart::upload_id;
pub(crate) use precheck::{before_all as precheck, readable_by_all};
pub(crate) use source::{source_of, weight};

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// Bytes that one PUT may carry here. The vendors take 5 GiB; this server holds them in memory.
pub(crate) const LARGEST_BODY: u64 = 64 * MIB;

/// Bytes that one copy may move, on all three providers.
const LARGEST_COPY: u64 = 5 * GIB;

/// Everything an operation needs.
pub(crate) struct Scene<'a> {
    pub(crate) call: &'a Call,
    pub(crate) store: &'a mut Store,
    pub(crate) library: &'a Library,
    pub(crate) chance: &'a Chance,
    pub(crate) switches: Switches,
    /// Milliseconds since 1970.
    pub(crate) now: i64,
    /// The request's body, kept and summed, for the two operations that store one.
    pub(crate) stored: Option<Stored>,
}

/// Bytes that are already in the library.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) segments: Vec<Segment>,
    pub(crate) checksums: Checksums,
    pub(crate) etag: String,
}

impl Stored {
    /// Keeps the body of a PUT.
    pub(crate) fn keep(body: &[u8], library: &Library, chance: &Chance) -> Result<Stored, Refusal> {
        let segments = library.keep(body, chance)?;
        Ok(Stored {
            checksums: library.checksums(&segments)?,
            etag: library.etag(&segments)?,
            segments,
        })
    }
}

/// Does it.
pub(crate) fn perform(scene: &mut Scene<'_>, operation: Operation) -> Result<Answer, Refusal> {
    let name = scene.call.bucket.as_deref();
    if let Some(name) = name.filter(|_| operation != Operation::CreateBucket) {
        scene.bucket(name)?;
    }
    match operation {
        Operation::ListBuckets => bucket::list(scene),
        Operation::HeadApiVersion => Ok(Answer::empty(200).with("x-obs-api", "3.0")),
        Operation::HeadBucket => bucket::head(scene),
        Operation::GetBucketLocation => bucket::location(scene),
        Operation::GetBucketVersioning => bucket::versioning(scene),
        Operation::PutBucketVersioning => bucket::set_versioning(scene),
        Operation::CreateBucket => bucket::create(scene),
        Operation::DeleteBucket => bucket::delete(scene),
        Operation::GetBucketAcl | Operation::GetObjectAcl => acl::read(scene),
        Operation::PutBucketAcl | Operation::PutObjectAcl => acl::write(scene),
        Operation::ListObjects => list::objects(scene),
        Operation::ListObjectsV2 => list::objects_v2(scene),
        Operation::ListObjectVersions => list::versions(scene),
        Operation::ListMultipartUploads => list::uploads(scene),
        Operation::HeadObject => object::read(scene, false),
        Operation::GetObject => object::read(scene, true),
        Operation::PutObject => object::put(scene),
        Operation::CopyObject => copy::object(scene),
        Operation::DeleteObject => object::delete(scene),
        Operation::DeleteObjects => object::delete_many(scene),
        Operation::CreateMultipartUpload => multipart::create(scene),
        Operation::UploadPart => parts::upload(scene),
        Operation::UploadPartCopy => parts::copy(scene),
        Operation::ListParts => parts::list(scene),
        Operation::CompleteMultipartUpload => multipart::complete(scene),
        Operation::AbortMultipartUpload => multipart::abort(scene),
        Operation::GetObjectTagging => tagging::read(scene),
        Operation::PutObjectTagging => tagging::write(scene),
        Operation::DeleteObjectTagging => tagging::remove(scene),
        Operation::RestoreObject => restore::begin(scene),
        Operation::Unknown => Err(Refusal::not_implemented("This operation")),
    }
}

impl Scene<'_> {
    /// A bucket that this request may touch from where it came in.
    fn bucket(&self, name: &str) -> Result<&Bucket, Refusal> {
        let bucket = self
            .store
            .buckets
            .get(name)
            .ok_or_else(Refusal::no_such_bucket)?;
        if bucket.region != self.call.region {
            // On S3 the region was settled with the signature.
            if self.call.form != Form::S3 {
                return Err(elsewhere::refusal(self.call, &bucket.region, ""));
            }
        }
        if bucket.closed {
            return Err(Refusal::access_denied("Access Denied"));
        }
        Ok(bucket)
    }

    /// The version of an object that a request names, by `versionId` or as the current one.
    fn version(&self, bucket: &str, key: &str) -> Result<Arc<Version>, Refusal> {
        let versions = self.bucket(bucket)?.versions(key, self.library);
        let marker_header = format!("{}delete-marker", self.call.form.prefix());
        let Some(id) = self.call.param("versionId").filter(|id| !id.is_empty()) else {
            let current = versions.last().ok_or_else(Refusal::no_such_key)?;
            if current.marker {
                return Err(Refusal::no_such_key().with_header(marker_header, "true"));
            }
            return Ok(Arc::clone(current));
        };
        let found = versions
            .iter()
            .find(|version| version.id_text() == id)
            .ok_or_else(|| {
                Refusal::new(404, "NoSuchVersion", "The version does not exist.")
                    .with_element("VersionId", id)
            })?;
        if found.marker {
            let refusal = match self.call.provider {
                Provider::Cos => Refusal::no_such_key(),
                Provider::Obs | Provider::S3 => {
                    let message = "A delete marker can only be deleted.";
                    Refusal::new(405, "MethodNotAllowed", message)
                }
            };
            return Err(refusal.with_header(marker_header, "true"));
        }
        Ok(Arc::clone(found))
    }
}

/// The region of the bucket for an S3 credential: where it lives, or the endpoint's own.
pub(crate) fn region_of(call: &Call, store: &Store) -> String {
    let bucket = call
        .bucket
        .as_ref()
        .and_then(|name| store.buckets.get(name));
    bucket.map_or_else(
        || seed::home_region(call.provider).to_owned(),
        |bucket| bucket.region.clone(),
    )
}

/// With the quotes that every `ETag` wears on the wire.
fn quoted(etag: &str) -> String {
    format!("\"{etag}\"")
}

/// Without them.
fn unquoted(etag: &str) -> &str {
    let etag = etag.trim();
    etag.strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(etag)
}
