//! Moves: a source goes only after its copy is verified.

use partway_democloud::Provider;
use serde_json::Value;

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
