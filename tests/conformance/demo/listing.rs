//! Buckets, keys, prefixes and pages.

use std::collections::BTreeSet;

use partway_domain::{DialectName, ETag, Prefix};
use partway_engine::Place;
use partway_engine::objects::errand::ObjectSet;
use partway_protocol::op::{HeadBucket, ListBuckets, ListMultipartUploads, ListObjects};
use partway_tests::cloud::bucket;
use partway_tests::on_every_dialect;

use super::desk::Desk;

async fn buckets_are_listed_with_their_regions(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let page = desk.get(&ListBuckets { cursor: None }).await;
    let names: Vec<_> = page.buckets.iter().map(|entry| &entry.name).collect();
    for word in ["photos", "datasets", "backup", "no-access", "far"] {
        assert!(names.contains(&&bucket(dialect, word)), "{word}");
    }
    let home = &desk.cloud.endpoint(dialect).region;
    let photos = page
        .buckets
        .iter()
        .find(|entry| entry.name == bucket(dialect, "photos"))
        .expect("photos");
    assert_eq!(photos.region.as_ref(), Some(home));
}

async fn a_bucket_says_where_it_is(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let head = |word| HeadBucket {
        bucket: bucket(dialect, word),
    };
    let home = desk.get(&head("photos")).await.region;
    assert_eq!(home.as_ref(), Some(&desk.cloud.endpoint(dialect).region));
    // COS has never heard of a bucket of another region; its list says where it is. The
    // others send us there.
    let account = desk.cloud.regional_account(dialect);
    let far = desk.region_of("far").await;
    let known = (dialect == DialectName::Cos).then_some(far.as_str());
    let answer = desk.engine.call(&account, known, &head("far")).await;
    let found = answer.expect("the far bucket is found").output.region;
    assert_eq!(found, Some(far));
    assert_ne!(found, home);
}

async fn a_delimiter_rolls_keys_up(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let list = |prefix: &str| ListObjects {
        delimiter: Some('/'),
        ..desk.list("photos", prefix)
    };
    let top = desk.page(list("")).await;
    let prefixes: Vec<_> = top.prefixes.iter().map(Prefix::as_str).collect();
    for prefix in ["2024/", "2025/", "albums/", "🎉 party/"] {
        assert!(prefixes.contains(&prefix), "{prefix} in {prefixes:?}");
    }
    let keys: Vec<_> = top.entries.iter().map(|entry| entry.key.as_str()).collect();
    assert!(keys.contains(&"readme.txt") && keys.contains(&"Grüße.txt"));
    let inner = desk.page(list("2025/上海/")).await;
    let prefixes: Vec<_> = inner.prefixes.iter().map(Prefix::as_str).collect();
    assert_eq!(prefixes, ["2025/上海/外滩/", "2025/上海/豫园/"]);
    assert!(inner.entries.is_empty());
}

async fn pages_of_any_size_make_the_same_listing(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let whole = desk.list_all("photos", "", 1000).await;
    assert!(whole.len() > 30);
    assert!(whole.is_sorted_by(|one, next| one.key < next.key));
    for size in [1, 7, 10] {
        assert_eq!(
            desk.list_all("photos", "", size).await,
            whole,
            "{size} a page"
        );
    }
    for entry in &whole {
        let truth = desk
            .truth("photos", entry.key.as_str())
            .expect("it is there");
        assert_eq!(entry.size, truth.size);
        assert_eq!(
            entry.etag.as_ref().map(ETag::as_str),
            Some(truth.etag.as_str())
        );
    }
}

async fn odd_keys_are_listed_byte_for_byte(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let listed: BTreeSet<String> = desk
        .list_all("odd-keys", "", 5)
        .await
        .iter()
        .map(|entry| entry.key.to_string())
        .collect();
    for key in [
        "a/../b",
        "a/..",
        "double//slash",
        "trailing//",
        "plus+sign",
        "percent%2Fslash",
        "question?versionId=1",
        "new\nline",
        "control\u{1}\u{7f}",
        "right-to-left \u{202e}gpj.exe",
        "combining e\u{301}",
        "composed \u{e9}",
        " space at start",
        "space at end ",
        "quote'single\"double",
    ] {
        assert!(listed.contains(key), "{key:?} in {listed:?}");
        assert!(desk.truth("odd-keys", key).is_some());
    }
}

async fn a_million_keys_are_paged_through_from_anywhere(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let first = desk.page(desk.list("million", "")).await;
    assert_eq!(first.entries.len(), 1000);
    let middle = &first.entries[499].key;
    let after = desk
        .page(ListObjects {
            start_after: Some(middle.to_string()),
            max_keys: 10,
            ..desk.list("million", "")
        })
        .await;
    let expected: Vec<_> = first.entries[500..510].iter().map(|e| &e.key).collect();
    let found: Vec<_> = after.entries.iter().map(|e| &e.key).collect();
    assert_eq!(found, expected);
}

async fn many_pages_at_once_make_the_same_listing(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let whole = desk.list_all("forest", "node-07/", 1000).await;
    let whole: Vec<_> = whole.into_iter().map(|entry| entry.key).collect();
    let asked_before = desk.cloud.demo.requests().len();
    let set = ObjectSet {
        place: Place {
            account: desk.account.id.clone(),
            bucket: desk.bucket("forest"),
            region: None,
            prefix: Prefix::root(),
        },
        keys: Vec::new(),
        prefixes: vec![Prefix::parse("node-07/").expect("a prefix")],
    };
    let found = desk.engine.keys_of(&set, usize::MAX).await;
    assert!(found.expect("a listing") == whole);
    let asked = desk.cloud.demo.requests().len() - asked_before;
    assert!(whole.len() == 10_000 && asked < 20, "{asked} requests");
}

async fn open_uploads_are_listed_in_pages(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let mut cursor = None;
    let mut found = Vec::new();
    loop {
        let page = desk
            .get(&ListMultipartUploads {
                bucket: desk.bucket("orphans"),
                prefix: Prefix::root(),
                cursor,
                encoded: false,
            })
            .await;
        found.extend(page.uploads);
        match page.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    assert_eq!(found.len(), 7);
    let monday = found
        .iter()
        .filter(|upload| upload.key.as_str() == "backup/monday.tar")
        .count();
    assert_eq!(monday, 2);
    assert!(
        found
            .iter()
            .any(|upload| upload.key.as_str() == "数据/导出.csv")
    );
}

on_every_dialect! {
    buckets_are_listed_with_their_regions,
    a_bucket_says_where_it_is,
    a_delimiter_rolls_keys_up,
    pages_of_any_size_make_the_same_listing,
    odd_keys_are_listed_byte_for_byte,
    a_million_keys_are_paged_through_from_anywhere,
    many_pages_at_once_make_the_same_listing,
    open_uploads_are_listed_in_pages,
}
