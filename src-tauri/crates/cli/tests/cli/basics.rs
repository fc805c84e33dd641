//! Pausing, cancelling, overwriting, and what `--help` promises.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use partway_democloud::{Provider, example_bucket};

use crate::program::{Cloud, Program, said};

/// The program with its demo accounts, and the cloud they live in.
fn slow(home: &std::path::Path) -> (Program, Cloud) {
    let program = Program::new(home);
    let cloud = Cloud::start(&program, &home.join("demo"), &["--latency", "100ms"]);
    let added = program.run(&["account", "add-demo"]);
    assert_eq!(added.code, Some(0), "{added:?}");
    (program, cloud)
}

fn copy_of(key: &str) -> [String; 2] {
    let bucket = |word| example_bucket(Provider::Obs, word);
    [
        format!("obs://{}/{key}", bucket("datasets")),
        format!("obs://{}/", bucket("backup")),
    ]
}

fn until_parts(cloud: &Cloud, least: usize) {
    let begun = Instant::now();
    loop {
        let requests = cloud.requests();
        let parts = requests
            .iter()
            .filter(|r| r["operation"] == "UploadPartCopy");
        if parts.count() >= least {
            return;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "the copy never began"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn ctrl_c_pauses_and_resume_goes_on() {
    let home = tempfile::tempdir().unwrap();
    let (program, cloud) = slow(home.path());
    let [source, destination] = copy_of("climate/era5-2026.nc");
    let copying = program.spawn(&["cp", "--parts-at-once", "2", &source, &destination]);
    until_parts(&cloud, 4);
    interrupt(copying.id());
    let said = said(&copying.wait_with_output().unwrap());
    assert_eq!(said.code, Some(4), "{said:?}");
    assert!(said.all.contains("finish first"), "{said:?}");

    let jobs = program.run(&["--json", "jobs"]).json();
    assert_eq!(jobs[0]["state"], "paused", "{jobs}");
    let resumed = program.run(&["--json", "resume", &jobs[0]["id"].to_string()]);
    assert_eq!(resumed.code, Some(0), "{resumed:?}");
    assert_eq!(resumed.json()["verified"], true, "{resumed:?}");
    let again = program.run(&["resume", &jobs[0]["id"].to_string()]);
    assert_eq!(again.code, Some(0), "{again:?}");
}

#[test]
fn another_process_pauses_and_cancels_a_running_copy() {
    let home = tempfile::tempdir().unwrap();
    let (program, cloud) = slow(home.path());
    let [source, destination] = copy_of("genome/sample-0001.bam");
    let arguments = [
        "--json",
        "cp",
        "--parts-at-once",
        "2",
        source.as_str(),
        &destination,
    ];

    let copying = program.spawn(&arguments);
    until_parts(&cloud, 3);
    let paused = program.run(&["pause", "1"]);
    assert_eq!(paused.code, Some(0), "{paused:?}");
    let said_by_driver = said(&copying.wait_with_output().unwrap());
    assert_eq!(said_by_driver.code, Some(4), "{said_by_driver:?}");
    assert_eq!(said_by_driver.json()["state"], "paused");

    let cancelled = program.run(&["--json", "cancel", "1"]);
    assert_eq!(cancelled.code, Some(0), "{cancelled:?}");
    assert_eq!(cancelled.json()["state"], "cancelled", "{cancelled:?}");
    let requests = cloud.requests();
    let aborts = requests
        .iter()
        .filter(|r| r["operation"] == "AbortMultipartUpload");
    assert!(aborts.count() >= 1, "its parts were given back");
}

#[test]
fn what_exists_is_not_replaced_unasked() {
    let home = tempfile::tempdir().unwrap();
    let program = Program::new(home.path());
    program.run(&["account", "add-demo"]);
    let cp = |options: &[&str]| {
        let source = format!(
            "cos://{}/readme.txt",
            example_bucket(Provider::Cos, "photos")
        );
        let into = format!("cos://{}/", example_bucket(Provider::Cos, "backup"));
        let mut arguments = vec!["cp"];
        arguments.extend(options);
        arguments.extend([source.as_str(), into.as_str()]);
        program.run(&arguments)
    };
    assert_eq!(cp(&["--dry-run"]).code, Some(0));
    assert_eq!(cp(&[]).code, Some(0));
    let again = cp(&[]);
    assert_eq!(again.code, Some(3), "{again:?}");
    assert!(again.all.contains("readme.txt"), "{again:?}");
    assert_eq!(cp(&["--overwrite"]).code, Some(0));
}

#[test]
fn a_million_keys_are_listed_page_by_page() {
    let home = tempfile::tempdir().unwrap();
    let program = Program::new(home.path());
    program.run(&["account", "add-demo"]);
    let place = format!(
        "s3://{}/node-42/17/",
        example_bucket(Provider::S3, "forest")
    );
    let listed = program.run(&["--json", "ls", &place]);
    assert_eq!(listed.code, Some(0), "{listed:?}");
    assert_eq!(listed.out.lines().count(), 100);
    for line in listed.out.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(
            row["key"].as_str().unwrap().starts_with("node-42/17/"),
            "{row}"
        );
    }
}

#[test]
fn without_a_keyring_the_secret_is_written_nowhere() {
    let home = tempfile::tempdir().unwrap();
    let program = Program::new(&home.path().join("data"));
    let secret = "CANARY-7f3a9c";
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
    let said = program.run_with(&arguments, &format!("{secret}\n"));
    assert_eq!(said.code, Some(3), "{said:?}");
    assert!(said.all.contains("not kept"), "{said:?}");
    assert!(!said.all.contains(secret), "{said:?}");
    let found = Command::new("grep")
        .args(["-rl", secret])
        .arg(home.path())
        .stdout(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8_lossy(&found.stdout),
        "",
        "the secret is on the disk"
    );
}

#[test]
fn help_documents_the_exit_codes() {
    let home = tempfile::tempdir().unwrap();
    let help = Program::new(home.path()).run(&["--help"]);
    assert_eq!(help.code, Some(0));
    for line in ["Exit codes:", "3  it needs you", "4  paused by Ctrl-C"] {
        assert!(help.out.contains(line), "{}", help.out);
    }
}

fn interrupt(process: u32) {
    let sent = Command::new("kill")
        .args(["-INT", &process.to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
}
