//! What plans, copies and listings do when a server lacks something.

use super::*;

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
