//! What one run took.

use std::collections::BTreeMap;
use std::process::Command;

use serde::Serialize;

use super::field::Field;
use crate::child::Cost;
use crate::stub::Counts;

#[derive(Debug, Clone, Serialize)]
pub(super) struct Run {
    pub(super) command: String,
    pub(super) cost: Cost,
    pub(super) counts: Counts,
    /// What else there is to tell, by its name.
    pub(super) more: BTreeMap<&'static str, f64>,
}

/// What came of one turn.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    Ran(Run),
    Cannot(String),
}

/// What is said of a run that was ended because it took too long.
pub(super) const LATE: &str = "NOT DONE";

/// Which figure of a run.
pub(super) type Figure = fn(&Run) -> f64;

pub(super) const WALL: Figure = |run| run.cost.wall;
pub(super) const CPU: Figure = |run| run.cost.cpu;
pub(super) const RSS: Figure = |run| run.cost.rss as f64;
pub(super) const REQUESTS: Figure = |run| run.counts.requests as f64;

impl Run {
    /// Runs a program until it ends, or until `enough` says so.
    pub(super) fn of(
        field: &Field,
        command: &mut Command,
        enough: impl FnMut() -> bool,
    ) -> Result<Self, String> {
        let cost = field.run(command, enough)?;
        if !cost.success {
            let word = if field.is_late(&cost) {
                format!("{LATE} after {:.0} s", cost.wall)
            } else {
                "FAILED".to_owned()
            };
            return Err(format!("{word}: {}", shown(command)));
        }
        Ok(Self {
            command: shown(command),
            cost,
            counts: field.counts()?,
            more: BTreeMap::new(),
        })
    }

    pub(super) fn with(mut self, name: &'static str, figure: f64) -> Self {
        self.more.insert(name, figure);
        self
    }

    /// Another figure by its name; without it nothing holds.
    pub(super) fn more(&self, name: &str) -> f64 {
        self.more.get(name).copied().unwrap_or(f64::INFINITY)
    }
}

pub(super) fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}
