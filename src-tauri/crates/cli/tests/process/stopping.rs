//! What was stopped stands still: after "is paused" nothing begins, and a source that had not
//! gone by then stays.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;

use crate::desk::{Desk, PATIENCE, from, signal, to};
use crate::program::said;

const LARGE: &str = "stop/large.bin";

fn begun_after(requests: &[Value], moment_ms: f64, operations: &[&str]) -> usize {
    let late = |request: &&Value| {
        let named = operations.contains(&request["operation"].as_str().unwrap_or_default());
        named && request["started_ms"].as_f64().unwrap_or_default() > moment_ms
    };
    requests.iter().filter(late).count()
}

fn now_ms() -> f64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.expect("a clock after 1970").as_secs_f64() * 1000.0
}

#[test]
fn after_a_job_is_said_to_be_paused_nothing_of_it_begins() {
    let desk = Desk::new(&["--latency", "150ms"]);
    for number in 0..400 {
        desk.put(&format!("mk/{number:03}"), 20);
    }
    let (source, into) = (format!("s3://{}/mk/", from()), format!("s3://{}/mk/", to()));
    let mut requests = desk.requests();
    let moving = desk.program.spawn(&["mv", "-r", &source, &into]);
    requests.until("CopyObject", 40);
    let paused = desk.program.run(&["pause", "1"]);
    let answered = now_ms();
    assert_eq!(paused.code, Some(0), "{paused:?}");
    assert!(paused.all.contains("Job 1 is paused."), "{paused:?}");
    let driver = said(&moving.wait_with_output().unwrap());
    assert_eq!(driver.code, Some(4), "{driver:?}");
    let late = begun_after(
        &requests.fresh(),
        answered,
        &["CopyObject", "DeleteObject", "HeadObject"],
    );
    assert_eq!(late, 0, "requests began after the answer");
}

/// The order comes while the server puts the copy together: what follows that is ours to leave.
#[test]
fn a_move_that_is_stopped_before_its_copy_is_whole_keeps_the_source() {
    for (word, state) in [("pause", "paused"), ("cancel", "cancelled")] {
        let fault = "CompleteMultipartUpload:stall:millis=3000";
        let desk = Desk::new(&["--fault", fault]);
        desk.put(LARGE, 40 << 20);
        let source = format!("s3://{}/{LARGE}", from());
        let into = format!("s3://{}/", to());
        let words = ["mv", "--part-size", "5MiB", &source, &into];
        let moving = desk.program.spawn(&words);
        desk.requests().until("UploadPartCopy", 8);
        // The log has a request only when it is answered, and the Complete is not yet.
        std::thread::sleep(Duration::from_secs(1));
        let stopped = desk.program.run(&[word, "1"]);
        assert_eq!(stopped.code, Some(0), "{stopped:?}");
        moving.wait_with_output().unwrap();
        assert!(desk.source(LARGE).is_some(), "{word}: the source is gone");
        let history = desk.program.run(&["--json", "history"]).json();
        assert_eq!(history[0]["state"], state, "{history}");

        let resumed = desk.program.run(&["--json", "resume", "1"]);
        assert_eq!(resumed.code, Some(0), "{resumed:?}");
        assert!(
            desk.source(LARGE).is_none(),
            "{word}: it was moved after all"
        );
        assert!(desk.copy("large.bin").is_some());
        let copies = desk.requests().fresh();
        let completes = copies
            .iter()
            .filter(|request| request["operation"] == "CompleteMultipartUpload");
        assert_eq!(completes.count(), 1, "{word}: it was copied once");
    }
}

#[test]
fn a_cancel_that_has_to_wait_says_so_and_the_next_process_ends_it() {
    let stall = "AbortMultipartUpload:stall:millis=20000:count=1";
    let desk = Desk::new(&["--throughput", "4MiB", "--fault", stall]);
    desk.put(LARGE, 400 << 20);
    let source = format!("s3://{}/{LARGE}", from());
    let into = format!("s3://{}/", to());
    let words = ["cp", "--part-size", "5MiB", &source, &into];
    let copying = desk.program.spawn(&words);
    desk.requests().until("CreateMultipartUpload", 1);
    std::thread::sleep(Duration::from_millis(300));
    signal(copying.id(), "-KILL");
    copying.wait_with_output().unwrap();

    let begun = Instant::now();
    let mut cancelling = desk.program.spawn(&["cancel", "1"]);
    let mut line = String::new();
    let stderr = cancelling.stderr.take().expect("a pipe");
    BufReader::new(stderr).read_line(&mut line).unwrap();
    assert!(line.contains("goes on by itself"), "{line:?}");
    assert!(begun.elapsed() < Duration::from_secs(15), "it was silent");
    signal(cancelling.id(), "-KILL");
    cancelling.wait().unwrap();

    let next = desk.program.run(&["--json", "jobs"]);
    assert_eq!(next.code, Some(0), "{next:?}");
    let begun = Instant::now();
    let state = loop {
        let history = desk.program.run(&["--json", "history"]).json();
        let state = history[0]["state"].as_str().unwrap().to_owned();
        if state != "cancelling" || begun.elapsed() > PATIENCE / 4 {
            break state;
        }
    };
    assert_eq!(state, "cancelled");
    assert_eq!(desk.uploads(), []);
}

#[test]
fn a_reader_who_leaves_does_not_stop_a_copy() {
    let desk = Desk::new(&["--throughput", "5MiB"]);
    desk.put(LARGE, 80 << 20);
    let source = format!("s3://{}/{LARGE}", from());
    let into = format!("s3://{}/", to());
    let words = ["cp", "--part-size", "5MiB", "--parts-at-once", "2"];
    let mut copying = desk
        .program
        .command(&[&words[..], &[source.as_str(), into.as_str()]].concat())
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    drop(copying.stdout.take());
    let mut stderr = copying.stderr.take().expect("a pipe");
    // `2>&1 | head -1` reads something and goes.
    stderr.read_exact(&mut [0]).unwrap();
    drop(stderr);
    let status = copying.wait().unwrap();
    assert_eq!(status.code(), Some(0), "the exit code is the job's");
    assert!(desk.copy("large.bin").is_some());
}
