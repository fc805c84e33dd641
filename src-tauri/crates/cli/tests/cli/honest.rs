//! What is said is what is so: of plans, of what stays open, of names that are not there.

use serde_json::Value;

use crate::stage::{demo, s3};

#[test]
fn a_failed_copy_says_what_stays_open_and_its_account_stays_with_it() {
    let home = tempfile::tempdir().unwrap();
    let refusal = "UploadPartCopy:refuse:status=403:code=AccessDenied:skip=3:count=500";
    let (program, cloud) = demo(home.path(), &["--fault", refusal]);
    let source = s3("datasets", "logs/2026-01.ndjson.gz");
    let words = ["--part-size", "16MiB", "--parts-at-once", "1"];
    let copied = program.run(&[&["cp", &source, &s3("backup", "fail")], &words[..]].concat());
    assert_ne!(copied.code, Some(0), "{copied:?}");

    for list in ["jobs", "history"] {
        let said = program.run(&[list]);
        assert!(said.all.contains("cancel 1`"), "{list}: {said:?}");
        assert!(said.all.contains("3 parts"), "{list}: {said:?}");
    }
    let history = program.run(&["--json", "history"]).json();
    assert_eq!(history[0]["open_uploads"], 1, "{history}");
    assert_eq!(history[0]["open_parts"], 3, "{history}");

    let refused = program.run(&["account", "remove", "Demo S3"]);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    for words in ["job 1", "cancel"] {
        assert!(refused.all.contains(words), "{refused:?}");
    }
    let cancelled = program.run(&["cancel", "1"]);
    assert_eq!(cancelled.code, Some(0), "{cancelled:?}");
    let aborted = |request: &&Value| request["operation"] == "AbortMultipartUpload";
    assert!(cloud.requests().iter().filter(aborted).count() > 0);
    let removed = program.run(&["account", "remove", "Demo S3"]);
    assert_eq!(removed.code, Some(0), "{removed:?}");

    let resumed = program.run(&["resume", "1"]);
    assert_eq!(resumed.code, Some(2), "{resumed:?}");
    assert!(resumed.all.contains("\"Demo S3\""), "{resumed:?}");
}

#[test]
fn a_prefix_under_which_nothing_lies_is_an_error() {
    let home = tempfile::tempdir().unwrap();
    let (program, _cloud) = demo(home.path(), &[]);
    for words in [&["cp", "-r"][..], &["mv", "-r"], &["cp", "-r", "--dry-run"]] {
        let places = [s3("photos", "albms/"), s3("backup", "")];
        let said = program.run(&[words, &[places[0].as_str(), &places[1]]].concat());
        assert_eq!(said.code, Some(2), "{said:?}");
        assert!(said.all.contains("nothing begins with"), "{said:?}");
        assert!(said.all.contains("albms/"), "{said:?}");
    }
    assert_eq!(
        program.run(&["--json", "history"]).json(),
        Value::Array(vec![])
    );
}

#[test]
fn a_dry_run_of_one_object_says_what_the_run_does() {
    let home = tempfile::tempdir().unwrap();
    let (program, _cloud) = demo(home.path(), &[]);
    let (source, into) = (s3("photos", "readme.txt"), s3("backup", ""));
    assert_eq!(program.run(&["cp", &source, &into]).code, Some(0));
    let dry = |how: &str, more: &[&str]| {
        let words = ["cp", "--dry-run", "--on-conflict", how, &source, &into];
        program.run(&[more, &words[..]].concat())
    };
    for how in ["different", "newer", "skip"] {
        let said = dry(how, &[]);
        assert!(said.all.contains("is left out"), "{how}: {said:?}");
        assert!(!said.all.contains("replaced"), "{how}: {said:?}");
        assert_eq!(dry(how, &["--json"]).json()["items"][0]["fate"], "skip");
    }
    assert!(dry("overwrite", &[]).all.contains("is replaced"));
    let both = dry("keep-both", &["--json"]).json();
    assert_eq!(both["items"][0]["fate"], "keep_both", "{both}");
    assert_eq!(
        both["items"][0]["destination_key"], "readme (2).txt",
        "{both}"
    );
    let table = program.run(&[
        "cp",
        "--dry-run",
        "--format",
        "csv",
        "--on-conflict",
        "keep-both",
        &source,
        &into,
    ]);
    assert!(
        table.out.contains("readme.txt,readme (2).txt,"),
        "{table:?}"
    );
}

#[test]
fn a_dry_run_writes_over_no_file() {
    let home = tempfile::tempdir().unwrap();
    let (program, _cloud) = demo(home.path(), &[]);
    let file = home.path().join("kept.csv");
    std::fs::write(&file, "mine").unwrap();
    let (source, into) = (s3("photos", "readme.txt"), s3("backup", ""));
    let words = ["cp", "--dry-run", "--format", "csv", "--output"];
    let said = program.run(&[&words[..], &[file.to_str().unwrap(), &source, &into]].concat());
    assert_ne!(said.code, Some(0), "{said:?}");
    assert!(said.all.contains("kept.csv"), "{said:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn nothing_from_outside_reaches_the_terminal_as_it_is() {
    let home = tempfile::tempdir().unwrap();
    let (program, _cloud) = demo(home.path(), &[]);
    let evil = "a\u{1b}[31m\u{202e}b";
    let address = s3("photos", evil);
    let words = ["account", "add", evil, "--dialect", "s3", "--endpoint"];
    let rest = [
        "http://127.0.0.1:1",
        "--region",
        "r",
        "--access-key",
        "AKEXAMPLE12345",
    ];
    program.run_with(&[&words[..], &rest, &["--no-test"]].concat(), "secret\n");
    for words in [
        &["account", "list"][..],
        &["account", "remove", evil],
        &["cp", &address, &s3("backup", "")],
        &["cp", "-r", &address, &s3("backup", "")],
        &["queue", "priority", "1", evil],
        &["ls", &format!("s3://{evil}@/")],
        &["manifest", "1", "--output", &format!("/nonexistent/{evil}")],
    ] {
        let said = program.run(words);
        let raw = |c: char| c == '\u{1b}' || c == '\u{202e}';
        assert!(!said.all.contains(raw), "{words:?}: {said:?}");
    }
}
