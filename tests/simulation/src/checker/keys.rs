//! I8: keys are exact; what is left out stays untouched; only a proven copy lets its source go.

use partway_domain::State;
use partway_domain::conflict::ConflictPolicy;

use super::story::{Address, Deed, Did, Ending, Note, Story, Subject, Version, Word};
use super::{Invariant, Violation};

const EVER: (i64, i64) = (i64::MIN, i64::MAX);

pub(super) fn judge(story: &Story, broken: &mut Vec<Violation>) {
    for deed in story.deeds.iter().filter(|deed| deed.is_ours()) {
        let why = match &deed.did {
            Did::Deleted { version, marker } => removal(story, deed, version.as_deref(), *marker),
            _ => astray(story, &deed.at),
        };
        if let Some(why) = why {
            broken.push(Violation::new(Invariant::I8, why));
        }
    }
    for subject in &story.subjects {
        if subject.state == State::Skipped
            && let Some(why) = touched(story, subject)
        {
            broken.push(Violation::new(Invariant::I8, why));
        }
    }
}

/// Why nothing should have been written at this address.
fn astray(story: &Story, at: &Address) -> Option<String> {
    let wanted = story.subjects.iter().any(|subject| {
        let beside = subject.policy == ConflictPolicy::KeepBoth
            || story.was_said(subject.transfer, EVER, |word| *word == Word::KeepBoth);
        subject.destination == *at || (beside && is_beside(&subject.destination, at))
    });
    (!wanted).then(|| format!("{at} was written, which nobody had asked for"))
}

/// Whether a key is one that a copy gets where another keeps its own: "a (2).bin", and beside that
/// one "a (2) (2).bin".
fn is_beside(taken: &Address, at: &Address) -> bool {
    let mut key = at.key.clone();
    while let Some((from, to)) = number_in(&key) {
        key.replace_range(from..to, "");
    }
    at.bucket == taken.bucket && key == taken.key
}

/// Where " (2)" stands in a name.
fn number_in(key: &str) -> Option<(usize, usize)> {
    let from = key.rfind(" (")?;
    let to = from + key[from..].find(')')? + 1;
    let number = &key[from + 2..to - 1];
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    digits.then_some((from, to))
}

/// A transfer that was left out before anything was made left its destination alone.
fn touched(story: &Story, subject: &Subject) -> Option<String> {
    // What was begun anew is compared with what the first attempt had made.
    let asked = |word: &Word| matches!(word, Word::Skip | Word::StartOver);
    if story.was_said(subject.transfer, EVER, asked) {
        return None;
    }
    let made = story
        .deeds_at(&subject.destination)
        .any(|deed| deed.is_ours() && deed.made().is_some());
    // With the power a word that may wait goes: that the small object was ours.
    let forgotten = story.endings.contains(&Ending::PowerCut);
    (made && !forgotten).then(|| format!("{} was left out, but was written", subject.destination))
}

/// Why an object of the user's should not have been deleted.
fn removal(story: &Story, deed: &Deed, version: Option<&str>, marker: bool) -> Option<String> {
    let at = &deed.at;
    let Some(subject) = story
        .subjects
        .iter()
        .find(|subject| subject.moving && subject.source == *at)
    else {
        return Some(format!("{at} was deleted, which nobody had asked for"));
    };
    let proven = story.told.iter().any(|told| {
        told.transfer == subject.transfer
            && told.at_ms <= deed.at_ms
            && told.what == Note::Verdict { verified: true }
    });
    if !proven {
        return Some(format!("{at} was deleted before its copy was proven"));
    }
    let pin = subject.pin.as_ref()?;
    // What stood there when it was deleted.
    let gone = story
        .deeds_at(at)
        .take_while(|other| !std::ptr::eq(*other, deed))
        .filter_map(Deed::made)
        .last()?;
    let right = match (&pin.version, version) {
        (Some(pinned), Some(deleted)) if !marker => pinned == deleted,
        // Without its version only the current one can be meant.
        (Some(pinned), _) => gone.id.as_ref() == Some(pinned),
        (None, _) => gone.etag == pin.etag,
    };
    let right = right
        || replaced_unseen(story, subject, deed)
        || was_copied_before(story, subject, deed, gone);
    (!right).then(|| format!("{at} was deleted in another version than the one that was copied"))
}

/// Whether the user had the copy begun anew since, and what was deleted had been copied before:
/// of the pins a transfer had, only the last is in its row.
fn was_copied_before(story: &Story, subject: &Subject, deed: &Deed, gone: &Version) -> bool {
    let anew = story.was_said(subject.transfer, EVER, |word| *word == Word::StartOver);
    let mut copies = story.deeds.iter().filter(|other| {
        let there = other.at == subject.destination || other.at == subject.arrives_at();
        there && other.is_ours() && other.at_ms <= deed.at_ms
    });
    anew && copies.any(|copy| copy.made().is_some_and(|made| made.content == gone.content))
}

/// Whether the source was replaced so shortly before it was deleted that nobody could see it.
fn replaced_unseen(story: &Story, subject: &Subject, deed: &Deed) -> bool {
    let looked_ms = story
        .sent
        .iter()
        .filter(|sent| {
            sent.operation == "HeadObject"
                && sent.about.as_ref() == Some(&subject.source)
                && sent.at_ms <= deed.at_ms
        })
        .map(|sent| sent.at_ms)
        .max();
    looked_ms.is_some_and(|looked_ms| story.stranger_at(&subject.source, (looked_ms, deed.at_ms)))
}
