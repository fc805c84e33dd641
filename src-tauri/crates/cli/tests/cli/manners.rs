//! Small things scripts and people trip over: JSON when JSON was asked for, hints that work,
//! and no silence where something is wrong.

use serde_json::Value;

use crate::program::{Program, Said};
use crate::stage::{demo, s3};

fn error(said: &Said) -> Value {
    let document: Value =
        serde_json::from_str(said.all.trim()).unwrap_or_else(|error| panic!("{error}: {said:?}"));
    document["error"].clone()
}

#[test]
fn cancelling_what_is_done_says_so_and_hints_lead_somewhere() {
    let home = tempfile::tempdir().unwrap();
    let (program, _cloud) = demo(home.path(), &[]);
    let done = program.run(&["cp", &s3("photos", "readme.txt"), &s3("backup", "")]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let cancelled = program.run(&["cancel", "1"]);
    assert_eq!(cancelled.code, Some(0), "{cancelled:?}");
    assert!(cancelled.all.contains("done already"), "{cancelled:?}");
    assert!(!cancelled.all.contains("given back"), "{cancelled:?}");
    let state = program.run(&["--json", "cancel", "1"]).json()["state"].clone();
    assert_eq!(state, "done");
}

#[test]
fn a_copy_that_was_cancelled_elsewhere_names_the_way_back() {
    let home = tempfile::tempdir().unwrap();
    let (program, cloud) = demo(home.path(), &["--latency", "150ms"]);
    let source = s3("datasets", "genome/sample-0002.bam");
    let copying = program.spawn(&["cp", "--parts-at-once", "1", &source, &s3("backup", "")]);
    let begun = std::time::Instant::now();
    while !cloud
        .requests()
        .iter()
        .any(|request| request["operation"] == "UploadPartCopy")
    {
        assert!(begun.elapsed() < std::time::Duration::from_secs(60));
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert_eq!(program.run(&["cancel", "1"]).code, Some(0));
    let said = crate::program::said(&copying.wait_with_output().unwrap());
    assert_eq!(said.code, Some(4), "{said:?}");
    assert!(said.all.contains("resume 1`"), "{said:?}");
    assert!(
        !said.all.contains("--all"),
        "it would find nothing: {said:?}"
    );
}

#[test]
fn arguments_that_cannot_be_used_are_json_where_json_was_asked_for() {
    let home = tempfile::tempdir().unwrap();
    let program = Program::new(home.path());
    for arguments in [
        &["--json", "cp", "only-one"][..],
        &["cp", "--json", "--no-such-option", "a", "b"],
        &["--json", "resume"],
        &["--json", "sign", "--dialect", "nope"],
    ] {
        let said = program.run(arguments);
        assert_eq!(said.code, Some(2), "{said:?}");
        let error = error(&said);
        assert_eq!(error["kind"], "usage", "{arguments:?}: {error}");
        assert_ne!(error["message"], "", "{arguments:?}");
    }
    let plain = program.run(&["cp", "only-one"]);
    assert_eq!(plain.code, Some(2));
    assert!(serde_json::from_str::<Value>(plain.all.trim()).is_err());
    let help = program.run(&["--json", "--help"]);
    assert_eq!(help.code, Some(0), "help is no error: {help:?}");
}

#[test]
fn signing_nothing_is_an_error_and_says_it_in_the_tongue_asked_for() {
    let home = tempfile::tempdir().unwrap();
    let program = Program::new(home.path());
    for input in ["", "[]", r#"{"cases": []}"#] {
        let plain = program.run_with(&["sign"], input);
        assert_eq!(plain.code, Some(2), "{input:?}: {plain:?}");
        assert!(plain.all.contains("partway-cli: sign: "), "{plain:?}");
        let json = program.run_with(&["--json", "sign"], input);
        assert_eq!(json.code, Some(2), "{input:?}: {json:?}");
        assert_eq!(error(&json)["kind"], "usage", "{input:?}");
    }
    // The words of the error are the words of the help.
    let wrong = program.run(&["sign", "--dialect", "nope"]).all;
    let help = program.run(&["sign", "--help"]).all;
    for word in ["cos", "obs-native", "obs-v2", "aws-v2", "sigv4", "s3"] {
        assert!(wrong.contains(word), "{word}: {wrong}");
        assert!(help.contains(word), "{word}: {help}");
    }
}

#[test]
fn what_is_missing_archived_or_without_a_keyring_comes_with_advice() {
    let home = tempfile::tempdir().unwrap();
    let (program, _cloud) = demo(home.path(), &[]);
    let missing = program.run(&["cp", &s3("photos", "no-such"), &s3("backup", "")]);
    assert!(missing.all.contains("check the name"), "{missing:?}");
    let cold = program.run(&["cp", &s3("archive", "2019/ledger.tar"), &s3("backup", "")]);
    assert!(cold.all.contains("partway-cli restore 1"), "{cold:?}");
    let arguments = [
        "account",
        "add",
        "mine",
        "--dialect",
        "s3",
        "--endpoint",
        "http://127.0.0.1:1",
        "--region",
        "r",
        "--access-key",
        "AKEXAMPLE12345",
        "--no-test",
    ];
    let keyless = program.run_with(&arguments, "secret\n");
    assert_eq!(keyless.code, Some(3), "{keyless:?}");
    assert!(keyless.all.contains("start one"), "{keyless:?}");
}
