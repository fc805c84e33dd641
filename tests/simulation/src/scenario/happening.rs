//! What others do, and what the user does, while the program copies.

use partway_domain::{Decision, TransferId};

use crate::dice::Dice;
use crate::scenario::Subject;

/// Something that happens besides the copying. Subjects are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// Somebody writes the source anew.
    SourceChanged(usize),
    /// Somebody deletes the source.
    SourceDeleted(usize),
    /// Somebody writes the destination.
    DestinationWritten(usize),
    /// Somebody else copies the bytes of the source to the destination, and nothing that goes along
    /// with them.
    SourceCopied(usize),
    /// Somebody begins an upload of the destination key.
    StrayMade(usize),
    /// An operator or a lifecycle rule removes our open uploads.
    UploadsVanish,
    /// There is no network for so many milliseconds.
    Offline(i64),
    /// The computer sleeps for so many milliseconds.
    Sleep(i64),
    /// The temporary credential expires.
    TokenExpires,
    /// The keyring loses the secret.
    SecretLost,
    /// The user holds the job.
    Pause,
    /// The user lets the job go on.
    Resume,
    /// The user lets the job go on, failed transfers too.
    Retry,
    /// The user gives the job up.
    Cancel {
        /// Leave the parts on the server.
        keep_parts: bool,
    },
    /// The user ends the program in peace and starts it again.
    Restart,
    /// The user answers what a transfer waits for. Never planned: it follows from the question.
    Decided(TransferId, Decision),
}

/// With its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Milliseconds since the beginning.
    pub at_ms: i64,
    /// What.
    pub what: Happening,
}

pub(super) fn plan(
    dice: &mut Dice,
    subjects: &[Subject],
    temporary: bool,
    faults_end_ms: i64,
) -> Vec<Planned> {
    let mut plan = Vec::new();
    let mut add = |dice: &mut Dice, what: Happening| {
        // Much happens early, for most jobs are over soon.
        let last = dice
            .pick(&[3_000, 10_000, faults_end_ms])
            .min(faults_end_ms);
        let at_ms = dice.between_ms(0, last);
        plan.push(Planned { at_ms, what });
    };
    for index in 0..subjects.len() {
        for (probability, what) in [
            (0.06, Happening::SourceChanged(index)),
            (0.03, Happening::SourceDeleted(index)),
            (0.08, Happening::DestinationWritten(index)),
            (0.06, Happening::StrayMade(index)),
        ] {
            if dice.happens(probability) {
                add(dice, what);
            }
        }
    }
    let offline = dice.between_ms(1_000, 90_000);
    let sleep = dice.between_ms(1_000, 7_200_000);
    let keep_parts = dice.happens(0.5);
    for (probability, what) in [
        (0.05, Happening::UploadsVanish),
        (0.1, Happening::Offline(offline)),
        (0.06, Happening::Sleep(sleep)),
        (if temporary { 0.5 } else { 0.0 }, Happening::TokenExpires),
        (0.05, Happening::SecretLost),
        (0.15, Happening::Pause),
        (0.15, Happening::Resume),
        (0.1, Happening::Retry),
        (0.12, Happening::Cancel { keep_parts }),
        (0.05, Happening::Restart),
    ] {
        if dice.happens(probability) {
            add(dice, what);
        }
    }
    plan.sort_by_key(|planned| planned.at_ms);
    plan
}
