//! What a seed decides. Plain values: the same scenario is the same story.

use partway_democloud::{Mishap, Switches};
use partway_domain::limits::{KIB, MIB};
use partway_domain::{ConflictPolicy, CopyOptions, DialectName, JobKind};

use crate::dice::Dice;

mod focus;
mod happening;
mod kill;
mod rival;
mod subject;
mod weather;

pub(crate) use focus::OWN_KEY;
pub use happening::{Happening, Planned};
pub use kill::{Kill, Moment};
pub(crate) use rival::Rival;
pub(crate) use subject::SECOND_FOLDER;
pub use subject::{ODD_KEYS, Subject};
pub use weather::Weather;

/// Everything a seed decides before the story begins.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a coin of its own, thrown by the seed"
)]
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Whence it comes.
    pub seed: u64,
    /// The wire the provider speaks.
    pub dialect: DialectName,
    /// The server's peculiarities.
    pub switches: Switches,
    /// The source bucket keeps versions.
    pub source_versioned: bool,
    /// The destination bucket keeps versions.
    pub destination_versioned: bool,
    /// Source and destination are the same bucket.
    pub same_bucket: bool,
    /// The user selects the prefix they are under rather than each of them.
    pub by_prefix: bool,
    /// They stay where they are, and get another storage class.
    pub in_place: bool,
    /// Another prefix with objects of the same names is selected too, to the same place.
    pub with_namesakes: bool,
    /// The objects to copy, each once.
    pub subjects: Vec<Subject>,
    /// How they are copied.
    pub options: CopyOptions,
    /// Copied or moved.
    pub kind: JobKind,
    /// The network.
    pub weather: Weather,
    /// What the servers do wrong by themselves, and how often per request.
    pub mishaps: Vec<(Mishap, f64)>,
    /// How much the computer's clock is ahead of the world's, in milliseconds.
    pub clock_ahead_ms: i64,
    /// The credential is a temporary one, with a token that can expire.
    pub temporary: bool,
    /// What else happens, by time.
    pub plan: Vec<Planned>,
    /// Somebody who writes just when the program failed to.
    pub(crate) rival: Option<Rival>,
    /// How the lives of the program end, one after the other, before one may end by itself.
    pub kills: Vec<Kill>,
    /// From here on the network is fair, nobody interferes, and the user does what is sensible.
    /// In milliseconds since the beginning.
    pub faults_end_ms: i64,
    /// Requests the program may have under way to one bucket.
    pub requests_at_once: usize,
    /// What the program writes to its log is kept, and searched for secrets.
    pub logged: bool,
}

impl Scenario {
    /// The scenario of a seed.
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed, 1);
        let dialect = dice.pick(&DialectName::ALL);
        let source_versioned = dice.happens(0.3);
        let destination_versioned = dice.happens(0.3);
        let same_bucket = dice.happens(0.15);
        let temporary = dice.happens(0.2);
        let options = options(&mut dice);
        let kind = if dice.happens(0.2) {
            JobKind::Move
        } else {
            JobKind::Copy
        };
        let subjects = Subject::several(&mut dice);
        let faults_end_ms = dice.between_ms(5_000, 120_000);
        let weather = Weather::of(&mut dice);
        let plan = happening::plan(&mut dice, &subjects, temporary, faults_end_ms);
        let kills = Kill::several(&mut dice, faults_end_ms);
        let mishaps = mishaps(&mut dice);
        let mut scenario = Self {
            seed,
            dialect,
            switches: switches(&mut dice, dialect),
            source_versioned,
            destination_versioned,
            same_bucket,
            by_prefix: dice.happens(0.3),
            in_place: false,
            with_namesakes: false,
            subjects,
            options,
            kind,
            weather,
            mishaps,
            clock_ahead_ms: clock(&mut dice),
            temporary,
            plan,
            rival: None,
            kills,
            faults_end_ms,
            requests_at_once: 32,
            logged: false,
        };
        focus::sharpen(&mut scenario, &mut Dice::new(seed, 7));
        // Only COS ever said it that way.
        scenario.switches.bare_part_result &= scenario.dialect == DialectName::Cos;
        scenario
    }
}

/// What the network cannot do. What breaks connections is the network's.
fn mishaps(dice: &mut Dice) -> Vec<(Mishap, f64)> {
    let bad = dice.pick(&[0.0, 0.01, 0.03, 0.1]);
    let kinds = [
        Mishap::Refuse,
        Mishap::SlowDown,
        Mishap::ErrorIn200,
        Mishap::HalfBody,
        Mishap::Garbled,
        Mishap::UploadGone,
    ];
    let mut mishaps = Vec::new();
    for mishap in kinds {
        if bad > 0.0 && dice.happens(0.35) {
            let rare = if mishap == Mishap::UploadGone {
                0.1
            } else {
                1.0
            };
            mishaps.push((mishap, bad * rare * dice.roll()));
        }
    }
    mishaps
}

fn options(dice: &mut Dice) -> CopyOptions {
    CopyOptions {
        part_size: Some(5 * MIB + dice.below(4) * 512 * KIB),
        transfers_at_once: dice.pick(&[1, 2, 3]),
        parts_at_once: dice.pick(&[1, 2, 4, 4, 8, 16]),
        on_conflict: dice.pick(&[
            ConflictPolicy::Ask,
            ConflictPolicy::Ask,
            ConflictPolicy::Skip,
            ConflictPolicy::Overwrite,
            ConflictPolicy::IfNewer,
            ConflictPolicy::IfDifferent,
            ConflictPolicy::KeepBoth,
        ]),
        ..CopyOptions::default()
    }
}

/// Most computers have the right time.
fn clock(dice: &mut Dice) -> i64 {
    if dice.happens(0.85) {
        dice.between_ms(-2_000, 2_000)
    } else {
        dice.between_ms(-3_600_000, 3_600_000)
    }
}

fn switches(dice: &mut Dice, dialect: DialectName) -> Switches {
    let mut switches = Switches {
        complete_idempotent: dice.happens(0.5),
        ignore_copy_conditions: dice.happens(0.2),
        ignore_write_conditions: dice.happens(0.3),
        fresh_part_tags: dice.happens(0.2),
        late_parts_survive_abort: dice.happens(0.3),
        leading_whitespace: dice.happens(0.2),
        errors_in_200: dice.happens(0.3),
        no_tagging: dice.happens(0.1),
        ..Switches::default()
    };
    if dice.happens(0.5) {
        switches.parts_page = Some(dice.pick(&[1, 2, 3, 7, 20]));
        switches.uploads_page = Some(dice.pick(&[1, 2, 5]));
    }
    if dice.happens(0.1) {
        switches.upload_lifetime_secs = Some(dice.between(20, 300));
    }
    if dice.happens(0.15) {
        switches.bucket_qps = u32::try_from(dice.between(5, 40)).ok();
    }
    if dialect == DialectName::Cos && dice.happens(0.1) {
        switches.bare_part_result = true;
    }
    switches
}
