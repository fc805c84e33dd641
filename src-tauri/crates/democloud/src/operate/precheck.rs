//! What can be refused before anything is known about bucket and key.

use md5::{Digest, Md5};

use super::grants;
use crate::call::{Call, Form};
use crate::operation::Operation;
use crate::options::Provider;
use crate::quirk::ListV2;
use crate::refusal::Refusal;
use crate::seed;
use crate::store::Store;
use crate::store::object::Version;
use crate::text::unbase64;

/// The checks that need nothing but the request.
pub(crate) fn before_all(call: &Call, operation: Operation) -> Result<(), Refusal> {
    if operation == Operation::Unknown {
        return Err(Refusal::not_implemented("This operation"));
    }
    absent(call, operation)?;
    owner(call)?;
    lengths(call)?;
    key(call)?;
    digest(call, operation)
}

/// PUT and POST must say how long they are, even when they are empty.
fn lengths(call: &Call) -> Result<(), Refusal> {
    let writes = matches!(call.method, http::Method::PUT | http::Method::POST);
    let chunked = call.headers.contains_key("transfer-encoding");
    // A body in signed pieces says how long it is in a header of its own.
    let told = call.headers.contains_key("x-amz-decoded-content-length");
    if writes && chunked && !told && call.form == Form::S3 {
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
        // COS's pages want it on every XML body, but its own Python SDK completes, tags and
        // restores without; a switch goes by the pages.
        let wanted = match operation {
            Operation::DeleteObjects => !checksum,
            Operation::PutObjectTagging if call.provider != Provider::Cos => !checksum,
            _ => call.switches.strict_content_md5 && !call.body.is_empty() && operation.takes_xml(),
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

/// S3 lets a client say whom it expects to own the buckets, source included.
fn owner(call: &Call) -> Result<(), Refusal> {
    let expected = ["expected-bucket-owner", "source-expected-bucket-owner"];
    let wrong = |name: &&str| call.vendor(name).is_some_and(|id| id != seed::OWNER);
    if call.form == Form::S3 && expected.iter().any(wrong) {
        return Err(Refusal::access_denied(
            "The bucket belongs to somebody else.",
        ));
    }
    Ok(())
}

/// What a switch says this server does not have.
fn absent(call: &Call, operation: Operation) -> Result<(), Refusal> {
    let switches = call.switches;
    let missing = match operation {
        Operation::UploadPartCopy => switches.no_part_copy.then_some("A part copy"),
        Operation::GetObjectTagging
        | Operation::PutObjectTagging
        | Operation::DeleteObjectTagging => switches.no_tagging.then_some("Tagging"),
        Operation::GetBucketVersioning
        | Operation::PutBucketVersioning
        | Operation::ListObjectVersions => switches.no_versioning.then_some("Versioning"),
        Operation::ListObjectsV2 if switches.list_v2 == ListV2::Invalid => {
            return Err(Refusal::invalid_argument("list-type is not known here."));
        }
        Operation::ListObjectsV2 => {
            let refused = switches.list_v2 == ListV2::Refused;
            refused.then_some("A listing of the second generation")
        }
        Operation::ListBuckets if switches.no_bucket_list => {
            return Err(Refusal::access_denied(
                "This user may not list the buckets of the account.",
            ));
        }
        Operation::GetBucketAcl
        | Operation::PutBucketAcl
        | Operation::GetObjectAcl
        | Operation::PutObjectAcl
            if switches.no_acl =>
        {
            return Err(grants::not_supported(call));
        }
        _ => None,
    };
    match missing {
        Some(what) => Err(Refusal::not_implemented(what)),
        None => Ok(()),
    }
}

/// Whether a request without a signature may go on: a read of an object that is open to everyone,
/// which must not choose the headers of its answer.
pub(crate) fn readable_by_all(
    call: &Call,
    operation: Operation,
    store: &Store,
    library: &crate::content::Library,
) -> Result<(), Refusal> {
    let refused = || Refusal::access_denied("Anonymous requests are refused.");
    if !matches!(operation, Operation::GetObject | Operation::HeadObject) {
        return Err(refused());
    }
    let (bucket, key) = call.object()?;
    let bucket = store.buckets.get(bucket).ok_or_else(refused)?;
    let versions = bucket.versions(key, library);
    let wanted = call.param("versionId").filter(|id| !id.is_empty());
    let version = match wanted {
        None => versions.last(),
        Some(id) => versions.iter().find(|version| version.id_text() == id),
    };
    let inherits = |version: &Version| {
        let canned = version.attached.access.canned.as_deref();
        call.provider == Provider::Cos
            && matches!(canned, None | Some("default"))
            && version.attached.access.grants.is_empty()
    };
    let open = version.is_some_and(|version| {
        version.attached.access.is_public() || (inherits(version) && bucket.access.is_public())
    });
    if !open || bucket.closed {
        return Err(refused());
    }
    if call
        .query
        .iter()
        .any(|(name, _)| name.starts_with("response-"))
    {
        let message = "Only a signed request may choose the headers of its answer.";
        return Err(match call.provider {
            Provider::Obs => Refusal::new(400, "ForbidAnonReqOverwriteRespHead", message),
            Provider::Cos | Provider::S3 => Refusal::invalid_request(message),
        });
    }
    Ok(())
}
