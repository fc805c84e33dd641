//! Stories about one thing that chance alone would bring about too rarely.
//!
//! They are thrown with dice of their own, so that all other stories stay as they are when one of
//! these changes.

use partway_democloud::Mishap;
use partway_domain::limits::MIB;
use partway_domain::{AtRest, DialectName, JobKind};
use partway_protocol::op::CustomerKey;

use super::subject::SECOND_FOLDER;
use super::{Happening, Kill, Moment, Planned, Rival, Scenario, Subject};
use crate::dice::Dice;

/// The bytes of the user's own encryption key: nowhere may they be found again.
pub(crate) const OWN_KEY: [u8; 32] = *b"canary of thirty-two key bytes!!";

/// Makes a few stories be about one thing.
pub(super) fn sharpen(scenario: &mut Scenario, dice: &mut Dice) {
    scenario.logged = dice.happens(0.03);
    scenario.requests_at_once = dice.pick(&[4, 8, 16, 32, 32, 32]);
    match dice.below(100) {
        0..6 => given_up(scenario, dice),
        6..9 => completed_unheard(scenario, dice),
        9..11 => busy(scenario, dice),
        11..13 => moved_unheard(scenario, dice),
        13..17 => own_key(scenario),
        17..21 => begun_unheard(scenario, dice),
        21..27 => rivalled(scenario, dice),
        27..30 => copied_by_others(scenario, dice),
        30..33 => with_namesakes(scenario),
        33..37 => in_place(scenario, dice),
        _ => {}
    }
}

/// The user gives the job up while parts are copied, and the network goes or the program dies
/// just then.
fn given_up(scenario: &mut Scenario, dice: &mut Dice) {
    with_parts(scenario, dice);
    let at_ms = dice.between_ms(800, 6_000);
    let keep_parts = dice.happens(0.2);
    let ours = |planned: &Planned| {
        !matches!(
            planned.what,
            Happening::Cancel { .. } | Happening::Pause | Happening::Resume | Happening::Retry
        )
    };
    scenario.plan.retain(ours);
    plan(scenario, at_ms, Happening::Cancel { keep_parts });
    scenario.faults_end_ms = scenario.faults_end_ms.max(at_ms + 30_000);
    scenario.kills.clear();
    match dice.below(4) {
        0 => {
            let offline_ms = (at_ms + dice.between_ms(-100, 300)).max(0);
            let for_ms = dice.between_ms(20_000, 90_000);
            plan(scenario, offline_ms, Happening::Offline(for_ms));
        }
        1 => scenario.weather.answer_lost = 0.3,
        2 => {
            scenario.weather.request_lost = 0.3;
            scenario.kills.push(Kill {
                moment: Moment::After {
                    ms: at_ms + dice.between_ms(0, 400),
                },
                power: false,
                dead_ms: 500,
            });
        }
        _ => scenario.kills.push(Kill {
            moment: Moment::Cancel {
                commits: dice.below(4),
                before: dice.happens(0.5),
            },
            power: false,
            dead_ms: 500,
        }),
    }
}

/// The answer to Complete is lost, and nothing but the size can be compared.
fn completed_unheard(scenario: &mut Scenario, dice: &mut Dice) {
    with_parts(scenario, dice);
    // OBS names the upload that made an object, which is a proof.
    scenario.dialect = dice.pick(&[DialectName::Cos, DialectName::S3]);
    scenario.weather.answer_lost = 0.35;
    scenario.switches.no_checksums = true;
    scenario.switches.fresh_part_tags = true;
}

/// The answer to Create is lost while somebody else begins uploads of the same key.
fn begun_unheard(scenario: &mut Scenario, dice: &mut Dice) {
    with_parts(scenario, dice);
    scenario.weather.answer_lost = 0.5;
    for _ in 0..2 {
        let at_ms = dice.between_ms(0, 2_000);
        plan(scenario, at_ms, Happening::StrayMade(0));
    }
}

/// The provider takes few requests in a second.
fn busy(scenario: &mut Scenario, dice: &mut Dice) {
    with_parts(scenario, dice);
    scenario.options.parts_at_once = 16;
    scenario.switches.bucket_qps = u32::try_from(dice.between(1, 4)).ok();
    scenario.mishaps.push((Mishap::SlowDown, 0.2));
}

/// Sources go after their copies are proven, and answers get lost.
fn moved_unheard(scenario: &mut Scenario, dice: &mut Dice) {
    scenario.kind = JobKind::Move;
    scenario.weather.answer_lost = dice.pick(&[0.1, 0.2]);
}

/// Whenever what makes the object or deletes the source comes to nothing, somebody else writes there
/// before it is sent again. What was seen before says nothing any more.
fn rivalled(scenario: &mut Scenario, dice: &mut Dice) {
    scenario.subjects.truncate(1);
    scenario.plan.retain(|planned| is_of_first(&planned.what));
    scenario.weather.request_lost = dice.pick(&[0.1, 0.3, 0.5]);
    scenario.mishaps.push((Mishap::SlowDown, 0.3));
    let theirs = dice.pick(&[Happening::DestinationWritten(0), Happening::SourceCopied(0)]);
    let (operation, what) = match dice.below(3) {
        0 => {
            scenario.kind = JobKind::Move;
            ("Delete", Happening::SourceChanged(0))
        }
        1 => {
            with_parts(scenario, dice);
            ("Complete", theirs)
        }
        _ => {
            scenario.subjects[0].size = dice.between(1, 4 * MIB);
            ("CopyObject", theirs)
        }
    };
    let times = u32::try_from(dice.between(1, 3)).unwrap_or(1);
    scenario.rival = Some(Rival {
        operation,
        what,
        times,
    });
}

/// Somebody else copies the bytes to the same place, without what goes along with them, and answers
/// get lost: what stands there looks like ours.
fn copied_by_others(scenario: &mut Scenario, dice: &mut Dice) {
    scenario.subjects[0].dressed = true;
    scenario.subjects[0].occupied = false;
    if dice.happens(0.5) {
        scenario.kind = JobKind::Move;
    }
    scenario.weather.answer_lost = 0.2;
    scenario.weather.request_lost = 0.2;
    let at_ms = dice.between_ms(500, 6_000);
    plan(scenario, at_ms, Happening::SourceCopied(0));
}

/// Two folders with the same names go to one place, where there is room for one of each.
fn with_namesakes(scenario: &mut Scenario) {
    scenario.by_prefix = true;
    scenario.with_namesakes = true;
    let second = |first: &Subject| Subject {
        source_key: first.source_key.replacen("from/", SECOND_FOLDER, 1),
        occupied: false,
        strays: 0,
        ..first.clone()
    };
    let seconds: Vec<_> = scenario.subjects.iter().map(second).collect();
    scenario.subjects.extend(seconds);
}

/// The objects get another storage class where they are, while others write them anew.
fn in_place(scenario: &mut Scenario, dice: &mut Dice) {
    scenario.in_place = true;
    scenario.same_bucket = true;
    scenario.kind = JobKind::Copy;
    let class = match scenario.dialect {
        DialectName::Obs => "WARM",
        DialectName::Cos | DialectName::ObsV2 | DialectName::S3 => "STANDARD_IA",
    };
    scenario.options.storage_class = Some(class.to_owned());
    for subject in &mut scenario.subjects {
        subject.destination_key.clone_from(&subject.source_key);
        subject.occupied = false;
    }
    let at_ms = dice.between_ms(500, 6_000);
    plan(scenario, at_ms, Happening::SourceChanged(0));
    if dice.happens(0.5) {
        scenario.weather.request_lost = 0.3;
        scenario.mishaps.push((Mishap::SlowDown, 0.3));
        scenario.rival = Some(Rival {
            operation: dice.pick(&["CopyObject", "Complete"]),
            what: Happening::SourceChanged(0),
            times: 2,
        });
    }
}

fn is_of_first(what: &Happening) -> bool {
    match what {
        Happening::SourceChanged(index)
        | Happening::SourceDeleted(index)
        | Happening::DestinationWritten(index)
        | Happening::SourceCopied(index)
        | Happening::StrayMade(index) => *index == 0,
        _ => true,
    }
}

/// The copies are encrypted with a key of the user's own. Objects and uploads of others are not,
/// and nobody could look at them or go on with them.
fn own_key(scenario: &mut Scenario) {
    let key = CustomerKey::of_bytes(&OWN_KEY).expect("a key has 32 bytes");
    scenario.options.terms.encryption = AtRest::Customer { key_md5: key.md5() };
    for subject in &mut scenario.subjects {
        subject.occupied = false;
        subject.strays = 0;
    }
    scenario.plan.retain(|planned| {
        !matches!(
            planned.what,
            Happening::DestinationWritten(_) | Happening::StrayMade(_)
        )
    });
}

/// The first object is one of several parts.
fn with_parts(scenario: &mut Scenario, dice: &mut Dice) {
    if let Some(first) = scenario.subjects.first_mut() {
        first.size = dice.between(40 * MIB, 120 * MIB);
    }
}

fn plan(scenario: &mut Scenario, at_ms: i64, what: Happening) {
    // Whoever waits for the end of the faults waits for all of the plan.
    scenario.faults_end_ms = scenario.faults_end_ms.max(at_ms);
    scenario.plan.push(Planned { at_ms, what });
    scenario.plan.sort_by_key(|planned| planned.at_ms);
}
