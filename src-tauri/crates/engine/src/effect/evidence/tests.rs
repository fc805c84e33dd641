use partway_domain::{Plan, VersionId, limits::MIB};

use super::*;

const PART_TAGS: [&str; 2] = [
    "5d41402abc4b2a76b9719d911017c592",
    "7d793037a0760186574b0282f2f435e7",
];

fn etag(text: &str) -> ETag {
    ETag::parse(text).unwrap()
}

fn pin(method: Method, tag: &str, checksum: Option<&str>) -> Pin {
    Pin {
        etag: etag(tag),
        size: 8 * MIB,
        version: None::<VersionId>,
        last_modified: String::new(),
        checksum: checksum.map(str::to_owned),
        attributes: serde_json::Value::Null,
        not_carried: Vec::new(),
        plan: Plan {
            size: 8 * MIB,
            method,
            part_size: 5 * MIB,
            parts: if method == Method::Single { 1 } else { 2 },
        },
    }
}

fn head(tag: &str) -> ObjectHead {
    ObjectHead {
        size: 8 * MIB,
        etag: etag(tag),
        last_modified: String::new(),
        version: None,
        attributes: partway_protocol::op::Attributes::default(),
        tag_count: None,
        crc64_xz: None,
        crc64_nvme: None,
        upload_id: None,
        restore: None,
        encrypted: None,
        website_redirect: None,
        not_carried: Vec::new(),
    }
}

fn parts() -> BTreeMap<PartNumber, ETag> {
    (1..)
        .zip(PART_TAGS)
        .map(|(number, tag)| (PartNumber::new(number).unwrap(), etag(tag)))
        .collect()
}

fn judged(dialect: DialectName, pin: &Pin, head: &ObjectHead) -> Judgement {
    let upload = UploadId::parse("ours").unwrap();
    let expected = Expected {
        adopted: false,
        dialect,
        pin,
        upload: Some(&upload),
        parts: &parts(),
    };
    judge(expected, head)
}

fn is_same(judgement: &Judgement) -> bool {
    matches!(judgement, Judgement::Same(_))
}

fn is_different(judgement: &Judgement) -> bool {
    matches!(judgement, Judgement::Different(_))
}

#[test]
fn the_composite_rule_is_md5_over_binary_md5s() {
    // printf of the two digests in hex | xxd -r -p | md5sum
    let rule = composite(parts().values().collect::<Vec<_>>().into_iter()).unwrap();
    assert_eq!(rule.as_str(), "065947336a2f2a95ba8899f3675c3be6-2");
    let odd = etag("not a digest at all");
    assert_eq!(composite([&odd].into_iter()), None);
}

#[test]
fn another_size_is_another_object_whatever_else_agrees() {
    let pin = pin(Method::Multipart, PART_TAGS[0], Some("crc64xz:1"));
    let mut other = head(PART_TAGS[0]);
    other.size += 1;
    other.crc64_xz = Some("1".to_owned());
    for dialect in DialectName::ALL {
        assert!(is_different(&judged(dialect, &pin, &other)));
    }
}

#[test]
fn checksums_decide_where_both_have_one() {
    let pin = pin(Method::Multipart, PART_TAGS[0], Some("crc64xz:17"));
    let mut with = head("whatever-2");
    with.crc64_xz = Some("17".to_owned());
    assert!(is_same(&judged(DialectName::Cos, &pin, &with)));
    with.crc64_xz = Some("18".to_owned());
    assert!(is_different(&judged(DialectName::Cos, &pin, &with)));
    // Two different checksums cannot be compared.
    let mut nvme = head("whatever-2");
    nvme.crc64_nvme = Some("17".to_owned());
    assert!(!is_same(&judged(DialectName::Cos, &pin, &nvme)));
}

#[test]
fn s3_goes_by_the_etag_rule() {
    let pin = pin(Method::Multipart, PART_TAGS[0], None);
    let rule = composite(parts().values().collect::<Vec<_>>().into_iter()).unwrap();
    let s3 = |tag: &str| judged(DialectName::S3, &pin, &head(tag));
    assert!(is_same(&s3(rule.as_str())));
    assert!(is_different(&s3("065947336a2f2a95ba8899f3675c3be7-2")));
    assert!(is_different(&s3("065947336a2f2a95ba8899f3675c3be6-3")));
    // A server with a rule of its own proves nothing.
    assert!(matches!(s3("opaque"), Judgement::SizeOnly(_)));
}

#[test]
fn obs_goes_by_the_upload_id() {
    let pin = pin(Method::Multipart, PART_TAGS[0], None);
    let obs = |upload: Option<&str>| {
        let mut head = head("x-2");
        head.upload_id = upload.map(|id| UploadId::parse(id).unwrap());
        judged(DialectName::Obs, &pin, &head)
    };
    assert!(is_same(&obs(Some("ours"))));
    assert!(is_different(&obs(Some("theirs"))));
    assert!(matches!(obs(None), Judgement::SizeOnly(_)));
}

#[test]
fn obs_without_an_upload_id_goes_by_a_tag_that_agrees() {
    let pin = pin(Method::Multipart, PART_TAGS[0], None);
    let rule = composite(parts().values().collect::<Vec<_>>().into_iter()).unwrap();
    let judgement = judged(DialectName::ObsV2, &pin, &head(rule.as_str()));
    assert!(is_same(&judgement));
    // The same number of parts, and a tag that follows another rule.
    let judgement = judged(DialectName::ObsV2, &pin, &head("x-2"));
    assert!(matches!(judgement, Judgement::SizeOnly(_)));
    let mut theirs = head(rule.as_str());
    theirs.upload_id = UploadId::parse("theirs").ok();
    assert!(is_different(&judged(DialectName::Obs, &pin, &theirs)));
}

#[test]
fn a_cos_composite_tag_proves_nothing() {
    let pin = pin(Method::Multipart, PART_TAGS[0], None);
    let rule = composite(parts().values().collect::<Vec<_>>().into_iter()).unwrap();
    let judgement = judged(DialectName::Cos, &pin, &head(rule.as_str()));
    assert!(matches!(judgement, Judgement::SizeOnly(_)));
}

#[test]
fn a_single_copy_goes_by_equal_plain_tags() {
    let single = pin(Method::Single, PART_TAGS[0], None);
    for dialect in DialectName::ALL {
        assert!(is_same(&judged(dialect, &single, &head(PART_TAGS[0]))));
        let other = judged(dialect, &single, &head(PART_TAGS[1]));
        assert!(matches!(other, Judgement::SizeOnly(_)));
    }
    let composite = pin(Method::Single, "x-9", None);
    let judgement = judged(DialectName::S3, &composite, &head("x-9"));
    assert!(matches!(judgement, Judgement::SizeOnly(_)));
}
