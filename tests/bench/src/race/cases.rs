//! All races.

use super::case::{Case, Job, Racer};
use super::peers::Peer;
use crate::stub::Terms;

/// As many rounds as were asked for.
const ANY: usize = usize::MAX;

/// Keys under a folder, where there are folders.
const FOLDER: u64 = 1_000;

const fn terms(latency_ms: u64, parts: u64, keys: u64) -> Terms {
    Terms {
        latency_ms,
        parts,
        keys,
        folder: FOLDER,
        throttled: 0,
        reset: 0,
    }
}

/// One object in 10,000 parts.
const fn large(latency_ms: u64) -> Terms {
    terms(latency_ms, 10_000, 0)
}

/// So many small objects, or keys to list.
const fn many(keys: u64) -> Terms {
    terms(20, 0, keys)
}

const FLAT: Terms = Terms {
    folder: 0,
    ..many(1_000_000)
};

const STORM: Terms = Terms {
    throttled: 100,
    reset: 10,
    ..large(20)
};

const PARTWAY: Racer = Racer::Partway;
const S3UTIL: Racer = Racer::Peer(Peer::S3util);
const RCLONE: Racer = Racer::Peer(Peer::Rclone);
const S5CMD: Racer = Racer::Peer(Peer::S5cmd);
const AWS: Racer = Racer::Peer(Peer::Aws);
const COS_NODE: Racer = Racer::Peer(Peer::CosNode);

const USUAL: Case = Case {
    name: "",
    what: "",
    terms: many(0),
    job: Job::List,
    halves: false,
    racers: &[PARTWAY],
    guests: &[],
    rounds: ANY,
    usual: true,
};

pub(super) const CASES: &[Case] = &[
    Case {
        name: "parts-20",
        what: "one object in 10,000 parts, 64 at once, 20 ms each",
        terms: large(20),
        job: Job::Large { at_once: 64 },
        racers: &[PARTWAY, Racer::Floor, S3UTIL, RCLONE],
        guests: &[COS_NODE, AWS, S5CMD],
        ..USUAL
    },
    Case {
        name: "parts-20-wide",
        what: "the same, 256 at once",
        terms: large(20),
        job: Job::Large { at_once: 256 },
        racers: &[PARTWAY, Racer::Floor, S3UTIL, RCLONE],
        guests: &[COS_NODE, AWS, S5CMD],
        ..USUAL
    },
    Case {
        name: "parts-200",
        what: "one object in 10,000 parts, 64 at once, 200 ms each",
        terms: large(200),
        job: Job::Large { at_once: 64 },
        racers: &[PARTWAY, Racer::Floor],
        guests: &[S3UTIL, RCLONE],
        rounds: 3,
        ..USUAL
    },
    Case {
        name: "resume",
        what: "10,000 parts, killed when half are copied and started again",
        terms: large(20),
        job: Job::Large { at_once: 64 },
        halves: true,
        racers: &[PARTWAY],
        guests: &[COS_NODE, S3UTIL, RCLONE, AWS, S5CMD],
        ..USUAL
    },
    Case {
        name: "small",
        what: "20,000 small objects, 64 at once, 20 ms each, what exists is replaced",
        terms: many(20_000),
        job: Job::Small { at_once: 64 },
        racers: &[PARTWAY, S5CMD],
        guests: &[RCLONE, AWS, S3UTIL, COS_NODE],
        ..USUAL
    },
    Case {
        name: "list",
        what: "1,000,000 keys in 1,000 folders, 20 ms a page",
        terms: many(1_000_000),
        racers: &[PARTWAY, RCLONE],
        guests: &[S5CMD, AWS, S3UTIL, COS_NODE],
        rounds: 3,
        ..USUAL
    },
    Case {
        name: "list-flat",
        what: "1,000,000 keys on one level, 20 ms a page",
        terms: FLAT,
        racers: &[PARTWAY, RCLONE],
        rounds: 3,
        ..USUAL
    },
    Case {
        name: "list-serial",
        what: "the same, each page asked for when the one before is there",
        terms: FLAT,
        job: Job::Level,
        rounds: 3,
        ..USUAL
    },
    Case {
        name: "browse",
        what: "1,000,000 keys on one level, kept for the window",
        terms: Terms {
            latency_ms: 0,
            ..FLAT
        },
        job: Job::Browse,
        rounds: 3,
        ..USUAL
    },
    Case {
        name: "storm",
        what: "10,000 parts, of a hundred requests ten are throttled and one is reset",
        terms: STORM,
        job: Job::Large { at_once: 64 },
        racers: &[PARTWAY],
        guests: &[RCLONE, S3UTIL],
        ..USUAL
    },
    Case {
        name: "journal",
        what: "10,000 parts by the engine alone, its journal on disk and in memory",
        terms: large(20),
        job: Job::Large { at_once: 64 },
        racers: &[
            Racer::Engine { memory: false },
            Racer::Engine { memory: true },
        ],
        ..USUAL
    },
    Case {
        name: "search",
        what: "five words and a request id in a history of 1,000,000 objects",
        job: Job::Search,
        usual: false,
        ..USUAL
    },
    Case {
        name: "start",
        what: "the window until it shows something, then at rest: memory of all its processes",
        job: Job::Start,
        racers: &[
            Racer::EmptyWindow,
            Racer::Window { history: false },
            Racer::Window { history: true },
        ],
        usual: false,
        ..USUAL
    },
    Case {
        name: "memory-10k",
        what: "10,000 small objects, 252 at once: the foot of the slope",
        terms: many(10_000),
        job: Job::Small { at_once: 252 },
        usual: false,
        ..USUAL
    },
    Case {
        name: "memory-1m",
        what: "1,000,000 small objects, 252 at once: its top",
        terms: many(1_000_000),
        job: Job::Small { at_once: 252 },
        rounds: 1,
        usual: false,
        ..USUAL
    },
];

pub(super) fn named(name: &str) -> Result<&'static Case, String> {
    let found = CASES.iter().find(|case| case.name == name);
    found.ok_or_else(|| {
        let names: Vec<_> = CASES.iter().map(|case| case.name).collect();
        format!("there is no case `{name}`; there are: {}", names.join(", "))
    })
}
