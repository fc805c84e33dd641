//! `kill -9` in the middle of writing: whatever was answered is there.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use partway_domain::TransferId;
use partway_journal::Durability;

use crate::sample;

const FOLDER: &str = "PARTWAY_CRASH_FOLDER";
const TRANSFER: &str = "PARTWAY_CRASH_TRANSFER";

#[test]
fn everything_answered_before_a_kill_is_there_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..12 {
        let journal = sample::open(folder.path());
        let (job, transfer) = sample::large(&journal);
        drop(journal);

        let answered = write_until_killed(
            folder.path(),
            transfer,
            Duration::from_millis(5 + round * 23),
        );

        let journal = sample::open(folder.path());
        let there: Vec<u32> = journal
            .parts(transfer)
            .unwrap()
            .iter()
            .map(|part| part.number.value())
            .collect();
        let missing: Vec<&u32> = answered.iter().filter(|n| !there.contains(n)).collect();
        assert!(missing.is_empty(), "round {round} lost {missing:?}");
        assert_eq!(journal.job(job).unwrap().parts_done, there.len() as u64);
        assert!(
            !answered.is_empty(),
            "the kill came before the first answer"
        );
        assert!(there.len() < 10_000, "the kill came after the last");
    }
}

/// Starts this very test binary on [`child`], kills it and says which parts it had been told
/// are written.
fn write_until_killed(folder: &std::path::Path, transfer: TransferId, after: Duration) -> Vec<u32> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::child", "--nocapture", "--ignored"])
        .env(FOLDER, folder)
        .env(TRANSFER, transfer.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let number = |line: &str| line.strip_prefix("done ")?.parse::<u32>().ok();

    // The clock runs from the first answer, however long the start took.
    let mut answered: Vec<u32> = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| number(&line))
        .into_iter()
        .collect();
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    answered.extend(lines.map_while(Result::ok).filter_map(|line| number(&line)));
    answered
}

#[test]
#[ignore = "only as the child of the test above"]
fn child() {
    let (Ok(folder), Ok(transfer)) = (std::env::var(FOLDER), std::env::var(TRANSFER)) else {
        return;
    };
    let journal = sample::open(folder.as_ref());
    let transfer = TransferId(transfer.parse().unwrap());
    for number in 1..=10_000 {
        let durability = if number % 50 == 0 {
            Durability::Durable
        } else {
            Durability::Grouped
        };
        let change = sample::part_done(transfer, number, 100);
        journal.submit(vec![change], durability, move |result| {
            result.unwrap();
            writeln!(std::io::stdout(), "done {number}").unwrap();
        });
        // Slow enough that every kill comes in the middle.
        std::thread::sleep(Duration::from_micros(100));
    }
    std::thread::sleep(Duration::from_secs(60));
}
