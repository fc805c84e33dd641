//! HEAD, tags, and small writes.

use super::*;

fn head() -> HeadObject {
    HeadObject {
        bucket: bucket(),
        key: key(),
        version: None,
        customer_key: None,
    }
}

#[test]
fn a_head_of_every_dialect() {
    for (name, v) in [(Cos, "cos"), (Obs, "obs"), (ObsV2, "amz"), (S3, "amz")] {
        let vendor = |rest: &str| format!("x-{v}-{rest}");
        let names = [
            vendor("meta-Reviewed-By"),
            vendor("storage-class"),
            vendor("version-id"),
            vendor("restore"),
            vendor("tagging-count"),
            vendor("meta-"),
        ];
        let mut headers = vec![
            ("Content-Length", "281474976710656"),
            ("ETag", "\"ab-2\""),
            ("Last-Modified", "Sat, 14 Mar 2026 09:26:53 GMT"),
            ("content-type", "text/plain"),
            ("x-other-meta-x", "no"),
        ];
        let values = [
            "j doe",
            "STANDARD_IA",
            "v1",
            "ongoing-request=\"true\"",
            "3",
            "no",
        ];
        headers.extend(names.iter().map(String::as_str).zip(values));
        let head = read(name, &head(), &response(200, &headers, "")).unwrap();
        assert_eq!(head.size, 1 << 48);
        assert_eq!(head.etag.part_count(), Some(2));
        assert_eq!(head.last_modified, "Sat, 14 Mar 2026 09:26:53 GMT");
        assert_eq!(head.version.unwrap().as_str(), "v1");
        assert_eq!(head.tag_count, Some(3));
        assert_eq!(head.restore.as_deref(), Some("ongoing-request=\"true\""));
        let pair = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
        assert_eq!(head.attributes.headers, pair("content-type", "text/plain"));
        assert_eq!(head.attributes.metadata, pair("reviewed-by", "j doe"));
        assert_eq!(
            head.attributes.storage_class.as_deref(),
            Some("STANDARD_IA")
        );
        assert!(head.not_carried.is_empty(), "{:?}", head.not_carried);
    }
}

const WHOLE: [(&str, &str); 2] = [("content-length", "1"), ("etag", "\"a\"")];

#[test]
fn what_proves_an_object_ours() {
    let with = |name, header| {
        let headers = [WHOLE[0], WHOLE[1], header];
        read(name, &head(), &response(200, &headers, "")).unwrap()
    };
    let sum = with(Cos, ("x-cos-hash-crc64ecma", "18446744073709551615"));
    assert_eq!(sum.crc64_xz.as_deref(), Some("18446744073709551615"));
    let upload = with(Obs, ("x-obs-uploadId", "U1")).upload_id;
    assert_eq!(upload.unwrap().as_str(), "U1");
    let sum = with(S3, ("x-amz-checksum-crc64nvme", "rosUhgp5mIg="));
    assert_eq!(sum.crc64_nvme.as_deref(), Some("rosUhgp5mIg="));
    let sum_of_sums = with(S3, ("x-amz-checksum-crc64nvme", "rosUhgp5mIg=-2"));
    assert_eq!(sum_of_sums.crc64_nvme, None);
}

#[test]
fn what_a_copy_leaves_behind_is_named() {
    let left = |name, header| {
        let headers = [WHOLE[0], WHOLE[1], header];
        read(name, &head(), &response(200, &headers, ""))
            .unwrap()
            .not_carried
    };
    for (name, header, what) in [
        (
            S3,
            ("x-amz-server-side-encryption-customer-algorithm", "AES256"),
            "encryption with a key of your own",
        ),
        (
            S3,
            ("x-amz-server-side-encryption", "aws:kms"),
            "encryption with a key of the key service",
        ),
        (
            Cos,
            ("x-cos-server-side-encryption", "cos/kms"),
            "encryption with a key of the key service",
        ),
        (S3, ("x-amz-object-lock-mode", "GOVERNANCE"), "object lock"),
        (
            Obs,
            ("x-obs-website-redirect-location", "/x"),
            "website redirect",
        ),
        (
            Obs,
            ("x-obs-expiration", "expiry-date=\"…\""),
            "expiry after days",
        ),
        (Cos, ("x-cos-object-type", "appendable"), "being appendable"),
    ] {
        assert_eq!(left(name, header), [what]);
    }
    assert!(left(S3, ("x-amz-server-side-encryption", "AES256")).is_empty());
    assert!(left(S3, ("x-amz-object-lock-legal-hold", "OFF")).is_empty());
    assert!(left(S3, ("x-amz-expiration", "rule-id=\"r\"")).is_empty());
}

#[test]
fn a_head_without_size_or_tag_is_no_answer() {
    for headers in [
        &WHOLE[..1],
        &WHOLE[1..],
        &[("content-length", "x"), WHOLE[1]],
    ] {
        let error = read(S3, &head(), &response(200, headers, "")).unwrap_err();
        assert_eq!(error.kind, FailureKind::BadResponse);
    }
}

#[test]
fn errors_of_a_head_come_from_status_and_headers() {
    let fault = |status, headers: &[(&str, &str)]| {
        read(S3, &head(), &response(status, headers, "")).unwrap_err()
    };
    assert_eq!(fault(404, &[]).kind, FailureKind::NoSuchSource);
    assert_eq!(fault(403, &[]).kind, FailureKind::AccessDenied);
    let expired = fault(400, &[("x-amz-error-code", "ExpiredToken")]);
    assert_eq!(expired.kind, FailureKind::ExpiredCredential);
    for status in [404, 405] {
        let marker = fault(status, &[("x-amz-delete-marker", "true")]);
        assert_eq!(marker.kind, FailureKind::NoSuchSource);
        assert!(marker.to_string().contains("delete marker"), "{marker}");
    }
    let bucket = HeadBucket { bucket: bucket() };
    let missing = read(S3, &bucket, &response(404, &[], "")).unwrap_err();
    assert_eq!(missing.kind, FailureKind::NoSuchBucket);
    let there = response(200, &[("x-obs-bucket-location", "eu-de")], "");
    assert_eq!(
        read(Obs, &bucket, &there).unwrap().region.as_deref(),
        Some("eu-de")
    );
}

#[test]
fn tags_and_their_absence() {
    let tagging = GetObjectTagging {
        bucket: bucket(),
        key: key(),
        version: None,
    };
    let body = "<Tagging><TagSet><Tag><Key>a</Key><Value> b </Value></Tag><Tag><Key>c</Key><Value/></Tag></TagSet></Tagging>";
    let tags = read(S3, &tagging, &response(200, &[], body)).unwrap();
    assert_eq!(
        tags,
        [
            ("a".to_owned(), " b ".to_owned()),
            ("c".to_owned(), String::new())
        ]
    );
    let none = response(200, &[], "<Tagging><TagSet/></Tagging>");
    assert!(read(Obs, &tagging, &none).unwrap().is_empty());
    let no_set = response(404, &[], "<Error><Code>NoSuchTagSet</Code></Error>");
    for name in DialectName::ALL {
        assert!(read(name, &tagging, &no_set).unwrap().is_empty(), "{name}");
    }
    let no_key = response(404, &[], "<Error><Code>NoSuchKey</Code></Error>");
    assert!(read(Cos, &tagging, &no_key).is_err());
}

#[test]
fn a_put_without_a_tag_may_or_may_not_have_happened() {
    let put = PutObject {
        bucket: bucket(),
        key: key(),
        body: b"secret".to_vec(),
        attributes: Attributes::default(),
        terms: Terms::default(),
    };
    assert!(!format!("{put:?}").contains("secret"));
    let done = response(200, &[("etag", "\"a\""), ("x-obs-version-id", "v")], "");
    assert_eq!(
        read(Obs, &put, &done).unwrap().version.unwrap().as_str(),
        "v"
    );
    let error = read(Obs, &put, &response(200, &[], "")).unwrap_err();
    assert!(error.outcome_unknown);
}
