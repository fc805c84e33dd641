//! Reading answers.

use std::fmt::Write as _;
use std::hint::black_box;

use partway_domain::{ByteRange, PartNumber, Prefix, UploadId};
use partway_protocol::op::{
    Conditions, CopySource, ListObjects, ListParts, Operation, UploadPartCopy,
};
use partway_protocol::wire::Response;

use super::place::{S3, bucket, key};

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const NAMESPACE: &str = "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";

pub(super) fn part_copy(rounds: u32) {
    let operation = UploadPartCopy {
        bucket: bucket("backup"),
        key: key(),
        upload_id: upload_id(),
        number: PartNumber::new(1).expect("a part number"),
        source: CopySource {
            bucket: bucket("datasets"),
            key: key(),
            version: None,
            endpoint: S3.endpoint(),
            customer_key: None,
        },
        conditions: Conditions::default(),
        range: ByteRange::new(0, 128 << 20).expect("a range"),
        customer_key: None,
    };
    let body = format!(
        "{DECLARATION}<CopyPartResult {NAMESPACE}><LastModified>2026-11-20T10:00:00.000Z\
         </LastModified><ETag>&quot;{}&quot;</ETag></CopyPartResult>",
        etag(7)
    );
    read(&operation, body, rounds);
}

pub(super) fn parts(rounds: u32) {
    let operation = ListParts {
        bucket: bucket("backup"),
        key: key(),
        upload_id: upload_id(),
        after: None,
    };
    let mut body = format!(
        "{DECLARATION}<ListPartsResult {NAMESPACE}><Bucket>backup-1250000000</Bucket>\
         <Key>{}</Key><UploadId>{}</UploadId><PartNumberMarker>0</PartNumberMarker>\
         <NextPartNumberMarker>1000</NextPartNumberMarker><MaxParts>1000</MaxParts>\
         <IsTruncated>true</IsTruncated>",
        key(),
        upload_id().as_str()
    );
    for number in 1..=1_000 {
        let _ = write!(
            body,
            "<Part><PartNumber>{number}</PartNumber>\
             <LastModified>2026-11-20T10:00:00.000Z</LastModified>\
             <ETag>&quot;{}&quot;</ETag><Size>134217728</Size></Part>",
            etag(number)
        );
    }
    body.push_str("</ListPartsResult>");
    read(&operation, body, rounds);
}

pub(super) fn objects(rounds: u32) {
    let operation = ListObjects {
        bucket: bucket("datasets"),
        prefix: Prefix::parse("photos/").expect("a prefix"),
        delimiter: None,
        cursor: None,
        start_after: None,
        max_keys: 1_000,
        v1: false,
        encoded: false,
    };
    let mut body = format!(
        "{DECLARATION}<ListBucketResult {NAMESPACE}><Name>datasets-1250000000</Name>\
         <Prefix>photos/</Prefix><KeyCount>1000</KeyCount><MaxKeys>1000</MaxKeys>\
         <EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>\
         <NextContinuationToken>MTAwMA==</NextContinuationToken>"
    );
    for number in 0..1_000 {
        let _ = write!(
            body,
            "<Contents><Key>photos/2026/%E5%A4%8F+{number:06}.jpg</Key>\
             <LastModified>2026-11-20T10:00:00.000Z</LastModified>\
             <ETag>&quot;{}&quot;</ETag><Size>{}</Size>\
             <StorageClass>STANDARD</StorageClass></Contents>",
            etag(number),
            number * 977
        );
    }
    body.push_str("</ListBucketResult>");
    read(&operation, body, rounds);
}

fn read<O: Operation>(operation: &O, body: String, rounds: u32) {
    let endpoint = S3.endpoint();
    let answer = Response {
        status: 200,
        headers: vec![
            ("content-type".to_owned(), "application/xml".to_owned()),
            ("x-amz-request-id".to_owned(), "0A49CE4060975EAC".to_owned()),
            ("content-length".to_owned(), body.len().to_string()),
        ],
        body: body.into_bytes(),
    };
    for _ in 0..rounds {
        let read = operation.response(S3.target(&endpoint), black_box(&answer));
        assert!(read.is_ok(), "the answer is one of success");
        black_box(read.ok());
    }
}

fn upload_id() -> UploadId {
    UploadId::parse("0004B9894A22E5B1888A1E29F8236E2D").expect("an upload id")
}

fn etag(number: u32) -> String {
    format!("{number:08x}d41d8cd98f00b204e9800998")
}
