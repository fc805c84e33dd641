//! Encryption: the user's own keys, and those of the key service.

use std::collections::BTreeMap;

use partway_domain::DialectName;
use partway_protocol::op::{
    CopyObject, CopySource, CreateMultipartUpload, CustomerKey, Encryption, HeadObject, KeyService,
    Terms, UploadPartCopy,
};

use crate::fixture::{endpoint, read, response, source};
use crate::sample::{built, copy_object, create, head, part_copy, sent, vendor, vendor_headers};

/// Keys as the pages print them, each with the MD5 printed beside it.
const PRINTED: [(&str, &str); 3] = [
    (
        "K7QkYpBkM5+hcs27fsNkUnNVaobncnLht/rCB2o/9Cw=",
        "4XvB3tbNTN+tIEVa0/fGaQ==",
    ),
    (
        "MDEyMzQ1Njc4OUFCQ0RFRjAxMjM0NTY3ODlBQkNERUY=",
        "U5L61r7jcwdNvT7frmUG8g==",
    ),
    (
        "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        "hRasmdxgYDKV3nvbahU1MA==",
    ),
];

const THREE: [&str; 3] = ["algorithm", "key", "key-md5"];

fn key(at: usize) -> CustomerKey {
    CustomerKey::parse(PRINTED[at].0).unwrap()
}

fn terms(encryption: Encryption) -> Terms {
    Terms {
        encryption,
        ..Terms::default()
    }
}

/// The three values of `<prefix>server-side-encryption-customer-*`.
fn three(at: usize) -> Vec<String> {
    vec![
        "AES256".to_owned(),
        PRINTED[at].0.to_owned(),
        PRINTED[at].1.to_owned(),
    ]
}

fn values(
    name: DialectName,
    request: &partway_protocol::wire::Request,
    prefix: &str,
) -> Vec<String> {
    THREE
        .iter()
        .filter_map(|rest| {
            let header = vendor(
                name,
                &format!("{prefix}server-side-encryption-customer-{rest}"),
            );
            request.header(&header).map(str::to_owned)
        })
        .collect()
}

#[test]
fn d2_13_the_key_of_the_source_has_the_copy_source_prefix() {
    for name in DialectName::ALL {
        let copy = CopyObject {
            source: CopySource {
                customer_key: Some(key(1)),
                ..source(endpoint(name, "region-2"))
            },
            ..copy_object(name)
        };
        let request = sent(name, &copy);
        assert_eq!(values(name, &request, "copy-source-"), three(1), "{name}");
        // The destination stays as it is: with these names it would be encrypted.
        assert!(values(name, &request, "").is_empty(), "{name}");
    }
}

#[test]
fn d2_14_both_keys_travel_with_every_part() {
    for name in DialectName::ALL {
        let part = UploadPartCopy {
            source: CopySource {
                customer_key: Some(key(1)),
                ..source(endpoint(name, "region-2"))
            },
            customer_key: Some(key(2)),
            ..part_copy(name)
        };
        let request = sent(name, &part);
        assert_eq!(values(name, &request, "copy-source-"), three(1), "{name}");
        assert_eq!(values(name, &request, ""), three(2), "{name}");
        let opened = CreateMultipartUpload {
            terms: terms(Encryption::Customer(key(2))),
            ..create()
        };
        assert_eq!(values(name, &sent(name, &opened), ""), three(2), "{name}");
        let looking = HeadObject {
            customer_key: Some(key(2)),
            ..head()
        };
        assert_eq!(values(name, &sent(name, &looking), ""), three(2), "{name}");
        let shown = format!("{part:?} {request:?}");
        for (secret, _) in PRINTED {
            assert!(!shown.contains(secret), "{name}: a key is shown");
        }
    }
}

#[test]
fn d2_15_a_key_has_256_bits_and_its_own_digest() {
    for (text, md5) in PRINTED {
        let key = CustomerKey::parse(text).unwrap();
        assert_eq!(key.md5(), md5, "the digest of the bytes, not of their text");
        assert!(CustomerKey::parse_checked(text, md5).is_ok());
        assert!(CustomerKey::parse_checked(text, "AAAAAAAAAAAAAAAAAAAAAA==").is_err());
    }
    for bytes in [0, 16, 31, 33, 64] {
        let refusal = CustomerKey::of_bytes(&vec![7; bytes])
            .unwrap_err()
            .to_string();
        assert!(refusal.contains(&(bytes * 8).to_string()), "{refusal}");
    }
}

#[test]
fn d2_16_the_key_service_has_each_providers_words() {
    let id = "48ba38aa-26c5-11ea-855c-525400850000";
    for (name, algorithm, header) in [
        (
            DialectName::Cos,
            "cos/kms",
            "x-cos-server-side-encryption-cos-kms-key-id",
        ),
        (
            DialectName::Obs,
            "kms",
            "x-obs-server-side-encryption-kms-key-id",
        ),
        (
            DialectName::ObsV2,
            "aws:kms",
            "x-amz-server-side-encryption-aws-kms-key-id",
        ),
        (
            DialectName::S3,
            "aws:kms",
            "x-amz-server-side-encryption-aws-kms-key-id",
        ),
    ] {
        let service = KeyService {
            key_id: Some(id.to_owned()),
            ..KeyService::default()
        };
        let create = CreateMultipartUpload {
            terms: terms(Encryption::KeyService(service)),
            ..create()
        };
        let request = sent(name, &create);
        let kind = vendor(name, "server-side-encryption");
        assert_eq!(request.header(&kind), Some(algorithm), "{name}");
        assert_eq!(request.header(header), Some(id), "{name}");
        // Shown and never judged: words of other pages, an ARN, a word of tomorrow.
        for word in ["AES256", algorithm, "sm4"] {
            let arn = "arn:aws:kms:sichuan:domain0001:key/4f1cd4de";
            let headers = [
                ("content-length", "1"),
                ("etag", "\"a\""),
                (kind.as_str(), word),
                (header, arn),
            ];
            let head = read(name, &head(), &response(200, &headers, "")).unwrap();
            let encrypted = head.encrypted.unwrap();
            assert_eq!(encrypted.algorithm, word, "{name}");
            assert_eq!(encrypted.key_id.as_deref(), Some(arn), "{name}");
        }
    }
}

/// The context of the page's sample, byte for byte; only COS and S3 have such a thing.
#[test]
fn d2_16_a_context_is_json_in_base64() {
    let service = KeyService {
        context: BTreeMap::from(
            [("author", "fysntian"), ("company", "Tencent")]
                .map(|(k, v)| (k.to_owned(), v.to_owned())),
        ),
        ..KeyService::default()
    };
    let create = CreateMultipartUpload {
        terms: terms(Encryption::KeyService(service)),
        ..create()
    };
    for name in [DialectName::Cos, DialectName::S3] {
        let request = sent(name, &create);
        assert_eq!(
            request.header(&vendor(name, "server-side-encryption-context")),
            Some("eyJhdXRob3IiOiJmeXNudGlhbiIsImNvbXBhbnkiOiJUZW5jZW50In0="),
            "{name}"
        );
    }
    for name in [DialectName::Obs, DialectName::ObsV2] {
        assert!(built(name, &create).is_err(), "{name}");
    }
}

/// Keys the provider manages: one word, the same with all.
#[test]
fn d2_16_managed_keys_are_asked_for_with_aes256() {
    for name in DialectName::ALL {
        let copy = CopyObject {
            terms: terms(Encryption::Provider),
            ..copy_object(name)
        };
        let request = sent(name, &copy);
        let kind = vendor(name, "server-side-encryption");
        assert_eq!(request.header(&kind), Some("AES256"), "{name}");
        // Unasked, nothing is said, and a part never says it.
        for silent in [sent(name, &copy_object(name)), sent(name, &part_copy(name))] {
            let said = vendor_headers(name, &silent);
            assert!(
                !said.iter().any(|header| header.contains("encryption")),
                "{name}"
            );
        }
    }
}
