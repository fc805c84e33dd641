use partway_domain::ETag;

use super::*;
use crate::request::mapping::tests::{route, s3};

fn entry(key: &str, size: u64, class: Option<&str>) -> ObjectEntry {
    ObjectEntry {
        key: Key::parse(key).unwrap(),
        size,
        last_modified: "2026-01-26T14:43:38.000Z".to_owned(),
        etag: ETag::parse("0123"),
        storage_class: class.map(str::to_owned),
    }
}

/// What becomes of an object under `from` that goes to `to`.
fn found(
    route: &Route,
    (from, to): (&str, &str),
    entry: &ObjectEntry,
    stands: Option<&Facts>,
) -> NewTransfer {
    let known = Known::default();
    let (from, to) = (Prefix::parse(from).unwrap(), Prefix::parse(to).unwrap());
    let named = BTreeSet::from([Key::parse("to/named").unwrap()]);
    let finder = Finder::new(route, &known, (&from, &to), [&from].into_iter(), named);
    finder.transfer(entry, stands, false)
}

fn elsewhere() -> Route {
    route(s3("eu-west-1", "from"), s3("eu-west-1", "to"))
}

fn is_queued(transfer: &NewTransfer) -> bool {
    transfer.beginning == Beginning::Queued
}

#[test]
fn keys_are_kept_exactly() {
    for (key, expected) in [
        ("a/x", "to/x"),
        ("a/", "to/"),
        ("a//x", "to//x"),
        ("a/x/", "to/x/"),
        ("a/ \u{301}", "to/ \u{301}"),
    ] {
        let transfer = found(&elsewhere(), ("a/", "to/"), &entry(key, 1, None), None);
        assert_eq!(transfer.destination_key.as_str(), expected);
        assert!(is_queued(&transfer), "{key}");
    }
}

#[test]
fn a_folder_has_no_marker_at_the_top_of_a_bucket() {
    let marker = found(&elsewhere(), ("a/", ""), &entry("a/", 0, None), None);
    assert_eq!(marker.beginning, Beginning::Skipped(Reason::Nameless));
    // With bytes in it, it is an object, and losing it must show.
    let object = found(&elsewhere(), ("a/", ""), &entry("a/", 7, None), None);
    assert!(matches!(object.beginning, Beginning::Failed(_)));
}

#[test]
fn nothing_is_written_where_the_job_reads_or_twice() {
    let in_place = route(s3("eu-west-1", "one"), s3("eu-west-1", "one"));
    // `a/b/b/x` would become `a/b/x`, which is still to be read.
    let inside = found(&in_place, ("a/b/", "a/"), &entry("a/b/b/x", 1, None), None);
    assert!(matches!(inside.beginning, Beginning::Failed(_)));
    assert!(is_queued(&found(
        &in_place,
        ("a/b/", "a/"),
        &entry("a/b/x", 1, None),
        None
    )));
    let twice = found(
        &elsewhere(),
        ("a/", "to/"),
        &entry("a/named", 1, None),
        None,
    );
    assert!(matches!(twice.beginning, Beginning::Failed(_)));
}

#[test]
fn a_small_object_is_pinned_by_its_listing_where_that_tells_enough() {
    let pinned =
        |entry: &ObjectEntry, route: &Route| found(route, ("a/", "to/"), entry, None).pin.is_some();
    let small = |class| entry("a/x", 1, class);
    assert!(pinned(&small(Some("STANDARD")), &elsewhere()));
    assert!(
        !pinned(&small(None), &elsewhere()),
        "its class would be lost"
    );
    assert!(
        !pinned(&small(Some("GLACIER")), &elsewhere()),
        "it may need a restore"
    );
    assert!(!pinned(
        &entry("a/x", 1 << 40, Some("STANDARD")),
        &elsewhere()
    ));
    let untagged = ObjectEntry {
        etag: None,
        ..small(Some("STANDARD"))
    };
    assert!(!pinned(&untagged, &elsewhere()), "nothing binds it");
}

#[test]
fn the_policy_decides_by_what_the_listings_show() {
    let mut route = elsewhere();
    let entry = entry("a/x", 1, None);
    let same = facts(&entry);
    for (policy, expected) in [
        (ConflictPolicy::Skip, Beginning::Skipped(Reason::Exists)),
        (ConflictPolicy::IfNewer, Beginning::Skipped(Reason::Same)),
        (
            ConflictPolicy::IfDifferent,
            Beginning::Skipped(Reason::Same),
        ),
        (ConflictPolicy::Overwrite, Beginning::Queued),
        (ConflictPolicy::Ask, Beginning::Queued),
        (ConflictPolicy::KeepBoth, Beginning::Queued),
    ] {
        route.options.on_conflict = policy;
        let transfer = found(&route, ("a/", "to/"), &entry, Some(&same));
        assert_eq!(transfer.beginning, expected, "{policy:?}");
        assert!(is_queued(&found(&route, ("a/", "to/"), &entry, None)));
    }
}
