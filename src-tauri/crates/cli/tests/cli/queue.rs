//! The queue and the open uploads, as scripts and people see them.

use std::time::{Duration, Instant};

use partway_democloud::{Provider, example_bucket};
use serde_json::Value;

use crate::program::{Cloud, Program};

fn with_demo(home: &std::path::Path, options: &[&str]) -> (Program, Cloud) {
    let program = Program::new(home);
    let cloud = Cloud::start(&program, &home.join("demo"), options);
    let added = program.run(&["account", "add-demo"]);
    assert_eq!(added.code, Some(0), "{added:?}");
    (program, cloud)
}

fn until(what: &str, condition: impl Fn() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < Duration::from_secs(60), "never: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn jobs(program: &Program) -> Vec<Value> {
    let said = program.run(&["--json", "jobs"]);
    said.json().as_array().expect("a list").clone()
}

#[test]
fn jobs_are_ordered_timed_and_paused_together() {
    let home = tempfile::tempdir().unwrap();
    let (program, _cloud) = with_demo(home.path(), &["--latency", "200ms"]);
    let source = format!(
        "obs://{}/climate/era5-2026.nc",
        example_bucket(Provider::Obs, "datasets")
    );
    let copy = |name: &str, options: &[&str]| {
        let target = format!("obs://{}/{name}", example_bucket(Provider::Obs, "backup"));
        let mut arguments = vec!["cp", "--parts-at-once", "1"];
        arguments.extend(options);
        arguments.extend([source.as_str(), target.as_str()]);
        program.spawn(&arguments)
    };
    let mut copies = vec![copy("now", &[])];
    until("the first is there", || jobs(&program).len() == 1);
    copies.push(copy(
        "later",
        &["--start-at", "2099-01-01T00:00", "--priority", "low"],
    ));
    until("both are there", || jobs(&program).len() == 2);
    until("the first copies", || {
        jobs(&program)[0]["state"] == "copying"
    });

    let later = &jobs(&program)[1];
    assert_eq!(later["state"], "queued", "{later}");
    assert_eq!(later["priority"], "low");
    assert!(later["waits_until"].as_str().is_some(), "{later}");
    let table = program.run(&["jobs"]);
    assert!(table.out.contains("waits until 2099-01-01"), "{table:?}");

    let moved = program.run(&["--json", "queue", "move", "2", "before", "1"]);
    assert_eq!(moved.json()["priority"], "normal", "{moved:?}");
    assert_eq!(jobs(&program)[0]["id"], 2, "in the order of the queue");
    let limited = program.run(&["--json", "queue", "limit", "--job", "1", "--parts", "7"]);
    assert_eq!(limited.json()["parts_at_once"], 7, "{limited:?}");
    let night = program.run(&["queue", "window", "2", "22:00-06:00"]);
    assert!(night.out.contains("daily 22:00-06:00"), "{night:?}");
    for wrong in [
        &["queue", "window", "2", "22:00"][..],
        &["queue", "move", "2", "before"],
        &["queue", "move", "2", "before", "99"],
        &["queue", "limit"],
        &["queue", "start", "2", "soon"],
        &["pause"],
        &["pause", "--all", "1"],
    ] {
        let said = program.run(wrong);
        assert_eq!(said.code, Some(2), "{wrong:?}: {said:?}");
    }

    let paused = program.run(&["--json", "pause", "--all"]);
    assert_eq!(
        paused.json().as_array().map(Vec::len),
        Some(2),
        "{paused:?}"
    );
    for copy in &mut copies {
        assert_eq!(copy.wait().unwrap().code(), Some(4));
    }
    let none = program.run(&["--json", "pause", "--all"]);
    assert_eq!(none.json(), serde_json::json!([]), "{none:?}");
    for id in ["1", "2"] {
        assert_eq!(program.run(&["cancel", id]).code, Some(0));
    }
    let resumed = program.run(&["--json", "resume", "--all"]);
    assert_eq!(resumed.json(), serde_json::json!([]), "{resumed:?}");
}

#[test]
fn open_uploads_are_found_and_aborted() {
    let home = tempfile::tempdir().unwrap();
    let (program, _cloud) = with_demo(home.path(), &[]);
    let account = "Demo COS";
    let bucket = example_bucket(Provider::Cos, "orphans");
    let found = program.run(&["--json", "uploads", "--account", account, "--sizes"]);
    // Not everything could be looked at, and what could is there.
    assert_eq!(found.code, Some(3), "{found:?}");
    let found = found.json();
    let unseen = found["problems"].as_array().unwrap();
    let no_access = example_bucket(Provider::Cos, "no-access");
    assert!(
        unseen.iter().any(|one| one["bucket"] == no_access),
        "{found}"
    );
    let uploads = found["uploads"].as_array().unwrap();
    assert_eq!(uploads.len(), 7, "{found}");
    for upload in uploads {
        assert_eq!(upload["bucket"], bucket, "{upload}");
        assert_eq!(upload["whose"], "foreign");
        assert!(upload["age_seconds"].as_i64().unwrap() > 0, "{upload}");
        assert!(upload["bytes"].as_u64().is_some(), "{upload}");
    }

    let url = uploads[0]["url"].as_str().unwrap();
    let id = uploads[0]["upload_id"].as_str().unwrap();
    let unasked = program.run(&["uploads", "abort", url, id]);
    assert_eq!(unasked.code, Some(2), "nobody was asked: {unasked:?}");
    let aborted = program.run(&["--json", "uploads", "abort", url, id, "--yes"]);
    assert_eq!(aborted.code, Some(0), "{aborted:?}");
    assert_eq!(aborted.json()["aborted"], 1);

    let count = || {
        let found = program.run(&[
            "--json",
            "uploads",
            "--account",
            account,
            "--bucket",
            &bucket,
        ]);
        found.json()["uploads"].as_array().map(Vec::len)
    };
    assert_eq!(count(), Some(6));
    let all = [
        "uploads",
        "abort",
        "--account",
        account,
        "--bucket",
        &bucket,
        "--yes",
    ];
    let old = program.run(&[&all[..], &["--older-than", "40000d"]].concat());
    assert!(old.out.contains("0 of 0"), "nothing is that old: {old:?}");
    let all = program.run(&[&all[..], &["--all-listed"]].concat());
    assert!(all.out.contains("6 of 6 uploads are gone"), "{all:?}");
    assert_eq!(count(), Some(0));
    let vague = program.run(&["uploads", "abort", "--yes"]);
    assert_eq!(vague.code, Some(2), "{vague:?}");
}
