//! Moves: a source goes only after its copy is verified.

use partway_democloud::Provider;
use serde_json::Value;

use crate::program::{Cloud, Program};
use crate::{at, desk, keys};

#[test]
fn a_moved_folder_is_there_once_and_every_source_went_after_its_copy() {
    let home = tempfile::tempdir().unwrap();
    let (program, cloud) = desk(home.path());
    for provider in Provider::ALL {
        let source = at(provider, "photos", "albums/");
        let target = at(provider, "backup", "moved/");
        let nowhere = at(provider, "archive", "nowhere/");
        let before = keys(&program, &source, &nowhere);
        let said = program.run(&["--json", "mv", "-r", &source, &target]);
        assert_eq!(said.code, Some(0), "{said:?}");
        assert_eq!(keys(&program, &target, &nowhere).len(), before.len());
        assert_eq!(keys(&program, &source, &nowhere), Vec::<String>::new());
    }
    let mut copied = Vec::new();
    for request in cloud.requests() {
        let of = |request: &Value| (request["provider"].clone(), name(&request["key"]));
        match request["operation"].as_str() {
            Some("CopyObject") => copied.push(of(&request)),
            Some("DeleteObject") => assert!(copied.contains(&of(&request)), "{request}"),
            _ => {}
        }
    }
    assert!(!copied.is_empty());
}

/// What follows the last folder.
fn name(key: &Value) -> String {
    let key = key.as_str().unwrap_or_default();
    key.rsplit('/').next().unwrap_or_default().to_owned()
}

#[test]
fn nothing_is_moved_onto_itself() {
    let home = tempfile::tempdir().unwrap();
    let (program, cloud) = desk(home.path());
    let readme = at(Provider::S3, "photos", "readme.txt");
    let folder = at(Provider::S3, "photos", "albums/");
    for arguments in [
        vec!["mv", "--overwrite", &readme, &readme],
        vec!["mv", "-r", "--overwrite", &folder, &folder],
    ] {
        let said = program.run(&arguments);
        assert_eq!(said.code, Some(2), "{said:?}");
    }
    let deleted = |request: &Value| request["operation"] == "DeleteObject";
    assert!(!cloud.requests().iter().any(deleted));
}

/// What two folders have in common goes to one key: the first one gets it, and the other's objects
/// stay, also when the job is told to try again.
#[test]
fn of_two_folders_with_the_same_names_one_is_moved_and_the_other_stays() {
    let home = tempfile::tempdir().unwrap();
    let program = Program::new(home.path());
    // Pages so small that the first folder is empty before the second one is listed.
    let options = ["--quirk", "s3:objects_page=2"];
    let _cloud = Cloud::start(&program, &home.path().join("demo"), &options);
    assert_eq!(program.run(&["account", "add-demo"]).code, Some(0));
    let photos = at(Provider::S3, "photos", "2024/");
    let folder = |name: &str| at(Provider::S3, "archive", name);
    let (one, other, target) = (folder("one/"), folder("other/"), folder("target/"));
    for place in [&one, &other] {
        let said = program.run(&["cp", "-r", &photos, place]);
        assert_eq!(said.code, Some(0), "{said:?}");
    }
    let nowhere = at(Provider::S3, "backup", "nowhere/");
    let count = |place: &str| keys(&program, place, &nowhere).len();
    let all = count(&one);
    assert!(all > 10, "{all}");

    let said = program.run(&["mv", "-r", "--overwrite", &one, &other, &target]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.all.contains("would become"), "{said:?}");
    let job = program.run(&["--json", "history", "--limit", "1"]).json();
    let job = job[0]["id"].to_string();
    for _ in 0..2 {
        assert_eq!([count(&one), count(&other), count(&target)], [0, all, all]);
        program.run(&["resume", &job]);
    }
}

/// A key that has no place at the destination is not moved onto itself when the job is told to try
/// again.
#[test]
fn an_object_without_a_place_at_the_destination_stays() {
    let home = tempfile::tempdir().unwrap();
    let (program, _cloud) = desk(home.path());
    let readme = at(Provider::S3, "photos", "readme.txt");
    let long = at(
        Provider::S3,
        "archive",
        &format!("long/{}", "n".repeat(990)),
    );
    assert_eq!(program.run(&["cp", &readme, &long]).code, Some(0));
    let folder = at(Provider::S3, "archive", "long/");
    let nowhere = at(Provider::S3, "backup", "nowhere/");
    for bucket in ["archive", "backup"] {
        let deep = at(Provider::S3, bucket, &format!("{}/", "d".repeat(100)));
        let said = program.run(&["--json", "mv", "-r", "--overwrite", &folder, &deep]);
        assert_eq!(said.code, Some(1), "{said:?}");
        let job = said.json()["id"].to_string();
        let said = program.run(&["resume", &job]);
        assert!(!said.all.contains("verified"), "{said:?}");
        assert_eq!(keys(&program, &folder, &nowhere).len(), 1);
    }
    let beside = at(Provider::S3, "backup", "long/");
    assert_eq!(keys(&program, &beside, &nowhere), Vec::<String>::new());
}
