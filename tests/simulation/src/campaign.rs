//! Many seeds on all cores.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use partway_domain::State;

use crate::checker::{self, Violation};
use crate::coverage::Coverage;
use crate::disk::Desk;
use crate::outcome::{Ending, Fate, Outcome};
use crate::run::run;
use crate::scenario::Scenario;
use crate::world::lock;

/// What many seeds came to.
#[derive(Debug, Default)]
pub struct Tally {
    /// Seeds run.
    pub seeds: u64,
    /// Milliseconds of virtual time.
    pub virtual_ms: i64,
    /// Real time.
    pub took: Duration,
    /// Lives by how they ended.
    pub lives: BTreeMap<String, u64>,
    /// Power cuts that lost commits.
    pub lost_commits: u64,
    /// Requests by what the network did with them.
    pub fates: BTreeMap<Fate, u64>,
    /// What happened besides the copying, by kind.
    pub happenings: BTreeMap<String, u64>,
    /// Requests the servers refused for being too many.
    pub throttled: u64,
    /// Transfers by their last state.
    pub states: BTreeMap<String, u64>,
    /// Requests sent.
    pub requests: u64,
    /// What was broken, by seed.
    pub violations: BTreeMap<u64, Vec<Violation>>,
    /// What was reached in how many seeds.
    pub coverage: Coverage,
    /// Seeds that could not be judged, and why.
    pub panics: BTreeMap<u64, String>,
}

impl Tally {
    /// Whether nothing was broken.
    pub fn is_clean(&self) -> bool {
        self.violations.is_empty() && self.panics.is_empty()
    }

    /// Adds one seed.
    fn add(&mut self, outcome: &Outcome) {
        self.seeds += 1;
        self.virtual_ms += outcome.virtual_ms;
        self.coverage.add(outcome);
        for life in &outcome.lives {
            *self.lives.entry(format!("{:?}", life.ending)).or_default() += 1;
            self.lost_commits += u64::from(life.lost_commits);
        }
        for sent in &outcome.sent {
            *self.fates.entry(sent.fate).or_default() += 1;
        }
        self.requests += outcome.sent.len() as u64;
        for happened in &outcome.happenings {
            let word = format!("{:?}", happened.what);
            let word = word.split(['(', ' ']).next().unwrap_or_default();
            *self.happenings.entry(word.to_owned()).or_default() += 1;
        }
        self.throttled += outcome.cloud.throttled(outcome.provider).refused;
        for (transfer, _) in outcome.jobs.iter().flat_map(|job| &job.transfers) {
            *self.states.entry(word(transfer.state)).or_default() += 1;
        }
    }

    fn merge(&mut self, other: Self) {
        self.seeds += other.seeds;
        self.virtual_ms += other.virtual_ms;
        self.lost_commits += other.lost_commits;
        self.throttled += other.throttled;
        self.requests += other.requests;
        self.coverage.merge(other.coverage);
        merge(&mut self.lives, other.lives);
        merge(&mut self.fates, other.fates);
        merge(&mut self.happenings, other.happenings);
        merge(&mut self.states, other.states);
        self.violations.extend(other.violations);
        self.panics.extend(other.panics);
    }
}

fn merge<K: Ord>(into: &mut BTreeMap<K, u64>, from: BTreeMap<K, u64>) {
    for (key, count) in from {
        *into.entry(key).or_default() += count;
    }
}

/// A state in words, failures by their kind.
pub fn word(state: State) -> String {
    match state {
        State::Failed { kind } => format!("Failed: {kind:?}"),
        State::Waiting { wait } => format!("Waiting: {wait:?}"),
        other => format!("{other:?}"),
    }
}

/// Runs these seeds on so many threads and judges each. What comes out does not depend on the
/// number of threads, unless so many seeds break something that the rest is not run.
pub fn run_all(seeds: &[u64], threads: usize, enough: u64) -> io::Result<Tally> {
    let begun = Instant::now();
    let course = Course::new(seeds, enough);
    let tally = Mutex::new(Tally::default());
    let failed = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| match one_thread(&course) {
                Ok(found) => lock(&tally).merge(found),
                Err(error) => *lock(&failed) = Some(error),
            });
        }
    });
    if let Some(error) = lock(&failed).take() {
        return Err(error);
    }
    let mut tally = tally
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    tally.took = begun.elapsed();
    Ok(tally)
}

fn one_thread(course: &Course<'_>) -> io::Result<Tally> {
    let desk = Desk::new()?;
    let mut tally = Tally::default();
    while let Some(seed) = course.next() {
        let judged = catch_unwind(AssertUnwindSafe(|| {
            let outcome = run(&Scenario::of(seed), &desk, false);
            let violations = checker::check(&outcome);
            (outcome, violations)
        }));
        match judged {
            Ok((outcome, violations)) => {
                tally.add(&outcome);
                if let Some(first) = violations.first() {
                    course.is_broken_by(seed, first);
                    tally.violations.insert(seed, violations);
                }
            }
            Err(panic) => {
                let words = words(panic.as_ref());
                course.is_broken_by(seed, &words);
                tally.seeds += 1;
                tally.panics.insert(seed, words);
            }
        }
    }
    Ok(tally)
}

/// How far the threads have come. A long campaign tells of itself while it runs.
#[derive(Debug)]
struct Course<'a> {
    seeds: &'a [u64],
    next: AtomicUsize,
    broken: AtomicU64,
    /// So many broken seeds end it.
    enough: u64,
}

/// Seeds between two lines about the progress.
const STRETCH: usize = 10_000;

impl<'a> Course<'a> {
    fn new(seeds: &'a [u64], enough: u64) -> Self {
        Self {
            seeds,
            next: AtomicUsize::new(0),
            broken: AtomicU64::new(0),
            enough,
        }
    }

    fn next(&self) -> Option<u64> {
        let broken = self.broken.load(Ordering::Relaxed);
        if broken >= self.enough {
            return None;
        }
        let index = self.next.fetch_add(1, Ordering::Relaxed);
        if index > 0 && index.is_multiple_of(STRETCH) && index < self.seeds.len() {
            eprintln!("{index} seeds begun, {broken} broken");
        }
        self.seeds.get(index).copied()
    }

    fn is_broken_by(&self, seed: u64, why: &dyn Display) {
        self.broken.fetch_add(1, Ordering::Relaxed);
        eprintln!("seed {seed} {why}");
    }
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("it panicked without a word").to_owned()
}

/// Whether a life ended by force.
pub fn is_crash(ending: Ending) -> bool {
    matches!(ending, Ending::Killed | Ending::PowerCut)
}
