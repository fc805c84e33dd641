use partway_domain::{ETag, Key};

use super::*;

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
