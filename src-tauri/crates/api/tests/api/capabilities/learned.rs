//! What the account test learns, and that its probe leaves nothing behind.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_server_passes_everything_and_nothing_of_the_probe_stays() {
    let folder = tempfile::tempdir().unwrap();
    let api = behaving(folder.path(), &[], &[]).await;
    for (account, provider) in ACCOUNTS {
        // One bucket that keeps versions, where a plain delete would only add a marker.
        for word in ["backup", "versions"] {
            let bucket = example_bucket(provider, word);
            let test = check(&api, account, Some(bucket.clone()), Some("tmp/")).await;
            assert!(test.ok, "{test:?}");
            assert_eq!(failed(&test), Vec::<&str>::new(), "{test:?}");
            for name in [
                "list_buckets",
                "list_versions",
                "versioning_state",
                "tagging",
                "acl",
                "range_get",
                "list_uploads",
                "list_parts",
                "part_copy",
                "copy_conditions",
                "part_copy_conditions",
            ] {
                assert_eq!(support(&test, name), Support::Present, "{name}: {test:?}");
            }
            if word == "versions" {
                assert_eq!(support(&test, "version_pin"), Support::Present, "{test:?}");
            }
            assert_eq!(outcome(&test, "delete_object"), CheckOutcome::Passed);
            assert_eq!(test.left_behind, Vec::<String>::new());
            assert_eq!(left(&api, account, &bucket).await, Vec::<String>::new());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_alone_writes_nothing_and_leaves_the_rest_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let api = behaving(folder.path(), &[], &[]).await;
    let bucket = example_bucket(Provider::S3, "datasets");
    let test = check(&api, "demo-s3", Some(bucket), None).await;
    assert!(test.ok);
    assert!(test.checks.iter().all(|check| check.name != "put_object"));
    for name in ["part_copy", "copy_conditions", "list_parts", "restore"] {
        assert_eq!(support(&test, name), Support::Unknown, "{name}");
    }
    for name in [
        "list_objects_v2",
        "list_versions",
        "tagging",
        "acl",
        "range_get",
    ] {
        assert_eq!(support(&test, name), Support::Present, "{name}: {test:?}");
    }
    let log = std::fs::read_to_string(folder.path().join("demo/requests.jsonl")).unwrap();
    for writing in ["\"PUT\"", "\"POST\"", "\"DELETE\""] {
        assert!(!log.contains(writing), "{writing} was sent");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_that_fails_half_way_is_removed_all_the_same() {
    let faults = [
        "UploadPartCopy:refuse:status=403:code=AccessDenied:count=2",
        "PutObjectTagging:reset:count=1",
        "CreateMultipartUpload:lose_answer:count=1",
        "PutObject:lose_answer:count=1",
        "AbortMultipartUpload:refuse:count=2",
        "DeleteObject:refuse:count=2",
    ];
    for fault in faults {
        let folder = tempfile::tempdir().unwrap();
        let api = behaving(folder.path(), &[fault], &[]).await;
        let bucket = example_bucket(Provider::S3, "backup");
        let test = check(&api, "demo-s3", Some(bucket.clone()), Some("p/")).await;
        assert!(test.ok, "{fault}: {test:?}");
        assert_eq!(test.left_behind, Vec::<String>::new(), "{fault}: {test:?}");
        let stays = left(&api, "demo-s3", &bucket).await;
        assert_eq!(stays, Vec::<String>::new(), "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_removed_is_told_with_the_permission_that_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let fault = "DeleteObject:refuse:status=403:code=AccessDenied:count=100";
    let api = behaving(folder.path(), &[fault], &[]).await;
    let bucket = example_bucket(Provider::S3, "backup");
    let test = check(&api, "demo-s3", Some(bucket.clone()), Some("p/")).await;
    assert_eq!(failed(&test), ["delete_object"]);
    let check = test.checks.last().unwrap();
    assert_eq!(check.permission.as_deref(), Some("s3:DeleteObject"));
    assert_eq!(test.left_behind.len(), 2, "{test:?}");
    for name in &test.left_behind {
        assert!(
            name.starts_with(&format!("{bucket}/p/.partway-probe-")),
            "{name}"
        );
        assert!(check.detail.contains(name), "{check:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permission_is_not_a_capability() {
    let folder = tempfile::tempdir().unwrap();
    let fault = "GetBucketVersioning:refuse:status=403:code=AccessDenied:count=1";
    let api = behaving(folder.path(), &[fault], &[]).await;
    let bucket = example_bucket(Provider::S3, "datasets");
    let test = check(&api, "demo-s3", Some(bucket.clone()), None).await;
    assert_eq!(failed(&test), ["read_versioning"]);
    assert_eq!(support(&test, "versioning_state"), Support::Unknown);
    let denied = test.checks.iter().find(|one| one.name == "read_versioning");
    let permission = denied.unwrap().permission.as_deref();
    assert_eq!(permission, Some("s3:GetBucketVersioning"));

    let no_list = behaving(
        tempfile::tempdir().unwrap().path(),
        &[],
        &["s3:no_bucket_list"],
    )
    .await;
    let test = check(&no_list, "demo-s3", Some(bucket), None).await;
    assert!(test.ok, "the bucket can be used by its name: {test:?}");
    assert_eq!(failed(&test), ["list_buckets"]);
}

#[tokio::test]
async fn a_probe_needs_a_bucket_and_names_that_can_be() {
    let folder = tempfile::tempdir().unwrap();
    let api = open(folder.path()).await;
    let error = |bucket: Option<&str>, probe: Option<&str>| {
        let checkup = AccountCheckup {
            account: "demo-s3".to_owned(),
            bucket: bucket.map(str::to_owned),
            probe: probe.map(str::to_owned),
        };
        let api = api.clone();
        async move { api.check_account(checkup).await.unwrap_err() }
    };
    let field = |error: ApiError| error.field;
    assert_eq!(
        field(error(None, Some("x/")).await).as_deref(),
        Some("bucket")
    );
    assert_eq!(
        field(error(Some("a/b"), None).await).as_deref(),
        Some("bucket")
    );
    assert_eq!(error(Some("bucket"), None).await.kind, "not_found");
    tokio::time::timeout(Duration::from_secs(5), api.shutdown(Duration::ZERO))
        .await
        .unwrap();
}
