//! Sizes, numbers and ids.

use partway_domain::limits::{GIB, KIB, MIB, TIB};
use partway_domain::plan::{Method, PART_FLOOR, plan};
use partway_domain::{DialectName, ETag, FailureKind, PartNumber, UploadId};
use partway_protocol::dialect::dialect;
use partway_protocol::dialect::meaning;
use partway_protocol::op::{CompleteMultipartUpload, ListParts, UploadPartCopy};

use crate::fixture::{bucket, key};
use crate::sample::{complete, part_copy, sent};

#[test]
fn d1_1_each_provider_has_its_least_part_and_all_plans_one_floor() {
    for (name, least) in [
        (DialectName::Cos, MIB),
        (DialectName::Obs, 100 * KIB),
        (DialectName::ObsV2, 100 * KIB),
        (DialectName::S3, 5 * MIB),
    ] {
        let limits = dialect(name).limits();
        assert_eq!(
            (limits.min_part, limits.max_part),
            (least, 5 * GIB),
            "{name}"
        );
        assert!(plan(GIB, Some(PART_FLOOR - 1), &limits).is_err(), "{name}");
        assert!(plan(GIB, Some(5 * GIB + 1), &limits).is_err(), "{name}");
        assert_eq!(
            plan(GIB, Some(5 * MIB), &limits).unwrap().part_size,
            5 * MIB
        );
        for size in [257 * MIB, GIB + 1, TIB, 48 * TIB] {
            let plan = plan(size, None, &limits).unwrap();
            assert!(plan.part_size >= PART_FLOOR, "{name} {size}");
        }
        // Should a server want more, the plan was wrong: sending it again cures nothing.
        let kind = meaning::of(name, 400, Some("EntityTooSmall"));
        assert_eq!(kind, FailureKind::Invalid);
        assert!(!kind.is_transient());
    }
}

#[test]
fn d1_2_sizes_are_binary_and_keep_clear_of_the_maximum() {
    for name in DialectName::ALL {
        let limits = dialect(name).limits();
        assert_eq!(limits.max_part, 5 << 30, "{name}");
        assert_eq!(limits.max_single_copy, 5 << 30, "{name}");
        // "48.82 TB" is 50,000 GB only when 1 TB is 1024 GB.
        assert_eq!(limits.max_object, 50_000 << 30, "{name}");
        for size in [5 * GIB, 5 * GIB + 1, TIB, 20 * TIB, 48 * TIB] {
            let plan = plan(size, None, &limits).unwrap();
            assert!(plan.part_size < limits.max_part, "{name} {size}");
        }
    }
}

#[test]
fn d1_4_part_numbers_are_plain_integers_from_one_without_gaps() {
    assert!(PartNumber::new(0).is_none() && PartNumber::new(10_001).is_none());
    for name in DialectName::ALL {
        for number in [1, 7, 10_000] {
            let copy = UploadPartCopy {
                number: PartNumber::new(number).unwrap(),
                ..part_copy(name)
            };
            let target = sent(name, &copy).target();
            assert!(
                target.contains(&format!("?partNumber={number}&")),
                "{target}"
            );
        }
        let plan = plan(48 * TIB, None, &dialect(name).limits()).unwrap();
        let numbers: Vec<u32> = plan.ranges().map(|(number, _)| number.value()).collect();
        assert_eq!(numbers, (1..=plan.parts).collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn d1_5_upload_ids_are_opaque_and_encoded() {
    // Hexadecimal, base64 with all that needs encoding, and what nobody sends yet.
    for (id, wire) in [
        ("1505706248ca8373f8a5cd52", "1505706248ca8373f8a5cd52"),
        ("VXBs+b2F/k==", "VXBs%2Bb2F%2Fk%3D%3D"),
        ("a&b?c#d é", "a%26b%3Fc%23d%20%C3%A9"),
    ] {
        let upload_id = UploadId::parse(id).unwrap();
        for name in DialectName::ALL {
            let copy = UploadPartCopy {
                upload_id: upload_id.clone(),
                ..part_copy(name)
            };
            let expected = format!("uploadId={wire}");
            assert!(sent(name, &copy).target().ends_with(&expected), "{name}");
            let list = ListParts {
                bucket: bucket(),
                key: key(),
                upload_id: upload_id.clone(),
                after: None,
            };
            assert!(sent(name, &list).target().contains(&expected), "{name}");
        }
    }
    // An empty one would make an abort the deletion of the object.
    assert!(UploadId::parse("").is_err());
}

#[test]
fn d1_6_more_than_five_gib_is_always_copied_in_parts() {
    for name in DialectName::ALL {
        let limits = dialect(name).limits();
        for wish in [None, Some(5 * MIB), Some(5 * GIB)] {
            for size in [5 * GIB + 1, 8 * GIB, 40 * GIB] {
                let plan = plan(size, wish, &limits).unwrap();
                assert_eq!(plan.method, Method::Multipart, "{name} {size} {wish:?}");
                assert!(plan.ranges().all(|(_, range)| range.len() <= 5 * GIB));
            }
        }
    }
}

/// The number of a part does not order the body; the body is ordered by it.
#[test]
fn d1_4_a_complete_names_parts_in_ascending_order() {
    let part = |number, tag: &str| (PartNumber::new(number).unwrap(), ETag::parse(tag).unwrap());
    let complete = CompleteMultipartUpload {
        parts: vec![part(10, "j"), part(2, "b"), part(1, "a")],
        ..complete()
    };
    for name in DialectName::ALL {
        let body = String::from_utf8(sent(name, &complete).body).unwrap();
        let numbers: Vec<&str> = body
            .split("<PartNumber>")
            .skip(1)
            .filter_map(|rest| rest.split('<').next())
            .collect();
        assert_eq!(numbers, ["1", "2", "10"], "{name}");
    }
}
