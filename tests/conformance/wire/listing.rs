//! Buckets, keys, prefixes and pages.

use partway_domain::{DialectName, ETag, Prefix};
use partway_protocol::op::{GetBucketLocation, HeadBucket, ListBuckets, ListObjects};
use partway_tests::on_every_dialect;

use super::desk::{Desk, name};

async fn buckets_are_listed(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let mut found = Vec::new();
    let mut cursor = None;
    loop {
        let page = desk.get(&ListBuckets { cursor }).await;
        found.extend(page.buckets.into_iter().map(|entry| entry.name));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    for bucket in [&desk.bucket, &desk.server.other] {
        assert!(found.contains(bucket), "{bucket} in {found:?}");
    }
}

async fn a_bucket_says_that_it_is_there(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let bucket = desk.bucket.clone();
    desk.get(&HeadBucket {
        bucket: bucket.clone(),
    })
    .await;
    desk.get(&GetBucketLocation { bucket }).await;
}

async fn a_delimiter_rolls_keys_up(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    for key in ["2024/a", "2024/b", "2025/köln/c", "2025/köln/d", "readme"] {
        desk.put(key, b"x").await;
    }
    let list = |prefix: &str| ListObjects {
        delimiter: Some('/'),
        ..desk.list(prefix)
    };
    let top = desk.get(&list("")).await;
    let prefixes: Vec<_> = top.prefixes.iter().map(Prefix::as_str).collect();
    assert_eq!(prefixes, ["2024/", "2025/"]);
    assert_eq!(top.entries[0].key.as_str(), "readme");
    assert_eq!(top.entries.len(), 1);
    let inner = desk.get(&list("2025/")).await;
    let prefixes: Vec<_> = inner.prefixes.iter().map(Prefix::as_str).collect();
    assert_eq!(prefixes, ["2025/köln/"]);
    assert!(inner.entries.is_empty());
    assert_eq!(desk.keys(list("2024/")).await, ["2024/a", "2024/b"]);
}

/// Prefixes count as much as keys for where a page ends and the next begins.
async fn rolled_up_prefixes_are_paged_too(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    for key in ["a/1", "a/2", "b", "c/1", "d"] {
        desk.put(key, b"x").await;
    }
    let mut seen = Vec::new();
    let mut list = ListObjects {
        delimiter: Some('/'),
        max_keys: 1,
        ..desk.list("")
    };
    loop {
        let page = desk.get(&list).await;
        seen.extend(page.prefixes.iter().map(Prefix::to_string));
        seen.extend(page.entries.iter().map(|entry| entry.key.to_string()));
        match page.next {
            Some(next) => list.cursor = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, ["a/", "b", "c/", "d"]);
}

async fn pages_of_any_size_make_the_same_listing(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let keys: Vec<String> = (0..9).map(|number| format!("page/{number:03}")).collect();
    for key in &keys {
        desk.put(key, key.as_bytes()).await;
    }
    for max_keys in [1, 4, 9, 1000] {
        for v1 in [false, true] {
            let list = ListObjects {
                max_keys,
                v1,
                ..desk.list("page/")
            };
            assert_eq!(desk.keys(list).await, keys, "{max_keys} a page, v1: {v1}");
        }
    }
}

async fn a_listing_begins_where_it_is_asked_to(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    for key in ["a", "b", "c"] {
        desk.put(key, b"x").await;
    }
    let list = ListObjects {
        start_after: Some("a".to_owned()),
        ..desk.list("")
    };
    assert_eq!(desk.keys(list).await, ["b", "c"]);
}

async fn an_entry_tells_what_the_object_is(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let put = desk.put("told", b"twelve bytes").await;
    let page = desk.get(&desk.list("told")).await;
    let entry = &page.entries[0];
    assert_eq!(entry.size, 12);
    assert_eq!(
        entry.etag.as_ref().map(ETag::as_str),
        Some(put.etag.as_str())
    );
    assert!(!entry.last_modified.is_empty());
}

async fn odd_keys_are_listed_byte_for_byte(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let mut keys = [
        " space at start",
        "a b",
        "a&b<c>d",
        "combining e\u{301}",
        "composed \u{e9}",
        "double//slash",
        "percent%2Fslash",
        "plus+sign",
        "question?versionId=1",
        "quote'single\"double",
        "right-to-left \u{202e}gpj.exe",
        "space at end ",
        "trailing//",
        "🎉",
    ];
    for key in keys {
        desk.put(key, key.as_bytes()).await;
    }
    keys.sort_unstable();
    let list = ListObjects {
        max_keys: 3,
        ..desk.list("")
    };
    assert_eq!(desk.keys(list).await, keys);
}

async fn open_uploads_are_listed(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let mut opened = Vec::new();
    for key in ["a", "a", "数据/b"] {
        opened.push((name(key), desk.create(key).await));
    }
    let mut listed: Vec<_> = desk
        .uploads()
        .await
        .into_iter()
        .map(|upload| (upload.key, upload.upload_id))
        .collect();
    listed.sort_by_key(|(key, upload)| (key.clone(), upload.to_string()));
    opened.sort_by_key(|(key, upload)| (key.clone(), upload.to_string()));
    assert_eq!(listed, opened);
}

on_every_dialect! {
    buckets_are_listed,
    a_bucket_says_that_it_is_there,
    a_delimiter_rolls_keys_up,
    rolled_up_prefixes_are_paged_too,
    pages_of_any_size_make_the_same_listing,
    a_listing_begins_where_it_is_asked_to,
    an_entry_tells_what_the_object_is,
    odd_keys_are_listed_byte_for_byte,
    open_uploads_are_listed,
}
