//! Single objects: HEAD, small copies, deletes, and keys that must travel exactly.

use partway_domain::{DialectName, FailureKind, VersionId};
use partway_protocol::op::{
    Conditions, CopyObject, DeleteObject, GetObjectTagging, HeadObject, Terms,
};
use partway_tests::on_every_dialect;

use super::desk::{Desk, name};

async fn a_head_tells_all_there_is(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let key = "genome/sample-0001.bam";
    let head = desk.head("datasets", key).await.unwrap();
    let truth = desk.truth("datasets", key).unwrap();
    assert_eq!(head.size, 1 << 40);
    assert_eq!(head.etag.as_str(), truth.etag);
    let header = |wanted: &str| {
        let found = head
            .attributes
            .headers
            .iter()
            .find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.as_str())
    };
    assert_eq!(header("cache-control"), Some("private, max-age=3600"));
    assert_eq!(header("content-language"), Some("en"));
    for (meta, value) in &truth.metadata {
        let pair = (meta.clone(), value.clone());
        assert!(head.attributes.metadata.contains(&pair), "{meta}");
    }
    match dialect {
        DialectName::Cos => assert_eq!(head.crc64_xz, Some(truth.crc64.to_string())),
        DialectName::S3 => assert!(head.crc64_nvme.is_some()),
        DialectName::Obs | DialectName::ObsV2 => {}
    }
    let tags = desk
        .get(&GetObjectTagging {
            bucket: desk.bucket("datasets"),
            key: name(key),
            version: None,
        })
        .await;
    assert_eq!(tags, truth.tags);
}

async fn a_storage_class_is_told_and_carried(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let key = "checkpoints/model.safetensors";
    let head = desk.head("datasets", key).await.unwrap();
    let class = head.attributes.storage_class.clone();
    assert!(class.is_some());
    desk.cloud.demo.put_bytes(
        partway_tests::cloud::provider(dialect),
        desk.bucket("photos").as_str(),
        "cool.txt",
        b"cool",
    );
    desk.get(&CopyObject {
        bucket: desk.bucket("backup"),
        key: name("cool.txt"),
        source: desk.source("photos", "cool.txt"),
        conditions: Conditions::None,
        size: 4,
        replace: None,
        storage_class: class.clone(),
        tagging: None,
        terms: Terms::default(),
    })
    .await;
    let copy = desk.head("backup", "cool.txt").await.unwrap();
    assert_eq!(copy.attributes.storage_class, class);
}

/// Every odd key is HEADed, copied and deleted exactly, and nothing else is touched.
async fn odd_keys_travel_exactly(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let keys = desk.list_all("odd-keys", "", 1000).await;
    assert!(keys.len() >= 40);
    let mut refused = Vec::new();
    for entry in &keys {
        let key = entry.key.as_str();
        let head = match desk.head("odd-keys", key).await {
            Ok(head) => head,
            Err(failure) => {
                assert_eq!(failure.kind, FailureKind::Invalid, "{key:?}: {failure}");
                refused.push(key);
                continue;
            }
        };
        assert_eq!(Some(&head.etag), entry.etag.as_ref(), "{key:?}");
        desk.get(&CopyObject {
            bucket: desk.bucket("backup"),
            key: entry.key.clone(),
            source: desk.source("odd-keys", key),
            conditions: Conditions::matching(head.etag),
            size: head.size,
            replace: None,
            storage_class: None,
            tagging: None,
            terms: Terms::default(),
        })
        .await;
        let (from, to) = (desk.truth("odd-keys", key), desk.truth("backup", key));
        assert_eq!(from.unwrap().segments, to.unwrap().segments, "{key:?}");
        desk.get(&DeleteObject {
            bucket: desk.bucket("backup"),
            key: entry.key.clone(),
            version: None,
        })
        .await;
        assert!(desk.truth("backup", key).is_none(), "{key:?}");
        assert!(desk.truth("odd-keys", key).is_some(), "{key:?}");
    }
    // COS cannot be sent a key that is nothing but dots.
    let unsendable: &[&str] = match dialect {
        DialectName::Cos => &[".."],
        _ => &[],
    };
    assert_eq!(refused, unsendable);
    assert!(desk.list_all("backup", "", 1000).await.is_empty());
    assert_eq!(desk.list_all("odd-keys", "", 1000).await, keys);
}

async fn an_old_version_can_be_read_and_copied(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let head = |version: Option<VersionId>| HeadObject {
        bucket: desk.bucket("versions"),
        key: name("big.bin"),
        version,
        customer_key: None,
    };
    let current = desk.get(&head(None)).await;
    let version = current.version.clone().expect("the bucket has versions");
    assert_eq!(current.size, 300 << 20);
    assert_eq!(desk.get(&head(Some(version.clone()))).await, current);

    desk.cloud.demo.bump(
        partway_tests::cloud::provider(dialect),
        desk.bucket("versions").as_str(),
        "big.bin",
    );
    let newer = desk.get(&head(None)).await;
    assert_ne!(newer.etag, current.etag);
    let mut source = desk.source("versions", "big.bin");
    source.version = Some(version.clone());
    let copied = desk
        .get(&CopyObject {
            bucket: desk.bucket("backup"),
            key: name("old.bin"),
            source,
            conditions: Conditions::matching(current.etag.clone()),
            size: current.size,
            replace: None,
            storage_class: None,
            tagging: None,
            terms: Terms::default(),
        })
        .await;
    assert_eq!(copied.source_version, Some(version));
}

/// The provider's code and request id are told where there are any.
async fn a_bucket_without_permission(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let refusal = desk.ask(&desk.list("no-access", "")).await.unwrap_err();
    assert_eq!(refusal.kind, FailureKind::AccessDenied);
    assert_eq!(
        refusal.bucket.as_deref(),
        Some(desk.bucket("no-access").as_str())
    );
    assert_eq!(refusal.code.as_deref(), Some("AccessDenied"));
    assert!(refusal.request_id.is_some());
    // HEAD has no body to say why.
    let refusal = desk.head("no-access", "secret.txt").await.unwrap_err();
    assert_eq!(refusal.kind, FailureKind::AccessDenied);
}

on_every_dialect! {
    a_head_tells_all_there_is,
    a_storage_class_is_told_and_carried,
    odd_keys_travel_exactly,
    an_old_version_can_be_read_and_copied,
    a_bucket_without_permission,
}
