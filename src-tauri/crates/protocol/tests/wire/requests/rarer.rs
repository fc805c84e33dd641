//! What the rarer operations send: buckets, versions, access, tags, bytes and URLs.

use partway_domain::{ByteRange, Key, PartNumber, Prefix, VersionId};
use partway_protocol::error::RequestError;

use super::*;
use crate::sample::{built, sent};

fn version() -> Option<VersionId> {
    VersionId::parse("v/1+=").ok()
}

fn policy() -> AccessPolicy {
    let grant = |permission, grantee| Grant {
        permission,
        grantee,
    };
    AccessPolicy {
        owner: Some("100000000001".to_owned()),
        grants: vec![
            grant(
                Permission::FullControl,
                Grantee::Id("100000000002".to_owned()),
            ),
            grant(Permission::Read, Grantee::Everyone),
        ],
    }
}

fn restore(tier: Option<RestoreTier>) -> RestoreObject {
    RestoreObject {
        bucket: bucket(),
        key: key(),
        version: version(),
        days: 3,
        tier,
    }
}

fn range() -> GetObject {
    GetObject {
        bucket: bucket(),
        key: key(),
        version: version(),
        range: ByteRange::new(0, 100),
        overrides: vec![(
            "Content-Disposition".to_owned(),
            "attachment; filename=a".to_owned(),
        )],
        customer_key: None,
    }
}

fn delete(keys: &[&str]) -> DeleteObjects {
    DeleteObjects {
        bucket: bucket(),
        objects: keys
            .iter()
            .map(|key| (Key::parse(*key).unwrap(), None))
            .collect(),
    }
}

#[test]
fn buckets_and_versions() {
    let list = |cursor: Option<(&str, &str)>, encoded| ListObjectVersions {
        bucket: bucket(),
        prefix: Prefix::parse("a b/").unwrap(),
        delimiter: Some('/'),
        cursor: cursor.map(|(key, id)| (key.to_owned(), id.to_owned())),
        max_keys: 5000,
        encoded,
    };
    let table = [
        (
            "GetBucketLocation",
            with_every_dialect(|_| GetBucketLocation { bucket: bucket() }),
        ),
        (
            "GetBucketVersioning",
            with_every_dialect(|_| GetBucketVersioning { bucket: bucket() }),
        ),
        (
            "PutBucketVersioning",
            with_every_dialect(|_| PutBucketVersioning {
                bucket: bucket(),
                enabled: false,
            }),
        ),
        (
            "GetBucketAcl",
            with_every_dialect(|_| GetBucketAcl { bucket: bucket() }),
        ),
        (
            "ListObjectVersions",
            with_every_dialect(|_| list(Some(("a b/k", "v1")), false)),
        ),
        (
            "ListObjectVersions, after a key, encoded everywhere",
            with_every_dialect(|_| list(Some(("a b/k", "")), true)),
        ),
        (
            "DeleteObjects",
            with_every_dialect(|_| {
                let mut delete = delete(&["a<&>\n", " b "]);
                delete.objects[1].1 = version();
                delete
            }),
        ),
    ];
    let text = table.map(|(name, requests)| format!("== {name}\n{requests}\n"));
    insta::assert_snapshot!("buckets", text.concat());
}

#[test]
fn objects_and_what_belongs_to_them() {
    let put_acl = |acl| PutObjectAcl {
        bucket: bucket(),
        key: key(),
        version: version(),
        acl,
    };
    let table = [
        ("GetObject", with_every_dialect(|_| range())),
        (
            "UploadPart",
            with_every_dialect(|_| UploadPart {
                bucket: bucket(),
                key: key(),
                upload_id: upload_id(),
                number: PartNumber::new(1).unwrap(),
                body: b"hello".to_vec(),
                customer_key: None,
            }),
        ),
        (
            "RestoreObject",
            with_every_dialect(|_| restore(Some(RestoreTier::Expedited))),
        ),
        (
            "RestoreObject, as the provider likes",
            with_every_dialect(|_| restore(None)),
        ),
        (
            "GetObjectAcl",
            with_every_dialect(|_| GetObjectAcl {
                bucket: bucket(),
                key: key(),
                version: version(),
            }),
        ),
        (
            "PutObjectAcl, canned",
            with_every_dialect(|_| {
                put_acl(NewAcl::Access(Access::Canned("public-read".to_owned())))
            }),
        ),
        (
            "PutObjectAcl, a policy",
            with_every_dialect(|_| put_acl(NewAcl::Policy(policy()))),
        ),
        (
            "PutObjectTagging",
            with_every_dialect(|_| PutObjectTagging {
                bucket: bucket(),
                key: key(),
                version: version(),
                tags: vec![("a&b".to_owned(), " 中 ".to_owned())],
            }),
        ),
        (
            "DeleteObjectTagging",
            with_every_dialect(|_| DeleteObjectTagging {
                bucket: bucket(),
                key: key(),
                version: version(),
            }),
        ),
    ];
    let text = table.map(|(name, requests)| format!("== {name}\n{requests}\n"));
    insta::assert_snapshot!("objects", text.concat());
}

#[test]
fn urls_to_read_and_to_write() {
    let mut text = String::new();
    for name in DialectName::ALL {
        let endpoint = endpoint(name, "region-1");
        let target = Target {
            dialect: dialect(name),
            endpoint: &endpoint,
        };
        let read = GetObject {
            range: None,
            ..range()
        };
        let write = PutObject {
            bucket: bucket(),
            key: key(),
            body: Vec::new(),
            attributes: Attributes::default(),
            terms: Terms::default(),
        };
        let read = presign(&read, target, &credential(), NOW, 3600).unwrap();
        let write = presign(&write, target, &credential(), NOW, 60).unwrap();
        assert!(read.url().starts_with("https://target-1250000000."));
        let _ = writeln!(
            text,
            "{name}: {}{name}: {}",
            readable(&read),
            readable(&write)
        );
    }
    insta::assert_snapshot!("presigned", text);
}

#[test]
fn a_url_has_a_life() {
    let life = |name, lifetime| {
        let endpoint = endpoint(name, "region-1");
        let target = Target {
            dialect: dialect(name),
            endpoint: &endpoint,
        };
        presign(&range(), target, &credential(), NOW, lifetime)
    };
    for name in DialectName::ALL {
        assert!(life(name, 0).is_err(), "{name}");
        assert!(life(name, 604_800).is_ok(), "{name}");
    }
    let error = life(DialectName::S3, 604_801).unwrap_err().to_string();
    assert!(error.contains("604800"), "{error}");
}

#[track_caller]
fn refused<T: std::fmt::Debug>(built: Result<T, RequestError>, why: &str) {
    let error = built.unwrap_err();
    assert!(matches!(error, RequestError::Refused { .. }), "{error:?}");
    assert!(error.to_string().contains(why), "{error}");
}

#[test]
fn what_makes_no_sense_is_refused_before_it_is_sent() {
    for name in DialectName::ALL {
        let thousand = vec!["k"; 1000];
        sent(name, &delete(&thousand));
        let more = delete(&[&thousand[..], &["k"]].concat());
        refused(built(name, &more), "1 to 1,000");
        refused(built(name, &delete(&[])), "1 to 1,000");
        refused(built(name, &delete(&["a\u{1}"])), "delete it alone");
        let nothing = PutObjectAcl {
            bucket: bucket(),
            key: key(),
            version: None,
            acl: NewAcl::Access(Access::Inherited),
        };
        refused(built(name, &nothing), "canned ACL");
        let mut get = range();
        "etag".clone_into(&mut get.overrides[0].0);
        refused(built(name, &get), "\"etag\"");
        let none = RestoreObject {
            days: 0,
            ..restore(None)
        };
        refused(built(name, &none), "0 days");
    }
    let month = RestoreObject {
        days: 31,
        ..restore(None)
    };
    refused(built(DialectName::Obs, &month), "1 to 30");
    sent(DialectName::Cos, &month);
    let bulk = restore(Some(RestoreTier::Bulk));
    refused(built(DialectName::ObsV2, &bulk), "Bulk");
    sent(DialectName::S3, &bulk);
    // What the provider cannot hold is not hidden in a batch either.
    assert!(built(DialectName::Cos, &delete(&[".."])).is_err());
}
