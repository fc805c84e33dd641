//! The jobs, and who does them.

use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use super::field::Field;
use super::partway;
use super::peers::Peer;
use super::sheet::Run;
use crate::engine::Told;
use crate::stub::{PART, Terms};

/// What is to be done, and how much of it at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Job {
    /// The large object, copied in parts.
    Large { at_once: u64 },
    /// Every object of the source bucket.
    Small { at_once: u64 },
    /// Every key of the source bucket.
    List,
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
    /// Whether it is run when nothing is named; the others take long.
    pub(super) usual: bool,
}

const fn terms(latency_ms: u64, parts: u64, keys: u64) -> Terms {
    Terms {
        latency_ms,
        parts,
        keys,
        throttled: 0,
        reset: 0,
    }
}

const LARGE: &[Racer] = &[
    Racer::Partway,
    Racer::Floor,
    Racer::Peer(Peer::S3util),
    Racer::Peer(Peer::Rclone),
    Racer::Peer(Peer::Aws),
    Racer::Peer(Peer::S5cmd),
];
const MANY: &[Racer] = &[
    Racer::Partway,
    Racer::Peer(Peer::S5cmd),
    Racer::Peer(Peer::Rclone),
    Racer::Peer(Peer::Aws),
    Racer::Peer(Peer::S3util),
];
const FEW: &[Racer] = &[Racer::Partway, Racer::Peer(Peer::Rclone)];
const ALONE: &[Racer] = &[Racer::Partway];

pub(super) const CASES: &[Case] = &[
    Case {
        name: "parts-20",
        what: "one object in 10,000 parts, 64 at once, 20 ms each",
        terms: terms(20, 10_000, 0),
        job: Job::Large { at_once: 64 },
        halves: false,
        racers: LARGE,
        usual: true,
    },
    Case {
        name: "parts-20-wide",
        what: "the same, 256 at once",
        terms: terms(20, 10_000, 0),
        job: Job::Large { at_once: 256 },
        halves: false,
        racers: LARGE,
        usual: true,
    },
    Case {
        name: "parts-200",
        what: "one object in 10,000 parts, 64 at once, 200 ms each",
        terms: terms(200, 10_000, 0),
        job: Job::Large { at_once: 64 },
        halves: false,
        racers: &[
            Racer::Partway,
            Racer::Floor,
            Racer::Peer(Peer::S3util),
            Racer::Peer(Peer::Rclone),
        ],
        usual: true,
    },
    Case {
        name: "resume",
        what: "10,000 parts, killed when half are copied and started again",
        terms: terms(20, 10_000, 0),
        job: Job::Large { at_once: 64 },
        halves: true,
        racers: FEW,
        usual: true,
    },
    Case {
        name: "small",
        what: "20,000 small objects, 64 at once, 20 ms each",
        terms: terms(20, 0, 20_000),
        job: Job::Small { at_once: 64 },
        halves: false,
        racers: MANY,
        usual: true,
    },
    Case {
        name: "list",
        what: "1,000,000 keys, 20 ms a page",
        terms: terms(20, 0, 1_000_000),
        job: Job::List,
        halves: false,
        racers: MANY,
        usual: true,
    },
    Case {
        name: "storm",
        what: "10,000 parts, of a hundred requests ten are throttled and one is reset",
        terms: Terms {
            throttled: 100,
            reset: 10,
            ..terms(20, 10_000, 0)
        },
        job: Job::Large { at_once: 64 },
        halves: false,
        racers: FEW,
        usual: true,
    },
    Case {
        name: "journal",
        what: "10,000 parts by the engine alone, its journal on disk and in memory",
        terms: terms(20, 10_000, 0),
        job: Job::Large { at_once: 64 },
        halves: false,
        racers: &[
            Racer::Engine { memory: false },
            Racer::Engine { memory: true },
        ],
        usual: true,
    },
    Case {
        name: "memory-10k",
        what: "10,000 small objects, 252 at once: the foot of the slope",
        terms: terms(20, 0, 10_000),
        job: Job::Small { at_once: 252 },
        halves: false,
        racers: ALONE,
        usual: false,
    },
    Case {
        name: "memory-1m",
        what: "1,000,000 small objects, 252 at once: its top",
        terms: terms(20, 0, 1_000_000),
        job: Job::Small { at_once: 252 },
        halves: false,
        racers: ALONE,
        usual: false,
    },
];

pub(super) fn named(name: &str) -> Result<&'static Case, String> {
    let found = CASES.iter().find(|case| case.name == name);
    found.ok_or_else(|| {
        let names: Vec<_> = CASES.iter().map(|case| case.name).collect();
        format!("there is no case `{name}`; there are: {}", names.join(", "))
    })
}

impl Racer {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Partway => "partway",
            Self::Floor => "floor",
            Self::Engine { memory: false } => "engine",
            Self::Engine { memory: true } => "engine, memory",
            Self::Peer(peer) => peer.name(),
        }
    }
}

impl Case {
    /// Requests that are the job, without any beside it.
    fn units(&self) -> u64 {
        match self.job {
            Job::Large { .. } => self.terms.parts,
            Job::Small { .. } => self.terms.keys,
            Job::List => self.terms.keys.div_ceil(1_000),
        }
    }

    /// Seconds the job takes if nothing takes time but the server; a listing goes page by page.
    pub(super) fn ideal(&self) -> f64 {
        let at_once = match self.job {
            Job::Large { at_once } | Job::Small { at_once } => at_once,
            Job::List => 1,
        };
        (self.units().div_ceil(at_once) * self.terms.latency_ms) as f64 / 1_000.0
    }

    /// One run of one racer, or why there is none.
    pub(super) fn run(&self, racer: Racer, field: &mut Field) -> Result<Run, String> {
        field.begin(&self.terms)?;
        match racer {
            Racer::Engine { memory } => self.engine(memory, field),
            Racer::Floor => {
                let Job::Large { at_once } = self.job else {
                    return Err("has only parts to send".to_owned());
                };
                let mut command = field.floor(self.terms.parts, at_once)?;
                Run::of(field, &mut command, || false)
            }
            Racer::Partway => {
                let computer = partway::computer(field)?;
                let mut command = partway::program(field, &computer);
                command.args(self.words());
                if !self.halves {
                    return Run::of(field, &mut command, || false);
                }
                let mut again = partway::program(field, &computer);
                again.args(["resume", "--all"]);
                self.twice(field, &mut command, &mut again)
            }
            Racer::Peer(peer) => {
                let folder = field.fresh()?;
                let mut command = peer.command(self.job, field, &folder)?;
                if !self.halves {
                    return Run::of(field, &mut command, || false);
                }
                let mut again = peer.command(self.job, field, &folder)?;
                self.twice(field, &mut command, &mut again)
            }
        }
    }

    /// Partway's words for the job.
    fn words(&self) -> Vec<String> {
        let (source, target) = ("s3://bench@source", "s3://bench@target");
        let words = match self.job {
            Job::Large { at_once } => format!(
                "cp {source}/big {target}/big --part-size {}MiB --parts-at-once {at_once}",
                PART >> 20
            ),
            // Of small objects there are three times as many.
            Job::Small { at_once } => {
                format!("cp -r {source} {target} --parts-at-once {}", at_once / 3)
            }
            Job::List => format!("cp -r --dry-run {source} {target}/copies/"),
        };
        words.split(' ').map(str::to_owned).collect()
    }

    fn twice(
        &self,
        field: &Field,
        first: &mut Command,
        again: &mut Command,
    ) -> Result<Run, String> {
        let half = self.terms.parts / 2;
        let reached = || field.counts().is_ok_and(|counts| counts.parts >= half);
        field.run(first, reached)?;
        // What was under way still arrives.
        sleep(Duration::from_millis(5 * self.terms.latency_ms));
        let before = field.counts()?.parts;
        field.count_anew()?;
        let mut run = Run::of(field, again, || false)?;
        run.redone = (before + run.counts.parts).checked_sub(self.terms.parts);
        Ok(run)
    }

    fn engine(&self, memory: bool, field: &mut Field) -> Result<Run, String> {
        let Job::Large { at_once } = self.job else {
            return Err("copies one object".to_owned());
        };
        let in_memory = memory.then(|| tempfile::tempdir_in("/dev/shm")).transpose();
        let in_memory = in_memory.map_err(|error| format!("no disk in memory: {error}"))?;
        let folder = match &in_memory {
            Some(folder) => folder.path().to_owned(),
            None => field.fresh()?,
        };
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut command = Command::new(program);
        command
            .args(["engine", &field.url()])
            .arg(&folder)
            .arg(at_once.to_string());
        let mut run = Run::of(field, &mut command, || false)?;
        let told = Told::read(&folder)?;
        run.cost.wall = told.wall;
        run.commits = Some(told.commits);
        Ok(run)
    }
}
