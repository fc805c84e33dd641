//! What was found.

use std::collections::BTreeMap;

use super::case::Case;
use super::cases::CASES;
use super::field::Ceiling;
use super::peers::Peer;
use super::run::{Figure, Outcome, Run};

#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) ceiling: Ceiling,
    found: BTreeMap<(&'static str, &'static str), Vec<Outcome>>,
}

impl Sheet {
    pub(super) fn new(ceiling: Ceiling) -> Self {
        Self {
            ceiling,
            found: BTreeMap::new(),
        }
    }

    pub(super) fn add(&mut self, case: &Case, racer: &'static str, what: Outcome) {
        let turns = self.found.entry((case.name, racer)).or_default();
        if let (Outcome::Cannot(reason), true) = (&what, turns.is_empty()) {
            eprintln!("  {racer}: {reason}");
        }
        turns.push(what);
    }

    pub(super) fn turns(&self, case: &str, racer: &str) -> &[Outcome] {
        let found = self.found.iter().find(|(key, _)| **key == (case, racer));
        found.map_or(&[], |(_, turns)| turns)
    }

    pub(super) fn runs(&self, case: &str, racer: &str) -> impl Iterator<Item = &Run> {
        let turns = self.turns(case, racer).iter();
        turns.filter_map(|turn| match turn {
            Outcome::Ran(run) => Some(run),
            Outcome::Cannot(_) => None,
        })
    }

    /// Every figure there is, from the least on. What ours did not bring to an end has none, and
    /// must not look better for it.
    pub(super) fn figures(&self, case: &str, racer: &str, figure: Figure) -> Vec<f64> {
        let ours = !Peer::ALL.iter().any(|peer| peer.name() == racer);
        let turns = self.turns(case, racer).iter();
        let mut figures: Vec<f64> = turns
            .filter_map(|turn| match turn {
                Outcome::Ran(run) => Some(figure(run)),
                Outcome::Cannot(_) => ours.then_some(f64::INFINITY),
            })
            .collect();
        figures.sort_by(f64::total_cmp);
        figures
    }

    /// The median of a figure; `None` where the racer did not run.
    pub(super) fn median(&self, case: &str, racer: &str, figure: Figure) -> Option<f64> {
        let figures = self.figures(case, racer, figure);
        figures.get(figures.len() / 2).copied()
    }

    /// The greatest of a figure.
    pub(super) fn most(&self, case: &str, racer: &str, figure: Figure) -> Option<f64> {
        self.figures(case, racer, figure).last().copied()
    }

    /// Why a racer has no figures.
    pub(super) fn reason(&self, case: &str, racer: &str) -> &str {
        let mut turns = self.turns(case, racer).iter();
        let reason = turns.find_map(|turn| match turn {
            Outcome::Cannot(reason) => Some(reason.split(':').next().unwrap_or(reason)),
            Outcome::Ran(_) => None,
        });
        reason.unwrap_or("did not run")
    }

    /// Requests per second of who sent the most in the cases meant. Without a latency everybody
    /// is as fast as the server lets them be, so those do not count.
    pub(super) fn fastest(&self, meant: fn(&Case) -> bool) -> Option<f64> {
        let cases = CASES
            .iter()
            .filter(|case| meant(case) && case.ideal().is_some());
        let runs = cases.flat_map(|case| {
            let racers = case.all();
            racers.flat_map(|racer| self.runs(case.name, racer.name()))
        });
        let rates = runs.map(|run| run.counts.requests as f64 / run.cost.wall);
        rates.max_by(f64::total_cmp)
    }
}
