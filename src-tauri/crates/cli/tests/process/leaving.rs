//! How the program ends when somebody wants it to, and what a script hears then.

use std::time::{Duration, Instant};

use crate::desk::{Desk, from, signal, to};
use crate::program::said;

#[test]
fn whoever_leaves_at_once_still_gets_the_json_that_was_asked_for() {
    // A part takes ten seconds, so a pause would last as long.
    let desk = Desk::new(&["--throughput", "500KiB"]);
    desk.put("leave/large.bin", 40 << 20);
    let source = format!("s3://{}/leave/large.bin", from());
    let into = format!("s3://{}/", to());
    let words = ["--json", "cp", "--part-size", "5MiB", &source, &into];
    let copying = desk.program.spawn(&words);
    desk.requests().until("CreateMultipartUpload", 1);
    std::thread::sleep(Duration::from_millis(500));
    let begun = Instant::now();
    signal(copying.id(), "-INT");
    std::thread::sleep(Duration::from_millis(300));
    signal(copying.id(), "-INT");
    let said = said(&copying.wait_with_output().unwrap());
    assert!(begun.elapsed() < Duration::from_secs(5), "it left at once");
    assert_eq!(said.code, Some(4), "{said:?}");
    assert_eq!(said.json()["id"], 1, "{said:?}");
    assert_eq!(said.json()["bytes_total"], 40 << 20, "{said:?}");
}
