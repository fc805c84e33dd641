//! I8: keys are exact; what is left out stays untouched; only a proven copy lets its source go.

use partway_domain::conflict::ConflictPolicy;
use partway_domain::{State, TransferId};

use super::story::{Address, Deed, Did, Ending, Note, Sent, Story, Subject, Version, Word};
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
        let said = |word: fn(&Word) -> bool| {
            let about = |of: TransferId| of == subject.transfer;
            let all = story.said.iter();
            all.filter(|said| said.transfer.is_none_or(about) && word(&said.word))
                .count()
        };
        // The policy holds anew for what is begun anew, beside what a lost note was about.
        let by_policy = match subject.policy {
            ConflictPolicy::KeepBoth => {
                1 + said(|word| matches!(word, Word::StartOver | Word::Retry))
            }
            _ => 0,
        };
        let most = by_policy + said(|word| *word == Word::KeepBoth);
        subject.destination == *at || is_beside(&subject.destination, at, most)
    });
    (!wanted).then(|| format!("{at} was written, which nobody had asked for"))
}

/// Whether a key is one that a copy gets where another keeps its own: "a (2).bin", and "a (2)
/// (2).bin" where that is kept as well. Never more numbers than somebody wanted both kept.
fn is_beside(taken: &Address, at: &Address, most: usize) -> bool {
    let folder_end = |key: &str| key.trim_end_matches('/').rfind('/').map_or(0, |at| at + 1);
    let (taken_key, key) = (taken.key.as_str(), at.key.as_str());
    let name_at = folder_end(taken_key);
    if at.bucket != taken.bucket || folder_end(key) != name_at {
        return false;
    }
    let added = key.len().saturating_sub(taken_key.len());
    // A number stands where the extension begins, behind a name of at least one letter.
    (name_at + 1..=taken_key.len())
        .filter(|cut| taken_key.is_char_boundary(*cut))
        .filter(|cut| matches!(taken_key.as_bytes().get(*cut), None | Some(b'.' | b'/')))
        .filter(|cut| key.starts_with(&taken_key[..*cut]) && key.ends_with(&taken_key[*cut..]))
        .any(|cut| (1..=most).contains(&numbers(&key[cut..cut + added])))
}

/// How many numbers from 2 on, as in " (2) (3)", a text consists of; 0 if of anything else.
fn numbers(text: &str) -> usize {
    let is_number = |piece: &&str| {
        let digits = piece.strip_suffix(')').unwrap_or_default();
        let plain = !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain && !digits.is_empty() && digits != "1"
    };
    let mut pieces = text.split(" (");
    let pure = pieces.next() == Some("");
    let (found, fitting) = (pieces.clone().count(), pieces.filter(is_number).count());
    if pure && found == fitting { found } else { 0 }
}

/// A transfer that was left out before anything was made left its destination alone.
fn touched(story: &Story, subject: &Subject) -> Option<String> {
    if story.was_said(subject.transfer, EVER, |word| *word == Word::Skip) {
        return None;
    }
    let mut said = story.said.iter().rev();
    let anew_ms = said
        .find(|said| {
            said.transfer.is_none_or(|of| of == subject.transfer) && said.word == Word::StartOver
        })
        .map_or(i64::MIN, |said| said.at_ms);
    let made = story.deeds_at(&subject.destination).any(|deed| {
        let made = deed.is_ours() && deed.made().is_some();
        // What was begun anew is compared with what the first attempt had made.
        let stands = deed.at_ms > anew_ms
            && !was_missed(story, subject, deed)
            && !story.was_bound_anew(subject, (deed.at_ms, i64::MAX));
        made && stands && !is_forgotten(story, deed)
    });
    made.then(|| format!("{} was left out, but was written", subject.destination))
}

/// Whether somebody had written over the copy before anything was left out: that is about what
/// stands there since, and another attempt.
fn was_missed(story: &Story, subject: &Subject, deed: &Deed) -> bool {
    let left_out = Note::State(State::Skipped);
    let mut told = story.told.iter().rev();
    let last = told.find(|told| told.transfer == subject.transfer && told.what == left_out);
    last.is_some_and(|told| story.stranger_at(&subject.destination, (deed.at_ms, told.at_ms)))
}

/// Whether a word that may wait went with the power: that a small object was ours.
fn is_forgotten(story: &Story, deed: &Deed) -> bool {
    let mut sent = story.sent.iter();
    let sending = sent.find(|sent| sent.request.is_some() && sent.request == deed.request);
    let from = sending.map_or(0, |sent| sent.life);
    let mut later = story.endings.iter().skip(from);
    matches!(deed.did, Did::Written(_)) && later.any(|ending| *ending == Ending::PowerCut)
}

/// The version that buckets without versions share, for whatever stands there.
const NULL: &str = "null";

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
        (Some(pinned), _) if pinned != NULL => {
            gone.id.as_ref() == Some(pinned) || replaced_unseen(story, subject, deed)
        }
        _ => gone.etag == pin.etag || replaced_unseen(story, subject, deed),
    };
    let right = right || was_copied_before(story, subject, deed, gone);
    (!right).then(|| format!("{at} was deleted in another version than the one that was copied"))
}

/// Whether the user had the copy begun anew since, which a retry does where the source changed, and
/// what was deleted had been copied before: of the pins a transfer had, only the last is in its row.
fn was_copied_before(story: &Story, subject: &Subject, deed: &Deed, gone: &Version) -> bool {
    let anew = story.was_said(subject.transfer, EVER, |word| {
        matches!(word, Word::StartOver | Word::Retry)
    });
    let mut copies = story.deeds.iter().filter(|other| {
        let there = other.at == subject.destination || other.at == subject.arrives_at();
        there && other.is_ours() && other.at_ms <= deed.at_ms
    });
    anew && copies.any(|copy| copy.made().is_some_and(|made| made.content == gone.content))
}

/// Whether the source was replaced so shortly before it was deleted that nobody could see it: after
/// the last look before the removal was sent, which was sent once after that look. Of one that arrived late, or twice, nobody knows which
/// it was.
fn replaced_unseen(story: &Story, subject: &Subject, deed: &Deed) -> bool {
    let about = |sent: &&Sent| sent.about.as_ref() == Some(&subject.source);
    let removals = || {
        let sent = story.sent.iter().filter(about);
        sent.filter(|sent| sent.operation == "DeleteObject" && sent.at_ms <= deed.at_ms)
    };
    let answered = removals().find(|sent| sent.request == deed.request);
    let unheard = || removals().find(|sent| sent.request.is_none() || sent.doubled);
    let Some(sending) = answered.or_else(unheard) else {
        return false;
    };
    let looked_ms = story
        .sent
        .iter()
        .filter(about)
        .filter(|sent| sent.operation == "HeadObject" && sent.at_ms <= sending.at_ms)
        .map(|sent| sent.at_ms)
        .max();
    looked_ms.is_some_and(|looked_ms| {
        !story.is_sent_again(sending, looked_ms)
            && story.stranger_at(&subject.source, (looked_ms, deed.at_ms))
    })
}
