use partway_domain::{Bucket, Key, PartNumber, Prefix, UploadId};

use super::*;
use crate::op::{
    BucketEntry, BucketPage, ListedUpload, ObjectEntry, ObjectPage, PartPage, UploadPage,
};

fn objects(keys: &[&str], prefixes: &[&str], next: &str) -> ObjectPage {
    let entry = |key: &&str| ObjectEntry {
        key: Key::parse(*key).unwrap(),
        size: 1,
        last_modified: String::new(),
        etag: None,
        storage_class: None,
    };
    ObjectPage {
        entries: keys.iter().map(entry).collect(),
        prefixes: prefixes
            .iter()
            .map(|prefix| Prefix::parse(*prefix).unwrap())
            .collect(),
        next: (!next.is_empty()).then(|| next.to_owned()),
    }
}

#[test]
fn keys_need_no_order_and_prefixes_may_come_again() {
    let mut trail = Trail::default();
    for page in [
        objects(&["z", "b"], &[], "1"),
        objects(&["a"], &["p/"], "2"),
        objects(&[], &["p/"], "3"),
        objects(&[], &["p/"], "4"),
        objects(&["y", "b"], &[], ""),
    ] {
        trail.follow(&page).unwrap();
    }
}

#[test]
fn markers_that_come_by_turns_are_a_circle() {
    let mut trail = Trail::default();
    trail.follow(&objects(&["a"], &[], "A")).unwrap();
    trail.follow(&objects(&["b"], &[], "B")).unwrap();
    let again = objects(&["c"], &[], "A");
    assert_eq!(
        trail.follow(&again),
        Err(EndlessList::Circle { of: "objects" })
    );
    // What failed may be asked for again, and then be better.
    trail.follow(&objects(&["c"], &[], "C")).unwrap();
}

#[test]
fn the_last_page_must_be_new_as_well() {
    let mut trail = Trail::default();
    trail.follow(&objects(&["a"], &[], "A")).unwrap();
    let error = trail.follow(&objects(&["a"], &[], "")).unwrap_err();
    assert!(error.to_string().contains("\"a\""), "{error}");
}

#[test]
fn nothing_new_is_borne_a_thousand_times() {
    for prefixes in [&[][..], &["p/"]] {
        let mut trail = Trail::default();
        trail.follow(&objects(&["a"], prefixes, "start")).unwrap();
        trail.follow(&objects(&[], &["p/"], "prefix")).unwrap();
        let mut borne = 0;
        let error = loop {
            let page = objects(&[], prefixes, &format!("t{borne}"));
            match trail.follow(&page) {
                Ok(()) => borne += 1,
                Err(error) => break error,
            }
        };
        assert_eq!(borne, 999, "{error}");
        // An empty last page is an end like any other.
        trail.follow(&objects(&[], &[], "")).unwrap();
    }
}

#[test]
fn uploads_of_one_key_are_told_apart_by_their_ids() {
    let page = |id: &str| UploadPage {
        uploads: vec![ListedUpload {
            key: Key::parse("k").unwrap(),
            upload_id: UploadId::parse(id).unwrap(),
            initiated: String::new(),
            initiator: None,
        }],
        next: Some(("k".to_owned(), id.to_owned())),
    };
    let mut trail = Trail::default();
    trail.follow(&page("1")).unwrap();
    trail.follow(&page("2")).unwrap();
    assert!(trail.follow(&page("1")).is_err());
}

#[test]
fn buckets_and_parts_leave_a_trail_too() {
    let bucket = |next: &str| BucketPage {
        buckets: vec![BucketEntry {
            name: Bucket::parse("b").unwrap(),
            region: None,
            created: None,
        }],
        next: Some(next.to_owned()),
    };
    let mut trail = Trail::default();
    trail.follow(&bucket("1")).unwrap();
    assert!(trail.follow(&bucket("2")).is_err());
    let part = PartPage {
        parts: vec![],
        next: PartNumber::new(7),
    };
    let mut trail = Trail::default();
    trail.follow(&part).unwrap();
    assert!(trail.follow(&part).is_err());
}
