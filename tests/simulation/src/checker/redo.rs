//! I4: what is known to be copied is not copied again.

use std::collections::BTreeMap;

use partway_domain::FailureKind;

use super::story::{Deed, Did, Note, Story, Subject, Word};
use super::{Invariant, Violation};

pub(super) fn judge(story: &Story, broken: &mut Vec<Violation>) {
    parts(story, broken);
    for subject in &story.subjects {
        uploads(story, subject, broken);
    }
}

/// A part that the journal was told of, and that is still as it was told, is not copied again.
fn parts(story: &Story, broken: &mut Vec<Violation>) {
    let known = known(story);
    let sent_ms: BTreeMap<&str, i64> = story
        .sent
        .iter()
        .filter_map(|sent| Some((sent.request.as_deref()?, sent.at_ms)))
        .collect();
    let mut standing: BTreeMap<(&str, u32), &str> = BTreeMap::new();
    let mut again = 0;
    let mut first = None;
    for deed in &story.deeds {
        let Did::PartWritten {
            upload,
            number,
            etag,
        } = &deed.did
        else {
            continue;
        };
        let part = (upload.as_str(), *number);
        if let Some(request) = deed.request.as_deref()
            && let Some(before) = standing.get(&part)
            && let Some((at_ms, told)) = known.get(&part)
            && told == before
            // A request that was on its way when the part became known is not a new one.
            && sent_ms.get(request).is_some_and(|sent_ms| sent_ms > at_ms)
        {
            again += 1;
            first.get_or_insert((deed, *number));
        }
        standing.insert(part, etag);
    }
    if let Some((deed, number)) = first {
        broken.push(Violation::new(
            Invariant::I4,
            format!(
                "{again} parts were copied again though the journal knew them, part {number} of {} first",
                deed.at
            ),
        ));
    }
}

/// What the journal was told first of each part: when, and which tag.
fn known(story: &Story) -> BTreeMap<(&str, u32), (i64, &str)> {
    let mut upload_of = BTreeMap::new();
    let mut known = BTreeMap::new();
    for told in &story.told {
        match &told.what {
            Note::UploadKnown { upload } => {
                upload_of.insert(told.transfer, upload.as_str());
            }
            Note::PartDone { number, etag } => {
                if let Some(upload) = upload_of.get(&told.transfer) {
                    known
                        .entry((*upload, *number))
                        .or_insert((told.at_ms, etag.as_str()));
                }
            }
            _ => {}
        }
    }
    known
}

/// How an upload of ours stood when the next one for the same key was begun.
enum Fate {
    Open,
    Completed,
    Aborted,
    Vanished,
}

/// An upload that holds parts is not left for another without a reason.
fn uploads(story: &Story, subject: &Subject, broken: &mut Vec<Violation>) {
    let place = subject.arrives_at();
    let mut present: Option<(&Deed, u32, Fate)> = None;
    for deed in story.deeds_at(&place) {
        match &deed.did {
            // One that arrived twice or late is nobody's choice, also where it is of use later.
            Did::UploadMade { upload }
                if deed.is_ours() && story.is_used(upload) && !story.is_second_arrival(deed) =>
            {
                if let Some((made, parts, fate)) = &present
                    && *parts > 0
                    && let Some(how) = left(story, subject, (made, deed), fate)
                {
                    broken.push(Violation::new(
                        Invariant::I4,
                        format!(
                            "an upload of {place} with {parts} parts {how}, and another was begun"
                        ),
                    ));
                }
                present = Some((deed, 0, Fate::Open));
            }
            Did::PartWritten { .. } => {
                if let Some((_, parts, _)) = &mut present {
                    *parts += 1;
                }
            }
            Did::Completed { .. } => end(&mut present, Fate::Completed),
            Did::Aborted { .. } => end(&mut present, Fate::Aborted),
            Did::Vanished { .. } => end(&mut present, Fate::Vanished),
            _ => {}
        }
    }
}

fn end(present: &mut Option<(&Deed, u32, Fate)>, how: Fate) {
    if let Some((_, _, fate)) = present {
        *fate = how;
    }
}

/// How an upload was left without a reason.
fn left(
    story: &Story,
    subject: &Subject,
    (made, next): (&Deed, &Deed),
    fate: &Fate,
) -> Option<&'static str> {
    let span = (made.at_ms, next.at_ms);
    let wanted = story.was_said(subject.transfer, span, |word| {
        matches!(
            word,
            Word::Retry | Word::Cancel { .. } | Word::StartOver | Word::Replace | Word::KeepBoth
        )
    });
    // Said, and so: a word about a source that nobody touched excuses nothing.
    let touched = story.stranger_at(&subject.source, (story.begun_ms(), span.1));
    let changed = touched
        && story.told.iter().any(|told| {
            told.transfer == subject.transfer
                && (span.0..=span.1).contains(&told.at_ms)
                && told.what == Note::Reason(FailureKind::SourceChanged)
        });
    let replaced = story.stranger_at(&subject.arrives_at(), span);
    match fate {
        Fate::Vanished => None,
        Fate::Completed if wanted || changed || replaced => None,
        Fate::Completed => Some("was completed"),
        Fate::Aborted if wanted || changed => None,
        Fate::Aborted => Some("was aborted unasked"),
        Fate::Open if wanted || changed => None,
        Fate::Open => Some("was still open"),
    }
}
