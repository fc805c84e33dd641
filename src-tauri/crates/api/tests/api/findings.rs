//! What the account test says is what this test saw: old knowledge, odd answers and a wrong
//! clock are told as what they are.

use std::path::Path;
use std::sync::Arc;

use crate::support::{Behaviour, Memory, open_behaving};
use partway_api::Api;
use partway_api::contract::*;
use partway_democloud::{Provider, example_bucket};

async fn behaving(folder: &Path, faults: &[&str], quirks: &[&str]) -> Api {
    let behaviour = Behaviour::of(faults, quirks);
    let api = open_behaving(folder, Arc::new(Memory::default()), behaviour).await;
    api.start_demo(Nothing {}).await.unwrap();
    api
}

/// Tests the S3 account, with a probe in a bucket or without one.
async fn check(api: &Api, probe: bool) -> AccountTest {
    check_of(api, "demo-s3", Provider::S3, probe).await
}

async fn check_of(api: &Api, account: &str, provider: Provider, probe: bool) -> AccountTest {
    let checkup = AccountCheckup {
        account: account.to_owned(),
        bucket: probe.then(|| example_bucket(provider, "backup")),
        probe: probe.then(|| "p/".to_owned()),
    };
    api.check_account(checkup).await.unwrap()
}

fn detail<'a>(test: &'a AccountTest, capability: &str) -> &'a str {
    let mut found = test
        .capabilities
        .iter()
        .filter(|one| one.name == capability);
    &found.next().unwrap().detail
}

fn told<'a>(test: &'a AccountTest, name: &str) -> &'a AccountCheck {
    let found = test.checks.iter().find(|one| one.name == name);
    found.unwrap_or_else(|| panic!("no {name}: {test:?}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_test_learned_is_not_told_as_found_by_this_one() {
    let broken = [
        "ListBuckets:garbled:count=9:skip=1",
        "ListBuckets:reset:count=9:skip=1",
    ];
    for fault in broken {
        let folder = tempfile::tempdir().unwrap();
        let api = behaving(folder.path(), &[fault], &[]).await;
        let before = check(&api, true).await;
        assert!(before.ok, "{before:?}");
        assert_eq!(detail(&before, "list_buckets"), "ListBuckets answered");
        let after = check(&api, false).await;
        assert!(!after.ok, "{fault}: {after:?}");
        for capability in ["list_buckets", "part_copy", "tagging"] {
            let text = detail(&after, capability);
            assert!(text.contains("Learned on 20"), "{fault}: {text}");
        }
        assert!(detail(&after, "part_copy").starts_with("Not tried this time"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_clock_is_a_warning_while_the_servers_own_time_is_accepted() {
    for quirk in ["*:clock_ahead_secs=86400", "*:clock_ahead_secs=-86400"] {
        let folder = tempfile::tempdir().unwrap();
        let api = behaving(folder.path(), &[], &[quirk]).await;
        for (account, provider) in [
            ("demo-cos", Provider::Cos),
            ("demo-obs", Provider::Obs),
            ("demo-s3", Provider::S3),
        ] {
            let test = check_of(&api, account, provider, true).await;
            assert!(test.ok, "{quirk} {account}: {test:?}");
            let clock = told(&test, "clock");
            assert_eq!(clock.outcome, CheckOutcome::Warning, "{clock:?}");
            assert!(clock.detail.contains("set it right"), "{clock:?}");
            for check in test.checks.iter().filter(|check| check.name != "clock") {
                assert_eq!(check.outcome, CheckOutcome::Passed, "{quirk}: {check:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_fails_when_even_the_servers_own_time_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let fault = "ListBuckets:refuse:status=403:code=RequestTimeTooSkewed:count=9";
    let quirk = "s3:clock_ahead_secs=86400";
    let api = behaving(folder.path(), &[fault], &[quirk]).await;
    let test = check(&api, false).await;
    assert!(!test.ok, "{test:?}");
    let clock = told(&test, "clock");
    assert_eq!(clock.outcome, CheckOutcome::Failed, "{test:?}");
    let error = clock.error.as_ref().unwrap();
    assert_eq!(error.kind, "clock_skew");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_tried_in_vain_is_not_called_untried() {
    let tried = [
        ("*:list_v2=invalid", "list_objects_v2", "HTTP 400"),
        ("*:no_bucket_list", "list_buckets", "HTTP 403"),
        ("*:errors_in_200", "copy_conditions", "CopyObject answered"),
        (
            "*:errors_in_200",
            "part_copy_conditions",
            "UploadPartCopy answered",
        ),
        ("*:duplicate_headers", "head_checksum", "HeadObject failed"),
    ];
    for (quirk, capability, evidence) in tried {
        let folder = tempfile::tempdir().unwrap();
        let api = behaving(folder.path(), &[], &[quirk]).await;
        // Reading finds an object to look at, the probe does the rest.
        let probe = capability != "head_checksum";
        let found = check(&api, probe).await;
        let text = detail(&found, capability);
        assert!(!text.contains("Not tried"), "{quirk} {capability}: {text}");
        assert!(text.contains(evidence), "{quirk} {capability}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_whose_writing_is_unsure_is_told_to_be_removed() {
    let folder = tempfile::tempdir().unwrap();
    let api = behaving(folder.path(), &[], &["*:duplicate_headers"]).await;
    let test = check(&api, true).await;
    assert_eq!(told(&test, "put_object").outcome, CheckOutcome::Failed);
    let removed = told(&test, "delete_object");
    assert!(!removed.detail.contains("Not tried"), "{removed:?}");
    assert_eq!(removed.outcome, CheckOutcome::Passed, "{removed:?}");
    let part = detail(&test, "part_copy");
    assert_eq!(part, "Not tried: the probe object could not be written.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_asked_for_that_is_not_there_fails_the_test() {
    let folder = tempfile::tempdir().unwrap();
    let api = behaving(folder.path(), &[], &[]).await;
    let checkup = AccountCheckup {
        account: "demo-s3".to_owned(),
        bucket: Some("nosuch-demo".to_owned()),
        probe: None,
    };
    let test = api.check_account(checkup).await.unwrap();
    assert!(!test.ok, "{test:?}");
    assert_eq!(told(&test, "list_buckets").outcome, CheckOutcome::Passed);
    assert_eq!(told(&test, "head_bucket").outcome, CheckOutcome::Failed);
}
