//! I2: a destination is untouched until its Complete, and never replaced without consent.

use partway_domain::conflict::ConflictPolicy;

use super::story::{Address, Deed, Did, Sent, Story, Subject, Word};
use super::{Invariant, Violation};

pub(super) fn judge(story: &Story, broken: &mut Vec<Violation>) {
    for subject in &story.subjects {
        let mut standing: Option<&Deed> = None;
        let place = subject.arrives_at();
        for deed in story.deeds_at(&place) {
            match &deed.did {
                Did::Written(_) | Did::Completed { .. } => {
                    if deed.is_ours()
                        && let Some(before) = standing
                        && let Some(why) = unasked(story, subject, before, deed)
                    {
                        broken.push(Violation::new(Invariant::I2, why));
                    }
                    standing = Some(deed);
                }
                Did::Deleted { .. } => {
                    let moved = story
                        .subjects
                        .iter()
                        .any(|other| other.moving && other.source == place);
                    if deed.is_ours() && !moved {
                        let why = format!("{place} was deleted by the copy");
                        broken.push(Violation::new(Invariant::I2, why));
                    }
                    standing = None;
                }
                _ => {}
            }
        }
    }
}

/// Why our `deed` had no right to replace what stood there `before`.
fn unasked(story: &Story, subject: &Subject, before: &Deed, deed: &Deed) -> Option<String> {
    let place = subject.arrives_at();
    if before.is_ours() {
        return again(story, subject, before, deed)
            .then(|| format!("{place} was made, and then made again without being asked for"));
    }
    let content = |deed: &Deed| deed.made().map(|made| made.content.clone());
    if subject.is_in_place() && content(before) == content(deed) {
        // What is there is what it is to be.
        return None;
    }
    let until_then = (before.at_ms, deed.at_ms);
    let asked = |word: &Word| matches!(word, Word::Replace | Word::StartOver | Word::AcceptAsIs);
    let is_asked_for = subject.policy == ConflictPolicy::Overwrite && !subject.is_in_place();
    if is_asked_for || story.was_said(subject.transfer, until_then, asked) {
        return None;
    }
    let was_there = before.at_ms < story.begun_ms();
    let by_facts = matches!(
        subject.policy,
        ConflictPolicy::IfNewer | ConflictPolicy::IfDifferent
    );
    if by_facts && before.at_ms <= compared_ms(story, &place, deed) {
        return None;
    }
    if was_there {
        return Some(format!(
            "{place} stood there before the copy began and was replaced"
        ));
    }
    let sending = sending(story, deed)?;
    let looked_ms = looked_before(story, subject, sending);
    match looked_ms {
        None => Some(format!(
            "{place} was not looked at between its last part and its Complete, and an object of \
             somebody else was replaced"
        )),
        Some(looked_ms) if story.is_sent_again(sending, looked_ms) => Some(format!(
            "{place} was written by somebody else, and replaced by a {} that was sent again on an old look",
            sending.operation
        )),
        // What came between the look and the Complete nobody could see.
        Some(looked_ms) if looked_ms <= before.at_ms => None,
        Some(_) => Some(format!(
            "{place} was written by somebody else, was looked at, and was replaced all the same"
        )),
    }
}

/// When the destination was last seen before the copy that a deed ended was begun: what stood there
/// by then was compared. An upload that only looked like ours is older than what we did with it.
fn compared_ms(story: &Story, place: &Address, deed: &Deed) -> i64 {
    let first = match &deed.did {
        Did::Completed { upload, .. } => {
            let mut ours = story.deeds_at(place).filter(|deed| deed.is_ours());
            ours.find(|ours| match &ours.did {
                Did::UploadMade { upload: id } | Did::PartWritten { upload: id, .. } => {
                    id == upload
                }
                _ => false,
            })
        }
        _ => Some(deed),
    };
    let Some(first) = first else {
        return deed.at_ms;
    };
    // Of what came late nobody knows when it was sent.
    let Some(begun) = sending(story, first) else {
        return first.at_ms;
    };
    story
        .sent
        .iter()
        .take_while(|sent| !std::ptr::eq(*sent, begun))
        .filter(|sent| sent.operation == "HeadObject" && sent.about.as_ref() == Some(place))
        .filter(|sent| sent.status.is_some())
        .filter_map(|sent| sent.ended_ms)
        .last()
        .unwrap_or(i64::MIN)
}

/// Whether a copy of ours was made anew though nobody wanted it and nothing was wrong with it.
fn again(story: &Story, subject: &Subject, before: &Deed, deed: &Deed) -> bool {
    let between = (before.at_ms, deed.at_ms);
    let asked = story.was_said(subject.transfer, between, |word| {
        matches!(word, Word::Retry | Word::Replace | Word::StartOver)
    });
    let changed = story.stranger_at(&subject.arrives_at(), between)
        || story.stranger_at(&subject.source, between);
    // One `CopyObject` is the same as two, and its answer may have been lost.
    let repeated = matches!(deed.did, Did::Written(_));
    !asked && !changed && !repeated
}

/// The request that did it.
fn sending<'a>(story: &'a Story, deed: &Deed) -> Option<&'a Sent> {
    let mut sent = story.sent.iter();
    sent.find(|sent| sent.request.is_some() && sent.request == deed.request)
}

/// When the destination was last looked at before this request; `None` if not after the last part.
fn looked_before(story: &Story, subject: &Subject, sending: &Sent) -> Option<i64> {
    let place = subject.arrives_at();
    let earlier = || {
        story
            .sent
            .iter()
            .take_while(|sent| !std::ptr::eq(*sent, sending))
            .filter(|sent| sent.about.as_ref() == Some(&place))
    };
    let looked = earlier()
        .filter(|sent| sent.operation == "HeadObject" && sent.status.is_some())
        .last();
    let last_part = earlier()
        .filter(|sent| sent.operation == "UploadPartCopy" && sent.upload == sending.upload)
        .last();
    match (looked, last_part) {
        (Some(looked), Some(part)) if looked.at_ms < part.at_ms => None,
        (looked, _) => looked.map(|looked| looked.at_ms),
    }
}
