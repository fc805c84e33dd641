//! What the account test learns about servers, and what copies do when something is lacking.

use std::sync::Arc;
use std::time::Duration;

use crate::support::{Behaviour, Memory, open, open_behaving, settled};
use partway_api::contract::*;
use partway_api::{Api, ApiError};
use partway_democloud::{Provider, example_bucket};
use partway_domain::{AccountId, Bucket, Prefix};
use partway_protocol::op;

const ACCOUNTS: [(&str, Provider); 3] = [
    ("demo-cos", Provider::Cos),
    ("demo-obs", Provider::Obs),
    ("demo-s3", Provider::S3),
];

async fn behaving(folder: &std::path::Path, faults: &[&str], quirks: &[&str]) -> Api {
    let behaviour = Behaviour::of(faults, quirks);
    let api = open_behaving(folder, Arc::new(Memory::default()), behaviour).await;
    api.start_demo(Nothing {}).await.unwrap();
    api
}

async fn check(
    api: &Api,
    account: &str,
    bucket: Option<String>,
    probe: Option<&str>,
) -> AccountTest {
    let checkup = AccountCheckup {
        account: account.to_owned(),
        bucket,
        probe: probe.map(str::to_owned),
    };
    api.check_account(checkup).await.unwrap()
}

fn support(test: &AccountTest, name: &str) -> Support {
    let found = test.capabilities.iter().find(|one| one.name == name);
    found
        .unwrap_or_else(|| panic!("no {name}: {test:?}"))
        .support
}

fn outcome(test: &AccountTest, name: &str) -> CheckOutcome {
    let found = test.checks.iter().find(|one| one.name == name);
    found
        .unwrap_or_else(|| panic!("no {name}: {test:?}"))
        .outcome
}

fn failed(test: &AccountTest) -> Vec<&str> {
    let failed = test
        .checks
        .iter()
        .filter(|check| check.outcome == CheckOutcome::Failed);
    failed.map(|check| check.name.as_str()).collect()
}

/// Objects, versions and uploads with a probe's name that are in a bucket.
async fn left(api: &Api, account: &str, bucket: &str) -> Vec<String> {
    let accounts = api.engine().journal().accounts().unwrap();
    let id = AccountId(account.to_owned());
    let account = accounts.iter().find(|have| have.id == id).unwrap();
    let bucket = Bucket::parse(bucket).unwrap();
    let uploads = op::ListMultipartUploads {
        bucket: bucket.clone(),
        prefix: Prefix::root(),
        cursor: None,
        encoded: false,
    };
    let objects = op::ListObjects {
        bucket: bucket.clone(),
        prefix: Prefix::root(),
        delimiter: None,
        cursor: None,
        start_after: None,
        max_keys: 1000,
        v1: true,
        encoded: false,
    };
    let versions = op::ListObjectVersions {
        bucket,
        prefix: Prefix::root(),
        delimiter: None,
        cursor: None,
        max_keys: 1000,
        encoded: false,
    };
    let engine = api.engine();
    let uploads = engine.call(account, None, &uploads).await.unwrap().output;
    let objects = engine.call(account, None, &objects).await.unwrap().output;
    let mut names: Vec<String> = Vec::new();
    names.extend(uploads.uploads.iter().map(|one| one.key.to_string()));
    names.extend(objects.entries.iter().map(|one| one.key.to_string()));
    // Servers without versions refuse this, and then the objects are all there is.
    if let Ok(page) = engine.call(account, None, &versions).await {
        names.extend(page.output.versions.iter().map(|one| one.key.to_string()));
    }
    names.retain(|name| name.contains("partway-probe"));
    names
}

fn request(account: &str, provider: Provider, prefix: &str, key: &str) -> CopyRequest {
    let place = |word: &str, prefix: &str| Place {
        account: account.to_owned(),
        bucket: example_bucket(provider, word),
        region: None,
        prefix: prefix.to_owned(),
    };
    CopyRequest {
        source: place("datasets", prefix),
        keys: vec![key.to_owned()],
        destination: place("backup", "in/"),
        rename: None,
        options: CopyOptions {
            part_size: None,
            transfers_at_once: 3,
            parts_at_once: 8,
            storage_class: None,
            terms: None,
            timing: None,
        },
        overwrite: true,
        prefixes: None,
        named: None,
        on_conflict: None,
        kind: None,
    }
}

async fn only_transfer(api: &Api, job: u32) -> TransferView {
    let request = TransfersRequest {
        job,
        after: None,
        limit: 10,
    };
    api.transfers(request).await.unwrap().remove(0)
}

fn fallbacks(plan: &CopyPlan) -> Vec<&str> {
    let names = plan.fallbacks.iter().map(|one| one.capability.as_str());
    names.collect()
}

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
async fn what_a_server_lacks_is_learned_kept_and_shown_in_the_plan() {
    let folder = tempfile::tempdir().unwrap();
    let quirks = [
        "*:no_part_copy",
        "*:ignore_copy_conditions",
        "*:no_tagging",
        "*:no_acl",
        "*:no_versioning",
        "s3:list_v2=ignored",
    ];
    let api = behaving(folder.path(), &[], &quirks).await;
    for (account, provider) in ACCOUNTS {
        let bucket = example_bucket(provider, "backup");
        let probed = check(&api, account, Some(bucket.clone()), Some("")).await;
        assert!(probed.ok, "{probed:?}");
        assert_eq!(failed(&probed), Vec::<&str>::new(), "{probed:?}");
        assert_eq!(left(&api, account, &bucket).await, Vec::<String>::new());
        // Looking again, at a bucket with objects, forgets nothing of what the probe showed.
        let datasets = example_bucket(provider, "datasets");
        let test = check(&api, account, Some(datasets), None).await;
        let mut lacking = vec![
            "part_copy",
            "copy_conditions",
            "tagging",
            "acl",
            "list_versions",
            "versioning_state",
        ];
        if provider == Provider::S3 {
            lacking.push("list_objects_v2");
        }
        for name in lacking {
            assert_eq!(
                support(&test, name),
                Support::Absent,
                "{account} {name}: {test:?}"
            );
        }
        assert_eq!(support(&test, "part_copy_conditions"), Support::Unknown);

        let large = request(account, provider, "images/", "images/tiles-002.zip");
        let plan = api.plan_copy(large.clone()).await.unwrap();
        assert_eq!(
            fallbacks(&plan),
            ["part_copy", "copy_conditions", "tagging"]
        );
        assert_eq!((plan.multipart_objects, plan.write_requests), (0, 1));
        assert_eq!((plan.read_requests, plan.part_sizes.len()), (3, 0));
        let too_large = request(account, provider, "climate/", "climate/era5-2026.nc");
        let refused = api.plan_copy(too_large).await.unwrap();
        assert_eq!(
            refused.problems[0].error.kind, "not_supported",
            "{refused:?}"
        );

        let job = api.start_copy(large).await.unwrap().job;
        let view = settled(&api, job).await;
        assert_eq!(view.state, JobState::Done, "{view:?}");
        let verdict = only_transfer(&api, job).await.verdict.unwrap();
        assert!(verdict.evidence.contains("by HEAD"), "{verdict:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_untested_server_without_part_copies_is_found_out_at_work() {
    let folder = tempfile::tempdir().unwrap();
    let api = behaving(folder.path(), &[], &["*:no_part_copy"]).await;
    for (account, provider) in ACCOUNTS {
        let copy = request(account, provider, "images/", "images/tiles-002.zip");
        let plan = api.plan_copy(copy.clone()).await.unwrap();
        assert_eq!(fallbacks(&plan), Vec::<&str>::new(), "nobody knows yet");
        assert_eq!(plan.multipart_objects, 1);

        let job = api.start_copy(copy.clone()).await.unwrap().job;
        let view = settled(&api, job).await;
        assert_eq!(view.state, JobState::Done, "{view:?}");
        let transfer = only_transfer(&api, job).await;
        assert!(
            !transfer.multipart && transfer.verdict.is_some(),
            "{transfer:?}"
        );
        let bucket = example_bucket(provider, "backup");
        assert_eq!(uploads(&api, account, &bucket).await, 0, "given back");

        let plan = api.plan_copy(copy).await.unwrap();
        assert_eq!(fallbacks(&plan), ["part_copy"]);

        // What one request cannot take fails with a reason before anything more is sent.
        let too_large = request(account, provider, "climate/", "climate/era5-2026.nc");
        let refused = api.start_copy(too_large).await.unwrap_err();
        assert_eq!(refused.kind, "not_supported", "{refused:?}");
    }
}

async fn uploads(api: &Api, account: &str, bucket: &str) -> usize {
    let accounts = api.engine().journal().accounts().unwrap();
    let account = accounts.iter().find(|have| have.id.0 == account).unwrap();
    let list = op::ListMultipartUploads {
        bucket: Bucket::parse(bucket).unwrap(),
        prefix: Prefix::root(),
        cursor: None,
        encoded: false,
    };
    let page = api.engine().call(account, None, &list).await.unwrap();
    page.output.uploads.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_that_cannot_be_carried_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let api = behaving(folder.path(), &[], &["cos:no_tagging"]).await;
    let copy = request("demo-cos", Provider::Cos, "images/", "images/tiles-002.zip");
    for known in [false, true] {
        let plan = api.plan_copy(copy.clone()).await.unwrap();
        let lost = &plan.items[0].not_carried;
        assert!(lost.iter().any(|one| one.starts_with("tags: ")), "{lost:?}");
        assert_eq!(fallbacks(&plan), ["tagging"], "known before: {known}");
    }
    let log = std::fs::read_to_string(folder.path().join("demo/requests.jsonl")).unwrap();
    assert_eq!(
        log.matches("GetObjectTagging").count(),
        1,
        "asked once, then known"
    );
    let job = api.start_copy(copy).await.unwrap().job;
    let view = settled(&api, job).await;
    assert_eq!(view.state, JobState::Done, "{view:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_of_a_server_without_the_second_listing_open_all_the_same() {
    for quirk in ["s3:list_v2=ignored", "s3:list_v2=refused"] {
        let folder = tempfile::tempdir().unwrap();
        let api = behaving(folder.path(), &[], &[quirk]).await;
        // More keys than one page has.
        let open = OpenListing {
            place: Place {
                account: "demo-s3".to_owned(),
                bucket: example_bucket(Provider::S3, "million"),
                region: None,
                prefix: String::new(),
            },
            load_all: false,
        };
        let first = api.open_listing(open.clone()).await.unwrap();
        assert!(first.rows >= 1000 || first.complete, "{quirk}: {first:?}");
        let log = folder.path().join("demo/requests.jsonl");
        let tried = || {
            let log = std::fs::read_to_string(&log).unwrap();
            log.matches("list-type").count()
        };
        let before = tried();
        api.open_listing(open).await.unwrap();
        assert_eq!(tried(), before, "{quirk}: known by now");
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
