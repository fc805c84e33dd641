//! Single objects: written, read, copied, deleted, and keys that must travel exactly.

use partway_domain::{ByteRange, DialectName, FailureKind};
use partway_protocol::op::{
    Attributes, CopyObject, DeleteObject, DeleteObjects, GetObject, PutObject,
};
use partway_tests::on_every_dialect;

use super::content::content;
use super::desk::{Desk, name};

fn attributes() -> Attributes {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Attributes {
        headers: vec![
            pair("cache-control", "no-cache"),
            pair("content-disposition", "attachment"),
            pair("content-language", "en"),
            pair("content-type", "text/x-poem"),
        ],
        metadata: vec![pair("mood", "cheerful"), pair("page", "7")],
        ..Attributes::default()
    }
}

/// What was put is told again, whatever else the server adds.
fn assert_told(told: &Attributes, put: &Attributes) {
    for header in &put.headers {
        assert!(told.headers.contains(header), "{header:?} in {told:?}");
    }
    for meta in &put.metadata {
        assert!(told.metadata.contains(meta), "{meta:?} in {told:?}");
    }
}

async fn a_head_tells_what_was_put(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let put = PutObject {
        attributes: attributes(),
        ..desk.putting("poem.txt", b"roses are red")
    };
    let made = desk.get(&put).await;
    let head = desk.head("poem.txt").await.unwrap();
    assert_eq!(head.size, 13);
    assert_eq!(head.etag, made.etag);
    assert!(!head.last_modified.is_empty());
    assert_told(&head.attributes, &put.attributes);
    let read = desk.get(&desk.getting("poem.txt")).await;
    assert_eq!(read.body, b"roses are red");
    assert_eq!(read.etag, Some(made.etag));
    assert_told(&read.attributes, &put.attributes);
}

async fn a_range_is_read(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let bytes = content(100_000, 1);
    desk.put("ranges", &bytes).await;
    for (start, end) in [(0, 1), (10, 99_990), (99_999, 100_000)] {
        let get = GetObject {
            range: ByteRange::new(start, end),
            ..desk.getting("ranges")
        };
        let read = desk.get(&get).await;
        let expected = &bytes[usize::try_from(start).unwrap()..usize::try_from(end).unwrap()];
        assert_eq!(read.body, expected, "{start}..{end}");
        assert_eq!(read.size, 100_000);
    }
    let behind = GetObject {
        range: ByteRange::new(100_000, 100_001),
        ..desk.getting("ranges")
    };
    let refusal = desk.ask(&behind).await.unwrap_err();
    assert_eq!(refusal.status, Some(416), "{refusal}");
}

async fn an_answer_can_have_other_headers(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    desk.put("override", b"x").await;
    let given = ("content-type".to_owned(), "image/x-override".to_owned());
    let get = GetObject {
        overrides: vec![given.clone()],
        ..desk.getting("override")
    };
    let read = desk.get(&get).await;
    assert!(read.attributes.headers.contains(&given), "{read:?}");
}

async fn a_copy_has_the_sources_properties(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let put = PutObject {
        attributes: attributes(),
        ..desk.putting("poem.txt", b"roses")
    };
    desk.get(&put).await;
    desk.get(&desk.copying("poem.txt", "a copy.txt")).await;
    let head = desk.head("a copy.txt").await.unwrap();
    assert_told(&head.attributes, &put.attributes);
    assert_eq!(desk.read("a copy.txt").await, b"roses");
}

async fn a_copy_can_have_other_properties(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    desk.get(&PutObject {
        attributes: attributes(),
        ..desk.putting("poem.txt", b"roses")
    })
    .await;
    let other = Attributes {
        headers: vec![("content-type".to_owned(), "text/x-prose".to_owned())],
        metadata: vec![("mood".to_owned(), "sober".to_owned())],
        ..Attributes::default()
    };
    // Also onto itself, which no server does without a change.
    for to in ["prose.txt", "poem.txt"] {
        desk.get(&CopyObject {
            replace: Some(other.clone()),
            ..desk.copying("poem.txt", to)
        })
        .await;
        let head = desk.head(to).await.unwrap();
        assert_told(&head.attributes, &other);
        let kept = head
            .attributes
            .metadata
            .iter()
            .any(|(name, _)| name == "page");
        assert!(!kept, "{to}: {:?}", head.attributes);
        assert_eq!(desk.read(to).await, b"roses");
    }
}

async fn a_copy_goes_to_another_bucket(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    desk.put("here", b"from here").await;
    let there = desk.server.other.clone();
    desk.get(&CopyObject {
        bucket: there.clone(),
        ..desk.copying("here", "wire/there")
    })
    .await;
    let get = GetObject {
        bucket: there,
        ..desk.getting("wire/there")
    };
    assert_eq!(desk.get(&get).await.body, b"from here");
}

async fn an_empty_object_is_copied(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    desk.put("empty", b"").await;
    desk.put("folder/", b"").await;
    desk.get(&desk.copying("empty", "empty copy")).await;
    desk.get(&desk.copying("folder/", "other folder/")).await;
    assert_eq!(desk.head("empty copy").await.unwrap().size, 0);
    assert_eq!(desk.head("other folder/").await.unwrap().size, 0);
}

/// Every odd key is written, read, copied and deleted exactly, and nothing else is touched.
async fn odd_keys_travel_exactly(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let keys = [
        " space at start",
        "a/../b",
        "a/..",
        "a/./b",
        "a//b",
        "amp&equals=semicolon;",
        "combining e\u{301}",
        "percent%2Fslash",
        "percent%zz",
        "plus+sign",
        "question?versionId=1",
        "quote'single\"double",
        "space at end ",
        "tilde~asterisk*",
        "trailing/",
        "🎉 party/照片",
    ];
    for key in keys {
        desk.put(key, key.as_bytes()).await;
    }
    for key in keys {
        let to = format!("copy of {key}");
        desk.get(&desk.copying(key, &to)).await;
        assert_eq!(desk.read(&to).await, key.as_bytes(), "{key:?}");
        for gone in [key, &to] {
            desk.get(&DeleteObject {
                bucket: desk.bucket.clone(),
                key: name(gone),
                version: None,
            })
            .await;
            assert!(!desk.is_there(gone).await, "{gone:?}");
        }
    }
    let left = desk.keys(desk.list("")).await;
    assert!(left.is_empty(), "{left:?}");
}

async fn what_is_not_there_is_said_so(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let missing = desk.head("no such key").await.unwrap_err();
    assert_eq!(missing.kind, FailureKind::NoSuchSource, "{missing}");
    assert_eq!(missing.key.as_deref(), Some("no such key"));
    let missing = desk.ask(&desk.getting("no such key")).await.unwrap_err();
    assert_eq!(missing.kind, FailureKind::NoSuchSource, "{missing}");
    let copy = desk.copying("no such key", "copy");
    let missing = desk.ask(&copy).await.unwrap_err();
    assert_eq!(missing.kind, FailureKind::NoSuchSource, "{missing}");
    // Deleting what is not there is no error.
    desk.get(&DeleteObject {
        bucket: desk.bucket.clone(),
        key: name("no such key"),
        version: None,
    })
    .await;
}

async fn many_objects_are_deleted_at_once(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    for key in ["a & b", "c<d>", "kept", "quote\"e"] {
        desk.put(key, b"x").await;
    }
    let gone = ["a & b", "c<d>", "never was", "quote\"e"];
    let deletions = desk
        .get(&DeleteObjects {
            bucket: desk.bucket.clone(),
            objects: gone.map(|key| (name(key), None)).into(),
        })
        .await;
    assert!(deletions.refused.is_empty(), "{deletions:?}");
    let keys = deletions.deleted.iter();
    let mut deleted: Vec<_> = keys.map(|(key, _)| key.to_string()).collect();
    deleted.sort();
    assert_eq!(deleted, gone);
    assert_eq!(desk.keys(desk.list("")).await, ["kept"]);
}

on_every_dialect! {
    a_head_tells_what_was_put,
    a_range_is_read,
    an_answer_can_have_other_headers,
    a_copy_has_the_sources_properties,
    a_copy_can_have_other_properties,
    a_copy_goes_to_another_bucket,
    an_empty_object_is_copied,
    odd_keys_travel_exactly,
    what_is_not_there_is_said_so,
    many_objects_are_deleted_at_once,
}
