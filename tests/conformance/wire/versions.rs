//! Versions and delete markers.

use partway_domain::{DialectName, FailureKind, Prefix, VersionId};
use partway_protocol::op::{
    CopyObject, DeleteObject, GetBucketVersioning, GetObject, HeadObject, ListObjectVersions,
    PutBucketVersioning, VersionEntry, Versioning,
};
use partway_tests::on_every_dialect;

use super::desk::{Desk, name};

/// A bucket that keeps versions.
async fn keeping(dialect: DialectName) -> Desk {
    let desk = Desk::new(dialect).await;
    desk.get(&PutBucketVersioning {
        bucket: desk.bucket.clone(),
        enabled: true,
    })
    .await;
    desk
}

impl Desk {
    async fn versions(&self, max_keys: u32) -> Vec<VersionEntry> {
        let mut versions = Vec::new();
        let mut cursor = None;
        loop {
            let list = ListObjectVersions {
                bucket: self.bucket.clone(),
                prefix: Prefix::root(),
                delimiter: None,
                cursor,
                max_keys,
                encoded: false,
            };
            let page = self.get(&list).await;
            versions.extend(page.versions);
            match page.next {
                Some(next) => cursor = Some(next),
                None => return versions,
            }
        }
    }

    async fn put_version(&self, key: &str, body: &[u8]) -> VersionId {
        let put = self.put(key, body).await;
        put.version.expect("a version")
    }

    async fn delete(&self, key: &str, version: Option<VersionId>) {
        self.get(&DeleteObject {
            bucket: self.bucket.clone(),
            key: name(key),
            version,
        })
        .await;
    }
}

async fn a_bucket_says_whether_it_keeps_versions(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let ask = GetBucketVersioning {
        bucket: desk.bucket.clone(),
    };
    let set = |enabled| PutBucketVersioning {
        bucket: desk.bucket.clone(),
        enabled,
    };
    assert_eq!(desk.get(&ask).await, Versioning::Never);
    desk.get(&set(true)).await;
    assert_eq!(desk.get(&ask).await, Versioning::Enabled);
    desk.get(&set(false)).await;
    assert_eq!(desk.get(&ask).await, Versioning::Suspended);
}

async fn every_version_can_be_read(dialect: DialectName) {
    let desk = keeping(dialect).await;
    let first = desk.put_version("minutes", b"first").await;
    let second = desk.put_version("minutes", b"second one").await;
    assert_ne!(first, second);
    for (version, body) in [(&first, "first"), (&second, "second one")] {
        let head = desk
            .get(&HeadObject {
                version: Some(version.clone()),
                ..desk.heading("minutes")
            })
            .await;
        assert_eq!(head.version.as_ref(), Some(version));
        let read = desk
            .get(&GetObject {
                version: Some(version.clone()),
                ..desk.getting("minutes")
            })
            .await;
        assert_eq!(read.body, body.as_bytes());
    }
    let current = desk.head("minutes").await.unwrap();
    assert_eq!(current.version, Some(second));
}

async fn versions_and_markers_are_listed_in_pages(dialect: DialectName) {
    let desk = keeping(dialect).await;
    let first = desk.put_version("a", b"1").await;
    let second = desk.put_version("a", b"22").await;
    desk.put_version("b", b"333").await;
    desk.delete("b", None).await;

    let all = desk.versions(1000).await;
    let seen: Vec<_> = all
        .iter()
        .map(|entry| (entry.key.as_str(), entry.is_latest, entry.is_delete_marker))
        .collect();
    assert_eq!(
        seen,
        [
            ("a", true, false),
            ("a", false, false),
            ("b", true, true),
            ("b", false, false),
        ]
    );
    assert_eq!(all[0].version, Some(second));
    assert_eq!(all[1].version, Some(first));
    assert_eq!((all[0].size, all[3].size), (2, 3));
    assert_eq!(desk.versions(1).await, all, "one a page");
}

async fn an_old_version_can_be_copied(dialect: DialectName) {
    let desk = keeping(dialect).await;
    let first = desk.put_version("minutes", b"first").await;
    desk.put_version("minutes", b"second").await;
    let mut source = desk.source("minutes");
    source.version = Some(first.clone());
    let copy = CopyObject {
        source,
        ..desk.copying("minutes", "copy")
    };
    let copied = desk.get(&copy).await;
    assert_eq!(desk.read("copy").await, b"first");
    if let Some(read) = copied.source_version {
        assert_eq!(read, first);
    }
}

async fn a_deleted_object_is_no_source(dialect: DialectName) {
    let desk = keeping(dialect).await;
    desk.put("gone", b"x").await;
    desk.delete("gone", None).await;
    let head = desk.head("gone").await.unwrap_err();
    assert_eq!(head.kind, FailureKind::NoSuchSource, "{head}");
    let copy = desk.ask(&desk.copying("gone", "copy")).await.unwrap_err();
    assert_eq!(copy.kind, FailureKind::NoSuchSource, "{copy}");
}

/// What a delete marker hides comes back when the marker goes.
async fn a_version_is_deleted_for_good(dialect: DialectName) {
    let desk = keeping(dialect).await;
    let first = desk.put_version("minutes", b"first").await;
    desk.delete("minutes", None).await;
    let marker = desk.versions(1000).await.remove(0);
    assert!(marker.is_delete_marker);
    desk.delete("minutes", marker.version).await;
    assert_eq!(desk.read("minutes").await, b"first");
    desk.delete("minutes", Some(first)).await;
    assert!(desk.versions(1000).await.is_empty());
}

on_every_dialect! {
    a_bucket_says_whether_it_keeps_versions,
    every_version_can_be_read,
    versions_and_markers_are_listed_in_pages,
    an_old_version_can_be_copied,
    a_deleted_object_is_no_source,
    a_version_is_deleted_for_good,
}
