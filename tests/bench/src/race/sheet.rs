//! What was found, and how it is shown.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use serde::Serialize;
use serde_json::json;

use super::cases::{CASES, Case};
use super::field::Field;
use super::goals;
use super::peers::Peer;
use crate::child::Cost;
use crate::stub::Counts;

/// One run.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Run {
    pub(super) command: String,
    pub(super) cost: Cost,
    pub(super) counts: Counts,
    /// Parts copied once more after a kill.
    pub(super) redone: Option<u64>,
    /// Commits of the journal, where somebody inside counted them.
    pub(super) commits: Option<u64>,
}

/// What came of one turn.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    Ran(Run),
    Cannot(String),
}

#[derive(Debug)]
pub(super) struct Sheet {
    /// Requests per second the server can answer.
    pub(super) ceiling: f64,
    found: BTreeMap<(&'static str, &'static str), Vec<Outcome>>,
}

/// Which figure of a run.
pub(super) type Figure = fn(&Run) -> f64;

pub(super) const WALL: Figure = |run| run.cost.wall;
pub(super) const CPU: Figure = |run| run.cost.cpu;
pub(super) const RSS: Figure = |run| run.cost.rss as f64;
pub(super) const REQUESTS: Figure = |run| run.counts.requests as f64;

impl Run {
    pub(super) fn of(
        field: &Field,
        command: &mut Command,
        enough: impl FnMut() -> bool,
    ) -> Result<Self, String> {
        let cost = field.run(command, enough)?;
        if !cost.success {
            return Err(format!("FAILED: {}", shown(command)));
        }
        Ok(Self {
            command: shown(command),
            cost,
            counts: field.counts()?,
            redone: None,
            commits: None,
        })
    }
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}

impl Sheet {
    pub(super) fn new(ceiling: f64) -> Self {
        Self {
            ceiling,
            found: BTreeMap::new(),
        }
    }

    pub(super) fn add(&mut self, case: &Case, racer: &'static str, round: usize, what: Outcome) {
        if let (Outcome::Cannot(reason), 0) = (&what, round) {
            eprintln!("  {racer}: {reason}");
        }
        let turns = self.found.entry((case.name, racer)).or_default();
        turns.push(what);
    }

    /// The median of a figure; `None` where the racer did not run.
    pub(super) fn median(&self, case: &str, racer: &str, figure: Figure) -> Option<f64> {
        let mut figures = self.figures(case, racer, figure);
        figures.sort_by(f64::total_cmp);
        figures.get(figures.len() / 2).copied()
    }

    /// The greatest of a figure.
    pub(super) fn most(&self, case: &str, racer: &str, figure: Figure) -> Option<f64> {
        let figures = self.figures(case, racer, figure);
        figures.into_iter().max_by(f64::total_cmp)
    }

    fn figures(&self, case: &str, racer: &str, figure: Figure) -> Vec<f64> {
        self.runs(case, racer).map(figure).collect()
    }

    fn runs(&self, case: &str, racer: &str) -> impl Iterator<Item = &Run> {
        let turns = self
            .found
            .iter()
            .filter(move |(key, _)| **key == (case, racer));
        turns
            .flat_map(|(_, turns)| turns)
            .filter_map(|turn| match turn {
                Outcome::Ran(run) => Some(run),
                Outcome::Cannot(_) => None,
            })
    }

    /// The rows of a case, racers as they start.
    pub(super) fn table(&self, case: &Case) -> String {
        let ideal = case.ideal();
        let mut table = format!(
            "  {:15} {:>8} {:>15} {:>7} {:>8} {:>8} {:>9} {:>5}\n",
            "", "wall s", "lowest-highest", "×ideal", "CPU s", "RSS MB", "requests", "peak"
        );
        for racer in case.racers {
            let name = racer.name();
            let median = |figure| self.median(case.name, name, figure);
            let Some(wall) = median(WALL) else {
                let _ = writeln!(table, "  {name:15} {}", self.reason(case.name, name));
                continue;
            };
            let mut walls = self.figures(case.name, name, WALL);
            walls.sort_by(f64::total_cmp);
            let spread = format!("{:.2}-{:.2}", walls[0], walls[walls.len() - 1]);
            let _ = writeln!(
                table,
                "  {name:15} {wall:>8.2} {spread:>15} {:>7.2} {:>8.2} {:>8.1} {:>9.0} {:>5.0}",
                wall / ideal,
                median(CPU).unwrap_or_default(),
                median(RSS).unwrap_or_default() / 1e6,
                median(REQUESTS).unwrap_or_default(),
                median(|run| run.counts.peak as f64).unwrap_or_default(),
            );
        }
        table
    }

    fn reason(&self, case: &str, racer: &str) -> &str {
        let turns = self.found.iter().filter(|(key, _)| **key == (case, racer));
        let mut turns = turns.flat_map(|(_, turns)| turns);
        turns
            .find_map(|turn| match turn {
                Outcome::Cannot(reason) => Some(reason.split(':').next().unwrap_or(reason)),
                Outcome::Ran(_) => None,
            })
            .unwrap_or("did not run")
    }

    /// Whether the server was fast enough for the fastest.
    pub(super) fn pace(&self) -> String {
        let runs = self.found.values().flatten().filter_map(|turn| match turn {
            Outcome::Ran(run) => Some(run.counts.requests as f64 / run.cost.wall),
            Outcome::Cannot(_) => None,
        });
        let fastest = runs.fold(0.0, f64::max);
        let ratio = self.ceiling / fastest.max(1.0);
        let word = if ratio >= 3.0 {
            "enough"
        } else {
            "TOO LITTLE, 3 wanted"
        };
        format!(
            "server: {:.0} requests/s at most, the fastest racer sent {fastest:.0}/s: {ratio:.1} times, {word}",
            self.ceiling
        )
    }

    /// Everything, with what it takes to do it again.
    pub(super) fn json(&self, cli: &Path) -> String {
        let cases = CASES.iter().map(|case| {
            let racers = case.racers.iter().filter_map(|racer| {
                let turns = self.found.get(&(case.name, racer.name()))?;
                Some(json!({ "racer": racer.name(), "turns": turns }))
            });
            json!({
                "case": case.name,
                "what": case.what,
                "server": case.terms,
                "ideal_seconds": case.ideal(),
                "racers": racers.collect::<Vec<_>>(),
            })
        });
        let versions: BTreeMap<&str, String> = Peer::ALL
            .into_iter()
            .map(|peer| (peer.name(), peer.version()))
            .chain([("partway", version(cli))])
            .collect();
        let goals: Vec<_> = goals::GOALS.iter().map(|goal| goal.json(self)).collect();
        let all = json!({
            "processors": std::thread::available_parallelism().map_or(0, usize::from),
            "server_requests_per_second": self.ceiling,
            "versions": versions,
            "cases": cases.collect::<Vec<_>>(),
            "goals": goals,
        });
        serde_json::to_string_pretty(&all).unwrap_or_default()
    }
}

fn version(cli: &Path) -> String {
    let output = Command::new(cli).arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    text.unwrap_or_default()
}
