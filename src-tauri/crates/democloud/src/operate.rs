//! What the operations do. Each takes the state under its lock and answers at once: delays and
//! faults are none of their business.

mod acl;
mod attach;
mod bucket;
mod conditions;
mod copy;
mod list;
mod multipart;
mod object;
mod parts;
mod restore;
mod tagging;

use std::sync::Arc;

use md5::{Digest, Md5};

use crate::answer::Answer;
use crate::call::{Call, Form};
use crate::content::{Checksums, Library, Segment};
use crate::operation::Operation;
use crate::options::{Provider, Switches};
use crate::refusal::Refusal;
use crate::seed;
use crate::store::Store;
use crate::store::bucket::Bucket;
use crate::store::object::Version;
use crate::text::unbase64;

pub(crate) use copy::{source_of, weight};

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
    pub(crate) fn keep(body: &[u8], library: &Library) -> Result<Stored, Refusal> {
        let segments = library.keep(body)?;
        Ok(Stored {
            checksums: library.checksums(&segments)?,
            etag: library.etag(&segments)?,
            segments,
        })
    }
}

/// What can be refused before anything is known about bucket and key.
pub(crate) fn precheck(call: &Call, operation: Operation) -> Result<(), Refusal> {
    if operation == Operation::Unknown {
        return Err(Refusal::not_implemented("This operation"));
    }
    lengths(call)?;
    key(call)?;
    digest(call, operation)
}

/// PUT and POST must say how long they are, even when they are empty.
fn lengths(call: &Call) -> Result<(), Refusal> {
    let writes = matches!(call.method, http::Method::PUT | http::Method::POST);
    let chunked = call.headers.contains_key("transfer-encoding");
    if writes && chunked && call.form == Form::S3 {
        let message = "A header you provided implies functionality that is not implemented: Transfer-Encoding";
        return Err(Refusal::new(501, "NotImplemented", message));
    }
    if writes && !chunked && !call.headers.contains_key("content-length") {
        let message = "You must provide the Content-Length HTTP header.";
        return Err(Refusal::new(411, "MissingContentLength", message));
    }
    Ok(())
}

/// What each provider takes as a key.
fn key(call: &Call) -> Result<(), Refusal> {
    let Some(key) = &call.key else { return Ok(()) };
    let longest = match call.provider {
        Provider::Cos => 850,
        Provider::Obs | Provider::S3 => 1024,
    };
    if key.len() > longest {
        let code = match call.provider {
            Provider::S3 => "KeyTooLongError",
            Provider::Cos | Provider::Obs => "KeyTooLong",
        };
        return Err(Refusal::new(
            400,
            code,
            format!("A key has at most {longest} bytes."),
        ));
    }
    if call.provider == Provider::Cos {
        if key.starts_with(['/', '\\']) {
            return Err(Refusal::invalid_uri("A key cannot begin with a slash."));
        }
        if key.contains(|c| ('\u{18}'..='\u{1b}').contains(&c)) {
            return Err(Refusal::invalid_uri(
                "A key cannot hold CAN, EM, SUB or ESC.",
            ));
        }
    }
    Ok(())
}

/// `Content-MD5` must be right when it is there, and there when the provider wants it.
fn digest(call: &Call, operation: Operation) -> Result<(), Refusal> {
    let Some(sent) = call.header("content-md5") else {
        let checksum = call.form == Form::S3
            && call
                .headers
                .keys()
                .any(|name| name.as_str().starts_with("x-amz-checksum-"));
        let wanted = match operation {
            Operation::DeleteObjects | Operation::PutObjectTagging => !checksum,
            _ => call.provider == Provider::Cos && operation.takes_xml(),
        };
        return if wanted {
            let message = "Missing required header for this request: Content-MD5";
            Err(Refusal::invalid_request(message))
        } else {
            Ok(())
        };
    };
    let Some(sent) = unbase64(&sent).filter(|digest| digest.len() == 16) else {
        let message = "The Content-MD5 is not the base64 of 16 bytes.";
        return Err(Refusal::new(400, "InvalidDigest", message));
    };
    if sent == Md5::digest(&call.body).as_slice() {
        return Ok(());
    }
    let message = "The Content-MD5 is not the MD5 of the body that was received.";
    Err(Refusal::new(400, "BadDigest", message))
}

/// Does it.
pub(crate) fn perform(scene: &mut Scene<'_>, operation: Operation) -> Result<Answer, Refusal> {
    if let Some(name) = scene.call.bucket.as_deref() {
        scene.bucket(name)?;
    }
    match operation {
        Operation::ListBuckets => bucket::list(scene),
        Operation::HeadApiVersion => Ok(Answer::empty(200).with("x-obs-api", "3.0")),
        Operation::HeadBucket => bucket::head(scene),
        Operation::GetBucketLocation => bucket::location(scene),
        Operation::GetBucketVersioning => bucket::versioning(scene),
        Operation::GetBucketAcl | Operation::GetObjectAcl => acl::read(scene),
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
            self.elsewhere(bucket)?;
        }
        if bucket.closed {
            return Err(Refusal::access_denied("Access Denied"));
        }
        Ok(bucket)
    }

    /// A bucket of another region: COS has never heard of it, OBS tells where it is. On S3 the
    /// region was settled with the signature.
    fn elsewhere(&self, bucket: &Bucket) -> Result<(), Refusal> {
        match self.call.form {
            Form::Cos => Err(Refusal::no_such_bucket()),
            Form::Obs | Form::ObsAmz => {
                let message = "The bucket must be addressed at the endpoint of its region.";
                let endpoint = format!("obs.{}.localhost", bucket.region);
                let header = match self.call.form {
                    Form::Obs => "x-obs-bucket-location",
                    _ => "x-amz-bucket-region",
                };
                Err(Refusal::new(301, "PermanentRedirect", message)
                    .with_header(header, &bucket.region)
                    .with_element("Endpoint", endpoint))
            }
            Form::S3 => Ok(()),
        }
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
