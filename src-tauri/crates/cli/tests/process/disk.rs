//! A disk without room, a real one: a small file system in memory, in a namespace where anybody
//! may mount one.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::{Duration, Instant};

use crate::desk::{Desk, PATIENCE, from, to};
use crate::program::{Program, said};

/// Set for the run inside the namespace.
const INSIDE: &str = "PARTWAY_INSIDE";

const KEY: &str = "room/large.bin";
const PARTS: u64 = 2_000;
const IN_FLIGHT: usize = 4;

/// Runs one test of this file again where it may mount.
fn inside(test: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let again = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount"])
        .arg(std::env::current_exe().expect("this program"))
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .expect("unshare runs (package util-linux)");
    let printed = String::from_utf8_lossy(&again.stdout);
    assert!(
        again.status.success() && printed.contains("1 passed"),
        "{printed}{}",
        String::from_utf8_lossy(&again.stderr)
    );
    false
}

/// The program with its journal on a disk of sixteen mebibytes.
fn small_disk(desk: &Desk) -> Program {
    let room = desk.home.path().join("disk");
    std::fs::create_dir(&room).unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=16m", "tmpfs"])
        .arg(&room)
        .status()
        .unwrap();
    assert!(mounted.success(), "a file system can be mounted");
    // The cloud stays where there is room.
    std::os::unix::fs::symlink(desk.home.path().join("demo"), room.join("demo")).unwrap();
    let program = Program::new(&room);
    let added = program.run(&["account", "add-demo"]);
    assert_eq!(added.code, Some(0), "{added:?}");
    program
}

/// Takes all the room that is left.
fn fill(disk: &Path) {
    let mut filler = std::fs::File::create(disk.join("filler")).unwrap();
    for size in [1 << 16, 1 << 10, 1] {
        while filler.write_all(&vec![0; size]).is_ok() {}
    }
}

fn make_room(disk: &Path) {
    std::fs::remove_file(disk.join("filler")).unwrap();
}

fn copy(desk: &Desk, program: &Program) -> Child {
    desk.put(KEY, PARTS * (5 << 20));
    let (source, into) = (format!("s3://{}/{KEY}", from()), format!("s3://{}/", to()));
    let at_once = IN_FLIGHT.to_string();
    let words = ["--json", "cp", "--part-size", "5MiB", "--parts-at-once"];
    let rest = [at_once.as_str(), source.as_str(), into.as_str()];
    program
        .command(&[&words[..], &rest].concat())
        .stdin(Stdio::null())
        .spawn()
        .unwrap()
}

/// Reads on until the words come, and answers what came with them.
fn until(stderr: &mut BufReader<ChildStderr>, words: &str) -> String {
    let begun = Instant::now();
    let mut read = String::new();
    while !read.contains(words) {
        assert!(begun.elapsed() < PATIENCE, "{words:?} never came: {read}");
        assert_ne!(stderr.read_line(&mut read).unwrap(), 0, "it ended: {read}");
    }
    read
}

fn copies(desk: &Desk) -> usize {
    let all = desk.requests().fresh();
    let parts = all.iter().filter(|r| r["operation"] == "UploadPartCopy");
    parts.count()
}

#[test]
fn without_room_everything_stands_still_and_goes_on_by_itself() {
    if !inside("disk::without_room_everything_stands_still_and_goes_on_by_itself") {
        return;
    }
    let desk = Desk::new(&["--throughput", "250MiB"]);
    let program = small_disk(&desk);
    let mut copying = copy(&desk, &program);
    desk.requests().until("UploadPartCopy", 50);
    fill(&program.folder);
    let mut stderr = BufReader::new(copying.stderr.take().unwrap());
    let mut read = until(&mut stderr, "stands still");
    assert!(read.contains("make room"), "{read}");

    let at_first = copies(&desk);
    std::thread::sleep(Duration::from_secs(5));
    let later = copies(&desk);
    assert!(later - at_first <= IN_FLIGHT, "{at_first}, then {later}");

    make_room(&program.folder);
    read.push_str(&until(&mut stderr, "goes on.\n"));
    let end = copying.wait_with_output().unwrap();
    for line in stderr.lines() {
        read.push_str(&line.unwrap());
    }
    assert!(end.status.success(), "{read}");
    assert_eq!(read.matches("cannot be written").count(), 1, "{read}");
    let copied = copies(&desk);
    assert_eq!(copied, usize::try_from(PARTS).unwrap(), "none twice");
    assert_eq!(
        desk.copy("large.bin").unwrap().segments,
        desk.source(KEY).unwrap().segments
    );
}

#[test]
fn without_room_for_long_the_program_says_what_to_do_and_ends() {
    if !inside("disk::without_room_for_long_the_program_says_what_to_do_and_ends") {
        return;
    }
    let desk = Desk::new(&["--throughput", "250MiB"]);
    let program = small_disk(&desk);
    let copying = copy(&desk, &program);
    desk.requests().until("UploadPartCopy", 50);
    fill(&program.folder);
    let ended = said(&copying.wait_with_output().unwrap());
    assert_eq!(ended.code, Some(5), "{ended:?}");
    assert!(ended.all.contains("journal_unwritable"), "{ended:?}");

    // Another one can do no more, and does not call that nothing to do.
    let next = program.run(&["resume", "--all"]);
    assert_eq!(next.code, Some(5), "{next:?}");
    assert!(next.all.contains("Make room"), "{next:?}");

    make_room(&program.folder);
    let done = program.run(&["--json", "resume", "1"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(done.json()["verified"], true, "{done:?}");
    let copied = copies(&desk);
    assert!(
        copied <= usize::try_from(PARTS).unwrap() + IN_FLIGHT,
        "{copied}"
    );
    assert_eq!(desk.uploads(), []);
}
