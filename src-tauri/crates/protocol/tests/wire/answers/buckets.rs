//! What buckets say of themselves: region, versions, access.

use super::*;
use partway_domain::Prefix;

#[test]
fn where_a_bucket_is() {
    let location = GetBucketLocation { bucket: bucket() };
    let region = |name, body: &str| read(name, &location, &response(200, &[], body)).unwrap();
    let some = |region: &str| Some(region.to_owned());
    let constraint =
        |region: &str| format!("<LocationConstraint xmlns=\"u\">{region}</LocationConstraint>");
    assert_eq!(
        region(Cos, &constraint("cos.ap-beijing")),
        some("ap-beijing")
    );
    assert_eq!(region(Cos, &constraint("ap-beijing")), some("ap-beijing"));
    assert_eq!(
        region(Obs, "<Location xmlns=\"u\">eu-de</Location>"),
        some("eu-de")
    );
    assert_eq!(region(ObsV2, &constraint("eu-de")), some("eu-de"));
    for outer in ["LocationConstraint", "CreateBucketConfiguration"] {
        let nested = format!("<{outer}>{}</{outer}>", constraint("eu-de"));
        assert_eq!(region(ObsV2, &nested), some("eu-de"), "{nested}");
    }
    assert_eq!(region(S3, "<LocationConstraint/>"), some("us-east-1"));
    assert_eq!(region(S3, &constraint("EU")), some("eu-west-1"));
    assert_eq!(region(S3, &constraint("us-west-2")), some("us-west-2"));
    assert_eq!(region(Obs, "<Location/>"), None);
    for name in DialectName::ALL {
        assert!(read(name, &location, &response(200, &[], "")).is_err());
        let gone = read(name, &location, &response(404, &[], "")).unwrap_err();
        assert_eq!(gone.kind, FailureKind::NoSuchBucket);
    }
}

#[test]
fn whether_versions_are_kept() {
    let versioning = GetBucketVersioning { bucket: bucket() };
    for name in DialectName::ALL {
        let of = |inner: &str| {
            let body = format!("<VersioningConfiguration>{inner}</VersioningConfiguration>");
            read(name, &versioning, &response(200, &[], body))
        };
        assert_eq!(of("").unwrap(), Versioning::Never);
        assert_eq!(of("<Status/>").unwrap(), Versioning::Never);
        assert_eq!(of("<Status>Enabled</Status>").unwrap(), Versioning::Enabled);
        assert_eq!(
            of("<Status>suspended</Status>").unwrap(),
            Versioning::Suspended
        );
        assert!(of("<Status>Perhaps</Status>").is_err());
    }
}

#[test]
fn several_zones_show_in_the_head() {
    let head = HeadBucket { bucket: bucket() };
    let zones = |headers: &[(&str, &str)]| {
        let answer = response(200, headers, "");
        read(Cos, &head, &answer).unwrap().multi_az
    };
    assert!(zones(&[("x-cos-bucket-az-type", "MAZ")]));
    assert!(!zones(&[("x-cos-bucket-az-type", "OAZ")]));
    assert!(!zones(&[]));
}

fn versions(cursor: Option<(&str, &str)>) -> ListObjectVersions {
    ListObjectVersions {
        bucket: bucket(),
        prefix: Prefix::root(),
        delimiter: Some('/'),
        cursor: cursor.map(|(key, id)| (key.to_owned(), id.to_owned())),
        max_keys: 1000,
        encoded: false,
    }
}

#[test]
fn versions_and_delete_markers_keep_their_order() {
    let body = "<ListVersionsResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>\
        <DeleteMarker><Key>a%2Fb</Key><VersionId>m</VersionId><IsLatest>TRUE</IsLatest>\
        <LastModified>2026-03-14T09:26:53.000Z</LastModified></DeleteMarker>\
        <Version><Key>a%2Fb</Key><VersionId>v</VersionId><IsLatest>false</IsLatest><ETag>\"e\"</ETag>\
        <Size>5</Size><StorageClass>COLD</StorageClass></Version>\
        <Version><Key>c</Key><VersionId/><IsLatest>true</IsLatest><Size>0</Size></Version>\
        <CommonPrefixs><Prefix>d/</Prefix></CommonPrefixs>\
        <NextKeyMarker>c%20d</NextKeyMarker><NextVersionIdMarker/></ListVersionsResult>";
    for name in DialectName::ALL {
        let page = read(name, &versions(None), &response(200, &[], body)).unwrap();
        let rows: Vec<_> = page
            .versions
            .iter()
            .map(|row| {
                let version = row.version.as_ref().map(partway_domain::VersionId::as_str);
                (
                    row.key.as_str(),
                    version,
                    row.is_latest,
                    row.is_delete_marker,
                    row.size,
                )
            })
            .collect();
        assert_eq!(
            rows,
            [
                ("a/b", Some("m"), true, true, 0),
                ("a/b", Some("v"), false, false, 5),
                ("c", None, true, false, 0),
            ]
        );
        assert_eq!(page.prefixes[0].as_str(), "d/");
        assert_eq!(page.next, Some(("c d".to_owned(), String::new())));
    }
}

#[test]
fn versions_that_do_not_advance_are_an_error() {
    let page = |cursor, inner: &str| {
        let body = format!(
            "<ListVersionsResult><IsTruncated>true</IsTruncated>{inner}</ListVersionsResult>"
        );
        read(Obs, &versions(cursor), &response(200, &[], body))
    };
    let next = "<NextKeyMarker>k</NextKeyMarker><NextVersionIdMarker>v</NextVersionIdMarker>";
    assert!(
        page(Some(("k", "u")), next).is_ok(),
        "another version of the same key"
    );
    assert!(page(Some(("k", "v")), next).is_err(), "the same page again");
    assert!(
        page(Some(("l", "u")), next).is_err(),
        "back to a page before"
    );
    assert!(page(None, "").is_err(), "nowhere to go on");
    let last = "<Version><Key>k</Key><VersionId>v</VersionId><Size>1</Size></Version>";
    let found = page(None, last).unwrap().next;
    assert_eq!(found, Some(("k".to_owned(), "v".to_owned())));
    let unsized_version = "<Version><Key>k</Key></Version>";
    assert!(page(None, unsized_version).is_err());
}

#[test]
fn every_deletion_is_answered_for() {
    let delete = DeleteObjects {
        bucket: bucket(),
        objects: vec![
            (partway_domain::Key::parse("a").unwrap(), None),
            (partway_domain::Key::parse("b\n").unwrap(), None),
        ],
    };
    let body = |inner: &str| format!("<DeleteResult>{inner}</DeleteResult>");
    let done = "<Deleted><Key>a</Key><DeleteMarker>true</DeleteMarker></Deleted>";
    let refused = "<Error><Key>b&#10;</Key><Code>AccessDenied</Code><Message>no</Message></Error>";
    for name in DialectName::ALL {
        let both = response(200, &[], body(&format!("{done}{refused}")));
        let answer = read(name, &delete, &both).unwrap();
        assert_eq!(answer.deleted[0].0.as_str(), "a");
        let left = &answer.refused[0];
        assert_eq!(
            (left.key.as_str(), left.code.as_str()),
            ("b\n", "AccessDenied")
        );
        assert_eq!(left.kind, FailureKind::AccessDenied);
        for silent in [body(done), body(""), String::new()] {
            let error = read(name, &delete, &response(200, &[], silent)).unwrap_err();
            assert!(error.outcome_unknown, "{name}");
        }
    }
}
