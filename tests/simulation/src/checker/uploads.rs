//! I3: no upload is forgotten, and none of somebody else's is touched.

use std::collections::{BTreeMap, BTreeSet};

use partway_domain::{FailureKind, State};

use super::story::{Deed, Did, Ending, Note, Sent, Story, Told, Word};
use super::{Invariant, Violation};

pub(super) fn judge(story: &Story, broken: &mut Vec<Violation>) {
    let mut open: BTreeMap<&str, &Deed> = BTreeMap::new();
    let mut strangers: BTreeSet<&str> = BTreeSet::new();
    for deed in &story.deeds {
        match &deed.did {
            Did::UploadMade { upload } => {
                open.insert(upload, deed);
                if !deed.is_ours() {
                    strangers.insert(upload);
                }
            }
            Did::Completed { upload, .. } | Did::Aborted { upload } | Did::Vanished { upload } => {
                open.remove(upload.as_str());
            }
            _ => {}
        }
        if let Some(why) = meddling(story, deed, &strangers) {
            broken.push(Violation::new(Invariant::I3, why));
        }
    }
    for (upload, made) in open {
        if made.is_ours()
            && let Some(why) = forgotten(story, upload, made)
        {
            broken.push(Violation::new(Invariant::I3, why));
        }
    }
}

/// Why a deed of ours had no business with an upload of somebody else.
fn meddling(story: &Story, deed: &Deed, strangers: &BTreeSet<&str>) -> Option<String> {
    let (upload, what) = match &deed.did {
        Did::PartWritten { upload, .. } => (upload, "got a part"),
        Did::Completed { upload, .. } => (upload, "was completed"),
        Did::Aborted { upload } => (upload, "was aborted"),
        _ => return None,
    };
    let adopted = || {
        let mut said = story.said.iter();
        said.any(|said| matches!(&said.word, Word::Adopt(id) if id == upload))
    };
    // The only empty upload that can be the one of a lost Create is taken for it.
    let taken = story.twins.contains(upload);
    (deed.is_ours() && strangers.contains(upload.as_str()) && !taken && !adopted()).then(|| {
        format!(
            "an upload of somebody else's for {} {what} by the copy",
            deed.at
        )
    })
}

/// Why an upload of ours that is still open should not be.
fn forgotten(story: &Story, upload: &str, made: &Deed) -> Option<String> {
    let holder = story.subjects.iter().find(|subject| {
        let row = subject.upload.as_ref();
        row.is_some_and(|row| row.id.as_deref() == Some(upload))
    });
    if let Some(subject) = holder {
        let row = subject.upload.as_ref()?;
        let settled = match subject.state {
            State::Done | State::Skipped => true,
            State::Cancelled => gives_back(story),
            _ => false,
        };
        return if settled && !row.aborting {
            Some(format!(
                "the upload of {} is still open, though it is {:?}",
                made.at, subject.state
            ))
        } else if row.aborting && story.rested && !is_refused(story, upload) {
            Some(format!(
                "the upload of {} stays in the queue of aborts",
                made.at
            ))
        } else {
            None
        };
    }
    let unknown = !story.is_used(upload);
    let create = story
        .sent
        .iter()
        .find(|sent| sent.request.is_some() && sent.request == made.request);
    // Nobody can know it: the answer never came, or the program ended with it.
    let lost = create.is_none_or(|create| was_cut_off(story, create));
    if unknown && (lost || was_left(story, upload, made)) {
        return None;
    }
    Some(format!(
        "an upload of {} is open and stands in no row",
        made.at
    ))
}

/// Whether the last cancel wanted the parts given back.
fn gives_back(story: &Story) -> bool {
    let mut said = story.said.iter().rev();
    let last = said.find(|said| matches!(said.word, Word::Cancel { .. }));
    last.is_some_and(|said| said.word == Word::Cancel { keep_parts: false })
}

/// Whether the server was asked for the abort in calm weather and would not.
fn is_refused(story: &Story, upload: &str) -> bool {
    story.sent.iter().any(|sent| {
        sent.operation == "AbortMultipartUpload"
            && sent.upload.as_deref() == Some(upload)
            && sent.at_ms >= story.calm_from_ms
            && sent
                .status
                .is_some_and(|status| (400..500).contains(&status))
    })
}

/// Whether this upload could not be told from another one that was open and empty as well, and the
/// user was told so: unless one is chosen, none is touched.
fn was_left(story: &Story, upload: &str, made: &Deed) -> bool {
    let about = |told: &Told| {
        let subject = story.subjects.iter().find(|subject| {
            subject.transfer == told.transfer
                && (subject.destination == made.at || subject.arrives_at() == made.at)
        });
        let uncertain = Note::Reason(FailureKind::UploadUncertain);
        subject.is_some() && (told.what == uncertain || told.what == Note::Uncertain)
    };
    let mut told = story.told.iter().filter(|told| about(told));
    told.any(|told| made.at_ms <= told.at_ms && has_rival(story, upload, made, told.at_ms))
}

/// Whether another upload of the same key that could be ours was open and empty at this time.
fn has_rival(story: &Story, upload: &str, made: &Deed, at_ms: i64) -> bool {
    let by_then = || {
        let deeds = story.deeds_at(&made.at);
        deeds.take_while(|deed| deed.at_ms <= at_ms)
    };
    let is_spent = |other: &str| {
        by_then().any(|deed| match &deed.did {
            Did::PartWritten { upload, .. }
            | Did::Completed { upload, .. }
            | Did::Aborted { upload }
            | Did::Vanished { upload } => upload == other,
            _ => false,
        })
    };
    by_then().any(|deed| match &deed.did {
        Did::UploadMade { upload: other } => {
            let fits = deed.is_ours() || story.twins.contains(other);
            other != upload && fits && !is_spent(other)
        }
        _ => false,
    })
}

/// Whether the answer to a Create was lost, or its life ended before more was done with it.
fn was_cut_off(story: &Story, create: &Sent) -> bool {
    let lost = create.status != Some(200) || create.garbled || create.ended_ms.is_none();
    let killed = story
        .endings
        .get(create.life)
        .is_some_and(|ending| *ending != Ending::Closed);
    lost || killed
}
