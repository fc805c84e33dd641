//! What a race is: the job, and who does it.

use super::peers::Peer;
use crate::stub::Terms;

/// What is to be done, and how much of it at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Job {
    /// The large object, copied in parts.
    Large { at_once: u64 },
    /// Every object of the source bucket.
    Small { at_once: u64 },
    /// Every key of the source bucket.
    List,
    /// One level of the source bucket, page by page.
    Level,
    /// The same, kept in memory as the window keeps it.
    Browse,
    /// The window, until it shows something.
    Start,
    /// A word, in a history of a million objects.
    Search,
}

/// Who does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Racer {
    /// `partway-cli`.
    Partway,
    /// The same requests without any work.
    Floor,
    /// The engine by itself; its journal on disk, or in memory.
    Engine { memory: bool },
    /// The window, with an empty journal or with a million objects in it.
    Window { history: bool },
    /// A window with nothing in it.
    EmptyWindow,
    /// A program of others.
    Peer(Peer),
}

/// One race.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    pub(super) terms: Terms,
    pub(super) job: Job,
    /// Killed when half of the parts are copied, and started again: what is told is of the
    /// second run.
    pub(super) halves: bool,
    pub(super) racers: &'static [Racer],
    /// Who runs in the first round only: slow ones that no goal is about.
    pub(super) guests: &'static [Racer],
    /// No more rounds than these: it takes long, or hardly varies.
    pub(super) rounds: usize,
    /// Whether it is run when nothing is named; the others take long.
    pub(super) usual: bool,
}

impl Racer {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Partway => "partway",
            Self::Floor => "floor",
            Self::Engine { memory: false } => "engine",
            Self::Engine { memory: true } => "engine, memory",
            Self::Window { history: false } => "window",
            Self::Window { history: true } => "window, 1M rows",
            Self::EmptyWindow => "empty window",
            Self::Peer(peer) => peer.name(),
        }
    }
}

impl Case {
    /// Everybody, in the order they start.
    pub(super) fn all(&self) -> impl Iterator<Item = Racer> {
        self.racers.iter().chain(self.guests).copied()
    }

    /// Who runs in a round, counted from 0.
    pub(super) fn turn(&self, round: usize) -> impl Iterator<Item = Racer> {
        let guests = if round == 0 { self.guests } else { &[] };
        self.racers.iter().chain(guests).copied()
    }

    pub(super) fn lists(&self) -> bool {
        matches!(self.job, Job::List | Job::Level | Job::Browse)
    }

    /// Requests that are the job, without any beside it.
    pub(super) fn units(&self) -> u64 {
        match self.job {
            Job::Large { .. } => self.terms.parts,
            Job::Small { .. } => self.terms.keys,
            Job::List | Job::Level | Job::Browse => self.terms.keys.div_ceil(1_000),
            Job::Start | Job::Search => 0,
        }
    }

    /// Seconds the job takes if nothing takes time but the server; a listing goes page by page.
    /// `None` where no server is asked.
    pub(super) fn ideal(&self) -> Option<f64> {
        let at_once = match self.job {
            Job::Large { at_once } | Job::Small { at_once } => at_once,
            _ => 1,
        };
        let ideal = (self.units().div_ceil(at_once) * self.terms.latency_ms) as f64 / 1_000.0;
        (ideal > 0.0).then_some(ideal)
    }
}
