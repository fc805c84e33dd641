use super::*;

/// An object with a tag and a time, both of which may be unknown.
fn facts(size: u64, etag: &str, modified_ms: Option<i64>) -> Facts {
    Facts {
        size,
        etag: ETag::parse(etag),
        modified_ms,
    }
}

/// The table of [`resolve`], column by column.
fn columns() -> [(&'static str, Option<Facts>); 5] {
    [
        ("nothing there", None),
        ("same", Some(facts(10, "one", Some(500)))),
        ("source newer", Some(facts(10, "other", Some(400)))),
        ("not newer", Some(facts(10, "other", Some(500)))),
        ("cannot be told", Some(facts(10, "", None))),
    ]
}

#[test]
fn the_table_is_as_written() {
    use ConflictPolicy as P;
    let source = facts(10, "one", Some(500));
    let table = [
        (P::Ask, ["copy", "ask", "ask", "ask", "ask"]),
        (P::Skip, ["copy", "skip", "skip", "skip", "skip"]),
        (P::Overwrite, ["copy", "copy", "copy", "copy", "copy"]),
        (P::IfNewer, ["copy", "skip", "copy", "skip", "ask"]),
        (P::IfDifferent, ["copy", "skip", "copy", "copy", "ask"]),
        (P::KeepBoth, ["copy", "both", "both", "both", "both"]),
    ];
    assert_eq!(table.map(|(policy, _)| policy), ConflictPolicy::ALL);
    for (policy, row) in table {
        for ((column, destination), expected) in columns().iter().zip(row) {
            let found = match resolve(policy, &source, destination.as_ref()) {
                Resolution::Copy => "copy",
                Resolution::Skip { .. } => "skip",
                Resolution::Ask { .. } => "ask",
                Resolution::KeepBoth => "both",
            };
            assert_eq!(found, expected, "{policy:?}, {column}");
        }
    }
}

#[test]
fn a_tag_made_from_parts_says_nothing_about_another_size_for_size() {
    let source = facts(10, "0123", Some(500));
    let of_parts = |modified_ms| facts(10, "4567-3", Some(modified_ms));
    let different =
        |destination: &Facts| resolve(ConflictPolicy::IfDifferent, &source, Some(destination));
    assert_eq!(
        different(&of_parts(600)),
        Resolution::Skip {
            why: Reason::SameSizeNotNewer
        }
    );
    assert_eq!(different(&of_parts(400)), Resolution::Copy);
    assert_eq!(
        different(&facts(11, "4567-3", Some(600))),
        Resolution::Copy,
        "another size is another object"
    );
}

#[test]
fn a_name_beside_keeps_folders_extension_and_slashes() {
    let names = [
        ("photo.jpg", "photo (2).jpg"),
        ("a.b/notes", "a.b/notes (2)"),
        ("backup.tar.gz", "backup (2).tar.gz"),
        (".profile", ".profile (2)"),
        (".tar.gz", ".tar (2).gz"),
        ("box/", "box (2)/"),
        ("a//", "a (2)//"),
        ("/", " (2)/"),
        ("图.png", "图 (2).png"),
    ];
    for (key, expected) in names {
        let key = Key::parse(key).unwrap();
        assert_eq!(beside(&key, 2).unwrap().as_str(), expected);
    }
    assert!(beside(&Key::parse("k".repeat(1024)).unwrap(), 2).is_err());
}
