//! Very many keys: the program is killed three times on the way, every key arrives once, and
//! memory does not grow with them.

use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

use partway_democloud::Provider;
use serde_json::Value;

use crate::program::{Program, said};
use crate::{at, desk};

/// Copied without being asked for more; `PARTWAY_KEYS` says how many else, up to a million.
const KEYS: u64 = 20_000;

/// Keys under each folder of the largest bucket.
const IN_A_FOLDER: u64 = 10_000;

/// How often the program is killed.
const KILLS: u64 = 3;

/// Copies that may be under way when the program dies.
const IN_FLIGHT: u64 = 48;

/// Memory after so many copies is what later memory is compared with.
const WARM: u64 = 10_000;

/// Memory may grow by so much from there on, in KiB.
const GROWTH: u64 = 16 * 1024;

#[test]
fn every_key_arrives_once_and_memory_stays_flat() {
    let keys: u64 = std::env::var("PARTWAY_KEYS").map_or(KEYS, |keys| keys.parse().unwrap());
    let folders = keys.div_ceil(IN_A_FOLDER);
    let keys = folders * IN_A_FOLDER;
    let home = tempfile::tempdir().unwrap();
    let (program, cloud) = desk(home.path());
    let target = at(Provider::S3, "backup", "all/");
    let mut sources: Vec<String> = (0..folders)
        .map(|n| at(Provider::S3, "forest", &folder(n)))
        .collect();
    if folders == 100 {
        sources = vec![at(Provider::S3, "forest", "")];
    }
    let mut arguments = vec!["--json", "cp", "-r", "--on-conflict", "overwrite"];
    arguments.extend(sources.iter().map(String::as_str));
    arguments.push(&target);
    let begun = Instant::now();
    let mut process = program.spawn(&arguments);
    for life in 1..=KILLS {
        let until = keys * life / (KILLS + 1);
        let memory = watch(&program, &mut process, until, begun);
        process.kill().unwrap();
        process.wait().unwrap();
        println!("life {life} killed at {until} of {keys} keys: {memory}");
        memory.assert_flat();
        process = program.spawn(&["--json", "resume", "1"]);
    }
    let memory = watch(&program, &mut process, keys, begun);
    memory.assert_flat();
    let ended = said(&process.wait_with_output().unwrap());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    println!(
        "{keys} keys in {:.0} s over {} lives; the last: {memory}",
        begun.elapsed().as_secs_f64(),
        KILLS + 1
    );
    let report = ended.json();
    assert_eq!(report["objects"].as_u64(), Some(keys), "{report}");
    assert_eq!(
        (&report["failed"], &report["verified"]),
        (&0.into(), &true.into())
    );

    // Each source has its copy, and nothing else is there.
    let survey = |addresses: &[&str]| {
        let fixed = ["--json", "cp", "-r", "--dry-run", "--on-conflict", "skip"];
        program.run(&[&fixed[..], addresses].concat()).json()
    };
    let mut all: Vec<&str> = sources.iter().map(String::as_str).collect();
    all.push(&target);
    let sums = survey(&all);
    assert_eq!(
        (&sums["skipped"], &sums["copies"]),
        (&keys.into(), &0.into()),
        "{sums}"
    );
    let nowhere = at(Provider::S3, "archive", "nowhere/");
    assert_eq!(survey(&[&target, &nowhere])["objects"].as_u64(), Some(keys));
    let requests = requests(&cloud.data);
    println!("{requests} requests for {keys} keys");
    // A copy for each, those in flight at a kill twice; pages of listings, which the two surveys
    // read once more each.
    let most = keys + KILLS * IN_FLIGHT + 20 * (keys / 1000 + 50);
    assert!(requests <= most, "{requests} requests, at most {most}");
}

fn folder(number: u64) -> String {
    format!("node-{number:02}")
}

/// Resident memory of one process, in KiB.
#[derive(Debug, Clone, Copy, Default)]
struct Memory {
    warm: Option<u64>,
    last: u64,
}

impl Memory {
    fn assert_flat(self) {
        if let Some(warm) = self.warm {
            assert!(self.last <= warm + GROWTH, "{self}");
        }
    }
}

impl std::fmt::Display for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mib = |kib: u64| kib / 1024;
        match self.warm {
            Some(warm) => write!(
                f,
                "RSS {} MiB when warm, {} MiB at the end",
                mib(warm),
                mib(self.last)
            ),
            None => write!(f, "RSS {} MiB at the end", mib(self.last)),
        }
    }
}

/// Follows a process until the job has so many objects done, or the process ends.
fn watch(program: &Program, process: &mut Child, until: u64, begun: Instant) -> Memory {
    let mut memory = Memory::default();
    let mut first = None;
    let warm_after = WARM.min(until / 8);
    let patience =
        Duration::from_secs(120) + Duration::from_millis(20) * u32::try_from(until).unwrap();
    loop {
        if let Some(rss) = resident(process.id()) {
            memory.last = rss;
        }
        let jobs = program.run(&["--json", "history"]).json();
        let done = jobs[0]["objects_done"].as_u64().unwrap_or(0);
        let first = *first.get_or_insert(done);
        if memory.warm.is_none() && done >= first + warm_after {
            memory.warm = Some(memory.last);
        }
        if done >= until || process.try_wait().unwrap().is_some() {
            return memory;
        }
        assert!(begun.elapsed() < patience, "{done} of {until}: {jobs}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

fn resident(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// How many requests the cloud was sent. Its log keeps the last ones only, which are numbered.
fn requests(cloud: &Path) -> u64 {
    let log = std::fs::read_to_string(cloud.join("requests.jsonl")).unwrap();
    let last: Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    last["seq"].as_u64().unwrap()
}
