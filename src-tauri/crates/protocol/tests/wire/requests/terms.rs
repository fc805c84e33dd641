//! Encryption, access, conditions and directives: what they send, and what is refused.

use std::collections::BTreeMap;

use partway_protocol::error::RequestError;
use partway_protocol::wire::Request;

use super::*;
use crate::sample::{built, create, head, part_copy, sent, vendor};

fn customer_key(byte: u8) -> CustomerKey {
    CustomerKey::of_bytes(&[byte; 32]).unwrap()
}

fn with_terms(terms: Terms) -> CreateMultipartUpload {
    CreateMultipartUpload { terms, ..create() }
}

fn encrypted(encryption: Encryption) -> CreateMultipartUpload {
    with_terms(Terms {
        encryption,
        ..Terms::default()
    })
}

fn accessible(access: Access) -> CreateMultipartUpload {
    with_terms(Terms {
        access,
        ..Terms::default()
    })
}

fn grants(grants: &[(Permission, &str)]) -> Access {
    let grant = |&(permission, id): &(Permission, &str)| Grant {
        permission,
        grantee: Grantee::Id(id.to_owned()),
    };
    Access::Grants(grants.iter().map(grant).collect())
}

#[track_caller]
fn refused(built: Result<Request, RequestError>, why: &str) {
    let error = built.unwrap_err().to_string();
    assert!(error.contains(why), "{error}");
}

#[test]
fn what_encryption_sends() {
    let key_service = || {
        Encryption::KeyService(KeyService {
            key_id: Some("key-1".to_owned()),
            context: BTreeMap::new(),
            dual_layer: false,
        })
    };
    let table = [
        (
            "by the provider",
            with_every_dialect(|_| encrypted(Encryption::Provider)),
        ),
        (
            "by the key service",
            with_every_dialect(|_| encrypted(key_service())),
        ),
        (
            "with a key of one's own",
            with_every_dialect(|_| encrypted(Encryption::Customer(customer_key(1)))),
        ),
        (
            "a part with both keys",
            with_every_dialect(|name| {
                let mut part = part_copy(name);
                part.source.customer_key = Some(customer_key(2));
                part.customer_key = Some(customer_key(1));
                part
            }),
        ),
        (
            "a HEAD with the key",
            with_every_dialect(|_| HeadObject {
                customer_key: Some(customer_key(1)),
                ..head()
            }),
        ),
        (
            "Complete with the key",
            with_every_dialect(|_| CompleteMultipartUpload {
                customer_key: Some(customer_key(1)),
                ..crate::sample::complete()
            }),
        ),
    ];
    let text = table.map(|(name, requests)| format!("== {name}\n{requests}\n"));
    insta::assert_snapshot!("encryption", text.concat());
}

#[test]
fn what_access_and_conditions_send() {
    let table = [
        (
            "canned access",
            with_every_dialect(|_| accessible(Access::Canned("public-read".to_owned()))),
        ),
        (
            "granted access",
            with_every_dialect(|_| {
                accessible(grants(&[
                    (Permission::Read, "100000000001"),
                    (Permission::FullControl, "100000000003"),
                    (Permission::Read, "100000000002"),
                    (Permission::WriteAcp, "100000000001"),
                    (Permission::ReadAcp, "100000000001"),
                ]))
            }),
        ),
        (
            "a single copy of everything",
            with_every_dialect(|name| CopyObject {
                conditions: Conditions::Unchanged {
                    etag: Some(etag()),
                    since: Some(NOW),
                },
                tagging: Some(Directive::Replace),
                terms: Terms {
                    encryption: Encryption::Customer(customer_key(1)),
                    access: Access::Canned("private".to_owned()),
                    ..Terms::default()
                },
                ..crate::sample::copy_object(name)
            }),
        ),
        (
            "the other pair of conditions",
            with_every_dialect(|name| UploadPartCopy {
                conditions: Conditions::Changed {
                    etag: Some(etag()),
                    since: Some(NOW),
                },
                ..part_copy(name)
            }),
        ),
    ];
    let text = table.map(|(name, requests)| format!("== {name}\n{requests}\n"));
    insta::assert_snapshot!("access", text.concat());
}

#[test]
fn what_only_some_providers_have() {
    use DialectName::{Cos, Obs, ObsV2, S3};
    let context = |dual_layer| {
        encrypted(Encryption::KeyService(KeyService {
            key_id: None,
            context: BTreeMap::from([("a".to_owned(), "b".to_owned())]),
            dual_layer,
        }))
    };
    let of = |name, request: &CreateMultipartUpload, header: &str| {
        let header = vendor(name, header);
        sent(name, request).header(&header).map(str::to_owned)
    };
    // {"a":"b"}
    for name in [Cos, S3] {
        let header = of(name, &context(false), "server-side-encryption-context");
        assert_eq!(header.as_deref(), Some("eyJhIjoiYiJ9"), "{name}");
    }
    for name in [Obs, ObsV2] {
        refused(built(name, &context(false)), "an encryption context");
    }
    let dual = of(S3, &context(true), "server-side-encryption");
    assert_eq!(dual.as_deref(), Some("aws:kms:dsse"));
    refused(built(Cos, &context(true)), "two layers");

    let redirect = with_terms(Terms {
        website_redirect: Some("/other".to_owned()),
        ..Terms::default()
    });
    refused(built(Cos, &redirect), "website redirect");
    let expiring = with_terms(Terms {
        expires_days: Some(7),
        ..Terms::default()
    });
    for name in [Cos, S3] {
        refused(built(name, &expiring), "expiry");
    }
    for name in [Obs, ObsV2] {
        assert_eq!(of(name, &expiring, "expires").as_deref(), Some("7"));
        let to = of(name, &redirect, "website-redirect-location");
        assert_eq!(to.as_deref(), Some("/other"));
    }
    let everyone = accessible(Access::Grants(vec![Grant {
        permission: Permission::Read,
        grantee: Grantee::Everyone,
    }]));
    assert_eq!(
        of(S3, &everyone, "grant-read").as_deref(),
        Some("uri=\"http://acs.amazonaws.com/groups/global/AllUsers\"")
    );
    for name in [Cos, Obs, ObsV2] {
        refused(built(name, &everyone), "public-read");
    }
}

#[test]
fn keys_of_ones_own_never_travel_in_the_clear() {
    let mut copy = part_copy(DialectName::S3);
    copy.source.customer_key = Some(customer_key(2));
    let over = |scheme: &str, host: &str| {
        let endpoint = partway_protocol::endpoint::Endpoint {
            scheme: scheme.to_owned(),
            host: host.to_owned(),
            ..loopback()
        };
        let target = Target {
            dialect: dialect(DialectName::S3),
            endpoint: &endpoint,
        };
        let head = HeadObject {
            customer_key: Some(customer_key(1)),
            ..head()
        };
        [
            head.request(target),
            encrypted(Encryption::Customer(customer_key(1))).request(target),
            copy.request(target),
        ]
    };
    for built in over("http", "storage.example.com") {
        refused(built, "https");
    }
    for (scheme, host) in [("https", "storage.example.com"), ("http", "127.0.0.1:9000")] {
        for built in over(scheme, host) {
            assert!(built.is_ok(), "{scheme}://{host}");
        }
    }
}

#[test]
fn no_request_shows_its_key() {
    for name in DialectName::ALL {
        let mut part = part_copy(name);
        part.customer_key = Some(customer_key(1));
        part.source.customer_key = Some(customer_key(2));
        let request = sent(name, &part);
        let secret = vendor(name, "server-side-encryption-customer-key");
        let secret = request.header(&secret).unwrap();
        assert_eq!(secret.len(), 44, "32 bytes in base64");
        let shown = format!("{part:?} {request:?}");
        assert!(!shown.contains(secret), "{shown}");
        assert!(!shown.contains(&customer_key(1).md5()), "{shown}");
    }
}

#[test]
fn access_no_object_can_have() {
    use DialectName::{Cos, S3};
    let canned = |acl: &str| accessible(Access::Canned(acl.to_owned()));
    let reading = |id| accessible(grants(&[(Permission::Read, id)]));
    let open = canned("public-read-write");
    refused(built(Cos, &open), "private, public-read");
    sent(S3, &open);
    sent(Cos, &canned("default"));
    refused(built(S3, &canned("default")), "bucket-owner-full-control");
    for name in DialectName::ALL {
        let write = accessible(grants(&[(Permission::Write, "1")]));
        refused(built(name, &write), "only buckets");
        for id in ["", "1\"", "1,id=2", "a b", "ä"] {
            refused(built(name, &reading(id)), "grantee");
        }
        let many = vec![(Permission::Read, "1"); 1001];
        refused(built(name, &accessible(grants(&many))), "1001 grants");
    }
}

#[test]
fn only_pairs_that_go_together() {
    const WORDS: [&str; 4] = ["match", "unmodified-since", "none-match", "modified-since"];
    let asked_for = |bits: u8| NamedConditions {
        matches: (bits & 1 != 0).then(etag),
        unmodified_since: (bits & 2 != 0).then_some(NOW),
        none_match: (bits & 4 != 0).then(etag),
        modified_since: (bits & 8 != 0).then_some(NOW),
    };
    for bits in 0..16 {
        let conditions = Conditions::of(asked_for(bits));
        let legal = bits.trailing_zeros() >= 2 || bits < 4;
        assert_eq!(conditions.is_ok(), legal, "{bits:04b}");
        let Ok(conditions) = conditions else { continue };
        for name in DialectName::ALL {
            let part = UploadPartCopy {
                conditions: conditions.clone(),
                ..part_copy(name)
            };
            let request = sent(name, &part);
            for (bit, word) in WORDS.iter().enumerate() {
                let header = vendor(name, &format!("copy-source-if-{word}"));
                let asked = bits & (1 << bit) != 0;
                assert_eq!(request.header(&header).is_some(), asked, "{header}");
            }
            // Without the prefix they would be about the destination.
            let mut names = request.headers.iter().map(|(name, _)| name);
            assert!(!names.any(|name| name.starts_with("if-")));
        }
    }
    let error = Conditions::of(asked_for(5)).unwrap_err().to_string();
    assert!(error.contains("if-match and if-none-match"), "{error}");
}

#[test]
fn tags_are_copied_or_replaced_but_not_both() {
    let with = |name, tags: &[(&str, &str)], tagging| CopyObject {
        replace: Some(Attributes {
            tags: tags
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect(),
            ..Attributes::default()
        }),
        tagging,
        ..crate::sample::copy_object(name)
    };
    for name in DialectName::ALL {
        let both = with(name, &[("a", "b")], Some(Directive::Copy));
        refused(built(name, &both), "the one or the other");
        let directive = |operation: &CopyObject| {
            let header = vendor(name, "tagging-directive");
            sent(name, operation).header(&header).map(str::to_owned)
        };
        let word = dialect(name).directive(Directive::Replace);
        let emptied = directive(&with(name, &[], Some(Directive::Replace)));
        assert_eq!(emptied.as_deref(), Some(word), "{name}");
        let given = directive(&with(name, &[("a", "b")], None));
        assert_eq!(given.as_deref(), Some(word), "{name}");
    }
}

#[test]
fn too_much_metadata_is_refused_by_name() {
    let with = |bytes: usize| {
        let mut create = create();
        create.attributes.metadata = vec![("m".to_owned(), "x".repeat(bytes - 1))];
        create
    };
    for name in DialectName::ALL {
        let most = match name {
            DialectName::Obs | DialectName::ObsV2 => 8 << 10,
            DialectName::Cos | DialectName::S3 => 2 << 10,
        };
        sent(name, &with(most));
        refused(built(name, &with(most + 1)), "bytes of user metadata");
    }
}
