use partway_domain::{AccountId, Bucket, JobKind, Key};

use super::*;
use crate::request::mapping::tests::{route, s3};
use crate::request::{CopySelection, Place};

fn request(shown_under: &str, prefixes: &[(&str, Option<&str>)], to: &str) -> CopyRequest {
    let place = |prefix: &str| Place {
        account: AccountId("id".to_owned()),
        bucket: Bucket::parse("any").unwrap(),
        region: None,
        prefix: Prefix::parse(prefix).unwrap(),
    };
    let prefixes = prefixes.iter().map(|(prefix, rename)| PrefixRef {
        prefix: Prefix::parse(*prefix).unwrap(),
        rename: rename.map(str::to_owned),
    });
    CopyRequest {
        kind: JobKind::Copy,
        source: place(shown_under),
        selection: CopySelection {
            objects: Vec::new(),
            prefixes: prefixes.collect(),
        },
        destination: place(to),
        options: partway_domain::CopyOptions::default(),
        refuse_existing: false,
    }
}

fn elsewhere() -> Route {
    route(s3("eu-west-1", "from"), s3("eu-west-1", "to"))
}

fn in_place() -> Route {
    route(s3("eu-west-1", "one"), s3("eu-west-1", "one"))
}

fn places(request: &CopyRequest, route: &Route) -> Vec<(String, String)> {
    let scans = scans(request, route).unwrap();
    let text = |scan: &NewScan| {
        let (from, to) = scan.places();
        (from.to_string(), to.to_string())
    };
    scans.iter().map(text).collect()
}

#[test]
fn a_prefix_keeps_what_follows_the_one_it_was_shown_under() {
    let cases = [
        ("a/", "a/b/", None, "to/", "to/b/"),
        ("", "a/b/", None, "", "a/b/"),
        ("x/", "a/b/", None, "to/", "to/b/"),
        ("a/", "a/b/", Some(""), "to/", "to/"),
        ("", "", None, "to/", "to/"),
        ("a/", "a//", None, "to/", "to//"),
    ];
    for (shown, prefix, rename, into, expected) in cases {
        let request = request(shown, &[(prefix, rename)], into);
        let expected = vec![(prefix.to_owned(), expected.to_owned())];
        assert_eq!(places(&request, &elsewhere()), expected, "{prefix}");
    }
}

#[test]
fn what_lies_within_another_is_counted_once() {
    for order in [["a/b/", "a/"], ["a/", "a/b/"]] {
        let selected = order.map(|prefix| (prefix, None));
        let request = request("", &selected, "to/");
        let found = places(&request, &elsewhere());
        assert_eq!(found, [("a/".to_owned(), "to/a/".to_owned())]);
    }
    // Under another name it is another copy.
    let request = request("", &[("a/", None), ("a/b/", Some("c/"))], "to/");
    assert_eq!(places(&request, &elsewhere()).len(), 2);
}

#[test]
fn named_objects_of_a_prefix_come_with_it() {
    let mut request = request("", &[("a/", None)], "to/");
    let object = |key: &str, rename: Option<&str>| ObjectRef {
        key: Key::parse(key).unwrap(),
        version: None,
        rename: rename.map(str::to_owned),
    };
    request.selection.objects = vec![
        object("a/x", None),
        object("a/x", Some("y")),
        object("b", None),
    ];
    let scans = scans(&request, &elsewhere()).unwrap();
    let apart = objects_apart(&request, &scans);
    assert_eq!(apart, [object("a/x", Some("y")), object("b", None)]);
}

#[test]
fn nothing_is_copied_into_itself() {
    for (prefix, into) in [("a/", "a/b/"), ("a/", "a/"), ("", "copy/"), ("a", "ab/")] {
        let request = request("", &[(prefix, Some(""))], into);
        let refused = scans(&request, &in_place()).unwrap_err();
        assert!(refused.message.contains("without an end"), "{refused}");
        assert!(scans(&request, &elsewhere()).is_ok(), "{prefix} -> {into}");
    }
    // Beside it, or above it, there is an end.
    for (prefix, into) in [("a/", "b/"), ("a/b/", "a/")] {
        assert!(scans(&request("", &[(prefix, Some(""))], into), &in_place()).is_ok());
    }
    // Nor into another prefix of the same job.
    let crossed = request("", &[("a/", Some("b/c/")), ("b/", Some("d/"))], "");
    assert!(scans(&crossed, &in_place()).is_err());
}
