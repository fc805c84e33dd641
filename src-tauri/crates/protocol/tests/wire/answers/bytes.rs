//! Bytes that were asked for, restores, and deletions.

use super::*;

fn get(range: Option<(u64, u64)>) -> GetObject {
    GetObject {
        bucket: bucket(),
        key: key(),
        version: None,
        range: range.map(|(start, end)| ByteRange::new(start, end).unwrap()),
        overrides: Vec::new(),
        customer_key: None,
    }
}

#[test]
fn a_range_is_what_was_asked_for() {
    let slice = |range, content_range: &str, body: &str| {
        let answer = response(
            206,
            &[("content-range", content_range), ("etag", "\"e\"")],
            body,
        );
        read(Cos, &get(Some(range)), &answer)
    };
    let whole = slice((2, 4), "bytes 2-3/10", "cd").unwrap();
    assert_eq!((whole.body.as_slice(), whole.size), (&b"cd"[..], 10));
    assert_eq!(whole.etag.unwrap().as_str(), "e");
    // Cut at the end of the object.
    assert_eq!(slice((8, 100), "bytes 8-9/10", "ij").unwrap().size, 10);
    for (range, content_range, body) in [
        ((2, 4), "bytes 2-3/10", "c"),
        ((2, 4), "bytes 0-1/10", "ab"),
        ((2, 4), "bytes 2-2/10", "c"),
        ((2, 4), "bytes 3-2/10", ""),
        ((2, 4), "bytes */10", "cd"),
        ((2, 4), "bytes 2-3/3", "cd"),
        ((2, 4), "bytes 2-18446744073709551615/10", "cd"),
        ((2, 4), "", "cd"),
    ] {
        let error = slice(range, content_range, body).unwrap_err();
        assert_eq!(error.kind, FailureKind::BadResponse, "{content_range}");
    }
}

#[test]
fn what_else_a_get_may_get() {
    for name in DialectName::ALL {
        let all = read(
            name,
            &get(None),
            &response(200, &[("content-length", "2")], "ab"),
        )
        .unwrap();
        assert_eq!((all.size, all.body), (2, b"ab".to_vec()));
        let cut = response(200, &[("content-length", "3")], "ab");
        assert!(read(name, &get(None), &cut).is_err());
        let ignored = read(name, &get(Some((0, 1))), &response(200, &[], "ab")).unwrap_err();
        assert_eq!(ignored.kind, FailureKind::NotSupported);
        let behind = "<Error><Code>InvalidRange</Code></Error>";
        let behind = read(name, &get(Some((5, 6))), &response(416, &[], behind)).unwrap_err();
        assert_eq!(behind.kind, FailureKind::Invalid);
        let cold = "<Error><Code>InvalidObjectState</Code></Error>";
        let cold = read(name, &get(None), &response(403, &[], cold)).unwrap_err();
        assert_eq!(cold.kind, FailureKind::NeedsRestore);
        let marker = crate::sample::vendor(name, "delete-marker");
        let marker = response(404, &[(marker.as_str(), "true")], "");
        let marker = read(name, &get(None), &marker).unwrap_err();
        assert!(marker.message.unwrap().contains("delete marker"));
    }
    let secret = read(S3, &get(None), &response(200, &[], "SECRET")).unwrap();
    assert!(!format!("{secret:?}").contains("SECRET"));
}

#[test]
fn how_a_restore_is_answered() {
    let restore = RestoreObject {
        bucket: bucket(),
        key: key(),
        version: None,
        days: 1,
        tier: None,
    };
    for name in DialectName::ALL {
        let state = |status, body: &str| read(name, &restore, &response(status, &[], body));
        assert_eq!(state(202, "").unwrap(), Restoring::Begun);
        assert_eq!(state(200, "").unwrap(), Restoring::Restored);
        let running = "<Error><Code>RestoreAlreadyInProgress</Code></Error>";
        assert_eq!(state(409, running).unwrap(), Restoring::UnderWay);
        assert!(state(204, "").is_err());
        let busy = "<Error><Code>GlacierExpeditedRetrievalNotAvailable</Code></Error>";
        assert_eq!(state(503, busy).unwrap_err().kind, FailureKind::Throttled);
    }
    let warm = "<Error><Code>RestoreNonArchiveObject</Code></Error>";
    assert!(read(Cos, &restore, &response(405, &[], warm)).is_err());
    let shorter = "<Error><Code>ObjectHasAlreadyRestored</Code></Error>";
    let error = read(Obs, &restore, &response(409, &[], shorter)).unwrap_err();
    assert_eq!(error.kind, FailureKind::Invalid);
}

#[test]
fn a_head_tells_of_restore_and_encryption() {
    let head = crate::sample::head();
    let with = |name, headers: &[(&str, &str)]| {
        let whole = [("content-length", "1"), ("etag", "\"a\"")];
        read(name, &head, &response(200, &[&whole, headers].concat(), "")).unwrap()
    };
    let running = with(Cos, &[("x-cos-restore", "ongoing-request=\"true\"")]);
    assert_eq!(running.restore_state(), Some(RestoreState::Ongoing));
    let done = "ongoing-request=\"false\", expiry-date=\"Sat, 14 Mar 2026 09:26:53 GMT\"";
    let until_ms = Some(1_773_480_413_000);
    assert_eq!(
        with(S3, &[("x-amz-restore", done)]).restore_state(),
        Some(RestoreState::Restored { until_ms })
    );
    assert_eq!(with(S3, &[]).encrypted, None);

    let own = with(
        Obs,
        &[
            ("x-obs-server-side-encryption-customer-algorithm", "AES256"),
            ("x-obs-server-side-encryption-customer-key-MD5", "md5="),
        ],
    );
    let own = own.encrypted.unwrap();
    assert_eq!(own.customer_key_md5.as_deref(), Some("md5="));
    let kms = with(
        Cos,
        &[
            ("x-cos-server-side-encryption", "cos/kms"),
            ("x-cos-server-side-encryption-cos-kms-key-id", "k"),
        ],
    );
    let kms = kms.encrypted.unwrap();
    assert_eq!(
        (kms.algorithm.as_str(), kms.key_id.as_deref()),
        ("cos/kms", Some("k"))
    );
    // A word of tomorrow is shown, not judged.
    let new = with(S3, &[("x-amz-server-side-encryption", "aws:quantum")]);
    assert_eq!(new.encrypted.unwrap().algorithm, "aws:quantum");
}

#[test]
fn what_was_deleted_is_told() {
    let delete = DeleteObject {
        bucket: bucket(),
        key: key(),
        version: None,
    };
    for name in DialectName::ALL {
        let (marker, version) = (
            crate::sample::vendor(name, "delete-marker"),
            crate::sample::vendor(name, "version-id"),
        );
        let headers = [(marker.as_str(), "true"), (version.as_str(), "v")];
        let made = read(name, &delete, &response(204, &headers, "")).unwrap();
        assert!(made.is_delete_marker);
        assert_eq!(made.version.unwrap().as_str(), "v");
        let plain = read(name, &delete, &response(204, &[], "")).unwrap();
        assert_eq!(plain, Deletion::default());
    }
}

#[test]
fn another_version_than_the_pinned_one_fails_the_part() {
    let version = |text: &str| partway_domain::VersionId::parse(text).unwrap();
    for name in DialectName::ALL {
        let mut part = part_copy();
        part.source.version = Some(version("v1"));
        let header = crate::sample::vendor(name, "copy-source-version-id");
        let of = |read_version: &str| {
            let answer = response(200, &[(header.as_str(), read_version)], super::PLAIN);
            read(name, &part, &answer)
        };
        assert_eq!(of("v1").unwrap().source_version, Some(version("v1")));
        assert!(of("").is_ok(), "not every server says so");
        let other = of("v2").unwrap_err();
        assert_eq!(other.kind, FailureKind::SourceChanged, "{name}");
        assert!(other.message.unwrap().contains("v2"));
    }
}
