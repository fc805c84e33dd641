use partway_domain::{ETag, Key};

use super::*;
use crate::contract::FilterListing;

fn object(key: &str, size: u64, modified: &str, etag: &str, class: &str) -> ObjectEntry {
    ObjectEntry {
        key: Key::parse(key).unwrap(),
        size,
        last_modified: modified.to_owned(),
        etag: ETag::parse(etag),
        storage_class: (!class.is_empty()).then(|| class.to_owned()),
    }
}

const NOON: &str = "2026-11-20T12:00:00.000Z";
const TAG: &str = "d41d8cd98f00b204e9800998ecf8427e";

fn sample() -> Rows {
    let mut rows = Rows::default();
    rows.push_prefix("p/z/");
    rows.push_object(&object(
        "p/b",
        1,
        "2026-11-20T11:00:00.000Z",
        TAG,
        "STANDARD",
    ));
    rows.push_object(&object("p/a", 3, NOON, TAG, "ARCHIVE"));
    rows.push_prefix("p/y/");
    rows.push_object(&object("p/c", 2, "2026-11-20T10:00:00.000Z", TAG, ""));
    rows
}

fn names(rows: &Rows) -> Vec<String> {
    let window = rows.window(0, 100, "p/");
    window.into_iter().map(|row| row.name).collect()
}

#[test]
fn rows_stay_where_they_came_until_sorted() {
    let mut rows = sample();
    assert_eq!(names(&rows), ["z/", "b", "a", "y/", "c"]);
    rows.sort(Column::Name, false);
    assert_eq!(names(&rows), ["y/", "z/", "a", "b", "c"]);
    rows.push_object(&object("p/A", 9, NOON, TAG, ""));
    assert_eq!(
        names(&rows),
        ["y/", "z/", "a", "b", "c", "A"],
        "new rows go to the end"
    );
}

#[test]
fn every_column_sorts_objects_and_leaves_prefixes_first() {
    let mut rows = sample();
    for (by, descending, expected) in [
        (Column::Size, false, ["y/", "z/", "b", "c", "a"]),
        (Column::Size, true, ["y/", "z/", "a", "c", "b"]),
        (Column::Modified, false, ["y/", "z/", "c", "b", "a"]),
        (Column::Class, false, ["y/", "z/", "c", "a", "b"]),
        (Column::Name, true, ["z/", "y/", "c", "b", "a"]),
    ] {
        rows.sort(by, descending);
        assert_eq!(names(&rows), expected, "{by:?} descending {descending}");
    }
}

#[test]
fn what_was_sent_comes_out_again() {
    let mut rows = Rows::default();
    let entries = [
        object("k1", 5, NOON, TAG, "STANDARD_IA"),
        object("k2", 5, NOON, &format!("{TAG}-1200"), ""),
        object("k3", 5, "2026-11-20T12:00:00Z", TAG, ""),
        object("k4", 5, NOON, "D41D8CD98F00B204E9800998ECF8427E", ""),
        object("k5", 5, "yesterday", "not-hex", ""),
        object("k6", 5, NOON, &format!("{TAG}-70000"), ""),
    ];
    for entry in &entries {
        rows.push_object(entry);
    }
    for (row, entry) in rows.window(0, 10, "").iter().zip(&entries) {
        assert_eq!(row.key, entry.key.as_str());
        assert_eq!(row.modified.as_deref(), Some(entry.last_modified.as_str()));
        let etag = entry.etag.as_ref().map(ETag::as_str);
        assert_eq!(row.etag.as_deref(), etag, "{}", row.key);
        assert_eq!(row.storage_class, entry.storage_class);
    }
}

#[test]
fn a_selection_is_by_what_is_shown() {
    let mut rows = sample();
    rows.sort(Column::Size, true);
    let (keys, prefixes, bytes) = rows.select(&[(1, 3), (4, 100)]);
    assert_eq!(keys, ["p/a", "p/b"]);
    assert_eq!(prefixes, ["p/z/"]);
    assert_eq!(bytes, 4);
}

#[test]
fn a_row_of_thirty_bytes_of_key_takes_at_most_eighty() {
    let mut rows = Rows::default();
    for n in 0..1000 {
        rows.push_object(&object(
            &format!("data/2026/part-{n:014}"),
            1,
            NOON,
            TAG,
            "STANDARD",
        ));
    }
    rows.sort(Column::Size, false);
    assert!(rows.bytes() / 1000 <= 80, "{}", rows.bytes());
}

fn wanted(text: &str) -> FilterListing {
    FilterListing {
        listing: 0,
        text: text.to_owned(),
        classes: Vec::new(),
        min_size: None,
        max_size: None,
        since_ms: None,
    }
}

fn filtered(rows: &mut Rows, filter: &FilterListing) -> Vec<String> {
    rows.filter(Filter::new(filter, "p/"));
    names(rows)
}

#[test]
fn a_filter_looks_into_names_without_regard_to_case() {
    let mut rows = Rows::default();
    for key in ["p/Report.PDF", "p/photo.jpg", "p/归档-Ä.tar", "p/deep/"] {
        if key.ends_with('/') {
            rows.push_prefix(key);
        } else {
            rows.push_object(&object(key, 1, NOON, TAG, ""));
        }
    }
    for (text, expected) in [
        ("pdf", vec!["Report.PDF"]),
        ("P", vec!["Report.PDF", "photo.jpg", "deep/"]),
        ("p/", vec!["deep/"]),
        ("档-", vec!["归档-Ä.tar"]),
        ("ä", vec!["归档-Ä.tar"]),
        ("none", vec![]),
        ("", vec!["Report.PDF", "photo.jpg", "归档-Ä.tar", "deep/"]),
    ] {
        assert_eq!(filtered(&mut rows, &wanted(text)), expected, "{text:?}");
    }
}

#[test]
fn a_filter_by_class_size_and_time_is_about_objects() {
    let mut rows = sample();
    let by_class = FilterListing {
        classes: vec!["ARCHIVE".to_owned()],
        ..wanted("")
    };
    assert_eq!(filtered(&mut rows, &by_class), ["a"]);
    let by_size = FilterListing {
        min_size: Some(1.0),
        max_size: Some(3.0),
        ..wanted("")
    };
    assert_eq!(filtered(&mut rows, &by_size), ["b", "c"]);
    let since = "2026-11-20T11:00:00Z".parse::<Timestamp>().unwrap();
    let by_time = FilterListing {
        since_ms: Some(since.as_millisecond() as f64),
        ..wanted("")
    };
    assert_eq!(filtered(&mut rows, &by_time), ["b", "a"]);
}

#[test]
fn windows_selections_orders_and_later_rows_follow_the_filter() {
    let mut rows = Rows::default();
    for n in [3, 1, 2] {
        let key = format!("p/x{n}");
        rows.push_object(&object(&key, n, NOON, TAG, ""));
        rows.push_object(&object(&format!("p/y{n}"), n, NOON, TAG, ""));
    }
    rows.filter(Filter::new(&wanted("X"), "p/"));
    rows.sort(Column::Size, true);
    assert_eq!(names(&rows), ["x3", "x2", "x1"]);
    rows.push_object(&object("p/y9", 9, NOON, TAG, ""));
    rows.push_object(&object("p/x9", 9, NOON, TAG, ""));
    assert_eq!(names(&rows), ["x3", "x2", "x1", "x9"]);
    assert_eq!((rows.shown(), rows.len()), (4, 8));
    let (keys, _, bytes) = rows.select(&[(1, 2), (3, 90)]);
    assert_eq!((keys, bytes), (vec!["p/x2".into(), "p/x9".into()], 11));
    rows.filter(None);
    assert_eq!(names(&rows)[..2], ["x3", "y3"]);
}

#[test]
fn typing_finds_the_first_name_as_written_and_then_in_any_case() {
    let mut rows = Rows::default();
    for key in ["p/alpha", "p/Beta", "p/beta", "p/Ärger"] {
        rows.push_object(&object(key, 2, NOON, TAG, ""));
    }
    for (text, place) in [
        ("be", Some(2)),
        ("BETA", Some(1)),
        ("ä", Some(3)),
        ("p", None),
    ] {
        assert_eq!(rows.find(text, 2), place, "{text}");
    }
    rows.filter(Filter::new(&wanted("BETA"), "p/"));
    assert_eq!(
        rows.find("be", 2),
        Some(1),
        "places are those of the filtered rows"
    );
    let sums = rows.sum(&[(0, 9)]);
    assert_eq!((sums.objects, sums.prefixes, sums.bytes), (2, 0, 4.0));
}

/// Run by hand in a release build: `cargo test --release -p partway-api a_million -- --ignored
/// --nocapture`.
#[test]
#[ignore = "measures"]
fn a_million_rows_are_sorted_and_filtered_at_once() {
    let mut rows = Rows::default();
    for n in 0..1_000_000_u64 {
        let key = format!("p/data/2026/part-{n:012}.parquet");
        rows.push_object(&object(
            &key,
            n.wrapping_mul(2_654_435_761) % 1_000_003,
            NOON,
            TAG,
            "STANDARD",
        ));
    }
    for (by, descending) in [
        (Column::Name, false),
        (Column::Name, true),
        (Column::Size, true),
        (Column::Modified, false),
        (Column::Class, false),
    ] {
        let started = std::time::Instant::now();
        rows.sort(by, descending);
        println!("sort {by:?} {descending}: {:?}", started.elapsed());
    }
    for text in ["9", "parquet", "PART-000000999999", "档", "ä"] {
        let started = std::time::Instant::now();
        rows.filter(Filter::new(&wanted(text), "p/"));
        println!(
            "filter {text}: {:?}, {} rows",
            started.elapsed(),
            rows.shown()
        );
    }
}
