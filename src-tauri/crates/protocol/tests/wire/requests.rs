//! What each operation sends with each dialect, as reviewed.

mod rarer;
mod terms;

use std::fmt::Write as _;

use partway_domain::{ByteRange, DialectName, ETag, Key, PartNumber, Prefix, VersionId};
use partway_protocol::dialect::dialect;
use partway_protocol::error::RequestError;
use partway_protocol::op::*;

use crate::fixture::{
    bucket, credential, endpoint, etag, key, loopback, readable, source, upload_id,
};

/// Unix seconds of 2026-03-14T09:26:53Z.
const NOW: i64 = 1_773_480_413;

pub(crate) fn with_every_dialect<O: Operation>(operation: impl Fn(DialectName) -> O) -> String {
    DialectName::ALL
        .map(|name| {
            let endpoint = endpoint(name, "region-1");
            let target = Target {
                dialect: dialect(name),
                endpoint: &endpoint,
            };
            let request = operation(name).request(target).unwrap();
            format!("{name}: {}", readable(&request))
        })
        .concat()
}

fn attributes() -> Attributes {
    let pairs = |pairs: &[(&str, &str)]| {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    };
    Attributes {
        headers: pairs(&[
            ("content-type", "text/plain"),
            ("cache-control", "no-cache"),
        ]),
        metadata: pairs(&[("reviewed-by", "j doe")]),
        storage_class: Some("STANDARD_IA".to_owned()),
        tags: pairs(&[("team", "a&b"), ("näme", "")]),
    }
}

fn list_objects(cursor: Option<&str>) -> ListObjects {
    ListObjects {
        bucket: bucket(),
        prefix: Prefix::parse("a b/").unwrap(),
        delimiter: Some('/'),
        cursor: cursor.map(str::to_owned),
        start_after: Some("a b/c".to_owned()),
        max_keys: 1000,
        v1: false,
        encoded: false,
    }
}

fn upload_part_copy(name: DialectName) -> UploadPartCopy {
    UploadPartCopy {
        bucket: bucket(),
        key: key(),
        upload_id: upload_id(),
        number: PartNumber::new(7).unwrap(),
        source: CopySource {
            version: Some(VersionId::parse("v1").unwrap()),
            ..source(endpoint(name, "region-2"))
        },
        conditions: Conditions::matching(etag()),
        range: ByteRange::new(0, 64 << 20).unwrap(),
        customer_key: None,
    }
}

fn copy_object(name: DialectName) -> CopyObject {
    CopyObject {
        bucket: bucket(),
        key: key(),
        source: source(endpoint(name, "region-2")),
        conditions: Conditions::matching(etag()),
        size: 5,
        replace: None,
        storage_class: None,
        tagging: None,
        terms: Terms::default(),
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of all operations")]
fn every_operation_sends_what_its_page_says() {
    let version = || Some(VersionId::parse("v1").unwrap());
    let table = [
        (
            "ListBuckets",
            with_every_dialect(|_| ListBuckets {
                cursor: Some("b".to_owned()),
            }),
        ),
        (
            "HeadBucket",
            with_every_dialect(|_| HeadBucket { bucket: bucket() }),
        ),
        ("ListObjects", with_every_dialect(|_| list_objects(None))),
        (
            "ListObjects, next page",
            with_every_dialect(|_| list_objects(Some("a b/d"))),
        ),
        (
            "ListObjects, first version",
            with_every_dialect(|_| ListObjects {
                v1: true,
                ..list_objects(Some("a b/d"))
            }),
        ),
        (
            "HeadObject",
            with_every_dialect(|_| HeadObject {
                bucket: bucket(),
                key: key(),
                version: version(),
                customer_key: None,
            }),
        ),
        (
            "GetObjectTagging",
            with_every_dialect(|_| GetObjectTagging {
                bucket: bucket(),
                key: key(),
                version: version(),
            }),
        ),
        ("CopyObject", with_every_dialect(copy_object)),
        (
            "CopyObject, everything replaced",
            with_every_dialect(|name| CopyObject {
                replace: Some(attributes()),
                storage_class: Some("ARCHIVE".to_owned()),
                ..copy_object(name)
            }),
        ),
        (
            "PutObject",
            with_every_dialect(|_| PutObject {
                bucket: bucket(),
                key: key(),
                body: b"hello".to_vec(),
                attributes: Attributes::default(),
                terms: Terms::default(),
            }),
        ),
        (
            "CreateMultipartUpload",
            with_every_dialect(|_| CreateMultipartUpload {
                bucket: bucket(),
                key: key(),
                attributes: attributes(),
                checksum: true,
                terms: Terms::default(),
            }),
        ),
        (
            "CreateMultipartUpload, of nothing special",
            with_every_dialect(|_| CreateMultipartUpload {
                bucket: bucket(),
                key: key(),
                attributes: Attributes::default(),
                checksum: false,
                terms: Terms::default(),
            }),
        ),
        ("UploadPartCopy", with_every_dialect(upload_part_copy)),
        (
            "ListParts",
            with_every_dialect(|_| ListParts {
                bucket: bucket(),
                key: key(),
                upload_id: upload_id(),
                after: PartNumber::new(1000),
            }),
        ),
        (
            "ListMultipartUploads",
            with_every_dialect(|_| ListMultipartUploads {
                bucket: bucket(),
                prefix: Prefix::parse("a b/").unwrap(),
                cursor: Some(("a b/k".to_owned(), "up".to_owned())),
                encoded: false,
            }),
        ),
        (
            "CompleteMultipartUpload",
            with_every_dialect(|_| CompleteMultipartUpload {
                bucket: bucket(),
                key: key(),
                upload_id: upload_id(),
                parts: [2, 1]
                    .map(|number| (PartNumber::new(number).unwrap(), etag()))
                    .to_vec(),
                size: 128 << 20,
                customer_key: None,
            }),
        ),
        (
            "AbortMultipartUpload",
            with_every_dialect(|_| AbortMultipartUpload {
                bucket: bucket(),
                key: key(),
                upload_id: upload_id(),
            }),
        ),
        (
            "DeleteObject",
            with_every_dialect(|_| DeleteObject {
                bucket: bucket(),
                key: key(),
                version: version(),
            }),
        ),
    ];
    let text = table.map(|(name, requests)| format!("== {name}\n{requests}\n"));
    insta::assert_snapshot!("requests", text.concat());
}

#[test]
fn signatures_cover_host_query_and_vendor_headers() {
    let mut text = String::new();
    for name in DialectName::ALL {
        let endpoint = endpoint(name, "region-1");
        let target = Target {
            dialect: dialect(name),
            endpoint: &endpoint,
        };
        let unsigned = upload_part_copy(name).request(target).unwrap();
        let mut request = unsigned.clone();
        let sign = |request: &mut _, seconds| {
            target
                .dialect
                .sign(request, &endpoint, &credential(), seconds)
                .unwrap();
        };
        sign(&mut request, NOW - 5);
        // Signing again is signing anew: nothing of the first signature stays.
        sign(&mut request, NOW);
        let mut presigned = unsigned;
        target
            .dialect
            .presign(&mut presigned, &endpoint, &credential(), NOW, 3600)
            .unwrap();
        let (request, presigned) = (readable(&request), readable(&presigned));
        let _ = writeln!(text, "== {name}\n{request}presigned: {presigned}");
    }
    insta::assert_snapshot!("signed", text);
}

#[test]
fn on_loopback_the_bucket_stands_in_the_path() {
    let mut text = String::new();
    for name in DialectName::ALL {
        let endpoint = loopback();
        let target = Target {
            dialect: dialect(name),
            endpoint: &endpoint,
        };
        let mut operation = upload_part_copy(name);
        operation.source.endpoint = loopback();
        let mut request = operation.request(target).unwrap();
        target
            .dialect
            .sign(&mut request, &endpoint, &credential(), NOW)
            .unwrap();
        let request = readable(&request);
        let buckets = ListBuckets::default().request(target).unwrap();
        let _ = writeln!(text, "{name}: {request}{name}: {}", readable(&buckets));
    }
    insta::assert_snapshot!("loopback", text);
}

#[test]
fn what_no_header_can_carry_is_refused_by_name() {
    let with = |name, change: &dyn Fn(&mut Attributes)| {
        let mut attributes = Attributes::default();
        change(&mut attributes);
        let operation = CreateMultipartUpload {
            bucket: bucket(),
            key: key(),
            attributes,
            checksum: false,
            terms: Terms::default(),
        };
        let endpoint = endpoint(name, "region-1");
        let target = Target {
            dialect: dialect(name),
            endpoint: &endpoint,
        };
        operation.request(target)
    };
    let metadata = |name: &str, value: &str| {
        let pair = (name.to_owned(), value.to_owned());
        move |attributes: &mut Attributes| attributes.metadata.push(pair.clone())
    };
    let header = |name: &str, value: &str| {
        let pair = (name.to_owned(), value.to_owned());
        move |attributes: &mut Attributes| attributes.headers.push(pair.clone())
    };
    for name in DialectName::ALL {
        for fault in [
            with(name, &metadata("a b", "x")),
            with(name, &metadata("", "x")),
            with(name, &metadata("a", "line\nbreak")),
            with(name, &metadata("a", " padded")),
            with(
                name,
                &header("content-disposition", "attachment; filename=中"),
            ),
        ] {
            assert!(
                matches!(fault, Err(RequestError::Header { .. })),
                "{name}: {fault:?}"
            );
        }
    }
    // Only COS forbids the underscore, only OBS has a way to write other scripts.
    assert!(with(DialectName::Cos, &metadata("a_b", "x")).is_err());
    assert!(with(DialectName::S3, &metadata("a_b", "x")).is_ok());
    assert!(with(DialectName::S3, &metadata("a", "描述")).is_err());
    let obs = with(DialectName::Obs, &metadata("a", "描述 %20")).unwrap();
    assert_eq!(obs.header("x-obs-meta-a"), Some("%E6%8F%8F%E8%BF%B0 %20"));
}

#[test]
fn a_quote_in_a_tag_cannot_break_the_body() {
    let operation = CompleteMultipartUpload {
        bucket: bucket(),
        key: Key::parse("k").unwrap(),
        upload_id: upload_id(),
        parts: vec![(PartNumber::new(1).unwrap(), ETag::parse("<&>").unwrap())],
        size: 1,
        customer_key: None,
    };
    let endpoint = endpoint(DialectName::S3, "region-1");
    let target = Target {
        dialect: dialect(DialectName::S3),
        endpoint: &endpoint,
    };
    let body = String::from_utf8(operation.request(target).unwrap().body).unwrap();
    assert!(body.contains("<ETag>\"&lt;&amp;&gt;\"</ETag>"), "{body}");
}

/// What a Complete may take the place of is said in each dialect's own word, and not at all
/// where there is none.
#[test]
fn what_a_write_may_replace() {
    let headers = |name: DialectName, replaces: Replaces| {
        let operation = Guarded {
            operation: crate::sample::complete(),
            replaces,
        };
        let endpoint = endpoint(name, "region-1");
        let target = Target {
            dialect: dialect(name),
            endpoint: &endpoint,
        };
        let request = operation.request(target).unwrap();
        ["if-none-match", "if-match", "x-cos-forbid-overwrite"]
            .map(|header| request.header(header).map(str::to_owned))
    };
    let said = |text: &str| Some(text.to_owned());
    let only = || Replaces::Only(ETag::parse("abc").unwrap());
    assert_eq!(
        headers(DialectName::S3, Replaces::Nothing),
        [said("*"), None, None]
    );
    assert_eq!(
        headers(DialectName::S3, only()),
        [None, said("\"abc\""), None]
    );
    assert_eq!(
        headers(DialectName::Cos, Replaces::Nothing),
        [None, None, said("true")]
    );
    for (name, replaces) in [
        (DialectName::S3, Replaces::Anything),
        (DialectName::Cos, only()),
        (DialectName::Obs, Replaces::Nothing),
        (DialectName::ObsV2, only()),
    ] {
        assert_eq!(
            replaces == Replaces::Anything,
            replaces.can_be_said_to(name),
            "{name}"
        );
        assert_eq!(headers(name, replaces), [None, None, None], "{name}");
    }
}
