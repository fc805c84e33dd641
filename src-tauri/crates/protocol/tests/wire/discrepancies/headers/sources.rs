//! The source of a copy: its name, its version, its range and what must hold of it.

use partway_domain::{ByteRange, DialectName, ETag, Key, VersionId};
use partway_protocol::op::{
    Conditions, CopyObject, CopySource, HeadObject, NamedConditions, UploadPartCopy,
};

use crate::fixture::{endpoint, etag, source};
use crate::sample::{copy_object, head, part_copy, sent, signed, vendor, vendor_headers};

const CONDITIONS: [&str; 4] = [
    "copy-source-if-match",
    "copy-source-if-none-match",
    "copy-source-if-modified-since",
    "copy-source-if-unmodified-since",
];

fn copy_of(name: DialectName, key: &str, version: Option<&str>) -> CopyObject {
    CopyObject {
        source: CopySource {
            key: Key::parse(key).unwrap(),
            version: version.map(|id| VersionId::parse(id).unwrap()),
            ..source(endpoint(name, "region-2"))
        },
        ..copy_object(name)
    }
}

fn named(bits: u8) -> NamedConditions {
    let asked = |bit: u8| bits & (1 << bit) != 0;
    NamedConditions {
        matches: asked(0).then(etag),
        none_match: asked(1).then(etag),
        modified_since: asked(2).then_some(0),
        unmodified_since: asked(3).then_some(0),
    }
}

#[test]
fn d2_4_a_range_is_text_zero_based_and_inclusive_or_absent() {
    for name in DialectName::ALL {
        for (start, end, text) in [
            (0, 10, "bytes=0-9"),
            (10, 101, "bytes=10-100"),
            (5 << 30, (5 << 30) + 1, "bytes=5368709120-5368709120"),
        ] {
            let part = UploadPartCopy {
                range: ByteRange::new(start, end).unwrap(),
                ..part_copy(name)
            };
            let request = sent(name, &part);
            let all: Vec<&str> = request
                .headers
                .iter()
                .filter(|(header, _)| header.ends_with("source-range"))
                .map(|(_, value)| value.as_str())
                .collect();
            assert_eq!(all, [text], "{name}");
        }
        // The whole object: no header at all rather than an empty one.
        let whole = sent(name, &copy_object(name));
        assert_eq!(
            whole.header(&vendor(name, "copy-source-range")),
            None,
            "{name}"
        );
    }
}

#[test]
fn d2_10_conditions_have_the_copy_source_prefix() {
    for name in DialectName::ALL {
        for conditions in [
            Conditions::Unchanged {
                etag: Some(etag()),
                since: Some(1_773_480_413),
            },
            Conditions::Changed {
                etag: Some(etag()),
                since: Some(1_773_480_413),
            },
        ] {
            let part = UploadPartCopy {
                conditions: conditions.clone(),
                ..part_copy(name)
            };
            let whole = CopyObject {
                conditions: conditions.clone(),
                ..copy_object(name)
            };
            for request in [sent(name, &part), sent(name, &whole)] {
                let mut seen = 0;
                for (header, value) in &request.headers {
                    // A plain one would speak of the destination.
                    assert!(!header.starts_with("if-"), "{name}: {header}");
                    if !header.contains("-if-") {
                        continue;
                    }
                    seen += 1;
                    let expected = if header.ends_with("match") {
                        etag().quoted()
                    } else {
                        "Sat, 14 Mar 2026 09:26:53 GMT".to_owned()
                    };
                    assert_eq!(*value, expected, "{name}: {header}");
                    assert!(
                        CONDITIONS
                            .iter()
                            .any(|known| *header == vendor(name, known))
                    );
                }
                assert_eq!(seen, 2, "{name}");
            }
        }
    }
}

/// | match | none-match | modified | unmodified | |
/// |---|---|---|---|---|
/// | any | – | – | any | legal |
/// | – | any | any | – | legal |
/// | everything else | | | | refused before it is sent |
#[test]
fn d2_11_only_legal_pairs_can_be_asked_for() {
    for bits in 0..16 {
        let (tags, times) = (bits & 0b0011, bits & 0b1100);
        let legal = bits & 0b0110 == 0 || bits & 0b1001 == 0;
        match Conditions::of(named(bits)) {
            Ok(conditions) => {
                assert!(legal, "{bits:04b} was let through");
                let part = UploadPartCopy {
                    conditions,
                    ..part_copy(DialectName::Cos)
                };
                let sent = sent(DialectName::Cos, &part);
                let headers = vendor_headers(DialectName::Cos, &sent);
                let count = |end: &str| {
                    headers
                        .iter()
                        .filter(|h| h.contains("-if-") && h.ends_with(end))
                        .count()
                };
                assert_eq!(count("match"), tags.count_ones() as usize, "{bits:04b}");
                assert_eq!(count("since"), times.count_ones() as usize, "{bits:04b}");
            }
            Err(refusal) => {
                assert!(!legal, "{bits:04b}: {refusal}");
                let words = refusal.to_string();
                for (bit, name) in [
                    (0, "if-match"),
                    (1, "if-none-match"),
                    (2, "if-modified-since"),
                    (3, "if-unmodified-since"),
                ] {
                    assert!(bits & (1 << bit) == 0 || words.contains(name), "{words}");
                }
            }
        }
    }
}

#[test]
fn d2_19_the_source_has_each_providers_form() {
    for (name, plain, versioned) in [
        (
            DialectName::Cos,
            "source-1250000001.cos.region-2.myqcloud.com/a/b.jpg",
            "source-1250000001.cos.region-2.myqcloud.com/a/b.jpg?versionId=v1",
        ),
        (
            DialectName::Obs,
            "/source-1250000001/a/b.jpg",
            "/source-1250000001/a/b.jpg?versionId=v1",
        ),
        (
            DialectName::ObsV2,
            "/source-1250000001/a/b.jpg",
            "/source-1250000001/a/b.jpg?versionId=v1",
        ),
        (
            DialectName::S3,
            "source-1250000001/a/b.jpg",
            "source-1250000001/a/b.jpg?versionId=v1",
        ),
    ] {
        let header = vendor(name, "copy-source");
        for (version, expected) in [(None, plain), (Some("v1"), versioned)] {
            let copy = copy_of(name, "a/b.jpg", version);
            assert_eq!(sent(name, &copy).header(&header), Some(expected), "{name}");
            let part = UploadPartCopy {
                source: copy.source,
                ..part_copy(name)
            };
            assert_eq!(sent(name, &part).header(&header), Some(expected), "{name}");
        }
    }
}

#[test]
fn d2_20_every_byte_of_the_sources_key_is_encoded() {
    let key = "a b/腾?versionId=no&x=%20+~-_.\"\n";
    let encoded = "a%20b/%E8%85%BE%3FversionId%3Dno%26x%3D%2520%2B~-_.%22%0A";
    for name in DialectName::ALL {
        let header = vendor(name, "copy-source");
        let request = signed(name, &copy_of(name, key, Some("v 1")));
        let value = request.header(&header).unwrap();
        assert!(
            value.ends_with(&format!("/{encoded}?versionId=v%201")),
            "{name}: {value}"
        );
        // Signed as it is sent: another text is another signature.
        let other = signed(name, &copy_of(name, "another", Some("v 1")));
        assert_ne!(
            request.header("authorization"),
            other.header("authorization"),
            "{name}"
        );
    }
}

#[test]
fn d2_21_a_version_is_asked_for_as_version_id() {
    for name in DialectName::ALL {
        let of = |version: &str| HeadObject {
            version: VersionId::parse(version).ok(),
            ..head()
        };
        let request = signed(name, &of("v1"));
        let parameter = ("versionId".to_owned(), Some("v1".to_owned()));
        assert!(
            request.query.contains(&parameter),
            "{name}: {:?}",
            request.query
        );
        assert!(request.target().ends_with("?versionId=v1"), "{name}");
        // Where sub-resources are listed by name, the wrong spelling would not be signed.
        let other = signed(name, &of("v2"));
        assert_ne!(
            request.header("authorization"),
            other.header("authorization"),
            "{name}"
        );
    }
}

/// The sample of the page with its two alternatives, printed as one value.
#[test]
fn d2_19_the_sample_of_the_single_copy_page_is_reproduced() {
    let mut copy = copy_of(DialectName::Cos, "example-腾讯云.jpg", None);
    copy.source.bucket = partway_domain::Bucket::parse("sourcebucket-1250000001").unwrap();
    copy.source.endpoint = endpoint(DialectName::Cos, "ap-shanghai");
    let plain = "sourcebucket-1250000001.cos.ap-shanghai.myqcloud.com/example-%E8%85%BE%E8%AE%AF%E4%BA%91.jpg";
    assert_eq!(
        sent(DialectName::Cos, &copy).header("x-cos-copy-source"),
        Some(plain)
    );
    copy.source.version = VersionId::parse("MTg0NDUxNzYzMDc0NDMzNDExOTc").ok();
    let versioned = format!("{plain}?versionId=MTg0NDUxNzYzMDc0NDMzNDExOTc");
    assert_eq!(
        sent(DialectName::Cos, &copy).header("x-cos-copy-source"),
        Some(versioned.as_str())
    );
    assert!(
        ETag::parse("\"\"").is_none(),
        "an empty tag would match nothing"
    );
}
