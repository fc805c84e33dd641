//! I7: when the faults stop everything comes to an end, or to a question that fits.

use partway_domain::{FailureKind, State, Wait};

use super::story::{Address, Deed, Did, Ending, Note, Sent, Story, Subject, Told, Version, Word};
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

/// Nobody is asked about an object of our own at the destination that could be known for it. A
/// Complete always can: it was announced, and is proven or called unprovable.
fn needless_question(story: &Story, subject: &Subject, broken: &mut Vec<Violation>) {
    let asked = story.told.iter().find(|told| {
        told.transfer == subject.transfer
            && told.what == Note::Reason(FailureKind::DestinationConflict)
            && !is_answerable(story, subject, told)
    });
    if asked.is_some() {
        let place = subject.arrives_at();
        broken.push(Violation::new(
            Invariant::I7,
            format!("it was asked about {place}, where nobody else had written"),
        ));
    }
}

/// Whether somebody else had written at the destination when a question about it was asked, or
/// nothing told that what stood there was ours.
fn is_answerable(story: &Story, subject: &Subject, asked: &Told) -> bool {
    // The copy may have got the name beside it before or since.
    [subject.destination.clone(), subject.arrives_at()]
        .iter()
        .any(|place| {
            let standing = story
                .deeds_at(place)
                .take_while(|deed| deed.at_ms <= asked.at_ms)
                .filter(|deed| deed.made().is_some())
                .last();
            story.stranger_at(place, (i64::MIN, asked.at_ms))
                || was_given_up(story, subject, asked)
                || standing.is_some_and(|deed| {
                    is_nameless(story, subject, deed, asked)
                        || is_of_another(story, subject, deed, asked)
                })
        })
}

/// Whether the user had given the copy up, with all that was known of it, before it was taken up
/// again: a Complete that had landed by then is nobody's any more.
fn was_given_up(story: &Story, subject: &Subject, asked: &Told) -> bool {
    story.was_said(subject.transfer, (i64::MIN, asked.at_ms), |word| {
        *word == Word::Cancel { keep_parts: false }
    })
}

/// Whether an object of ours was made of what the source had been before it was written again:
/// whether that is to go, only the user knows.
fn is_of_another(story: &Story, subject: &Subject, deed: &Deed, asked: &Told) -> bool {
    let Some(pinned) = pinned(story, subject, asked) else {
        return false;
    };
    let mut originals = story.deeds_at(&subject.source).filter_map(Deed::made);
    let same = originals.any(|original| {
        original.etag == *pinned
            && deed
                .made()
                .is_some_and(|made| made.content == original.content)
    });
    // By one request, while it was bound to another: it is not known for what it is by now.
    let anew = matches!(deed.did, Did::Written(_))
        && story.was_bound_anew(subject, (deed.at_ms, asked.at_ms));
    (!same || anew) && story.stranger_at(&subject.source, (story.begun_ms(), asked.at_ms))
}

/// The tag of the source that a transfer was bound to when it asked.
fn pinned<'a>(story: &'a Story, subject: &'a Subject, asked: &Told) -> Option<&'a String> {
    let told = story.told.iter();
    let mut pins = told
        .filter(|told| told.transfer == subject.transfer)
        .filter_map(|told| match &told.what {
            Note::Pinned { etag } => Some((told.at_ms, etag)),
            _ => None,
        })
        .peekable();
    if pins.peek().is_none() {
        // Never pinned anew, it is bound in the end to what it was bound to in the beginning.
        return subject.pin.as_ref().map(|pin| &pin.etag);
    }
    pins.take_while(|(at_ms, _)| *at_ms <= asked.at_ms)
        .last()
        .map(|(_, etag)| etag)
}

/// Whether nothing could tell that an object was ours: its tag is not that of the source, and the
/// one that the answer to its `CopyObject` told was never heard or is forgotten.
fn is_nameless(story: &Story, subject: &Subject, deed: &Deed, asked: &Told) -> bool {
    let Did::Written(version) = &deed.did else {
        return false;
    };
    let mut sent = story.sent.iter();
    let sending = sent.find(|sent| sent.request.is_some() && sent.request == deed.request);
    let lives = sending.map_or(0, |sent| sent.life)..asked.life;
    if lives
        .filter_map(|life| story.endings.get(life))
        .any(|ending| *ending == Ending::PowerCut)
    {
        // With the power goes the word that a small object was sent, and what its answer was.
        return true;
    }
    let touched = story.stranger_at(&subject.source, (deed.at_ms, asked.at_ms));
    if touched && sending.is_none_or(|sending| is_unheard(sending) || sending.garbled) {
        // Whether it is the copy in everything only the source could tell.
        return true;
    }
    if pinned(story, subject, asked) == Some(&version.etag) && is_md5(&version.etag) {
        return false;
    }
    let Some(sending) = sending else {
        // It came late, and nobody waited for an answer any more.
        return true;
    };
    let noted = story.told.iter().any(|told| {
        told.transfer == subject.transfer
            && told.at_ms <= asked.at_ms
            && matches!(&told.what, Note::Made { etag } if *etag == version.etag)
    });
    let unheard = is_unheard(sending) || sending.garbled;
    let killed = story.endings.get(sending.life) == Some(&Ending::Killed);
    unheard || killed && !noted
}

/// Whether a tag is of the kind that is the same for the same bytes.
fn is_md5(etag: &str) -> bool {
    etag.len() == 32 && etag.bytes().all(|byte| byte.is_ascii_hexdigit())
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

/// Whether a part that nobody waited for any more replaced another between the look that a refused
/// Complete led to and the next Complete, which was refused for it: nobody looks more than once.
fn replaced_twice(story: &Story, subject: &Subject) -> bool {
    // The copy may have got the name beside it since.
    let places = [subject.destination.clone(), subject.arrives_at()];
    let deeds = places.iter().flat_map(|place| story.deeds_at(place));
    deeds.into_iter().any(|deed| {
        let Did::PartWritten { upload, .. } = &deed.did else {
            return false;
        };
        let about = || {
            let sent = story.sent.iter();
            sent.filter(|sent| sent.upload.as_ref() == Some(upload))
        };
        let looked = about()
            .skip_while(|sent| !is_refused(story, sent))
            .find(|sent| sent.operation == "ListParts");
        replaces_unawaited(story, deed)
            && looked.is_some_and(|looked| looked.at_ms <= deed.at_ms)
            && about()
                .filter(|sent| is_refused(story, sent))
                .any(|refused| refused.ended_ms >= Some(deed.at_ms))
    })
}

/// Whether the server said of a Complete that it was wrong, be it with a 200.
fn is_refused(story: &Story, sent: &Sent) -> bool {
    let made = || {
        let mut deeds = story.deeds.iter();
        deeds.any(|deed| deed.request == sent.request && matches!(deed.did, Did::Completed { .. }))
    };
    sent.operation == "CompleteMultipartUpload"
        && sent.ended_ms.is_some()
        && matches!(sent.status, Some(200 | 400))
        && !made()
}

/// Whether a part took the place of another with a tag that nobody could be told of: whoever had
/// sent it had given it up, or had got an answer to its twin.
fn replaces_unawaited(story: &Story, deed: &Deed) -> bool {
    let Did::PartWritten {
        upload,
        number,
        etag,
    } = &deed.did
    else {
        return false;
    };
    let awaited = story.sent.iter().any(|sent| {
        sent.request.is_some()
            && sent.request == deed.request
            && sent.ended_ms.is_some_and(|ended| ended >= deed.at_ms)
    });
    let mut before = story
        .deeds_at(&deed.at)
        .filter(|earlier| earlier.at_ms <= deed.at_ms);
    let replaces = before.any(|earlier| {
        matches!(&earlier.did, Did::PartWritten { upload: of, number: same, etag: other }
            if of == upload && same == number && other != etag)
    });
    replaces && !awaited
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
            // Also before, unseen: what is copied onto itself may not be compared with a source.
            let touched = subject.is_in_place() && source_touched(story, subject);
            // At the first place, or at the one beside it that the user chose afterwards.
            let replaced = |place: &Address| {
                let made = story.deeds_at(place).find(|deed| deed.is_ours());
                made.is_some_and(|made| story.stranger_at(place, (made.at_ms, i64::MAX)))
                    || is_twin_replaced(story, subject, place)
            };
            touched || replaced(&subject.arrives_at()) || replaced(&subject.destination)
        }
        // A cancelled upload that could not be given back then; the sweep does it later.
        FailureKind::ExpiredCredential
        | FailureKind::WrongCredential
        | FailureKind::MissingCredential => {
            let cancelled = |word: &Word| matches!(word, Word::Cancel { .. });
            story.was_said(subject.transfer, EVER, cancelled)
        }
        FailureKind::Invalid => replaced_twice(story, subject) || took_a_twin(story, subject),
        FailureKind::NoSuchUpload => {
            let place = subject.arrives_at();
            let vanished = |deed: &&Deed| matches!(deed.did, Did::Vanished { .. });
            story.deeds_at(&place).filter(vanished).count() > 2
        }
        _ => false,
    }
}

/// Whether somebody wrote there what the source has, and somebody something else later: where the
/// answer to our own copy was lost, the first cannot be told from it.
fn is_twin_replaced(story: &Story, subject: &Subject, place: &Address) -> bool {
    let of_source = |made: &Version| {
        let mut sources = story.deeds_at(&subject.source).filter_map(Deed::made);
        sources.any(|source| source.etag == made.etag)
    };
    let mut theirs = story.deeds_at(place).filter(|deed| !deed.is_ours());
    let twin = theirs.find(|deed| deed.made().is_some_and(of_source));
    // The twin itself is a stranger's, too.
    let later = |twin: &Deed| story.stranger_at(place, (twin.at_ms + 1, i64::MAX));
    answer_lost(story, subject, MAKING) && twin.is_some_and(later)
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
            && is_unheard(sent)
    })
}

/// Whether the program never heard from the server itself.
fn is_unheard(sent: &Sent) -> bool {
    // What a proxy says in the server's stead is no answer either.
    sent.status.is_none_or(|status| status >= 500) || sent.ended_ms.is_none()
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
