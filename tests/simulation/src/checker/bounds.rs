//! I6: requests and the journal are bounded.

use std::collections::BTreeMap;

use super::story::{Ending, Sent, Story};
use super::{Invariant, Violation};

/// A span in which a request may be repeated only so often, in milliseconds.
const SPAN_MS: i64 = 10_000;

/// How often the same request may be repeated within [`SPAN_MS`].
const REPEATED: usize = 40;

/// Requests of a transfer beside its parts: looking, creating, completing, proving.
const BESIDE_PARTS: u64 = 14;

/// Requests that one thing gone wrong may cost: the repeats of a call and the looks that follow.
const PER_TROUBLE: u64 = 12;

/// Requests that a new beginning of a transfer may cost.
const PER_BEGINNING: u64 = 16;

/// Bytes of an empty journal and of what one request may add to it and its log.
const EMPTY_JOURNAL: u64 = 2 << 20;
const PER_REQUEST: u64 = 64 << 10;

pub(super) fn judge(story: &Story, broken: &mut Vec<Violation>) {
    bursts(story, broken);
    total(story, broken);
    twice(story, broken);
    let most = EMPTY_JOURNAL + PER_REQUEST * story.sent.len() as u64;
    if story.journal_bytes > most {
        broken.push(Violation::new(
            Invariant::I6,
            format!(
                "the journal has {} bytes after {} requests",
                story.journal_bytes,
                story.sent.len()
            ),
        ));
    }
}

/// The same request over and over.
fn bursts(story: &Story, broken: &mut Vec<Violation>) {
    let mut times: BTreeMap<_, Vec<i64>> = BTreeMap::new();
    for sent in story.sent.iter().filter(|sent| !is_fine(sent)) {
        let same = (&sent.operation, &sent.about, sent.part, &sent.upload);
        times.entry(same).or_default().push(sent.at_ms);
    }
    for ((operation, about, ..), times) in times {
        // What names no key may be about any of them.
        let may_be_about = if about.is_some() {
            1
        } else {
            story.subjects.len()
        };
        let most = REPEATED * may_be_about.max(1);
        let burst = times
            .windows(most)
            .any(|span| span[most - 1] - span[0] < SPAN_MS);
        if burst {
            let about = about.as_ref().map(ToString::to_string).unwrap_or_default();
            broken.push(Violation::new(
                Invariant::I6,
                format!("{operation} of {about} was repeated {most} times within {SPAN_MS} ms"),
            ));
        }
    }
}

fn total(story: &Story, broken: &mut Vec<Violation>) {
    let needed: u64 = story
        .subjects
        .iter()
        .map(|subject| {
            let parts = subject.pin.as_ref().map_or(1, |pin| u64::from(pin.parts));
            parts + BESIDE_PARTS
        })
        .sum();
    let trouble = story.sent.iter().filter(|sent| !is_fine(sent)).count() as u64;
    let strangers = story.deeds.iter().filter(|deed| !deed.is_ours()).count() as u64;
    let beginnings = (story.endings.len() + story.said.len()) as u64 * story.subjects.len() as u64;
    // A part copied again for a reason is a request more.
    let again = parts_again(story);
    let most =
        needed * 13 / 10 + again + PER_TROUBLE * (trouble + strangers) + PER_BEGINNING * beginnings;
    let sent = story.sent.len() as u64;
    if sent > most {
        broken.push(Violation::new(
            Invariant::I6,
            format!(
                "{sent} requests were sent, {needed} were needed; {trouble} went wrong, and {beginnings} beginnings"
            ),
        ));
    }
}

/// Parts of uploads that were lost or given up.
fn parts_again(story: &Story) -> u64 {
    let mut uploads: BTreeMap<_, u64> = BTreeMap::new();
    for sent in &story.sent {
        if sent.operation == "UploadPartCopy" {
            *uploads.entry((&sent.about, &sent.upload)).or_default() += 1;
        }
    }
    let mut largest: BTreeMap<_, u64> = BTreeMap::new();
    for ((about, _), parts) in &uploads {
        let most = largest.entry(about).or_default();
        *most = (*most).max(*parts);
    }
    uploads.values().sum::<u64>() - largest.values().sum::<u64>()
}

/// A Complete without an answer is not sent again before somebody has looked.
fn twice(story: &Story, broken: &mut Vec<Violation>) {
    let mut unknown: BTreeMap<&str, usize> = BTreeMap::new();
    for sent in &story.sent {
        let Some(upload) = sent.upload.as_deref() else {
            continue;
        };
        match sent.operation.as_str() {
            "CompleteMultipartUpload" => {
                if unknown.get(upload) == Some(&sent.life) {
                    let about = sent.about.as_ref().map(ToString::to_string);
                    broken.push(Violation::new(
                        Invariant::I6,
                        format!(
                            "Complete of {} was sent again, and nobody had looked what became of it",
                            about.unwrap_or_default()
                        ),
                    ));
                }
                if sent.status.is_none() && arrived(story, sent) {
                    unknown.insert(upload, sent.life);
                } else {
                    unknown.remove(upload);
                }
            }
            _ => {
                unknown.remove(upload);
            }
        }
    }
}

/// Whether the server had a request, as far as is known.
fn arrived(story: &Story, sent: &Sent) -> bool {
    let killed = story
        .endings
        .get(sent.life)
        .is_some_and(|ending| *ending != Ending::Closed);
    sent.request.is_some() && (sent.ended_ms.is_some() || !killed)
}

fn is_fine(sent: &Sent) -> bool {
    sent.status
        .is_some_and(|status| (200..300).contains(&status) || status == 404)
}
