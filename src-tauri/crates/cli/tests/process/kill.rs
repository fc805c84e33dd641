//! One copy whose program is killed again and again, at any moment.
//!
//! `PARTWAY_KILLS` is how often, `PARTWAY_SEED` which moments. The object grows with the number
//! of kills, so that there is always something left to interrupt.

use std::collections::BTreeMap;
use std::process::Child;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::desk::{Desk, PATIENCE, Requests, from, to};
use crate::program::said;

const LARGE: &str = "kill/large.bin";
const SMALL: [&str; 3] = ["kill/small-1.bin", "kill/small-2.bin", "kill/small-3.bin"];

const PART: u64 = 5 << 20;

/// Parts for each kill: what one life copies on the average, and some more.
const PARTS_A_LIFE: u64 = 20;

/// What is under way at a death may have to be copied once more.
const IN_FLIGHT: u64 = 4;

/// At this speed a part takes 20 ms.
const SPEED: &str = "250MiB";

/// Moments to die at: the same for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (word ^ (word >> 31)) % below
    }
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} is not a number: {text}"))
    })
}

/// As the cloud's log writes it.
fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    i64::try_from(since.expect("after 1970").as_millis()).expect("before the end of time")
}

/// What all lives together did.
#[derive(Default)]
struct Tally {
    kinds: BTreeMap<String, u64>,
    /// From the start of each process to its first part, in milliseconds.
    awake: Vec<i64>,
    deaths: u64,
}

impl Tally {
    /// Answers when the part copies among them began.
    fn count(&mut self, requests: &[Value]) -> Vec<i64> {
        let mut parts = Vec::new();
        for request in requests {
            let kind = request["operation"].as_str().expect("an operation");
            *self.kinds.entry(kind.to_owned()).or_default() += 1;
            if kind == "UploadPartCopy" {
                parts.push(request["started_ms"].as_i64().expect("a time"));
            }
        }
        parts
    }

    fn of(&self, kind: &str) -> u64 {
        self.kinds.get(kind).copied().unwrap_or_default()
    }
}

/// Lets a process live for so many parts and a moment more, then kills it. Answers whether it was
/// alive until then.
fn live(
    mut process: Child,
    born_ms: i64,
    (parts, moment): (usize, Duration),
    requests: &mut Requests,
    tally: &mut Tally,
) -> bool {
    let begun = Instant::now();
    let mut own = Vec::new();
    while own.len() < parts && process.try_wait().expect("it is ours").is_none() {
        assert!(begun.elapsed() < PATIENCE, "it does nothing");
        std::thread::sleep(Duration::from_millis(2));
        let fresh = tally.count(&requests.fresh());
        // Those of the life before may come to their end in this one.
        own.extend(fresh.into_iter().filter(|&start| start >= born_ms));
    }
    tally
        .awake
        .extend(own.iter().min().map(|first| first - born_ms));
    std::thread::sleep(moment);
    let alive = process.try_wait().expect("it is ours").is_none();
    process.kill().ok();
    let said = said(&process.wait_with_output().expect("it has ended"));
    assert!(
        alive || matches!(said.code, Some(0)),
        "it ended by itself: {said:?}"
    );
    alive
}

#[test]
fn a_copy_survives_any_number_of_deaths() {
    let kills = number("PARTWAY_KILLS", 60);
    let seed = number("PARTWAY_SEED", u64::from(std::process::id()));
    println!("PARTWAY_KILLS={kills} PARTWAY_SEED={seed}");
    let mut dice = Dice(seed);
    let parts = kills * PARTS_A_LIFE;
    assert!(parts <= 10_000, "no object has more parts");

    let desk = Desk::new(&["--throughput", SPEED]);
    desk.put(LARGE, parts * PART);
    for key in SMALL {
        desk.put(key, 1 << 20);
    }
    let begun = Instant::now();
    let mut requests = desk.requests();
    let mut tally = Tally::default();
    let mut known = false;
    while tally.deaths < kills {
        let arguments = if known { resume() } else { copy() };
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let born_ms = now_ms();
        let process = desk.program.spawn(&arguments);
        // One life in eight ends before or while it finds out what there is to do.
        let (parts, moment) = match dice.roll(8) {
            0 => (0, dice.roll(150)),
            _ => (1 + dice.roll(2 * PARTS_A_LIFE - 12), dice.roll(20)),
        };
        let parts = usize::try_from(parts).expect("a few");
        let until = (parts, Duration::from_millis(moment));
        let alive = live(process, born_ms, until, &mut requests, &mut tally);
        assert!(alive, "done after {} deaths of {kills}", tally.deaths);
        tally.deaths += 1;
        known = known || !desk.program.run(&["--json", "jobs"]).json()[0].is_null();
    }

    let rest: Vec<String> = resume();
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    let done = desk.program.run(&rest);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(done.json()["verified"], true, "{done:?}");
    tally.count(&requests.fresh());
    tell(&mut tally, parts, begun.elapsed());

    assert_eq!(
        desk.program
            .run(&["--json", "history"])
            .json()
            .as_array()
            .map(Vec::len),
        Some(1),
        "one job all the time"
    );
    for key in SMALL.into_iter().chain([LARGE]) {
        let source = desk.source(key).expect("the source");
        let copy = desk.copy(&key.replace("kill/", "kept/")).expect("the copy");
        assert_eq!(copy.segments, source.segments, "{key}");
        assert_eq!(copy.crc64, source.crc64, "{key}");
    }
    assert_eq!(desk.uploads(), [], "uploads are left behind");
    let copied = tally.of("UploadPartCopy");
    assert!(
        copied <= parts + kills * IN_FLIGHT,
        "{copied} copies of {parts} parts"
    );
    let all: u64 = tally.kinds.values().sum();
    assert!(all * 10 <= parts * 13, "{all} requests for {parts} parts");
}

fn copy() -> Vec<String> {
    let mut words: Vec<String> = ["--json", "cp", "--part-size", "5MiB", "--parts-at-once"]
        .map(str::to_owned)
        .to_vec();
    words.push(IN_FLIGHT.to_string());
    for key in SMALL.into_iter().chain([LARGE]) {
        words.push(format!("s3://{}/{key}", from()));
    }
    words.push(format!("s3://{}/kept/", to()));
    words
}

fn resume() -> Vec<String> {
    ["--json", "resume", "1"].map(str::to_owned).to_vec()
}

fn tell(tally: &mut Tally, parts: u64, took: Duration) {
    tally.awake.sort_unstable();
    let median = tally.awake.get(tally.awake.len() / 2);
    println!(
        "{} deaths in {:.1} s; {parts} parts; a new process copies after {} ms",
        tally.deaths,
        took.as_secs_f64(),
        median.copied().unwrap_or_default(),
    );
    for (kind, count) in &tally.kinds {
        println!("{kind:>28} {count:>7}");
    }
    println!(
        "{:>28} {:>7}",
        "all requests",
        tally.kinds.values().sum::<u64>()
    );
}
