use partway_domain::{DialectName, Properties};
use partway_protocol::dialect::dialect;

use super::*;

fn pairs(pairs: &[(&str, &str)]) -> Pairs {
    let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
    pairs.iter().map(owned).collect()
}

fn shown(headers: &[(&str, &str)], metadata: &[(&str, &str)]) -> Attributes {
    Attributes {
        headers: pairs(headers),
        metadata: pairs(metadata),
        ..Attributes::default()
    }
}

/// Whether a copy that shows `shown` has the header, and the metadata, that were asked for.
fn agrees(name: DialectName, metadata: &[(&str, &str)], shown: &Attributes) -> bool {
    let asked = Replaced {
        properties: Some(Properties {
            headers: pairs(&[("expires", "0")]),
            metadata: pairs(metadata),
        }),
        tags: None,
    };
    let (expected, found) = properties(&asked, shown, dialect(name)).unwrap();
    expected == found
}

#[test]
fn what_was_asked_for_is_there_and_no_other_metadata() {
    let server = ("content-type", "binary/octet-stream");
    for (headers, metadata, fits) in [
        (&[("expires", "0")][..], &[("a", "1"), ("b", "2")][..], true),
        (&[server, ("expires", "0")], &[("b", "2"), ("a", "1")], true),
        (&[("expires", "1")], &[("a", "1"), ("b", "2")], false),
        (&[server], &[("a", "1"), ("b", "2")], false),
        (&[("expires", "0")], &[("a", "1")], false),
        (
            &[("expires", "0")],
            &[("a", "1"), ("b", "2"), ("c", "")],
            false,
        ),
    ] {
        let shown = shown(headers, metadata);
        let asked = [("a", "1"), ("b", "2")];
        assert_eq!(agrees(DialectName::S3, &asked, &shown), fits, "{shown:?}");
    }
}

#[test]
fn a_value_comes_back_as_it_is_sent() {
    let shown = shown(&[("expires", "0")], &[("a", "%C3%A4")]);
    assert!(agrees(DialectName::Obs, &[("a", "ä")], &shown));
    assert!(!agrees(DialectName::S3, &[("a", "ä")], &shown));
}

#[test]
fn only_what_is_known_to_differ_is_called_different() {
    let line = |compared, found: Option<&str>| Comparison {
        compared,
        expected: "a: 1".to_owned(),
        expected_from: String::new(),
        found: found.map(str::to_owned),
        found_from: String::new(),
        request_id: None,
    };
    let same = [
        line(Compared::Properties, Some("a: 1")),
        line(Compared::Tags, None),
    ];
    assert_eq!(difference(&same), None);
    let told = difference(&[line(Compared::Tags, Some("none"))]).unwrap();
    assert!(told.contains("tags") && told.contains("none"), "{told}");
}
