//! What is to be reached, as ratios of figures of one run.
//!
//! A ratio and not a time: that holds on any machine. What a race cannot show, because it takes a
//! clock that never waits or a browser, is shown by tests, and they are named.

use super::case::Case;
use super::cases;
use super::run::{CPU, Figure, REQUESTS, RSS, WALL};
use super::sheet::Sheet;

/// Something to be reached.
#[derive(Debug)]
pub(super) struct Goal {
    pub(super) what: &'static str,
    pub(super) bound: Bound,
    figure: fn(&Sheet) -> Option<f64>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

const PARTS: f64 = 10_000.0;

pub(super) const GOALS: &[Goal] = &[
    at_most("10,000 parts at 20 ms: wall / ideal", 1.25, |s| {
        of_ideal(s, "parts-20")
    }),
    at_most("10,000 parts at 200 ms: wall / ideal", 1.05, |s| {
        of_ideal(s, "parts-200")
    }),
    at_most("against rclone: wall", 0.85, |s| {
        against(s, "parts-20", "rclone", WALL)
    }),
    at_most("against rclone: CPU", 0.25, |s| {
        against(s, "parts-20", "rclone", CPU)
    }),
    at_most("against rclone: RSS", 0.25, |s| {
        against(s, "parts-20", "rclone", RSS)
    }),
    at_most("against s3util, 64 at once: wall", 0.95, |s| {
        against(s, "parts-20", "s3util", WALL)
    }),
    at_most("against s3util, 64 at once: CPU", 0.5, |s| {
        against(s, "parts-20", "s3util", CPU)
    }),
    at_most("against s3util, 64 at once: RSS", 0.25, |s| {
        against(s, "parts-20", "s3util", RSS)
    }),
    at_most("against s3util, 256 at once: wall", 0.95, |s| {
        against(s, "parts-20-wide", "s3util", WALL)
    }),
    at_most("against s3util, 256 at once: CPU", 0.5, |s| {
        against(s, "parts-20-wide", "s3util", CPU)
    }),
    at_most("against s3util, 256 at once: RSS", 0.25, |s| {
        against(s, "parts-20-wide", "s3util", RSS)
    }),
    at_most("CPU per part / the floor's", 3.0, |s| {
        against(s, "parts-20", "floor", CPU)
    }),
    at_most("resume: parts copied again (64 in flight)", 64.0, |s| {
        s.most("resume", "partway", |run| run.more("redone"))
    }),
    at_most("resume: requests before the first new part", 13.0, |s| {
        s.most("resume", "partway", |run| run.counts.before_parts as f64)
    }),
    at_most("commits per part", 0.25, |s| {
        Some(s.median("journal", "engine", |run| run.more("commits"))? / PARTS)
    }),
    at_most("wall with the journal on disk / in memory", 1.15, |s| {
        let memory = s.median("journal", "engine, memory", WALL)?;
        Some(s.median("journal", "engine", WALL)? / memory)
    }),
    at_most("20,000 small objects against s5cmd: wall", 0.9, |s| {
        against(s, "small", "s5cmd", WALL)
    }),
    at_most("20,000 small objects against s5cmd: CPU", 0.5, |s| {
        against(s, "small", "s5cmd", CPU)
    }),
    at_most("1,000,000 keys page by page: wall / ideal", 1.3, |s| {
        of_ideal(s, "list-serial")
    }),
    at_least("the same in folders: times faster than rclone", 5.0, |s| {
        Some(1.0 / against(s, "list", "rclone", WALL)?)
    }),
    at_most("the same in folders against rclone: requests", 2.0, |s| {
        against(s, "list", "rclone", REQUESTS)
    }),
    at_least(
        "the same on one level: times faster than rclone",
        5.0,
        |s| Some(1.0 / against(s, "list-flat", "rclone", WALL)?),
    ),
    at_most("the same on one level: requests", 2.0, |s| {
        against(s, "list-flat", "rclone", REQUESTS)
    }),
    at_most("the same kept for the window: bytes per key", 80.0, |s| {
        s.median("browse", "partway", |run| run.more("bytes/key"))
    }),
    at_most("fault storm: requests / parts", 1.3, |s| {
        Some(s.median("storm", "partway", REQUESTS)? / PARTS)
    }),
    at_most("1,000,000 objects: more RSS than 10,000, MB", 16.0, |s| {
        let foot = s.median("memory-10k", "partway", RSS)?;
        Some((s.median("memory-1m", "partway", RSS)? - foot) / 1e6)
    }),
    at_most("1,000,000 objects: CPU each / of 10,000", 1.1, |s| {
        let foot = s.median("memory-10k", "partway", CPU)? / 1e4;
        Some(s.median("memory-1m", "partway", CPU)? / 1e6 / foot)
    }),
    at_most("start with 1M rows / an empty window", 1.3, |s| {
        let empty = s.median("start", "empty window", WALL)?;
        Some(s.median("start", "window, 1M rows", WALL)? / empty)
    }),
    at_most("search in 1M rows: p99, ms", 200.0, |s| {
        s.median("search", "partway", |run| run.more("p99 ms"))
    }),
    at_least("the server / the fastest in part copies", 3.0, |s| {
        Some(s.ceiling.requests / s.fastest(|case| !case.lists())?)
    }),
    at_least("the server / the fastest in pages", 3.0, |s| {
        Some(s.ceiling.pages / s.fastest(Case::lists)?)
    }),
];

/// What is shown by tests: each fails, or prints its figures, when it is run.
pub(super) const ELSEWHERE: &[(&str, &str)] = &[
    (
        "throttled: ≥ 80 % of the allowed rate within 30 s, < 2 % refused when steady",
        "cargo test -p partway-engine limiter::storm",
    ),
    (
        "requests under any faults: bounded, for every seed",
        "cargo xtask simulate --seeds 5000",
    ),
    (
        "1,000,000 rows scrolled: script per frame; messages to the page and their size",
        "cargo xtask test --only e2e",
    ),
];

const fn at_most(what: &'static str, most: f64, figure: fn(&Sheet) -> Option<f64>) -> Goal {
    Goal {
        what,
        bound: Bound::AtMost(most),
        figure,
    }
}

const fn at_least(what: &'static str, least: f64, figure: fn(&Sheet) -> Option<f64>) -> Goal {
    Goal {
        what,
        bound: Bound::AtLeast(least),
        figure,
    }
}

fn of_ideal(sheet: &Sheet, case: &str) -> Option<f64> {
    let ideal = cases::named(case).ok()?.ideal()?;
    Some(sheet.median(case, "partway", WALL)? / ideal)
}

fn against(sheet: &Sheet, case: &str, other: &str, figure: Figure) -> Option<f64> {
    let theirs = sheet.median(case, other, figure)?;
    Some(sheet.median(case, "partway", figure)? / theirs)
}

impl Goal {
    /// `None` where what it takes was not run.
    pub(super) fn found(&self, sheet: &Sheet) -> Option<f64> {
        (self.figure)(sheet)
    }
}

impl Bound {
    pub(super) fn shown(self) -> String {
        match self {
            Self::AtMost(most) => format!("≤ {most}"),
            Self::AtLeast(least) => format!("≥ {least}"),
        }
    }

    pub(super) fn word(self, found: Option<f64>) -> &'static str {
        match (self, found) {
            (_, None) => "not measured",
            (Self::AtMost(most), Some(found)) if found <= most => "met",
            (Self::AtLeast(least), Some(found)) if found >= least => "met",
            _ => "NOT MET",
        }
    }
}
