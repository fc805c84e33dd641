//! I1: no false success.

use std::collections::{BTreeMap, BTreeSet};

use partway_democloud::ObjectFacts;
use partway_domain::State;

use super::story::{Address, Deed, Did, Sent, Story, Subject, Version, Word};
use super::{Invariant, Violation};

const EVER: (i64, i64) = (i64::MIN, i64::MAX);

pub(super) fn judge(story: &Story, broken: &mut Vec<Violation>) {
    for subject in &story.subjects {
        if let Some(why) = incomplete(story, subject) {
            broken.push(Violation::new(Invariant::I1, why));
        }
        if matches!(subject.state, State::Done | State::Removing)
            && let Err(why) = success(story, subject)
        {
            broken.push(Violation::new(Invariant::I1, why));
        }
    }
}

/// A Complete is not sent before all its parts have arrived.
fn incomplete(story: &Story, subject: &Subject) -> Option<String> {
    let place = subject.arrives_at();
    let wanted = subject.pin.as_ref()?.parts as usize;
    // What is changed in its place may be of another size by the time it is begun anew.
    let of_before = |sent: &Sent| {
        subject.is_in_place() && story.was_bound_anew(subject, (sent.at_ms, i64::MAX))
    };
    story
        .sent
        .iter()
        .filter(|sent| {
            sent.operation == "CompleteMultipartUpload" && sent.about.as_ref() == Some(&place)
        })
        .filter(|sent| !of_before(sent))
        .find_map(|sent| {
            let arrived: BTreeSet<u32> = story
                .deeds_at(&place)
                .filter(|deed| deed.at_ms <= sent.at_ms)
                .filter_map(|deed| match &deed.did {
                    Did::PartWritten { upload, number, .. } => {
                        (Some(upload) == sent.upload.as_ref()).then_some(*number)
                    }
                    _ => None,
                })
                .collect();
            (arrived.len() < wanted).then(|| {
                format!(
                    "Complete of {place} was sent for {} of {wanted} parts",
                    arrived.len()
                )
            })
        })
}

fn success(story: &Story, subject: &Subject) -> Result<(), String> {
    let place = subject.arrives_at();
    let verdict = subject
        .verdict
        .as_ref()
        .ok_or_else(|| format!("{place} is done without a verdict"))?;
    if verdict.verified && is_size_alone(&verdict.evidence) {
        return Err(format!(
            "{place} is called verified by {:?}",
            verdict.evidence
        ));
    }
    let accepted = story.was_said(subject.transfer, EVER, |word| *word == Word::AcceptAsIs);
    if accepted && !verdict.verified {
        // A person has looked, and nothing is claimed beyond that.
        return Ok(());
    }
    let entered = |wanted: State| {
        let states = story.states(subject.transfer);
        // With the power an earlier one may have gone.
        states.filter(move |(_, state)| *state == wanted).last()
    };
    // A move is verified before its source goes, which may be long before it is done.
    let done_ms = entered(State::Removing)
        .or_else(|| entered(State::Done))
        .map_or(i64::MAX, |(at_ms, _)| at_ms);
    let made = story
        .deeds_at(&place)
        .filter(|deed| deed.is_ours() && deed.at_ms <= done_ms)
        .filter_map(|deed| Some((deed, deed.made()?)))
        .last();
    let Some((deed, copy)) = made else {
        // Somebody else's object of the very same bytes, and with all that goes along with them,
        // cannot be told from ours.
        let by_then = |deed: &&Deed| deed.at_ms <= done_ms;
        let theirs = story.deeds_at(&place).filter(by_then).filter_map(|deed| {
            let made = deed.made()?;
            Some((deed, original(story, subject, made).ok()))
        });
        let Some((there, Some(original))) = theirs.last() else {
            return Err(format!("{place} is done, but nothing was ever made there"));
        };
        return wears_the_same(story, subject, there, original);
    };
    if verdict.verified && is_of_somebody_else(story, &place, (deed, copy), done_ms) {
        return Err(format!(
            "{place} is called verified, but what was looked at was somebody else's"
        ));
    }
    let original = original(story, subject, copy)?;
    // Of what is copied onto itself, as it was by then, nobody claims more than its size.
    let is_claimed = verdict.verified || !subject.is_in_place();
    if is_claimed && !is_made_of_our_own(story, subject, copy) {
        is_bound(subject, original, copy)?;
    }
    has_its_properties(story, subject, deed, original)
}

/// Whether our object had been replaced by the time of the last look at it. One of the very same
/// bytes is as good, whoever wrote it.
fn is_of_somebody_else(
    story: &Story,
    place: &Address,
    (made, copy): (&Deed, &Version),
    done_ms: i64,
) -> bool {
    let looked = story.sent.iter().rev().find(|sent| {
        sent.operation == "HeadObject"
            && sent.about.as_ref() == Some(place)
            && sent.status == Some(200)
            && sent.ended_ms.is_some_and(|ended_ms| ended_ms <= done_ms)
    });
    let Some(looked) = looked else {
        return false;
    };
    let seen = story
        .deeds_at(place)
        .take_while(|deed| deed.at_ms < looked.at_ms)
        .filter_map(Deed::made)
        .last();
    let same = seen.is_some_and(|seen| seen.content == copy.content);
    !same && story.stranger_at(place, (made.at_ms + 1, looked.at_ms - 1))
}

/// The one version of the source that the copy is made of, whole.
fn original<'a>(
    story: &'a Story,
    subject: &Subject,
    copy: &Version,
) -> Result<&'a Version, String> {
    let pinned = subject.pin.as_ref().map(|pin| pin.etag.as_str());
    let mut same: Vec<&Version> = story
        .deeds_at(&subject.source)
        .filter(|deed| !deed.is_ours())
        .filter_map(Deed::made)
        .filter(|version| version.content == copy.content)
        .collect();
    // The same bytes may have been written twice.
    same.sort_by_key(|version| Some(version.etag.as_str()) == pinned);
    same.pop().ok_or_else(|| {
        format!(
            "{} is done, but is no version of {}: it has {} pieces, {} bytes",
            subject.arrives_at(),
            subject.source,
            copy.content.len(),
            copy.content.iter().map(|piece| piece.length).sum::<u64>(),
        )
    })
}

/// Whether what was changed in its place had been changed so before: that is its source then.
fn is_made_of_our_own(story: &Story, subject: &Subject, copy: &Version) -> bool {
    let pinned = subject.pin.as_ref().map(|pin| pin.etag.as_str());
    let ours = story
        .deeds_at(&subject.source)
        .filter(|deed| deed.is_ours());
    ours.filter_map(Deed::made)
        .any(|made| Some(made.etag.as_str()) == pinned && made.content == copy.content)
}

fn is_bound(subject: &Subject, original: &Version, copy: &Version) -> Result<(), String> {
    let place = subject.arrives_at();
    if let Some(asked) = &subject.version
        && original.id.as_ref() != Some(asked)
        // Versions of the same bytes cannot be told apart, and need not be.
        && subject.pin.as_ref().and_then(|pin| pin.version.as_ref()) != Some(asked)
    {
        return Err(format!("{place} is another version than {asked}"));
    }
    match &subject.pin {
        Some(pin) if pin.etag == original.etag => Ok(()),
        Some(pin) => Err(format!(
            "{place} ({}) was made of {}, but pinned was {}",
            copy.etag, original.etag, pin.etag
        )),
        None => Err(format!("{place} is done without a pin")),
    }
}

/// Compares what the server keeps beside the bytes, where both objects still stand.
fn has_its_properties(
    story: &Story,
    subject: &Subject,
    deed: &Deed,
    original: &Version,
) -> Result<(), String> {
    if story.stranger_at(&subject.arrives_at(), (deed.at_ms, i64::MAX))
        || was_begun_by_others(story, deed)
    {
        return Ok(());
    }
    if is_of_another_s_upload(story, deed) {
        return Ok(());
    }
    wears_the_same(story, subject, deed, original)
}

/// What goes along with the bytes, of what was made and its original.
fn wears_the_same(
    story: &Story,
    subject: &Subject,
    deed: &Deed,
    original: &Version,
) -> Result<(), String> {
    if subject.is_in_place() {
        // What it had before stands nowhere any more.
        return Ok(());
    }
    let made = deed.made().map_or("", |version| version.etag.as_str());
    let standing = |address, etag: &str| {
        let found = story.objects.iter().find(|(at, _)| *at == address);
        found
            .map(|(_, facts)| facts)
            .filter(|facts| facts.etag == etag)
    };
    let (Some(source), Some(copy)) = (
        standing(subject.source.clone(), &original.etag),
        standing(subject.arrives_at(), made),
    ) else {
        return Ok(());
    };
    let named: &[String] = subject
        .pin
        .as_ref()
        .map_or(&[], |pin| pin.not_carried.as_slice());
    let excused = |word: &str| named.iter().any(|what| what.contains(word));
    let how = match deed.did {
        Did::Completed { .. } => "parts",
        _ => "one request",
    };
    for (word, same) in properties(subject, source, copy) {
        if !same && !excused(word) {
            return Err(format!(
                "{} arrived by {how} without its {word}: {} for {}",
                subject.arrives_at(),
                shown(word, copy),
                shown(word, source),
            ));
        }
    }
    Ok(())
}

/// Whether an object was made by an upload of somebody else, which had got its properties by then:
/// one that the user chose, or that nothing told from ours.
fn was_begun_by_others(story: &Story, deed: &Deed) -> bool {
    let Did::Completed { upload, .. } = &deed.did else {
        return false;
    };
    story.deeds.iter().any(|made| {
        !made.is_ours() && matches!(&made.did, Did::UploadMade { upload: id } if id == upload)
    })
}

/// Whether the object came of an upload that somebody else began, with properties of their own:
/// the user chose it, or nothing tells it from the one of a lost Create.
fn is_of_another_s_upload(story: &Story, deed: &Deed) -> bool {
    let Did::Completed { upload, .. } = &deed.did else {
        return false;
    };
    let chosen = |word: &Word| matches!(word, Word::Adopt(id) if id == upload);
    story.twins.contains(upload) || story.said.iter().any(|said| chosen(&said.word))
}

fn properties(
    subject: &Subject,
    source: &ObjectFacts,
    copy: &ObjectFacts,
) -> [(&'static str, bool); 4] {
    [
        ("metadata", source.metadata == copy.metadata),
        (
            "headers",
            headers(source, &BTreeMap::new()) == headers(copy, &source.headers),
        ),
        ("tags", source.tags == copy.tags),
        (
            "class",
            subject.other_class || source.storage_class == copy.storage_class,
        ),
    ]
}

/// The headers, without a type that says no more than that there are bytes: servers tell one of
/// objects that have none.
fn headers<'a>(
    facts: &'a ObjectFacts,
    source: &BTreeMap<String, String>,
) -> BTreeMap<&'a str, &'a str> {
    let says_nothing = |name: &str, value: &str| {
        name == "content-type" && value.ends_with("/octet-stream") && !source.contains_key(name)
    };
    facts
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(name, value)| !says_nothing(name, value))
        .collect()
}

fn shown(word: &str, facts: &ObjectFacts) -> String {
    match word {
        "metadata" => format!("{:?}", facts.metadata),
        "headers" => format!("{:?}", facts.headers),
        "tags" => format!("{:?}", facts.tags),
        _ => facts.storage_class.clone(),
    }
}

/// Whether nothing but a size was compared: whatever is said in reason of it stands behind a
/// semicolon.
fn is_size_alone(evidence: &str) -> bool {
    let compared = evidence.split(';').next().unwrap_or("").trim();
    compared.is_empty() || compared == "size"
}
