//! What is to be reached, as ratios of figures of one run.
//!
//! A ratio and not a time: that holds on any machine. Goals about the window (cold start, frames,
//! history) are no business of a race between command lines, and are not here.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::cases;
use super::sheet::{CPU, Figure, REQUESTS, RSS, Sheet, WALL};

/// Something to be reached.
#[derive(Debug)]
pub(super) struct Goal {
    what: &'static str,
    bound: Bound,
    figure: fn(&Sheet) -> Option<f64>,
}

#[derive(Debug, Clone, Copy)]
enum Bound {
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
        s.most("resume", "partway", |run| {
            run.redone.unwrap_or(u64::MAX) as f64
        })
    }),
    at_most("resume: requests before the first new part", 13.0, |s| {
        s.most("resume", "partway", |run| run.counts.before_parts as f64)
    }),
    at_most("commits per part", 0.25, |s| {
        let commits = s.median("journal", "engine", |run| {
            run.commits.unwrap_or(u64::MAX) as f64
        })?;
        Some(commits / PARTS)
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
    at_least("1,000,000 keys: times faster than rclone", 5.0, |s| {
        Some(1.0 / against(s, "list", "rclone", WALL)?)
    }),
    at_most("1,000,000 keys against rclone: requests", 2.0, |s| {
        against(s, "list", "rclone", REQUESTS)
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
    let ideal = cases::named(case).ok()?.ideal();
    Some(sheet.median(case, "partway", WALL)? / ideal)
}

fn against(sheet: &Sheet, case: &str, other: &str, figure: Figure) -> Option<f64> {
    let theirs = sheet.median(case, other, figure)?;
    Some(sheet.median(case, "partway", figure)? / theirs)
}

/// Every goal with its figure.
pub(super) fn table(sheet: &Sheet) -> String {
    let mut table = String::from("goals:\n");
    for goal in GOALS {
        let found = (goal.figure)(sheet);
        let figure = found.map_or_else(|| "-".to_owned(), |found| format!("{found:.2}"));
        let _ = writeln!(
            table,
            "  {:46} {} {figure:>8}  {}",
            goal.what,
            goal.bound.shown(),
            goal.bound.word(found)
        );
    }
    table
}

impl Goal {
    pub(super) fn json(&self, sheet: &Sheet) -> Value {
        let found = (self.figure)(sheet);
        json!({
            "goal": self.what,
            "bound": self.bound.shown().trim(),
            "found": found,
            "verdict": self.bound.word(found),
        })
    }
}

impl Bound {
    fn shown(self) -> String {
        match self {
            Self::AtMost(most) => format!("≤ {most:<5}"),
            Self::AtLeast(least) => format!("≥ {least:<5}"),
        }
    }

    fn word(self, found: Option<f64>) -> &'static str {
        match (self, found) {
            (_, None) => "not measured",
            (Self::AtMost(most), Some(found)) if found <= most => "met",
            (Self::AtLeast(least), Some(found)) if found >= least => "met",
            _ => "NOT MET",
        }
    }
}
