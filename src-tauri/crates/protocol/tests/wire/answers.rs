//! What each operation takes from an answer, and above all what it does not take for success.

mod access;
mod buckets;
mod bytes;
mod hostile;
mod lists;
mod objects;

use partway_domain::{ByteRange, DialectName, FailureKind, PartNumber};
use partway_protocol::error::WireError;
use partway_protocol::op::*;
use proptest::prelude::*;

use crate::fixture::{bucket, endpoint, etag, key, read, response, source, upload_id};

use DialectName::{Cos, Obs, ObsV2, S3};

pub(crate) fn part_copy() -> UploadPartCopy {
    UploadPartCopy {
        bucket: bucket(),
        key: key(),
        upload_id: upload_id(),
        number: PartNumber::new(1).unwrap(),
        source: source(endpoint(Cos, "region-1")),
        conditions: Conditions::None,
        range: ByteRange::new(0, 10).unwrap(),
        customer_key: None,
    }
}

fn complete() -> CompleteMultipartUpload {
    CompleteMultipartUpload {
        bucket: bucket(),
        key: key(),
        upload_id: upload_id(),
        parts: vec![(PartNumber::new(1).unwrap(), etag())],
        size: 10,
        customer_key: None,
    }
}

fn create() -> CreateMultipartUpload {
    CreateMultipartUpload {
        bucket: bucket(),
        key: key(),
        attributes: Attributes::default(),
        checksum: false,
        terms: Terms::default(),
    }
}

fn copied(name: DialectName, body: &str) -> Result<Copied, WireError> {
    read(name, &part_copy(), &response(200, &[], body))
}

const PLAIN: &str = "<CopyPartResult><ETag>\"ab12\"</ETag>\
                     <LastModified>2017-09-04T06:45:45</LastModified></CopyPartResult>";

#[test]
fn all_shapes_the_pages_show_for_a_part_copy() {
    let shapes = [
        PLAIN.to_owned(),
        // Declaration, namespace, the other order, entities, milliseconds and a zone.
        "<?xml version='1.0' encoding='UTF-8'?>\n<CopyPartResult xmlns='http://obs.example.com/doc/2015-06-30/'>\n  \
         <LastModified>2026-03-14T09:26:53.123Z</LastModified>\n  <ETag>&quot;ab12&quot;</ETag>\n</CopyPartResult>\n"
            .to_owned(),
        // Blanks sent to keep the connection alive, before and after.
        format!("   \n \n<?xml version=\"1.0\"?>{PLAIN}\r\n"),
        // Unquoted, with children nobody knows.
        "<CopyPartResult><New><ETag>no</ETag></New><ETag> ab12 </ETag></CopyPartResult>".to_owned(),
        "<x:CopyPartResult xmlns:x='u'><x:ETag>\"ab12\"</x:ETag></x:CopyPartResult>".to_owned(),
    ];
    for name in DialectName::ALL {
        for shape in &shapes {
            let part = copied(name, shape).unwrap();
            assert_eq!(part.etag.as_str(), "ab12", "{name}: {shape}");
        }
    }
}

#[test]
fn only_cos_may_leave_out_the_root() {
    let bare = "<ETag>\"ab12\"</ETag>\n<LastModified>2017-09-04T06:45:45</LastModified>";
    assert_eq!(copied(Cos, bare).unwrap().etag.as_str(), "ab12");
    for name in [Obs, ObsV2, S3] {
        assert!(copied(name, bare).is_err(), "{name}");
    }
    // Without a root nothing else shows that the body is whole.
    let cut = copied(Cos, "<ETag>\"ab12\"</ETag>").unwrap_err();
    assert!(cut.outcome_unknown);
}

#[test]
fn checksums_and_versions_come_along() {
    let body = "<CopyPartResult><ETag>\"a\"</ETag><CRC64>123</CRC64></CopyPartResult>";
    assert_eq!(copied(Cos, body).unwrap().crc64_xz.as_deref(), Some("123"));
    let headers = [
        ("x-cos-hash-crc64ecma", "18446744073709551615"),
        ("X-Cos-Copy-Source-Version-Id", "v1"),
        ("x-cos-version-id", "v2"),
    ];
    let part = read(Cos, &part_copy(), &response(200, &headers, PLAIN)).unwrap();
    assert_eq!(part.crc64_xz.as_deref(), Some("18446744073709551615"));
    assert_eq!(part.source_version.unwrap().as_str(), "v1");
    assert_eq!(part.version.unwrap().as_str(), "v2");
}

#[test]
fn a_200_that_does_not_say_so_is_no_success() {
    for name in DialectName::ALL {
        for body in [
            "",
            "   ",
            "<?xml version=\"1.0\"?>",
            "<CopyPartResult/>",
            "<CopyPartResult><ETag/></CopyPartResult>",
            "<CopyPartResult><ETag>\"\"</ETag></CopyPartResult>",
            "<CopyObjectResult><ETag>\"ab12\"</ETag></CopyObjectResult>",
            "<CopyPartResult><ETag>\"ab12\"</ETag>",
            "<!DOCTYPE a><CopyPartResult><ETag>\"ab12\"</ETag></CopyPartResult>",
            "<html><body>ok</body></html>",
            "not xml",
        ] {
            let error = copied(name, body).unwrap_err();
            assert_eq!(error.kind, FailureKind::BadResponse, "{name}: {body}");
            assert!(error.outcome_unknown, "{name}: {body}");
            assert_eq!(error.status, 200);
        }
    }
}

#[test]
fn an_error_in_a_200_is_that_error() {
    let body = "  <?xml version=\"1.0\"?><Error><Code>InternalError</Code>\
                <Message>We encountered an internal error.</Message><RequestId>R1</RequestId></Error>";
    for name in DialectName::ALL {
        let error = copied(name, body).unwrap_err();
        assert_eq!(error.kind, FailureKind::ServerTrouble);
        assert_eq!((error.status, error.outcome_unknown), (200, false));
        assert_eq!(error.request_id.as_deref(), Some("R1"));
        let slow = read(
            name,
            &complete(),
            &response(200, &[], "<Error><Code>SlowDown</Code></Error>"),
        );
        assert_eq!(slow.unwrap_err().kind, FailureKind::Throttled);
    }
}

#[test]
fn an_upload_id_survives_a_body_with_a_key_xml_cannot_hold() {
    let body = |close: &str| {
        format!(
            "<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>a\u{1}<&b</Key>\
             <UploadId>16da&amp;x</UploadId></InitiateMultipartUploadResul{close}"
        )
    };
    let id = read(Cos, &create(), &response(200, &[], body("t>"))).unwrap();
    assert_eq!(id.as_str(), "16da&x");
    let cut = read(Cos, &create(), &response(200, &[], body(""))).unwrap_err();
    assert!(cut.outcome_unknown);
    let empty = "<InitiateMultipartUploadResult><UploadId/></InitiateMultipartUploadResult>";
    let error = read(S3, &create(), &response(200, &[], empty)).unwrap_err();
    assert!(error.outcome_unknown);

    let completed = "<CompleteMultipartUploadResult><Key>\u{1}<&</Key><ETag>\"e-1\"</ETag>\
                     </CompleteMultipartUploadResult>";
    for name in DialectName::ALL {
        let done = read(name, &complete(), &response(200, &[], completed)).unwrap();
        assert_eq!(done.etag.as_str(), "e-1", "{name}");
    }
    // The key is the only thing that is passed over.
    let elsewhere = completed.replace("Key>", "Location>");
    assert!(read(Cos, &complete(), &response(200, &[], elsewhere)).is_err());
}

#[test]
fn not_found_while_completing_is_about_the_upload() {
    let kind = |status, body: &str| {
        let error = read(S3, &complete(), &response(status, &[], body)).unwrap_err();
        assert!(!error.outcome_unknown);
        error.kind
    };
    assert_eq!(kind(404, ""), FailureKind::NoSuchUpload);
    assert_eq!(kind(412, ""), FailureKind::DestinationConflict);
    assert_eq!(
        kind(404, "<Error><Code>NoSuchBucket</Code></Error>"),
        FailureKind::NoSuchBucket
    );
}

#[test]
fn error_bodies_of_all_kinds_keep_the_providers_words() {
    let xml = "<?xml version='1.0'?>\n<Error>\n<Code>AccessDenied</Code><Message>no &amp; no</Message>\
               <RequestId>R2</RequestId></Error>";
    let json = r#" {"code": "AccessDenied", "message": "no & no", "request_id": "R2"}"#;
    let ill_formed = "<Error><Code>AccessDenied</Code><Message>no &amp; no</Message>\
                      <Resource>a\u{1}<&</Resource><RequestId>R2</RequestId></Error>";
    for body in [xml, json, ill_formed] {
        let error = read(Cos, &part_copy(), &response(403, &[], body)).unwrap_err();
        assert_eq!(error.code.as_deref(), Some("AccessDenied"), "{body}");
        assert_eq!(error.message.as_deref(), Some("no & no"), "{body}");
        assert_eq!(error.request_id.as_deref(), Some("R2"), "{body}");
        assert_eq!(error.kind, FailureKind::AccessDenied);
    }
    for body in ["<html>Bad Gateway", "{", "[]", "\u{0}"] {
        let error = read(Cos, &part_copy(), &response(502, &[], body)).unwrap_err();
        assert_eq!(error.kind, FailureKind::ServerTrouble);
        assert_eq!(error.code, None);
    }
}

#[test]
fn what_an_error_says_beside_its_code() {
    let read_error = |name, status, headers: &[(&str, &str)], body: &str| {
        read(name, &part_copy(), &response(status, headers, body)).unwrap_err()
    };
    let late = "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>";
    assert_eq!(read_error(Cos, 403, &[], late).kind, FailureKind::ClockSkew);

    let moved = "<Error><Code>PermanentRedirect</Code><Endpoint>b.s3.eu-west-1.amazonaws.com</Endpoint></Error>";
    let error = read_error(S3, 301, &[("x-amz-bucket-region", "eu-west-1")], moved);
    assert_eq!(error.kind, FailureKind::WrongRegion);
    assert_eq!(error.region.as_deref(), Some("eu-west-1"));
    // A host of the same provider stands for its region.
    let error = read_error(S3, 301, &[], moved);
    assert_eq!(error.region.as_deref(), Some("eu-west-1"));
    let malformed =
        "<Error><Code>AuthorizationHeaderMalformed</Code><Region>us-west-2</Region></Error>";
    let error = read_error(S3, 400, &[], malformed);
    assert_eq!(error.region.as_deref(), Some("us-west-2"));

    let error = read_error(
        S3,
        503,
        &[("retry-after", "7"), ("x-amz-request-id", "R3")],
        "",
    );
    assert_eq!(
        (error.retry_after, error.request_id.as_deref()),
        (Some(7), Some("R3"))
    );
    let error = read_error(Obs, 429, &[("x-obs-qos-delay-time", "1500")], "");
    assert_eq!(
        (error.kind, error.retry_after),
        (FailureKind::Throttled, Some(2))
    );
}

#[test]
fn aborting_what_is_gone_is_an_error_for_the_engine_to_judge() {
    let abort = AbortMultipartUpload {
        bucket: bucket(),
        key: key(),
        upload_id: upload_id(),
    };
    assert!(read(S3, &abort, &response(204, &[], "")).is_ok());
    let gone = response(404, &[], "<Error><Code>NoSuchUpload</Code></Error>");
    assert_eq!(
        read(S3, &abort, &gone).unwrap_err().kind,
        FailureKind::NoSuchUpload
    );
}

const WHOLE: [&str; 3] = [
    "<?xml version=\"1.0\"?>\n<CopyPartResult><ETag>&quot;ab-1&quot;</ETag><LastModified>2026-03-14T09:26:53Z</LastModified></CopyPartResult>",
    "<CompleteMultipartUploadResult xmlns=\"u\"><Key>ETag</Key><ETag>\"ab-1\"</ETag></CompleteMultipartUploadResult>",
    "<ETag>\"ab-1\"</ETag><LastModified>2017-09-04T06:45:45</LastModified>",
];

proptest! {
    #[test]
    fn no_cut_off_body_is_a_success(body in prop::sample::select(&WHOLE[..]), at in any::<prop::sample::Index>()) {
        let cut = &body[..at.index(body.len())];
        for name in DialectName::ALL {
            let answer = response(200, &[], cut);
            let part = read(name, &part_copy(), &answer);
            let done = read(name, &complete(), &answer);
            for error in [part.unwrap_err(), done.unwrap_err()] {
                prop_assert_eq!(error.kind, FailureKind::BadResponse);
                prop_assert!(error.outcome_unknown);
            }
        }
    }

    #[test]
    fn no_answer_makes_an_operation_panic(
        status in 100_u16..600,
        body in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..100),
            "(<|>|/|ETag|Error|Code|CopyPartResult|\"|a| )*".prop_map(String::into_bytes),
        ],
    ) {
        let answer = response(status, &[], body);
        for name in DialectName::ALL {
            let _ = read(name, &part_copy(), &answer);
            let _ = read(name, &complete(), &answer);
            let _ = read(name, &create(), &answer);
            let _ = read(name, &ListBuckets::default(), &answer);
        }
    }
}
