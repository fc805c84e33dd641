//! Killed everywhere: a job of twelve parts, ended at each of its commits and each of its answers,
//! once by a kill and once by a power cut, and at sampled pairs of them.

use std::fmt::{self, Display};
use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use partway_democloud::Switches;
use partway_domain::limits::MIB;
use partway_domain::{CopyOptions, DialectName, JobKind};

use crate::campaign::is_crash;
use crate::checker::{self, Violation};
use crate::dice::Dice;
use crate::disk::Desk;
use crate::run::run;
use crate::scenario::{Kill, Moment, Scenario, Subject, Weather};
use crate::world::lock;

/// Parts of the job.
const PARTS: u64 = 12;

/// Pairs of kills tried for each dialect, if nothing else is said.
pub const PAIRS: u64 = 300;

/// What killing everywhere came to.
#[derive(Debug, Default)]
pub struct Everywhere {
    /// Stories in which the program was killed once.
    pub single: u64,
    /// Stories in which it was killed twice.
    pub double: u64,
    /// Kills that were met.
    pub kills: u64,
    /// What was broken, with the kills that led to it.
    pub broken: Vec<(DialectName, Vec<Kill>, Violation)>,
    /// Real time.
    pub took: Duration,
}

/// Kills the job everywhere, in every dialect, and at so many pairs of places.
pub fn everywhere(pairs: u64, threads: usize) -> io::Result<Everywhere> {
    let begun = Instant::now();
    let mut cases = Vec::new();
    let desk = Desk::new()?;
    for dialect in DialectName::ALL {
        cases.extend(
            kills(dialect, pairs, &desk)
                .into_iter()
                .map(|kills| (dialect, kills)),
        );
    }
    let next = AtomicUsize::new(0);
    let sum = Mutex::new(Everywhere::default());
    let failed = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| match Desk::new() {
                Ok(desk) => {
                    while let Some((dialect, kills)) =
                        cases.get(next.fetch_add(1, Ordering::Relaxed))
                    {
                        one(*dialect, kills, &desk, &sum);
                    }
                }
                Err(error) => *lock(&failed) = Some(error),
            });
        }
    });
    if let Some(error) = lock(&failed).take() {
        return Err(error);
    }
    let mut sum = std::mem::take(&mut *lock(&sum));
    sum.took = begun.elapsed();
    Ok(sum)
}

fn one(dialect: DialectName, kills: &[Kill], desk: &Desk, sum: &Mutex<Everywhere>) {
    let outcome = run(&scenario(dialect, kills.to_vec()), desk, false);
    let violations = checker::check(&outcome);
    let met = outcome.lives.iter().filter(|life| is_crash(life.ending));
    let mut sum = lock(sum);
    sum.kills += met.count() as u64;
    match kills.len() {
        1 => sum.single += 1,
        _ => sum.double += 1,
    }
    sum.broken.extend(
        violations
            .into_iter()
            .map(|violation| (dialect, kills.to_vec(), violation)),
    );
}

/// Every single kill, and a sample of the pairs.
fn kills(dialect: DialectName, pairs: u64, desk: &Desk) -> Vec<Vec<Kill>> {
    let whole = run(&scenario(dialect, Vec::new()), desk, false);
    let life = &whole.lives[0];
    let mut moments = Vec::new();
    for before in [true, false] {
        moments.extend((1..=life.commits).map(|number| Moment::Commit { number, before }));
        moments.extend((1..=life.requests).map(|number| Moment::Request { number, before }));
    }
    let single = |moment: Moment, power: bool| Kill {
        moment,
        power,
        dead_ms: 1_000,
    };
    let mut kills: Vec<Vec<Kill>> = moments
        .iter()
        .flat_map(|moment| [false, true].map(|power| vec![single(*moment, power)]))
        .collect();
    let mut dice = Dice::new(dialect as u64, 6);
    for _ in 0..pairs {
        let mut kill = || single(dice.pick(&moments), dice.happens(0.5));
        let first = kill();
        // What follows a kill is shorter than the whole.
        kills.push(vec![first, kill()]);
    }
    kills
}

/// One object of twelve parts, and nothing that goes wrong but the kills.
fn scenario(dialect: DialectName, kills: Vec<Kill>) -> Scenario {
    Scenario {
        dialect,
        switches: Switches::default(),
        source_versioned: false,
        destination_versioned: false,
        same_bucket: false,
        subjects: vec![Subject {
            source_key: "from/twelve.bin".to_owned(),
            destination_key: "to/twelve.bin".to_owned(),
            size: PARTS * 5 * MIB - 1,
            versions_before: 0,
            dressed: true,
            occupied: false,
            strays: 0,
        }],
        options: CopyOptions {
            part_size: Some(5 * MIB),
            parts_at_once: 3,
            ..CopyOptions::default()
        },
        kind: JobKind::Copy,
        weather: Weather {
            latency_ms: 10,
            jitter_ms: 20,
            work_ms: 200,
            ..Weather::default()
        },
        mishaps: Vec::new(),
        clock_ahead_ms: 0,
        temporary: false,
        plan: Vec::new(),
        kills,
        faults_end_ms: 1_000,
        by_prefix: false,
        in_place: false,
        with_namesakes: false,
        rival: None,
        requests_at_once: 32,
        logged: false,
        seed: 1,
    }
}

impl Display for Everywhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} stories of one kill, {} of two, {} kills met, {:.0} s",
            self.single,
            self.double,
            self.kills,
            self.took.as_secs_f64()
        )?;
        for (dialect, kills, violation) in self.broken.iter().take(20) {
            writeln!(f, "{dialect} {kills:?}: {violation}")?;
        }
        write!(f, "violations {}", self.broken.len())
    }
}
