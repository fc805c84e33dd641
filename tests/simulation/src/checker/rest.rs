//! I7: when the faults stop everything comes to an end, or to a question that fits.

use partway_domain::{FailureKind, State, Wait};

use super::story::{Address, Deed, Did, Ending, Note, Sent, Story, Subject, Told, Word};
use super::{Invariant, Violation};

const EVER: (i64, i64) = (i64::MIN, i64::MAX);

pub(super) fn judge(story: &Story, broken: &mut Vec<Violation>) {
    if !story.rested {
        let why = "it did not come to rest after the faults had stopped".to_owned();
        broken.push(Violation::new(Invariant::I7, why));
    }
    for subject in &story.subjects {
        if let Some(why) = unfitting(story, subject) {
            let place = subject.arrives_at();
            broken.push(Violation::new(Invariant::I7, format!("{place} {why}")));
        }
        abort_after_complete(story, subject, broken);
        never_fitting(story, subject, broken);
        needless_question(story, subject, broken);
    }
}

/// Why a transfer may not end as it did.
fn unfitting(story: &Story, subject: &Subject) -> Option<String> {
    let said = |fits: fn(&Word) -> bool| story.was_said(subject.transfer, EVER, fits);
    let fits = match subject.state {
        State::Done => true,
        State::Skipped => true,
        State::Cancelled => said(|word| matches!(word, Word::Cancel { .. })),
        State::Paused => said(|word| *word == Word::Pause),
        State::Waiting {
            wait: Wait::Decision,
        } => is_question(story, subject),
        State::Waiting {
            wait: Wait::Restore,
        } => false,
        State::Failed { kind } => failed_for(story, subject, kind),
        State::Waiting { .. }
        | State::Queued
        | State::Starting
        | State::Copying
        | State::Completing
        | State::Verifying
        | State::Removing
        | State::Aborting => false,
    };
    (!fits).then(|| format!("ended as {:?} without a reason", subject.state))
}

/// Nobody is asked about an object of our own at the destination. With the power the word may go
/// that it is ours, and where the answer to a `CopyObject` was lost nothing may tell it. A Complete
/// is another matter: it was announced, and is proven or called unprovable.
fn needless_question(story: &Story, subject: &Subject, broken: &mut Vec<Violation>) {
    let asked = story.told.iter().any(|told| {
        told.transfer == subject.transfer
            && told.what == Note::Reason(FailureKind::DestinationConflict)
    });
    let excused = occupied(story, subject)
        || answer_lost(story, subject, &["CopyObject"])
        || barred_from_looking(story, subject)
        || not_understood(story, subject)
        // What was made of the source as it had been meanwhile is ours, and not the copy.
        || source_touched(story, subject)
        || story.endings.contains(&Ending::PowerCut);
    if asked && !excused {
        let place = subject.arrives_at();
        broken.push(Violation::new(
            Invariant::I7,
            format!("it was asked about {place}, where nobody else had written"),
        ));
    }
}

/// Whether the credential ended between a `CopyObject` and the look at what it had made: whoever
/// goes on later finds an object, and where tags cannot be compared nothing tells that it is ours.
fn barred_from_looking(story: &Story, subject: &Subject) -> bool {
    let wait = Wait::Credential;
    let waited = |(_, state)| state == State::Waiting { wait };
    let copied = |sent: &&Sent| sent.about.as_ref() == Some(&subject.arrives_at());
    let by_one_request = |sent: &Sent| sent.operation == "CopyObject";
    story.states(subject.transfer).any(waited)
        && story.sent.iter().filter(copied).any(by_one_request)
}

/// Whether the answer to a `CopyObject` came, and the program could not read it: it never went on
/// to compare what was made.
fn not_understood(story: &Story, subject: &Subject) -> bool {
    let asked = |told: &&Told| told.what == Note::Reason(FailureKind::DestinationConflict);
    let of_it = || {
        story
            .told
            .iter()
            .filter(|told| told.transfer == subject.transfer)
    };
    let asked_ms = of_it().find(asked).map_or(i64::MAX, |told| told.at_ms);
    let answered = story.sent.iter().any(|sent| {
        let copied = sent.operation == "CopyObject" && sent.status == Some(200);
        copied && sent.about.as_ref() == Some(&subject.destination) && sent.at_ms < asked_ms
    });
    let compared = of_it().any(|told| {
        let state = told.what == Note::State(State::Verifying);
        (state || matches!(told.what, Note::Verdict { .. })) && told.at_ms < asked_ms
    });
    answered && !compared
}

/// Failures that nothing in these stories can be the reason of, even if a retry mended them.
fn never_fitting(story: &Story, subject: &Subject, broken: &mut Vec<Violation>) {
    let found = story
        .states(subject.transfer)
        .find_map(|(_, state)| match state {
            State::Failed {
                kind: kind @ FailureKind::Invalid,
            } if !replaced_twice(story, subject) && !took_a_twin(story, subject) => Some(kind),
            State::Failed {
                kind:
                    kind @ (FailureKind::NotSupported
                    | FailureKind::ClockSkew
                    | FailureKind::Journal
                    | FailureKind::Tls),
            } => Some(kind),
            State::Failed {
                kind: kind @ FailureKind::VerificationFailed,
            } if !failed_for(story, subject, kind) => Some(kind),
            _ => None,
        });
    if let Some(kind) = found {
        let place = subject.arrives_at();
        broken.push(Violation::new(
            Invariant::I7,
            format!("{place} failed with {kind:?}, for which there was no reason"),
        ));
    }
}

/// Whether a part landed late and replaced another after the first Complete had been refused for
/// its parts: nobody looks more than once more.
fn replaced_twice(story: &Story, subject: &Subject) -> bool {
    let place = subject.arrives_at();
    let first = story.sent.iter().find(|sent| {
        sent.operation == "CompleteMultipartUpload" && sent.about.as_ref() == Some(&place)
    });
    first.is_some_and(|first| {
        story.deeds_at(&place).any(|deed| {
            deed.at_ms > first.at_ms
                && matches!(&deed.did, Did::PartWritten { upload, .. } if Some(upload) == first.upload.as_ref())
        })
    })
}

/// Whether the upload was a stranger's that looked like ours: the server may refuse our parts, for
/// it may have been begun with another key.
fn took_a_twin(story: &Story, subject: &Subject) -> bool {
    let held = subject.upload.as_ref().and_then(|row| row.id.as_ref());
    held.is_some_and(|id| story.twins.contains(id))
}

/// Whether something happened that only the user can judge.
fn is_question(story: &Story, subject: &Subject) -> bool {
    occupied(story, subject)
        || source_touched(story, subject)
        || answer_lost(story, subject, MAKING)
}

fn failed_for(story: &Story, subject: &Subject, kind: FailureKind) -> bool {
    match kind {
        FailureKind::SourceChanged | FailureKind::NoSuchSource => source_touched(story, subject),
        FailureKind::DestinationConflict => occupied(story, subject),
        FailureKind::Unprovable => answer_lost(story, subject, MAKING),
        // Only if somebody else wrote there after us.
        FailureKind::VerificationFailed => {
            // At the first place, or at the one beside it that the user chose afterwards.
            let replaced = |place: &Address| {
                let made = story.deeds_at(place).find(|deed| deed.is_ours());
                made.is_some_and(|made| story.stranger_at(place, (made.at_ms, i64::MAX)))
            };
            replaced(&subject.arrives_at()) || replaced(&subject.destination)
        }
        // A cancelled upload that could not be given back then; the sweep does it later.
        FailureKind::ExpiredCredential
        | FailureKind::WrongCredential
        | FailureKind::MissingCredential => {
            let cancelled = |word: &Word| matches!(word, Word::Cancel { .. });
            story.was_said(subject.transfer, EVER, cancelled)
        }
        FailureKind::Invalid => took_a_twin(story, subject),
        FailureKind::NoSuchUpload => {
            let place = subject.arrives_at();
            let vanished = |deed: &&Deed| matches!(deed.did, Did::Vanished { .. });
            story.deeds_at(&place).filter(vanished).count() > 2
        }
        _ => false,
    }
}

/// Something of somebody else's stands, or stood, at the destination.
fn occupied(story: &Story, subject: &Subject) -> bool {
    story.stranger_at(&subject.destination, EVER) || story.stranger_at(&subject.arrives_at(), EVER)
}

fn source_touched(story: &Story, subject: &Subject) -> bool {
    story.stranger_at(&subject.source, (story.begun_ms(), i64::MAX))
}

/// What makes an object.
const MAKING: &[&str] = &["CompleteMultipartUpload", "CopyObject"];

/// A request of one of these kinds never got its answer.
fn answer_lost(story: &Story, subject: &Subject, operations: &[&str]) -> bool {
    // Also before the copy got the name beside it.
    let places = [subject.arrives_at(), subject.destination.clone()];
    story.sent.iter().any(|sent| {
        sent.about.as_ref().is_some_and(|at| places.contains(at))
            && operations.contains(&sent.operation.as_str())
            // What a proxy says in the server's stead is no answer either.
            && (sent.status.is_none_or(|status| status >= 500) || sent.ended_ms.is_none())
    })
}

/// While what became of a Complete is not known, nothing is aborted: an abort that comes after it
/// took effect says that somebody did not wait.
fn abort_after_complete(story: &Story, subject: &Subject, broken: &mut Vec<Violation>) {
    let place = subject.arrives_at();
    let completed: Vec<(&str, i64)> = story
        .deeds_at(&place)
        .filter_map(|deed| match &deed.did {
            Did::Completed { upload, .. } => Some((upload.as_str(), deed.at_ms)),
            _ => None,
        })
        .collect();
    for (upload, at_ms) in completed {
        let aborted = story.sent.iter().any(|sent| {
            sent.operation == "AbortMultipartUpload"
                && sent.upload.as_deref() == Some(upload)
                && sent.at_ms > at_ms
                // What cannot be proven, the user may want made anew.
                && !story.was_said(subject.transfer, (at_ms, sent.at_ms), |word| {
                    *word == Word::StartOver
                })
        });
        if aborted {
            broken.push(Violation::new(
                Invariant::I3,
                format!("an abort was sent for the upload of {place}, which had been completed"),
            ));
        }
    }
}
