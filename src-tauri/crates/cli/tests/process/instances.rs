//! Two processes and one job: whoever has the lease drives it, and nobody else writes.

use std::time::Duration;

use crate::desk::{Desk, from, signal, to};
use crate::program::said;

const KEY: &str = "twice/large.bin";
const PART: u64 = 5 << 20;
const IN_FLIGHT: usize = 4;

/// A lease lasts fifteen seconds; after this a stopped process has lost it for certain.
const LONG_STOP: Duration = Duration::from_secs(17);

fn desk(parts: u64, speed: &str) -> Desk {
    let desk = Desk::new(&["--throughput", speed]);
    desk.put(KEY, parts * PART);
    desk
}

fn copy(desk: &Desk) -> std::process::Child {
    let (source, into) = (format!("s3://{}/{KEY}", from()), format!("s3://{}/", to()));
    let at_once = IN_FLIGHT.to_string();
    let words = ["--json", "cp", "--part-size", "5MiB", "--parts-at-once"];
    let rest = [at_once.as_str(), source.as_str(), into.as_str()];
    desk.program.spawn(&[&words[..], &rest].concat())
}

fn assert_whole(desk: &Desk) {
    let copied = desk.copy("large.bin").expect("the copy");
    assert_eq!(
        copied.segments,
        desk.source(KEY).expect("the source").segments
    );
    assert_eq!(desk.uploads(), []);
    let jobs = desk.program.run(&["--json", "history"]).json();
    assert_eq!(jobs.as_array().map(Vec::len), Some(1), "{jobs}");
    assert_eq!(jobs[0]["verified"], true, "{jobs}");
}

#[test]
fn of_two_that_resume_one_copies_and_the_other_says_who() {
    let parts = 240;
    let desk = desk(parts, "25MiB");
    let mut first = copy(&desk);
    desk.requests().until("UploadPartCopy", 20);
    first.kill().unwrap();
    first.wait().unwrap();

    let pair = [0, 1].map(|_| desk.program.spawn(&["resume", "1"]));
    let mut ends = pair.map(|process| said(&process.wait_with_output().unwrap()));
    ends.sort_by_key(|end| end.code);
    let [done, refused] = ends;
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.all.contains("another process"), "{refused:?}");

    assert_whole(&desk);
    let all = desk.requests().fresh();
    let count = |operation: &str| all.iter().filter(|r| r["operation"] == operation).count();
    assert_eq!(count("CreateMultipartUpload"), 1);
    assert_eq!(count("CompleteMultipartUpload"), 1);
    let copies = count("UploadPartCopy");
    assert!(
        copies <= usize::try_from(parts).unwrap() + IN_FLIGHT,
        "{copies}"
    );
}

/// As after a laptop's lid, a debugger or a container that was paused: it wakes in the belief
/// that the job is its own.
#[test]
fn a_stopped_process_that_lost_its_job_does_no_harm() {
    let desk = desk(200, "50MiB");
    let mut requests = desk.requests();
    let stopped = copy(&desk);
    requests.until("UploadPartCopy", 20);
    let taken = loop {
        signal(stopped.id(), "-STOP");
        std::thread::sleep(LONG_STOP);
        let taken = desk.program.run(&["--json", "resume", "1"]);
        // Stopped in the middle of a commit it keeps the journal, and nobody can take the job.
        if !taken.all.contains("is held by another process") {
            break taken;
        }
        signal(stopped.id(), "-CONT");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert_eq!(taken.code, Some(0), "{taken:?}");
    assert_whole(&desk);
    let before = desk.copy("large.bin");
    requests.fresh();

    signal(stopped.id(), "-CONT");
    let woken = said(&stopped.wait_with_output().unwrap());
    assert_eq!(woken.code, Some(0), "the job is done: {woken:?}");
    let late = requests.fresh();
    let harmless = ["UploadPartCopy", "HeadObject", "ListParts", "HeadBucket"];
    let harm: Vec<_> = late
        .iter()
        .filter(|r| !harmless.contains(&r["operation"].as_str().expect("an operation")))
        .collect();
    assert!(harm.is_empty(), "{harm:?}");
    assert_eq!(desk.copy("large.bin"), before, "the object is as it was");
    assert_whole(&desk);
}
