//! What was stopped stands still: after "is paused" nothing begins, and a source that had not
//! gone by then stays.

use std::time::Duration;

use crate::desk::{Desk, from, to};

const LARGE: &str = "stop/large.bin";

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
