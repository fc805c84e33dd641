use super::*;

fn shown(algorithm: &str, key_id: Option<&str>, md5: Option<&str>) -> Encrypted {
    Encrypted {
        algorithm: algorithm.to_owned(),
        key_id: key_id.map(str::to_owned),
        customer_key_md5: md5.map(str::to_owned),
    }
}

fn service(key_id: Option<&str>, dual_layer: bool) -> AtRest {
    AtRest::KeyService(KeyService {
        key_id: key_id.map(str::to_owned),
        dual_layer,
        ..KeyService::default()
    })
}

const NAME: &str = "arn:aws:kms:eu-west-1:1:key/k-1";

#[test]
fn each_kind_is_known_by_what_head_shows_of_it() {
    let own = AtRest::Customer {
        key_md5: "ours".to_owned(),
    };
    let plain = shown("AES256", None, None);
    let sealed = |md5| shown("AES256", None, Some(md5));
    for (asked, shown, fits) in [
        (&AtRest::BucketDefault, None, true),
        (&AtRest::BucketDefault, Some(plain.clone()), true),
        (&AtRest::Provider, Some(plain.clone()), true),
        (&AtRest::Provider, None, false),
        (&AtRest::Provider, Some(sealed("ours")), false),
        (&AtRest::Provider, Some(shown("aws:kms", None, None)), false),
        (&own, Some(sealed("ours")), true),
        (&own, Some(sealed("theirs")), false),
        (&own, Some(plain.clone()), false),
        (&own, None, false),
        (&service(None, false), Some(shown("kms", None, None)), true),
        (
            &service(None, false),
            Some(shown("cos/kms", Some("k"), None)),
            true,
        ),
        (&service(None, false), Some(plain), false),
        (&service(None, false), None, false),
        (
            &service(None, false),
            Some(shown("aws:kms:dsse", None, None)),
            false,
        ),
        (
            &service(None, true),
            Some(shown("aws:kms:dsse", None, None)),
            true,
        ),
        (
            &service(None, true),
            Some(shown("aws:kms", None, None)),
            false,
        ),
    ] {
        let found = difference(asked, shown.as_ref());
        assert_eq!(found.is_none(), fits, "{asked:?} {shown:?}: {found:?}");
    }
}

#[test]
fn a_key_is_the_same_by_its_id_and_by_its_name() {
    for (asked, told, same) in [
        ("k-1", Some("k-1"), true),
        ("k-1", Some(NAME), true),
        (NAME, Some("k-1"), true),
        ("k-1", None, true),
        ("alias/mine", Some(NAME), true),
        ("1", Some(NAME), false),
        ("k-2", Some(NAME), false),
        (NAME, Some("k-2"), false),
    ] {
        let found = difference(
            &service(Some(asked), false),
            Some(&shown("aws:kms", told, None)),
        );
        assert_eq!(found.is_none(), same, "{asked} {told:?}: {found:?}");
    }
}

#[test]
fn only_another_key_is_another_key() {
    let key = CustomerKey::of_bytes(&[3; 32]).unwrap();
    let ours = shown("AES256", None, Some(&key.md5()));
    let theirs = shown("AES256", None, Some("AAAAAAAAAAAAAAAAAAAAAA=="));
    assert_eq!(other_key(Some(&key), Some(&ours)), None);
    assert_eq!(other_key(Some(&key), None), None);
    assert_eq!(
        other_key(Some(&key), Some(&shown("AES256", None, None))),
        None
    );
    assert_eq!(other_key(None, Some(&theirs)), None);
    let failure = other_key(Some(&key), Some(&theirs)).expect("a failure");
    assert_eq!(failure.kind, FailureKind::VerificationFailed);
    assert!(failure.message.contains(&key.md5()), "{failure}");
}
