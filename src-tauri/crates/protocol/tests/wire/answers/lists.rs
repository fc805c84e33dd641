//! Listings: odd keys byte for byte, and no page for ever.

use super::*;
use partway_domain::Prefix;

fn list(cursor: Option<&str>, v1: bool) -> ListObjects {
    ListObjects {
        bucket: bucket(),
        prefix: Prefix::root(),
        delimiter: Some('/'),
        cursor: cursor.map(str::to_owned),
        start_after: None,
        max_keys: 1000,
        v1,
        encoded: false,
    }
}

fn page(name: DialectName, operation: &ListObjects, inner: &str) -> Result<ObjectPage, WireError> {
    let body = format!("<ListBucketResult>{inner}</ListBucketResult>");
    read(name, operation, &response(200, &[], body))
}

fn contents(key: &str) -> String {
    format!("<Contents><Key>{key}</Key><Size>1</Size></Contents>")
}

#[test]
fn a_page_of_every_dialect() {
    let inner = "<Name>b</Name><IsTruncated>false</IsTruncated>\
        <Contents><Key>a</Key><LastModified>2026-03-14T09:26:53.000Z</LastModified><ETag>&quot;e&quot;</ETag>\
        <Size>281474976710656</Size><Owner><ID>x</ID></Owner><StorageClass>ARCHIVE</StorageClass></Contents>\
        <CommonPrefixes><Prefix>p/</Prefix><Prefix>q/</Prefix></CommonPrefixes>\
        <CommonPrefixes><Prefix>r/</Prefix></CommonPrefixes>";
    for name in DialectName::ALL {
        let page = page(name, &list(None, false), inner).unwrap();
        let entry = &page.entries[0];
        assert_eq!(entry.size, 1 << 48);
        assert_eq!(entry.last_modified, "2026-03-14T09:26:53.000Z");
        assert_eq!(entry.etag.as_ref().unwrap().as_str(), "e");
        assert_eq!(entry.storage_class.as_deref(), Some("ARCHIVE"));
        let prefixes: Vec<&str> = page.prefixes.iter().map(Prefix::as_str).collect();
        assert_eq!(prefixes, ["p/", "q/", "r/"]);
        assert_eq!(page.next, None);
    }
}

#[test]
fn names_are_decoded_only_when_the_answer_says_so() {
    let key = |name, encoding: &str| {
        let inner = format!("{encoding}{}", contents("a%2Fb+c%0A"));
        let page = page(name, &list(None, false), &inner).unwrap();
        page.entries[0].key.to_string()
    };
    for spelling in ["EncodingType", "Encoding-type", "Encoding-Type"] {
        let said = format!("<{spelling}>url</{spelling}>");
        assert_eq!(key(Cos, &said), "a/b+c\n");
        assert_eq!(key(S3, &said), "a/b c\n");
    }
    for name in DialectName::ALL {
        assert_eq!(key(name, ""), "a%2Fb+c%0A");
    }
}

#[test]
fn blanks_at_the_ends_of_a_key_stay() {
    let page = page(Obs, &list(None, false), &contents("  a //..&#10;")).unwrap();
    assert_eq!(page.entries[0].key.as_str(), "  a //..\n");
}

#[test]
fn the_next_page_begins_where_the_server_says_or_after_the_last_name() {
    let truncated = |rest: &str| format!("<IsTruncated>true</IsTruncated>{rest}");
    let v2 = truncated("<NextContinuationToken>t+1=</NextContinuationToken>");
    let next =
        |name, operation: &ListObjects, inner: &str| page(name, operation, inner).unwrap().next;
    assert_eq!(next(S3, &list(None, false), &v2).as_deref(), Some("t+1="));
    let marker = truncated("<EncodingType>url</EncodingType><NextMarker>a%20b</NextMarker>");
    assert_eq!(
        next(Cos, &list(None, false), &marker).as_deref(),
        Some("a b")
    );
    // Version 1 of S3 without a delimiter names none.
    let keys = truncated(&(contents("a") + &contents("m")));
    assert_eq!(next(S3, &list(None, true), &keys).as_deref(), Some("m"));
    let mixed = keys + "<CommonPrefixes><Prefix>z/</Prefix></CommonPrefixes>";
    assert_eq!(next(S3, &list(None, true), &mixed).as_deref(), Some("z/"));
}

#[test]
fn a_list_that_does_not_advance_is_an_error() {
    let same_token =
        "<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>";
    let same_marker = "<IsTruncated>true</IsTruncated><NextMarker>m</NextMarker>";
    let smaller = "<IsTruncated>true</IsTruncated><NextMarker>a</NextMarker>";
    let nothing = "<IsTruncated>true</IsTruncated>";
    for (name, operation, inner) in [
        (S3, list(Some("t"), false), same_token),
        (S3, list(Some("m"), true), same_marker),
        (Cos, list(Some("m"), false), same_marker),
        (Obs, list(Some("m"), false), smaller),
        (S3, list(None, true), nothing),
        (ObsV2, list(None, false), nothing),
    ] {
        let error = page(name, &operation, inner).unwrap_err();
        assert_eq!(error.kind, FailureKind::BadResponse, "{name}: {inner}");
        assert!(!error.outcome_unknown);
    }
}

#[test]
fn a_server_that_passes_over_the_second_version_is_told_apart() {
    let first = "<IsTruncated>true</IsTruncated><NextMarker>m</NextMarker>";
    let error = page(S3, &list(None, false), first).unwrap_err();
    assert_eq!(error.kind, FailureKind::NotSupported);
    let counted = "<IsTruncated>true</IsTruncated><KeyCount>1</KeyCount>";
    let error = page(S3, &list(None, false), counted).unwrap_err();
    assert_eq!(error.kind, FailureKind::BadResponse);
}

/// On OBS, where encoded names bring the same page for ever on some buckets, they are only
/// asked for when nothing else helps.
#[test]
fn an_ill_formed_page_is_asked_for_otherwise() {
    let body = |key: &str| format!("<ListBucketResult>{}</ListBucketResult>", contents(key));
    let other = |name, operation: &ListObjects, body: &str| {
        let endpoint = endpoint(name, "region-1");
        let target = Target {
            dialect: partway_protocol::dialect::dialect(name),
            endpoint: &endpoint,
        };
        operation.otherwise(target, &response(200, &[], body))
    };
    let ill_formed = body("a\u{1}&b");
    for name in [Obs, ObsV2] {
        let encoded = other(name, &list(None, false), &ill_formed).unwrap();
        assert!(encoded.encoded);
        assert_eq!(other(name, &encoded, &ill_formed), None, "once is enough");
        assert_eq!(other(name, &list(None, false), &body("a")), None);
        let cut = &body("a")[..30];
        assert_eq!(
            other(name, &list(None, false), cut),
            None,
            "cut off is not ill-formed"
        );
    }
    for name in [Cos, S3] {
        assert_eq!(
            other(name, &list(None, false), &ill_formed),
            None,
            "encoded already"
        );
    }
}

#[test]
fn an_object_that_cannot_be_read_is_not_passed_over() {
    for inner in [
        "<Contents><Size>1</Size></Contents>",
        "<Contents><Key></Key><Size>1</Size></Contents>",
        "<Contents><Key>a</Key><Size>-1</Size></Contents>",
        "<EncodingType>url</EncodingType><Contents><Key>%F</Key><Size>1</Size></Contents>",
    ] {
        assert!(page(Cos, &list(None, false), inner).is_err(), "{inner}");
    }
}

#[test]
fn buckets_with_their_regions() {
    let body = |rest: &str| {
        format!(
            "<ListAllMyBucketsResult><Owner><ID>o</ID></Owner><Buckets>{rest}</Buckets>\
             <IsTruncated>true</IsTruncated><NextMarker>m</NextMarker></ListAllMyBucketsResult>"
        )
    };
    let cos = body(
        "<Bucket><Name>a-125</Name><Location>ap-beijing</Location><CreationDate>2019-05-24T11:49:50Z</CreationDate></Bucket>",
    );
    let page = read(Cos, &ListBuckets::default(), &response(200, &[], &cos)).unwrap();
    assert_eq!(page.buckets[0].name.as_str(), "a-125");
    assert_eq!(page.buckets[0].region.as_deref(), Some("ap-beijing"));
    assert_eq!(page.next.as_deref(), Some("m"));
    let again = ListBuckets {
        cursor: Some("m".to_owned()),
    };
    assert!(read(Cos, &again, &response(200, &[], &cos)).is_err());

    let s3 = "<ListAllMyBucketsResult><Buckets><Bucket><Name>a.b</Name><BucketRegion>eu-west-1</BucketRegion>\
              </Bucket></Buckets><ContinuationToken>t</ContinuationToken></ListAllMyBucketsResult>";
    let page = read(S3, &ListBuckets::default(), &response(200, &[], s3)).unwrap();
    assert_eq!(page.buckets[0].region.as_deref(), Some("eu-west-1"));
    assert_eq!(page.next.as_deref(), Some("t"));

    let none = "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>";
    let page = read(Obs, &ListBuckets::default(), &response(200, &[], none)).unwrap();
    assert!(page.buckets.is_empty() && page.next.is_none());
}

#[test]
fn parts_by_page() {
    let list = |after| ListParts {
        bucket: bucket(),
        key: key(),
        upload_id: upload_id(),
        after: PartNumber::new(after),
    };
    // COS puts parts between the markers.
    let body = "<ListPartsResult><Encoding-type/><PartNumberMarker>0</PartNumberMarker>\
        <Part><PartNumber>1</PartNumber><LastModified>Tue Jan 17 16:43:37 2017</LastModified><ETag>\"a\"</ETag><Size>5242880</Size></Part>\
        <NextPartNumberMarker>1</NextPartNumberMarker><IsTruncated>true</IsTruncated>\
        <Part><PartNumber>2</PartNumber><ETag>b</ETag><Size>1</Size></Part></ListPartsResult>";
    let page = read(Cos, &list(0), &response(200, &[], body)).unwrap();
    let parts: Vec<_> = page
        .parts
        .iter()
        .map(|part| (part.number.value(), part.size))
        .collect();
    assert_eq!(parts, [(1, 5_242_880), (2, 1)]);
    assert_eq!(page.next, PartNumber::new(1));
    assert!(read(Cos, &list(1), &response(200, &[], body)).is_err());

    let gone = response(404, &[], "<Error><Code>NoSuchUpload</Code></Error>");
    let error = read(S3, &list(0), &gone).unwrap_err();
    assert_eq!(error.kind, FailureKind::NoSuchUpload);
    let lacking =
        "<ListPartsResult><Part><PartNumber>1</PartNumber><ETag>a</ETag></Part></ListPartsResult>";
    assert!(read(S3, &list(0), &response(200, &[], lacking)).is_err());
}

#[test]
fn uploads_by_page() {
    let list = |cursor: Option<(&str, &str)>| ListMultipartUploads {
        bucket: bucket(),
        prefix: Prefix::root(),
        cursor: cursor.map(|(key, id)| (key.to_owned(), id.to_owned())),
        encoded: false,
    };
    let body = "<ListMultipartUploadsResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>\
        <NextKeyMarker>a%2Fb</NextKeyMarker><NextUploadIdMarker>u%1</NextUploadIdMarker>\
        <Upload><Key>a%2Fb</Key><UploadId>u%1</UploadId><Initiator><ID>42</ID><DisplayName>me</DisplayName></Initiator>\
        <Initiated>2026-03-14T09:26:53Z</Initiated></Upload></ListMultipartUploadsResult>";
    let page = read(Cos, &list(None), &response(200, &[], body)).unwrap();
    let upload = &page.uploads[0];
    assert_eq!(
        (upload.key.as_str(), upload.upload_id.as_str()),
        ("a/b", "u%1")
    );
    assert_eq!(upload.initiator.as_deref(), Some("me"));
    assert_eq!(page.next, Some(("a/b".to_owned(), "u%1".to_owned())));
    assert!(read(Cos, &list(Some(("a/b", "u%1"))), &response(200, &[], body)).is_err());
    let missing = read(S3, &list(None), &response(404, &[], "")).unwrap_err();
    assert_eq!(missing.kind, FailureKind::NoSuchBucket);
}

/// One name that cannot be read hides a whole page: the error says which, and is safe to show.
#[test]
fn a_name_that_cannot_be_read_is_named() {
    let long = "x".repeat(1025);
    for (written, shown, why) in [
        ("%FF%FE", "%FF%FE", "decoded"),
        ("%zz", "%zz", "decoded"),
        (long.as_str(), "xxxxxxxx…", "1025 bytes"),
        ("a\u{202e}b%zz", "ab%zz", "decoded"),
    ] {
        let encoded = "<EncodingType>url</EncodingType>";
        let rows = contents("ok") + &contents(written);
        let object = page(S3, &list(None, false), &format!("{encoded}{rows}")).unwrap_err();
        let prefix = format!("<CommonPrefixes><Prefix>{written}</Prefix></CommonPrefixes>");
        let prefix = page(S3, &list(None, false), &format!("{encoded}{prefix}")).unwrap_err();
        let version = read(S3, &versions(), &response(200, &[], format!(
            "<ListVersionsResult>{encoded}<Version><Key>{written}</Key><Size>1</Size></Version></ListVersionsResult>"
        )))
        .unwrap_err();
        let upload = read(S3, &uploads(), &response(200, &[], format!(
            "<ListMultipartUploadsResult>{encoded}<Upload><Key>{written}</Key><UploadId>u</UploadId></Upload></ListMultipartUploadsResult>"
        )))
        .unwrap_err();
        for error in [object, prefix, version, upload] {
            let message = error.message.unwrap();
            assert_eq!(error.kind, FailureKind::BadResponse);
            assert!(
                message.contains(shown) && message.contains(why),
                "{message}"
            );
            assert!(message.chars().count() < 250, "{message}");
        }
    }
    let sizeless = "<Contents><Key>k7</Key><Size>-1</Size></Contents>";
    let error = page(S3, &list(None, false), sizeless).unwrap_err();
    assert!(error.message.unwrap().contains("k7"));
}

fn versions() -> ListObjectVersions {
    ListObjectVersions {
        bucket: bucket(),
        prefix: Prefix::root(),
        delimiter: None,
        cursor: None,
        max_keys: 1000,
        encoded: true,
    }
}

fn uploads() -> ListMultipartUploads {
    ListMultipartUploads {
        bucket: bucket(),
        prefix: Prefix::root(),
        cursor: None,
        encoded: true,
    }
}
