//! What is said to each request.

use std::fmt::Write as _;

use md5::{Digest as _, Md5};

use super::keys::Keys;
use super::listing;
use super::request::Request;
use super::state::{Inner, State};
use super::{PART, text};

/// Bytes of every object but the large one.
pub(super) const SMALL: u64 = 4_096;

const MODIFIED: &str = "Fri, 20 Nov 2026 10:00:00 GMT";
const NAMESPACE: &str = "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";
const BIG: &str = "big";

/// Orders from the race.
pub(super) fn control(request: &Request, body: &[u8], state: &State) -> Vec<u8> {
    let mut inner = state.lock();
    match (request.method.as_str(), request.path.as_str()) {
        ("PUT", "/-/terms") => match serde_json::from_slice(body) {
            Ok(terms) => inner.begin(terms),
            Err(error) => return said(400, &error.to_string()),
        },
        ("PUT", _) => inner.counts = super::Counts::default(),
        _ => {
            inner.counts.uploads = inner.uploads.len() as u64;
            return said(
                200,
                &serde_json::to_string(&inner.counts).unwrap_or_default(),
            );
        }
    }
    said(200, "")
}

pub(super) fn slow_down(request: &Request) -> Vec<u8> {
    if request.method == "HEAD" {
        return said(503, "");
    }
    refusal(503, "SlowDown")
}

pub(super) fn answer(request: &Request, inner: &mut Inner) -> Vec<u8> {
    let (bucket, key) = request.place();
    if key.is_empty() {
        return of_bucket(request, bucket, inner);
    }
    match request.method.as_str() {
        "HEAD" => head(bucket, key, inner),
        "GET" if request.has("uploadId") => parts(request, key, inner),
        "GET" if request.has("tagging") => xml("<Tagging><TagSet></TagSet></Tagging>"),
        "POST" if request.has("uploads") => {
            let id = inner.open_upload(key);
            xml(&format!(
                "<InitiateMultipartUploadResult {NAMESPACE}><Bucket>{bucket}</Bucket>\
                 <Key>{}</Key><UploadId>{id}</UploadId></InitiateMultipartUploadResult>",
                text::decode(key, false)
            ))
        }
        "POST" if request.has("uploadId") => complete(request, bucket, key, inner),
        "PUT" if request.has("partNumber") => copy_part(request, inner),
        "PUT" if request.copy_source.is_some() => copy(request, key, inner),
        "DELETE" => {
            if let Some(id) = request.value("uploadId") {
                inner.uploads.remove(id);
            }
            said(204, "")
        }
        _ => refusal(501, "NotImplemented"),
    }
}

fn of_bucket(request: &Request, bucket: &str, inner: &mut Inner) -> Vec<u8> {
    if request.method == "HEAD" {
        return said(200, "");
    }
    if request.has("uploads") {
        return uploads(bucket, inner);
    }
    if request.has("location") {
        return xml(&format!("<LocationConstraint {NAMESPACE}/>"));
    }
    if request.has("versioning") {
        return xml(&format!("<VersioningConfiguration {NAMESPACE}/>"));
    }
    if request.method != "GET" || bucket.is_empty() {
        return refusal(501, "NotImplemented");
    }
    inner.counts.pages += 1;
    let keys = Keys {
        count: if bucket == "source" {
            inner.terms.keys
        } else {
            0
        },
        folder: inner.terms.folder,
    };
    said(200, &listing::page(request, keys))
}

fn head(bucket: &str, key: &str, inner: &Inner) -> Vec<u8> {
    let (tag, size) = match (bucket, key) {
        ("source", BIG) => {
            let parts = u32::try_from(inner.terms.parts).unwrap_or(u32::MAX);
            (composite(1..=parts), inner.terms.parts * PART)
        }
        ("source", _) => (small_tag(key), SMALL),
        _ => match inner.objects.get(key) {
            Some((tag, size)) => (tag.clone(), *size),
            None => return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec(),
        },
    };
    format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {size}\r\nETag: \"{tag}\"\r\n\
         Last-Modified: {MODIFIED}\r\nContent-Type: binary/octet-stream\r\n\
         Accept-Ranges: bytes\r\nx-amz-request-id: 1\r\n\r\n"
    )
    .into_bytes()
}

fn copy_part(request: &Request, inner: &mut Inner) -> Vec<u8> {
    let number = request
        .value("partNumber")
        .and_then(|text| text.parse().ok());
    let (Some(number), Some((from, to))) = (number, request.copy_range) else {
        return refusal(400, "InvalidArgument");
    };
    let id = request.value("uploadId").unwrap_or("");
    // The floor opens none: it only sends.
    if id != "floor" {
        let Some(upload) = inner.uploads.get_mut(id) else {
            return refusal(404, "NoSuchUpload");
        };
        upload.parts.insert(number, to - from + 1);
    }
    inner.counts.parts += 1;
    xml(&format!(
        "<CopyPartResult {NAMESPACE}><LastModified>2026-11-20T10:00:00.000Z</LastModified>\
         <ETag>&quot;{number:032x}&quot;</ETag></CopyPartResult>"
    ))
}

fn copy(request: &Request, key: &str, inner: &mut Inner) -> Vec<u8> {
    inner.counts.objects += 1;
    let tag = small_tag(request.copy_source.as_deref().unwrap_or(""));
    let said = xml(&format!(
        "<CopyObjectResult {NAMESPACE}><LastModified>2026-11-20T10:00:00.000Z</LastModified>\
         <ETag>&quot;{tag}&quot;</ETag></CopyObjectResult>"
    ));
    inner.objects.insert(key.to_owned(), (tag, SMALL));
    said
}

/// The tag of a made-up key is its number, as in a listing. Some clients encode the slash.
fn small_tag(key: &str) -> String {
    let key = text::decode(key, false);
    let name = key.rsplit_once('/').map_or(key.as_str(), |(_, name)| name);
    let number: Option<u64> = name.get(..8).and_then(|text| text.parse().ok());
    format!("{:032x}", number.unwrap_or(1))
}

fn complete(request: &Request, bucket: &str, key: &str, inner: &mut Inner) -> Vec<u8> {
    let id = request.value("uploadId").unwrap_or("");
    let Some(upload) = inner.uploads.remove(id) else {
        return refusal(404, "NoSuchUpload");
    };
    inner.counts.completed += upload.parts.len() as u64;
    let tag = composite(upload.parts.keys().copied());
    let said = xml(&format!(
        "<CompleteMultipartUploadResult {NAMESPACE}><Bucket>{bucket}</Bucket><Key>{}</Key>\
         <ETag>&quot;{tag}&quot;</ETag></CompleteMultipartUploadResult>",
        text::decode(key, false)
    ));
    inner
        .objects
        .insert(key.to_owned(), (tag, upload.parts.values().sum()));
    said
}

/// The tag of an object made of these parts. That of the large object is made the same way: some
/// clients compare the two at the end.
fn composite(numbers: impl Iterator<Item = u32>) -> String {
    let (mut digest, mut parts) = (Md5::new(), 0);
    for number in numbers {
        digest.update(u128::from(number).to_be_bytes());
        parts += 1;
    }
    let mut tag = String::new();
    for byte in digest.finalize() {
        let _ = write!(tag, "{byte:02x}");
    }
    let _ = write!(tag, "-{parts}");
    tag
}

fn parts(request: &Request, key: &str, inner: &Inner) -> Vec<u8> {
    let id = request.value("uploadId").unwrap_or("");
    let Some(upload) = inner.uploads.get(id) else {
        return refusal(404, "NoSuchUpload");
    };
    let after = request
        .value("part-number-marker")
        .and_then(|text| text.parse().ok());
    let after: u32 = after.unwrap_or(0);
    let mut rows = String::new();
    let (mut last, mut count) = (after, 0);
    let mut rest = upload.parts.range(after + 1..).peekable();
    while count < 1_000
        && let Some((number, size)) = rest.next()
    {
        let _ = write!(
            rows,
            "<Part><PartNumber>{number}</PartNumber>\
             <LastModified>2026-11-20T10:00:00.000Z</LastModified>\
             <ETag>&quot;{number:032x}&quot;</ETag><Size>{size}</Size></Part>"
        );
        (last, count) = (*number, count + 1);
    }
    xml(&format!(
        "<ListPartsResult {NAMESPACE}><Bucket>target</Bucket><Key>{}</Key>\
         <UploadId>{id}</UploadId><PartNumberMarker>{after}</PartNumberMarker>\
         <NextPartNumberMarker>{last}</NextPartNumberMarker><MaxParts>1000</MaxParts>\
         <IsTruncated>{}</IsTruncated>{rows}</ListPartsResult>",
        text::decode(key, false),
        rest.peek().is_some()
    ))
}

fn uploads(bucket: &str, inner: &Inner) -> Vec<u8> {
    let mut rows = String::new();
    for (id, upload) in inner.uploads.iter().filter(|_| bucket == "target") {
        let _ = write!(
            rows,
            "<Upload><Key>{}</Key><UploadId>{id}</UploadId>\
             <Initiated>2026-11-20T10:00:00.000Z</Initiated>\
             <StorageClass>STANDARD</StorageClass></Upload>",
            upload.key
        );
    }
    xml(&format!(
        "<ListMultipartUploadsResult {NAMESPACE}><Bucket>{bucket}</Bucket>\
         <EncodingType>url</EncodingType><MaxUploads>1000</MaxUploads>\
         <IsTruncated>false</IsTruncated>{rows}</ListMultipartUploadsResult>"
    ))
}

fn refusal(status: u16, code: &str) -> Vec<u8> {
    said(
        status,
        &format!("<Error><Code>{code}</Code><Message>no</Message><RequestId>1</RequestId></Error>"),
    )
}

fn xml(body: &str) -> Vec<u8> {
    said(
        200,
        &format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}"),
    )
}

fn said(status: u16, body: &str) -> Vec<u8> {
    // A 204 has no body and says nothing of one.
    let length = match status {
        204 => String::new(),
        _ => format!("Content-Length: {}\r\n", body.len()),
    };
    format!(
        "HTTP/1.1 {status} So\r\n{length}Content-Type: application/xml\r\n\
         x-amz-request-id: 1\r\nx-amz-bucket-region: us-east-1\r\nServer: stub\r\n\r\n{body}"
    )
    .into_bytes()
}
