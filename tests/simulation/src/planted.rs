//! Whether the checker has teeth: each known bug is planted, and seeds are run until it is caught.
//!
//! A seed counts only if the rule that is broken is one the bug goes against, and the same story
//! without the bug breaks nothing.

use std::fmt::{self, Display};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use partway_domain::planted::{Bug, met, plant};

use crate::checker::{self, Invariant, Violation};
use crate::disk::Desk;
use crate::run::run;
use crate::scenario::Scenario;
use crate::world::lock;

/// A bug that so many seeds do not show is one the checker is blind to.
pub const MOST_SEEDS: u64 = 10_000;

/// What became of the hunt for one bug.
#[derive(Debug, Clone)]
pub struct Hunt {
    /// Which.
    pub bug: Bug,
    /// Seeds run, the one that caught it included.
    pub seeds: u64,
    /// Seeds in which the program came to where the bug is.
    pub met: u64,
    /// What gave it away, and in which seed.
    pub caught: Option<(u64, Violation)>,
}

/// The hunts for several bugs.
#[derive(Debug, Default)]
pub struct Hunts {
    /// In the order of [`Bug::ALL`].
    pub hunts: Vec<Hunt>,
    /// Real time.
    pub took: Duration,
}

impl Hunts {
    /// Whether every bug was caught.
    pub fn is_complete(&self) -> bool {
        self.hunts.iter().all(|hunt| hunt.caught.is_some())
    }
}

/// Hunts for each of these bugs, from this seed on, and tells of each as soon as it is decided.
pub fn hunt_all(
    bugs: &[Bug],
    from: u64,
    threads: usize,
    decided: impl Fn(&Hunt) + Sync,
) -> io::Result<Hunts> {
    let begun = Instant::now();
    let next = AtomicUsize::new(0);
    let found = Mutex::new(Vec::new());
    let failed = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                while let Some(bug) = bugs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match hunt(*bug, from) {
                        Ok(hunt) => {
                            decided(&hunt);
                            lock(&found).push(hunt);
                        }
                        Err(error) => *lock(&failed) = Some(error),
                    }
                }
            });
        }
    });
    if let Some(error) = lock(&failed).take() {
        return Err(error);
    }
    let mut hunts = std::mem::take(&mut *lock(&found));
    hunts.sort_by_key(|hunt| hunt.bug);
    Ok(Hunts {
        hunts,
        took: begun.elapsed(),
    })
}

fn hunt(bug: Bug, from: u64) -> io::Result<Hunt> {
    let desk = Desk::new()?;
    let mut hunt = Hunt {
        bug,
        seeds: 0,
        met: 0,
        caught: None,
    };
    for seed in from..from + MOST_SEEDS {
        hunt.seeds += 1;
        plant(Some(bug));
        let broken = broken(seed, &desk);
        let was_met = met();
        plant(None);
        hunt.met += u64::from(was_met);
        let fitting = |violation: &Violation| breaks(bug).contains(&violation.invariant);
        if was_met
            && let Some(violation) = broken.into_iter().find(fitting)
            && self::broken(seed, &desk).is_empty()
        {
            hunt.caught = Some((seed, violation));
            break;
        }
    }
    Ok(hunt)
}

/// Everything that is broken in a seed's story; a story that cannot be told to its end does not
/// count.
fn broken(seed: u64, desk: &Desk) -> Vec<Violation> {
    let judged = catch_unwind(AssertUnwindSafe(|| {
        checker::check(&run(&Scenario::of(seed), desk, false))
    }));
    judged.unwrap_or_default()
}

/// The rules a bug goes against. To be caught by another one would be an accident: without a
/// request everything that follows comes at another time.
fn breaks(bug: Bug) -> &'static [Invariant] {
    use Invariant::{I1, I2, I3, I4, I5, I6, I7, I8};

    match bug {
        Bug::DropPin
        | Bug::AnyObjectIsOurs
        | Bug::KeepLostParts
        | Bug::SizeIsProof
        | Bug::BytesAreProof
        | Bug::LoseMetadata => &[I1],
        // The engine's own comparison notices, and a copy fails for no reason.
        Bug::SkipFinalLook | Bug::TrustAny200 | Bug::SlippedRange => &[I1, I7],
        Bug::ForgetDestination => &[I2],
        Bug::RepeatUnseen => &[I2, I8],
        // Copied over itself, or the user is asked about it, or the abort of what was completed.
        Bug::BlindStartOver | Bug::CompleteUnannounced | Bug::CompleteNotSynced => &[I2, I3, I7],
        Bug::AbortWhileUnknown
        | Bug::ForgetUploadId
        | Bug::UploadIdNotSynced
        | Bug::AdoptAnyUpload
        | Bug::AbortStrangers
        | Bug::AbortOnce
        | Bug::GoneBeforeAbort
        | Bug::CancelWithoutMarks => &[I3],
        Bug::ResumeFromScratch | Bug::ExpiredTokenStartsOver => &[I3, I4],
        Bug::FirstPageOnly | Bug::JournalPartsOnly => &[I4],
        Bug::SecretInFailure => &[I5],
        Bug::CompleteTwice | Bug::RetryWithoutPause => &[I6],
        Bug::SignEarly
        | Bug::NoSecondLook
        | Bug::OldCredentialStays
        | Bug::NetworkNeverReturns
        | Bug::LimiterLeaks => &[I7],
        Bug::TidyKeys | Bug::MoveBeforeProof | Bug::MoveCurrentVersion => &[I8],
    }
}

/// The line above the lines of all [`Hunt`]s.
pub fn heading() -> String {
    format!("{:<26}{:>8}{:>8}  caught by", "bug", "seeds", "met")
}

impl Display for Hunt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<26}{:>8}{:>8}  ", self.bug, self.seeds, self.met)?;
        match &self.caught {
            Some((seed, violation)) => write!(f, "{violation} (seed {seed})"),
            None => write!(f, "nothing"),
        }
    }
}

impl Display for Hunts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let caught = self.hunts.iter().filter(|hunt| hunt.caught.is_some());
        writeln!(f, "took {:.0} s", self.took.as_secs_f64())?;
        write!(f, "{} of {} caught", caught.count(), self.hunts.len())
    }
}
