//! Listings against the demo cloud: small levels, long ones, and ones that fail.

use std::path::Path;
use std::time::Duration;

use crate::support::{open, s3_place};
use partway_api::Api;
use partway_api::contract::*;
use partway_democloud::{DemoCloud, Options, Provider, example_bucket};

/// More than is loaded without being asked for.
const COUNT: u32 = 11_500;

async fn forest(api: &Api, load_all: bool) -> ListingStatus {
    api.start_demo(Nothing {}).await.unwrap();
    let place = s3_place("forest", "");
    api.open_listing(OpenListing { place, load_all })
        .await
        .unwrap()
}

/// The demo cloud in a folder, and a bucket of it to be filled.
async fn backup(folder: &Path) -> (DemoCloud, String) {
    let cloud = DemoCloud::open(Options::new(folder.join("demo")))
        .await
        .unwrap();
    (cloud, example_bucket(Provider::S3, "backup"))
}

async fn window(api: &Api, listing: u32, start: u32, count: u32) -> RowWindow {
    let request = RowsRequest {
        listing,
        start,
        count,
    };
    api.rows(request).await.unwrap()
}

async fn loaded(api: &Api, listing: u32) -> ListingStatus {
    for _ in 0..600 {
        let status = window(api, listing, 0, 0).await.status;
        if !status.loading {
            return status;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the listing never came to rest");
}

#[tokio::test]
async fn the_first_rows_are_there_after_one_request() {
    let folder = tempfile::tempdir().unwrap();
    let api = open(folder.path()).await;
    let status = forest(&api, false).await;
    assert!(status.rows >= 1, "{status:?}");
    let first = window(&api, status.listing, 0, 50).await;
    assert!(!first.rows.is_empty());

    assert_eq!(status.rows, 100, "the level is one page");
    let log = std::fs::read_to_string(folder.path().join("demo/requests.jsonl")).unwrap();
    let listings = log.lines().filter(|line| line.contains("ListObjects"));
    assert_eq!(listings.count(), 1);
}

#[tokio::test]
async fn pages_stream_until_there_is_enough_and_then_wait() {
    let folder = tempfile::tempdir().unwrap();
    let (cloud, bucket) = backup(folder.path()).await;
    for n in 0..COUNT {
        cloud.put_virtual(Provider::S3, &bucket, &format!("many/{n:06}"), 1);
    }
    let api = open(folder.path()).await;
    api.start_demo(Nothing {}).await.unwrap();

    let place = s3_place("backup", "many/");
    let opened = api
        .open_listing(OpenListing {
            place,
            load_all: false,
        })
        .await
        .unwrap();
    assert!(opened.loading && opened.rows < 10_000, "{opened:?}");
    let status = loaded(&api, opened.listing).await;
    assert_eq!((status.rows, status.complete), (10_000, false));

    let reference = ListingRef {
        listing: opened.listing,
    };
    let on = api.load_rest(reference).await.unwrap();
    assert!(on.loading, "{on:?}");
    let status = loaded(&api, opened.listing).await;
    assert_eq!((status.rows, status.complete), (COUNT, true));
    let last = window(&api, opened.listing, COUNT - 1, 5).await.rows;
    assert_eq!(last.len(), 1);
    assert_eq!(last[0].name, format!("{:06}", COUNT - 1));
}

/// Many pages are asked for at once then, which is nothing that rows may show: each is there once
/// and in its place, also where it was stopped in between.
#[tokio::test]
async fn all_rows_are_loaded_once_whatever_stands_between() {
    let folder = tempfile::tempdir().unwrap();
    let (cloud, bucket) = backup(folder.path()).await;
    let mut names = Vec::new();
    for n in 0..COUNT {
        // Of ten, one is a folder, and it has two objects.
        let name = if n % 10 == 0 {
            cloud.put_virtual(Provider::S3, &bucket, &format!("mixed/{n:06}/a"), 1);
            cloud.put_virtual(Provider::S3, &bucket, &format!("mixed/{n:06}/b"), 1);
            format!("{n:06}/")
        } else {
            cloud.put_virtual(Provider::S3, &bucket, &format!("mixed/{n:06}"), 1);
            format!("{n:06}")
        };
        names.push(name);
    }
    let api = open(folder.path()).await;
    api.start_demo(Nothing {}).await.unwrap();

    let place = s3_place("backup", "mixed/");
    let opened = api
        .open_listing(OpenListing {
            place,
            load_all: true,
        })
        .await
        .unwrap();
    let listing = opened.listing;
    while window(&api, listing, 0, 0).await.status.rows < 3_000 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    api.stop_listing(ListingRef { listing }).await.unwrap();
    let stopped = loaded(&api, listing).await;
    assert!(stopped.rows < COUNT && !stopped.complete, "{stopped:?}");
    api.load_rest(ListingRef { listing }).await.unwrap();
    let status = loaded(&api, listing).await;
    assert_eq!((status.rows, status.complete), (COUNT, true));

    let by = "name".to_owned();
    api.sort_listing(SortListing {
        listing,
        by,
        descending: false,
    })
    .await
    .unwrap();
    let mut shown = Vec::new();
    for start in (0..COUNT).step_by(2_000) {
        let rows = window(&api, listing, start, 2_000).await.rows;
        shown.extend(rows.into_iter().map(|row| row.name));
    }
    names.sort_by_key(|name| !name.ends_with('/'));
    assert_eq!(shown, names);
}

#[tokio::test]
async fn a_page_that_fails_keeps_what_is_loaded_and_can_be_asked_for_again() {
    let folder = tempfile::tempdir().unwrap();
    let (cloud, bucket) = backup(folder.path()).await;
    for n in 0..2_500 {
        cloud.put_virtual(Provider::S3, &bucket, &format!("some/{n:06}"), 1);
    }
    let api = open(folder.path()).await;
    api.start_demo(Nothing {}).await.unwrap();
    cloud.add_fault(
        "ListObjectsV2:refuse:skip=1:status=403:code=AccessDenied"
            .parse()
            .unwrap(),
    );

    let place = s3_place("backup", "some/");
    let opened = api
        .open_listing(OpenListing {
            place,
            load_all: true,
        })
        .await
        .unwrap();
    let status = loaded(&api, opened.listing).await;
    assert_eq!((status.rows, status.complete), (1_000, false));
    assert_eq!(status.error.unwrap().kind, "access_denied");

    api.load_rest(ListingRef {
        listing: opened.listing,
    })
    .await
    .unwrap();
    let status = loaded(&api, opened.listing).await;
    assert_eq!(
        (status.rows, status.complete, status.error),
        (2_500, true, None)
    );
}

#[tokio::test]
async fn rows_are_sorted_in_rust_and_a_selection_follows_what_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let api = open(folder.path()).await;
    api.start_demo(Nothing {}).await.unwrap();
    let place = s3_place("datasets", "");
    let open = OpenListing {
        place,
        load_all: true,
    };
    let status = api.open_listing(open).await.unwrap();
    let status = loaded(&api, status.listing).await;
    assert!(status.complete && status.rows > 2, "{status:?}");

    let listing = status.listing;
    let sort = |by: &str, descending| SortListing {
        listing,
        by: by.to_owned(),
        descending,
    };
    api.sort_listing(sort("size", true)).await.unwrap();
    let rows = window(&api, listing, 0, status.rows).await.rows;
    let prefixes = rows.iter().take_while(|row| row.is_prefix).count();
    assert!(rows[prefixes..].iter().all(|row| !row.is_prefix));
    assert!(
        rows[prefixes..].is_sorted_by(|a, b| a.size >= b.size),
        "{rows:?}"
    );

    let intervals = vec![(0, status.rows)];
    let selected = api
        .keys_of_rows(KeysOfRows { listing, intervals })
        .await
        .unwrap();
    let shown: Vec<String> = rows.iter().map(|row| row.key.clone()).collect();
    assert_eq!(selected.prefixes, shown[..prefixes]);
    assert_eq!(selected.keys, shown[prefixes..]);

    let wrong = api.sort_listing(sort("colour", false)).await.unwrap_err();
    assert_eq!(wrong.field.as_deref(), Some("by"));
}

#[tokio::test]
async fn a_place_that_cannot_be_listed_is_an_error_and_never_empty() {
    let folder = tempfile::tempdir().unwrap();
    let api = open(folder.path()).await;
    api.start_demo(Nothing {}).await.unwrap();
    let open = |word: &str| OpenListing {
        place: s3_place(word, ""),
        load_all: false,
    };
    let denied = api.open_listing(open("no-access")).await.unwrap_err();
    assert_eq!(denied.kind, "access_denied");
    assert_eq!(denied.bucket.as_deref(), Some("no-access-demo"));
    assert!(denied.request_id.is_some(), "{denied:?}");
    let missing = api.open_listing(open("nothing")).await.unwrap_err();
    assert_eq!(missing.kind, "no_such_bucket");
}

#[tokio::test]
async fn a_closed_listing_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let api = open(folder.path()).await;
    let status = forest(&api, false).await;
    let reference = ListingRef {
        listing: status.listing,
    };
    api.close_listing(reference.clone()).await.unwrap();
    let gone = api.load_rest(reference).await.unwrap_err();
    assert_eq!(gone.kind, "not_found");
}

#[tokio::test]
async fn a_filter_shows_what_passes_and_a_search_lets_the_server_choose() {
    let folder = tempfile::tempdir().unwrap();
    let api = open(folder.path()).await;
    let status = forest(&api, true).await;
    let whole = loaded(&api, status.listing).await;
    let listing = whole.listing;
    let filter = |text: &str| FilterListing {
        listing,
        text: text.to_owned(),
        classes: Vec::new(),
        min_size: None,
        max_size: None,
        since_ms: None,
    };
    let first = window(&api, listing, 0, 1).await.rows.remove(0);
    let found = api
        .filter_listing(filter(&first.name.to_uppercase()))
        .await
        .unwrap();
    assert_eq!((found.shown, found.rows), (1, whole.rows), "{first:?}");
    assert_eq!(
        window(&api, listing, 0, 9).await.rows,
        std::slice::from_ref(&first)
    );
    let all = api.filter_listing(filter("")).await.unwrap();
    assert_eq!(all.shown, whole.rows);

    let search = SearchPlace {
        place: s3_place("forest", ""),
        starts_with: first.name[..2].to_owned(),
    };
    let found = api.search_place(search).await.unwrap();
    let rows = window(&api, found.listing, 0, 500).await.rows;
    assert!(
        rows.contains(&first),
        "names are those of the place: {rows:?}"
    );
    assert!(
        rows.iter()
            .all(|row| row.name.starts_with(&first.name[..2]))
    );
}

#[tokio::test]
async fn a_session_is_kept_in_parts() {
    let folder = tempfile::tempdir().unwrap();
    let api = open(folder.path()).await;
    let part = SessionPart::Panes;
    let kept = |json: &str| Session {
        part,
        json: Some(json.to_owned()),
    };
    assert_eq!(api.session(SessionRef { part }).await.unwrap().json, None);
    api.put_session(kept("{\"split\":0.5}")).await.unwrap();
    let read = api.session(SessionRef { part }).await.unwrap();
    assert_eq!(read.json.as_deref(), Some("{\"split\":0.5}"));
    let wrong = api.put_session(kept("not json")).await.unwrap_err();
    assert_eq!(wrong.field.as_deref(), Some("json"));
}
