//! One plain operation of each kind, for tests that change one thing about it.

use partway_domain::{ByteRange, DialectName, PartNumber};
use partway_protocol::dialect::dialect;
use partway_protocol::error::RequestError;
use partway_protocol::op::*;
use partway_protocol::wire::Request;

use crate::fixture::{bucket, credential, endpoint, etag, key, source, upload_id};

/// Unix seconds of 2026-03-14T09:26:53Z.
pub(crate) const NOW: i64 = 1_773_480_413;

pub(crate) fn part_copy(name: DialectName) -> UploadPartCopy {
    UploadPartCopy {
        bucket: bucket(),
        key: key(),
        upload_id: upload_id(),
        number: PartNumber::new(1).unwrap(),
        source: source(endpoint(name, "region-2")),
        conditions: Conditions::None,
        range: ByteRange::new(0, 10).unwrap(),
        customer_key: None,
    }
}

pub(crate) fn copy_object(name: DialectName) -> CopyObject {
    CopyObject {
        bucket: bucket(),
        key: key(),
        source: source(endpoint(name, "region-2")),
        conditions: Conditions::None,
        size: 10,
        replace: None,
        storage_class: None,
        tagging: None,
        terms: Terms::default(),
    }
}

pub(crate) fn create() -> CreateMultipartUpload {
    CreateMultipartUpload {
        bucket: bucket(),
        key: key(),
        attributes: Attributes::default(),
        checksum: false,
        terms: Terms::default(),
    }
}

pub(crate) fn complete() -> CompleteMultipartUpload {
    CompleteMultipartUpload {
        bucket: bucket(),
        key: key(),
        upload_id: upload_id(),
        parts: vec![(PartNumber::new(1).unwrap(), etag())],
        size: 10,
        customer_key: None,
    }
}

pub(crate) fn head() -> HeadObject {
    HeadObject {
        bucket: bucket(),
        key: key(),
        version: None,
        customer_key: None,
    }
}

/// The request of an operation in that dialect's region `region-1`.
pub(crate) fn built<O: Operation>(
    name: DialectName,
    operation: &O,
) -> Result<Request, RequestError> {
    let endpoint = endpoint(name, "region-1");
    operation.request(Target {
        dialect: dialect(name),
        endpoint: &endpoint,
    })
}

/// As `built`, for one that must be possible.
pub(crate) fn sent<O: Operation>(name: DialectName, operation: &O) -> Request {
    built(name, operation).unwrap_or_else(|error| panic!("{name} {}: {error}", O::NAME))
}

/// As it goes out: signed at [`NOW`] with a temporary credential.
pub(crate) fn signed<O: Operation>(name: DialectName, operation: &O) -> Request {
    let mut request = sent(name, operation);
    let endpoint = endpoint(name, "region-1");
    dialect(name)
        .sign(&mut request, &endpoint, &credential(), NOW)
        .unwrap();
    request
}

/// `x-cos-`, `x-obs-` or `x-amz-` before a header's name.
pub(crate) fn vendor(name: DialectName, header: &str) -> String {
    format!("{}{header}", dialect(name).vendor_prefix())
}

/// Names of all headers of the vendor, without its prefix.
pub(crate) fn vendor_headers(name: DialectName, request: &Request) -> Vec<String> {
    let prefix = dialect(name).vendor_prefix();
    let names = request.headers.iter().map(|(name, _)| name);
    names
        .filter_map(|name| name.strip_prefix(prefix).map(str::to_owned))
        .collect()
}
