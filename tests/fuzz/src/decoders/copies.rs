//! Copies, parts and completions.

use partway_domain::{ByteRange, ETag, PartNumber};
use partway_protocol::op::{
    AbortMultipartUpload, Attributes, CompleteMultipartUpload, Conditions, Copied, CopyObject,
    CreateMultipartUpload, PutObject, Terms, UploadPart, UploadPartCopy,
};

use super::subject::{bucket, key, source, upload_id};
use super::{Decoder, read, read_body};
use crate::answer::Answer;

pub(super) const ALL: &[Decoder] = &[
    ("AbortMultipartUpload", abort),
    ("CompleteMultipartUpload", complete),
    ("CopyObject", copy),
    ("CreateMultipartUpload", create),
    ("PutObject", put),
    ("UploadPart", upload_part),
    ("UploadPartCopy", copy_part),
];

fn abort(answer: &Answer) {
    let operation = AbortMultipartUpload {
        bucket: bucket(),
        key: key(),
        upload_id: upload_id(),
    };
    read(answer, &operation);
}

fn complete(answer: &Answer) {
    let operation = CompleteMultipartUpload {
        bucket: bucket(),
        key: key(),
        upload_id: upload_id(),
        parts: vec![(number(), ETag::parse("etag").unwrap())],
        size: 10,
        customer_key: None,
    };
    tagged(read_body(answer, &operation));
}

fn copy(answer: &Answer) {
    let operation = CopyObject {
        bucket: bucket(),
        key: key(),
        source: source(answer),
        conditions: Conditions::None,
        size: 10,
        replace: None,
        tagging: None,
        storage_class: None,
        terms: Terms::default(),
    };
    tagged(read_body(answer, &operation));
}

fn copy_part(answer: &Answer) {
    let operation = UploadPartCopy {
        bucket: bucket(),
        key: key(),
        upload_id: upload_id(),
        number: number(),
        source: source(answer),
        conditions: Conditions::None,
        range: ByteRange::new(0, 10).unwrap(),
        customer_key: None,
    };
    tagged(read_body(answer, &operation));
}

/// An upload without an id could be aborted into a deletion.
fn create(answer: &Answer) {
    let operation = CreateMultipartUpload {
        bucket: bucket(),
        key: key(),
        attributes: Attributes::default(),
        checksum: false,
        terms: Terms::default(),
    };
    if let Some(id) = read_body(answer, &operation) {
        assert!(!id.as_str().is_empty());
    }
}

fn put(answer: &Answer) {
    let operation = PutObject {
        bucket: bucket(),
        key: key(),
        body: Vec::new(),
        attributes: Attributes::default(),
        terms: Terms::default(),
    };
    tagged(read(answer, &operation));
}

fn upload_part(answer: &Answer) {
    let operation = UploadPart {
        bucket: bucket(),
        key: key(),
        upload_id: upload_id(),
        number: number(),
        body: Vec::new(),
        customer_key: None,
    };
    tagged(read(answer, &operation));
}

fn number() -> PartNumber {
    PartNumber::new(1).unwrap()
}

fn tagged(copied: Option<Copied>) {
    if let Some(copied) = copied {
        assert!(!copied.etag.as_str().is_empty());
    }
}
