//! Copies of folders.

use std::time::Duration;

use partway_democloud::Provider;
use serde_json::Value;

use crate::{at, desk, keys, survey};

#[test]
fn a_folder_arrives_with_every_key_as_it_was_on_every_provider() {
    let home = tempfile::tempdir().unwrap();
    let (program, _cloud) = desk(home.path());
    for provider in Provider::ALL {
        let source = at(provider, "odd-keys", "");
        let target = at(provider, "backup", "kept/");
        let said = program.run(&["--json", "cp", "-r", &source, &target]);
        let before = keys(&program, &source, &at(provider, "archive", "nowhere/"));
        let after = keys(&program, &target, &at(provider, "archive", "nowhere/"));
        let expected: Vec<String> = before.iter().map(|key| format!("kept/{key}")).collect();
        let report = said.json();
        let lost: Vec<&String> = expected.iter().filter(|key| !after.contains(key)).collect();
        assert!(before.len() > 5, "{before:?}");
        assert_eq!(
            after.len() as u64 + report["failed"].as_u64().unwrap(),
            before.len() as u64,
            "{report} {lost:?}"
        );
        assert!(
            lost.len() as u64 == report["failed"].as_u64().unwrap(),
            "{lost:?}: {report}"
        );
    }
}

#[test]
fn a_second_copy_goes_by_the_policy() {
    let home = tempfile::tempdir().unwrap();
    let (program, cloud) = desk(home.path());
    let (source, target) = (
        at(Provider::S3, "photos", "albums"),
        at(Provider::S3, "backup", ""),
    );
    let copy = |how: &str| {
        let said = program.run(&["--json", "cp", "-r", "--on-conflict", how, &source, &target]);
        (said.code, said.json())
    };
    let written = || {
        let is_copy = |request: &&Value| request["operation"] == "CopyObject";
        cloud.requests().iter().filter(is_copy).count()
    };
    let (code, first) = copy("skip");
    assert_eq!(code, Some(0), "{first}");
    let objects = written();
    assert!(
        objects > 0 && first["objects"].as_u64() == Some(objects as u64),
        "{first}"
    );
    for how in ["skip", "newer", "different"] {
        let (code, again) = copy(how);
        assert_eq!((code, written()), (Some(0), objects), "{how}: {again}");
    }
    let (_, replaced) = copy("overwrite");
    assert_eq!(written(), 2 * objects, "{replaced}");
    // Servers tell times in whole seconds: what was written about the second in which a job
    // begins may be its own, until that is over.
    std::thread::sleep(Duration::from_millis(2100));
    let (_, both) = copy("keep-both");
    assert_eq!(written(), 3 * objects, "{both}");
    let after = keys(&program, &target, &at(Provider::S3, "archive", "nowhere/"));
    assert_eq!(after.len(), 2 * objects, "{after:?}");
    assert!(after.iter().any(|key| key.contains(" (2)")), "{after:?}");
    std::thread::sleep(Duration::from_millis(2100));
    // Whoever is to be asked is: nothing is written, and the exit says so.
    let (code, asked) = copy("ask");
    assert_eq!((code, written()), (Some(3), 3 * objects), "{asked}");
}

#[test]
fn a_dry_run_counts_what_a_copy_then_does_and_changes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let (program, cloud) = desk(home.path());
    let (source, target) = (
        at(Provider::S3, "photos", ""),
        at(Provider::S3, "backup", "p/"),
    );
    let (objects, sums) = survey(&program, &["--on-conflict", "skip", &source, &target]);
    assert_eq!(
        objects.len() as u64,
        sums["copies"].as_u64().unwrap(),
        "{sums}"
    );
    let wrote = |request: &&Value| request["operation"] == "CopyObject";
    assert_eq!(cloud.requests().iter().filter(wrote).count(), 0);
    let said = program.run(&[
        "--json",
        "cp",
        "-r",
        "--on-conflict",
        "skip",
        &source,
        &target,
    ]);
    assert_eq!(said.json()["objects"].as_u64(), sums["copies"].as_u64());
    let copies = cloud.requests().iter().filter(wrote).count() as u64;
    assert_eq!(Some(copies), sums["requests"]["copy"].as_u64(), "{sums}");
    let (_, after) = survey(&program, &["--on-conflict", "skip", &source, &target]);
    assert_eq!(
        (after["copies"].as_u64(), &after["skipped"]),
        (Some(0), &sums["copies"])
    );
}

#[test]
fn a_folder_is_not_copied_into_itself() {
    let home = tempfile::tempdir().unwrap();
    let (program, _cloud) = desk(home.path());
    let source = at(Provider::S3, "photos", "albums/");
    let said = program.run(&[
        "cp",
        "-r",
        &source,
        &at(Provider::S3, "photos", "albums/new/"),
    ]);
    assert_eq!(said.code, Some(2), "{said:?}");
    assert!(said.all.contains("without an end"), "{said:?}");
}
