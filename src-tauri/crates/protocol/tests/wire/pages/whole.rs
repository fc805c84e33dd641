//! "PUT Object - Copy" of COS: one request for a whole object of at most 5 GiB.

use std::collections::BTreeMap;

use partway_domain::{Bucket, DialectName::Cos, ETag, FailureKind, Key, VersionId};
use partway_protocol::op::{
    Access, Attributes, Conditions, CopyObject, CopySource, CustomerKey, Encryption, Grant,
    Grantee, KeyService, Permission, Terms,
};

use super::printed;
use crate::fixture::{endpoint, read};
use crate::sample::{built, copy_object, sent};

fn sample() -> CopyObject {
    CopyObject {
        bucket: Bucket::parse("destinationbucket-1250000000").unwrap(),
        key: Key::parse("exampleobject").unwrap(),
        source: CopySource {
            bucket: Bucket::parse("sourcebucket-1250000001").unwrap(),
            key: Key::parse("example-腾讯云.jpg").unwrap(),
            version: None,
            endpoint: endpoint(Cos, "ap-shanghai"),
            customer_key: None,
        },
        ..copy_object(Cos)
    }
}

fn replacing(headers: &[(&str, &str)]) -> CopyObject {
    let owned = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    CopyObject {
        replace: Some(Attributes {
            headers: owned.collect(),
            ..Attributes::default()
        }),
        ..sample()
    }
}

fn encrypted(encryption: Encryption) -> CopyObject {
    CopyObject {
        terms: Terms {
            encryption,
            ..Terms::default()
        },
        ..sample()
    }
}

const SOURCE: &str =
    "sourcebucket-1250000001.cos.ap-shanghai.myqcloud.com/example-%E8%85%BE%E8%AE%AF%E4%BA%91.jpg";

#[test]
fn the_simple_example() {
    let request = sent(Cos, &sample());
    assert_eq!(request.method.as_str(), "PUT");
    assert_eq!(request.target(), "/exampleobject", "no parameter");
    assert_eq!(
        request.host,
        "destinationbucket-1250000000.cos.region-1.myqcloud.com"
    );
    assert_eq!(request.header("x-cos-copy-source"), Some(SOURCE));
    assert_eq!(request.header("x-cos-metadata-directive"), Some("Copy"));
    assert!(request.body.is_empty());
}

#[test]
fn a_version_of_the_source() {
    let copy = CopyObject {
        source: CopySource {
            version: VersionId::parse("MTg0NDUxNzYzMDc0NDMzNDExOTc").ok(),
            ..sample().source
        },
        ..sample()
    };
    let expected = format!("{SOURCE}?versionId=MTg0NDUxNzYzMDc0NDMzNDExOTc");
    assert_eq!(
        sent(Cos, &copy).header("x-cos-copy-source"),
        Some(expected.as_str())
    );
}

#[test]
fn metadata_that_replaces_the_sources() {
    let headers = [
        ("content-type", "application/octet-stream"),
        ("cache-control", "max-age=86400"),
        ("content-disposition", "attachment; filename=example.jpg"),
        ("content-encoding", "gzip"),
        ("expires", "Thu, 01 Jan 2032 00:00:00 GMT"),
    ];
    let request = sent(Cos, &replacing(&headers));
    assert_eq!(request.header("x-cos-metadata-directive"), Some("Replaced"));
    for (name, value) in headers {
        assert_eq!(request.header(name), Some(value), "{name}");
    }
}

#[test]
fn metadata_of_the_users_own() {
    let with = |name: &str, value: &str| CopyObject {
        replace: Some(Attributes {
            metadata: vec![(name.to_owned(), value.to_owned())],
            ..Attributes::default()
        }),
        ..sample()
    };
    let request = sent(Cos, &with("Reviewed-By", "j_doe"));
    assert_eq!(request.header("x-cos-meta-reviewed-by"), Some("j_doe"));
    for (name, value) in [
        ("reviewed_by", "x"),
        ("", "x"),
        ("a", "ä"),
        ("a", "b\r\nc: d"),
    ] {
        assert!(
            built(Cos, &with(name, value)).is_err(),
            "{name:?} {value:?}"
        );
    }
}

/// At most 2 KB, names and values together; what is too much is refused before it is sent.
#[test]
fn metadata_has_a_limit() {
    let with = |bytes: usize| CopyObject {
        replace: Some(Attributes {
            metadata: vec![("note".to_owned(), "x".repeat(bytes - "note".len()))],
            ..Attributes::default()
        }),
        ..sample()
    };
    assert!(built(Cos, &with(2048)).is_ok());
    let refusal = built(Cos, &with(2049)).unwrap_err().to_string();
    assert!(
        refusal.contains("2049") && refusal.contains("2048"),
        "{refusal}"
    );
}

/// At most 1,000 entries.
#[test]
fn an_access_list_has_a_limit() {
    let with = |entries: u32| {
        let grant = |number: u32| Grant {
            permission: Permission::Read,
            grantee: Grantee::Id(format!("{number}")),
        };
        CopyObject {
            terms: Terms {
                access: Access::Grants((1..=entries).map(grant).collect()),
                ..Terms::default()
            },
            ..sample()
        }
    };
    assert!(built(Cos, &with(1000)).is_ok());
    assert!(built(Cos, &with(1001)).is_err());
}

#[test]
fn conditions_speak_of_the_source() {
    let since = 1_567_757_014;
    for (conditions, header) in [
        (Conditions::matching(ETag::parse("a").unwrap()), "match"),
        (
            Conditions::Unchanged {
                etag: None,
                since: Some(since),
            },
            "unmodified-since",
        ),
        (
            Conditions::Changed {
                etag: ETag::parse("a"),
                since: None,
            },
            "none-match",
        ),
        (
            Conditions::Changed {
                etag: None,
                since: Some(since),
            },
            "modified-since",
        ),
    ] {
        let copy = CopyObject {
            conditions,
            ..sample()
        };
        let request = sent(Cos, &copy);
        let full = format!("x-cos-copy-source-if-{header}");
        let expected = if header.ends_with("match") {
            "\"a\""
        } else {
            "Fri, 06 Sep 2019 08:03:34 GMT"
        };
        assert_eq!(request.header(&full), Some(expected), "{full}");
        assert_eq!(request.header(&format!("if-{header}")), None, "{full}");
    }
}

#[test]
fn the_class_is_said_or_is_the_standard_one() {
    let copy = CopyObject {
        storage_class: Some("ARCHIVE".to_owned()),
        ..sample()
    };
    assert_eq!(
        sent(Cos, &copy).header("x-cos-storage-class"),
        Some("ARCHIVE")
    );
    assert_eq!(sent(Cos, &sample()).header("x-cos-storage-class"), None);
}

#[test]
fn access_by_a_word_or_by_grants() {
    let with = |access| CopyObject {
        terms: Terms {
            access,
            ..Terms::default()
        },
        ..sample()
    };
    for word in ["default", "private", "public-read"] {
        let request = sent(Cos, &with(Access::Canned(word.to_owned())));
        assert_eq!(request.header("x-cos-acl"), Some(word));
    }
    let grant = |permission, id: &str| Grant {
        permission,
        grantee: Grantee::Id(id.to_owned()),
    };
    let grants = vec![
        grant(Permission::Read, "100000000001"),
        grant(Permission::Read, "100000000002"),
        grant(Permission::ReadAcp, "100000000001"),
        grant(Permission::WriteAcp, "100000000001"),
        grant(Permission::FullControl, "100000000001"),
    ];
    let request = sent(Cos, &with(Access::Grants(grants)));
    assert_eq!(
        request.header("x-cos-grant-read"),
        Some("id=\"100000000001\",id=\"100000000002\"")
    );
    for header in ["read-acp", "write-acp", "full-control"] {
        let header = format!("x-cos-grant-{header}");
        assert_eq!(
            request.header(&header),
            Some("id=\"100000000001\""),
            "{header}"
        );
    }
    assert_eq!(request.header("x-cos-acl"), None, "one form or the other");
}

#[test]
fn encryption_with_managed_keys() {
    let request = sent(Cos, &encrypted(Encryption::Provider));
    assert_eq!(
        request.header("x-cos-server-side-encryption"),
        Some("AES256")
    );
    assert_eq!(
        sent(Cos, &sample()).header("x-cos-server-side-encryption"),
        None
    );
}

#[test]
fn encryption_with_a_key_of_the_key_service() {
    let pairs = [("author", "fysntian"), ("company", "Tencent")];
    let service = KeyService {
        key_id: Some("48ba38aa-26c5-11ea-855c-525400850000".to_owned()),
        context: BTreeMap::from(pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))),
        dual_layer: false,
    };
    let request = sent(Cos, &encrypted(Encryption::KeyService(service)));
    let kind = "x-cos-server-side-encryption";
    assert_eq!(request.header(kind), Some("cos/kms"));
    assert_eq!(
        request.header(&format!("{kind}-cos-kms-key-id")),
        Some("48ba38aa-26c5-11ea-855c-525400850000")
    );
    assert_eq!(
        request.header(&format!("{kind}-context")),
        Some("eyJhdXRob3IiOiJmeXNudGlhbiIsImNvbXBhbnkiOiJUZW5jZW50In0=")
    );
}

/// One key is taken off and another put on in one request.
#[test]
fn encryption_with_keys_of_the_users_own() {
    let old = (
        "MDEyMzQ1Njc4OUFCQ0RFRjAxMjM0NTY3ODlBQkNERUY=",
        "U5L61r7jcwdNvT7frmUG8g==",
    );
    let new = (
        "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        "hRasmdxgYDKV3nvbahU1MA==",
    );
    let key = |(text, md5): (&str, &str)| CustomerKey::parse_checked(text, md5).unwrap();
    let copy = CopyObject {
        source: CopySource {
            customer_key: Some(key(old)),
            ..sample().source
        },
        ..encrypted(Encryption::Customer(key(new)))
    };
    let request = sent(Cos, &copy);
    for (prefix, (text, md5)) in [("copy-source-", old), ("", new)] {
        for (rest, value) in [("algorithm", "AES256"), ("key", text), ("key-MD5", md5)] {
            let header = format!("x-cos-{prefix}server-side-encryption-customer-{rest}");
            assert_eq!(request.header(&header), Some(value), "{header}");
        }
    }
}

fn answer(headers: &str, body: &str) -> partway_protocol::wire::Response {
    printed(&format!(
        "HTTP/1.1 200 OK\nContent-Type: application/xml\nContent-Length: 181\nConnection: close\n\
         Date: Fri, 06 Sep 2019 03:17:43 GMT\nServer: tencent-cos\n{headers}\
         x-cos-request-id: NWQ3MWNmZDdfMzdiMDJhMDlfNDA5MV9mMDU1\n\n\
         <?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<CopyObjectResult>\n{body}</CopyObjectResult>"
    ))
}

const RESULT: &str = "\t<ETag>\"5603c4d142301f2a802d68e2078ed615\"</ETag>\n\
                      \t<LastModified>2019-09-06T03:17:47Z</LastModified>\n";

#[test]
fn the_printed_answers_are_read() {
    let plain = read(Cos, &sample(), &answer("", RESULT)).unwrap();
    assert_eq!(plain.etag.as_str(), "5603c4d142301f2a802d68e2078ed615");
    assert_eq!(
        (plain.version, plain.source_version, plain.encrypted),
        (None, None, None)
    );

    let body = format!("{RESULT}\t<VersionId>MTg0NDUxNzYzMDcxNDM2MDk2MzA</VersionId>\n");
    let versioned = read(Cos, &sample(), &answer("", &body)).unwrap();
    assert_eq!(
        versioned.version.unwrap().as_str(),
        "MTg0NDUxNzYzMDcxNDM2MDk2MzA"
    );

    let header = "x-cos-copy-source-version-id: MTg0NDUxNzYzMDc0NDMzNDExOTc\n";
    let from_version = read(Cos, &sample(), &answer(header, RESULT)).unwrap();
    assert_eq!(
        from_version.source_version.unwrap().as_str(),
        "MTg0NDUxNzYzMDc0NDMzNDExOTc"
    );
}

#[test]
fn the_encryption_of_the_copy_is_read() {
    let kind = "x-cos-server-side-encryption";
    let of = |headers: &str| {
        let copied = read(Cos, &sample(), &answer(headers, RESULT)).unwrap();
        copied.encrypted.expect("it is said")
    };
    assert_eq!(of(&format!("{kind}: AES256\n")).algorithm, "AES256");
    let service = of(&format!(
        "{kind}: cos/kms\n{kind}-cos-kms-key-id: 48ba38aa\n"
    ));
    assert_eq!(service.algorithm, "cos/kms");
    assert_eq!(service.key_id.as_deref(), Some("48ba38aa"));
    let customer = of(&format!(
        "{kind}-customer-algorithm: AES256\n{kind}-customer-key-MD5: hRasmdxgYDKV3nvbahU1MA==\n"
    ));
    assert_eq!(
        customer.customer_key_md5.as_deref(),
        Some("hRasmdxgYDKV3nvbahU1MA==")
    );
}

/// Before the copying began an error has its own status; after that it stands in a 200.
#[test]
fn an_error_comes_with_either_status() {
    for status in ["500 Internal Server Error", "200 OK"] {
        let text = format!("HTTP/1.1 {status}\n\n<Error><Code>InternalError</Code></Error>");
        let error = read(Cos, &sample(), &printed(&text)).unwrap_err();
        assert_eq!(error.kind, FailureKind::ServerTrouble, "{status}");
    }
}
