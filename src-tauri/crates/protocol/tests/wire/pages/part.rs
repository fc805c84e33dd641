//! "Upload Part - Copy" of COS, the old text and the new.

use partway_domain::{
    Bucket, ByteRange, DialectName, ETag, FailureKind, Key, PartNumber, UploadId,
};
use partway_protocol::op::{Conditions, CopySource, UploadPartCopy};

use super::printed;
use crate::fixture::{endpoint, read};
use crate::sample::{part_copy, sent, signed};

const UPLOAD: &str = "1505706248ca8373f8a5cd52cb129f4bcf85e11dc8833df34f4f5bcc456c99c42cd1ffa2f9";

/// The request of the samples: 91 bytes of one object into the first part of another.
fn sample() -> UploadPartCopy {
    let endpoint = endpoint(DialectName::Cos, "ap-shanghai");
    let bucket = Bucket::parse("examplebucket-1250000000").unwrap();
    UploadPartCopy {
        bucket: bucket.clone(),
        key: Key::parse("exampleobject").unwrap(),
        upload_id: UploadId::parse(UPLOAD).unwrap(),
        number: PartNumber::new(1).unwrap(),
        source: CopySource {
            bucket,
            key: Key::parse("exampleobject1").unwrap(),
            version: None,
            endpoint,
            customer_key: None,
        },
        range: ByteRange::new(10, 101).unwrap(),
        ..part_copy(DialectName::Cos)
    }
}

#[test]
fn the_request_line_names_object_part_and_upload() {
    let request = sent(DialectName::Cos, &sample());
    assert_eq!(request.method.as_str(), "PUT");
    assert_eq!(
        request.target(),
        format!("/exampleobject?partNumber=1&uploadId={UPLOAD}")
    );
    // Origin form; the bucket with its APPID stands in the host, over https.
    assert_eq!(
        request.host,
        "examplebucket-1250000000.cos.region-1.myqcloud.com"
    );
    assert_eq!(request.scheme, "https");
}

#[test]
fn source_and_range_are_those_of_the_sample() {
    let request = sent(DialectName::Cos, &sample());
    assert_eq!(
        request.header("x-cos-copy-source"),
        Some("examplebucket-1250000000.cos.ap-shanghai.myqcloud.com/exampleobject1")
    );
    assert_eq!(
        request.header("x-cos-copy-source-range"),
        Some("bytes=10-100")
    );
    assert!(request.body.is_empty());
}

#[test]
fn each_condition_has_its_header() {
    let since = 1_773_480_413;
    let etag = || ETag::parse("ba82b57c").unwrap();
    for (conditions, header, value) in [
        (
            Conditions::matching(etag()),
            "x-cos-copy-source-if-match",
            "\"ba82b57c\"",
        ),
        (
            Conditions::Changed {
                etag: Some(etag()),
                since: None,
            },
            "x-cos-copy-source-if-none-match",
            "\"ba82b57c\"",
        ),
        (
            Conditions::Changed {
                etag: None,
                since: Some(since),
            },
            "x-cos-copy-source-if-modified-since",
            "Sat, 14 Mar 2026 09:26:53 GMT",
        ),
        (
            Conditions::Unchanged {
                etag: None,
                since: Some(since),
            },
            "x-cos-copy-source-if-unmodified-since",
            "Sat, 14 Mar 2026 09:26:53 GMT",
        ),
    ] {
        let part = UploadPartCopy {
            conditions,
            ..sample()
        };
        let request = sent(DialectName::Cos, &part);
        assert_eq!(request.header(header), Some(value), "{header}");
        let conditions = request
            .headers
            .iter()
            .filter(|(name, _)| name.contains("-if-"));
        assert_eq!(conditions.count(), 1, "{header} comes alone");
    }
}

#[test]
fn an_authorization_is_sent_with_every_part() {
    let request = signed(DialectName::Cos, &sample());
    let authorization = request.header("authorization").unwrap();
    assert!(
        authorization.starts_with("q-sign-algorithm=sha1&q-ak="),
        "{authorization}"
    );
    assert_eq!(request.header("host"), Some(request.host.as_str()));
}

/// The answer both pages print, with the old page's capitals and its bare schema.
#[test]
fn the_printed_answers_are_read() {
    for (id_header, body) in [
        (
            "X-cos-request-id",
            "<CopyPartResult>\n    <ETag>\"ba82b57cfdfda8bd17ad4e5879ebb4fe\"</ETag>\n    \
             <LastModified>2017-09-04T04:45:45</LastModified>\n</CopyPartResult>",
        ),
        (
            "x-cos-request-id",
            "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n\
             <ETag>\"ba82b57cfdfda8bd17ad4e5879ebb4fe\"</ETag>\n\
             <LastModified>2017-09-04T04:45:45</LastModified>\n",
        ),
    ] {
        let answer = format!(
            "HTTP/1.1 200 OK\nContent-Type: application/xml\nContent-Length: 133 \n\
             Connection: keep-alive \nDate: Mon, 04 Sep 2017 04:45:45 GMT\nServer: tencent-cos\n\
             {id_header}: NTlkYjFjYWJfMjQ4OGY3MGFfNGIz\n\n{body}"
        );
        let copied = read(DialectName::Cos, &sample(), &printed(&answer)).unwrap();
        assert_eq!(copied.etag.as_str(), "ba82b57cfdfda8bd17ad4e5879ebb4fe");
        assert_eq!(
            (copied.source_version, copied.version, copied.encrypted),
            (None, None, None)
        );
    }
}

#[test]
fn version_and_encryption_are_read_from_the_headers() {
    let answer = "HTTP/1.1 200 OK\nX-cos-copy-source-version-id: MTg0NDUx\n\
                  X-cos-server-side-encryption: AES256\nX-cos-request-id: R\n\n\
                  <CopyPartResult><ETag>\"a\"</ETag></CopyPartResult>";
    let copied = read(DialectName::Cos, &sample(), &printed(answer)).unwrap();
    assert_eq!(copied.source_version.unwrap().as_str(), "MTg0NDUx");
    let encrypted = copied.encrypted.unwrap();
    assert_eq!(
        (encrypted.algorithm.as_str(), encrypted.key_id),
        ("AES256", None)
    );
}

/// A source whose newest version is a delete marker, and a marker named by its id: neither can
/// ever be copied.
#[test]
fn a_delete_marker_as_source_is_refused_for_good() {
    for (status, code, kind) in [
        (404, "NoSuchKey", FailureKind::NoSuchSource),
        (404, "NoSuchCopySource", FailureKind::NoSuchSource),
        (400, "InvalidRequest", FailureKind::Invalid),
    ] {
        let answer = format!("HTTP/1.1 {status} No\n\n<Error><Code>{code}</Code></Error>");
        let error = read(DialectName::Cos, &sample(), &printed(&answer)).unwrap_err();
        assert_eq!(error.kind, kind, "{code}");
        assert!(
            !error.kind.is_transient() && !error.outcome_unknown,
            "{code}"
        );
    }
}

/// Rights are asked of both sides; the refusal names the operation.
#[test]
fn a_missing_right_is_named() {
    let answer = "HTTP/1.1 403 Forbidden\n\n<Error><Code>AccessDenied</Code></Error>";
    let error = read(DialectName::Cos, &sample(), &printed(answer)).unwrap_err();
    let failure = error.failure(Some("examplebucket-1250000000"), Some("exampleobject"));
    assert_eq!(failure.kind, FailureKind::AccessDenied);
    assert_eq!(failure.operation, "UploadPartCopy");
    assert!(
        failure.message.contains("examplebucket-1250000000"),
        "{failure}"
    );
}
