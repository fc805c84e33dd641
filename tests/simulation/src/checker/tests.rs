//! Stories made by hand: one that went well, and what the checker says when one thing in it is
//! otherwise.

mod bounds;
mod destination;
mod moves;
mod redo;
mod rest;
mod secrets;
mod success;
mod uploads;

use partway_democloud::{ContentId, Segment};
use partway_domain::conflict::ConflictPolicy;
use partway_domain::{DialectName, State, TransferId};

use super::story::*;
use super::{Invariant, judge};

const UPLOAD: &str = "upload-1";

const SOURCE_TAG: &str = "tag-of-source";

const PART: u64 = 100;

fn source() -> Address {
    Address {
        bucket: "from".to_owned(),
        key: "a//b".to_owned(),
    }
}

fn destination() -> Address {
    Address {
        bucket: "to".to_owned(),
        key: "a//b".to_owned(),
    }
}

fn content(seed: u64, offset: u64, length: u64) -> Vec<Segment> {
    vec![Segment {
        content: ContentId::Virtual(seed),
        offset,
        length,
    }]
}

fn version(etag: &str, content: Vec<Segment>) -> Version {
    Version {
        id: None,
        etag: etag.to_owned(),
        content,
    }
}

fn theirs(at_ms: i64, at: Address, did: Did) -> Deed {
    Deed {
        at_ms,
        at,
        request: None,
        did,
    }
}

fn ours(at_ms: i64, did: Did) -> Deed {
    Deed {
        at_ms,
        at: destination(),
        request: Some(format!("request-{at_ms}")),
        did,
    }
}

fn part(at_ms: i64, number: u32, etag: &str) -> Deed {
    ours(
        at_ms,
        Did::PartWritten {
            upload: UPLOAD.to_owned(),
            number,
            etag: etag.to_owned(),
        },
    )
}

fn completed(at_ms: i64, content: Vec<Segment>) -> Deed {
    ours(
        at_ms,
        Did::Completed {
            upload: UPLOAD.to_owned(),
            version: version("tag-of-copy-2", content),
        },
    )
}

/// A request that was answered with 200 after a moment, at the time of the deed it did.
fn sent(at_ms: i64, operation: &str, about: Address) -> Sent {
    let of_upload = matches!(
        operation,
        "UploadPartCopy" | "CompleteMultipartUpload" | "AbortMultipartUpload" | "ListParts"
    );
    Sent {
        life: 0,
        at_ms,
        ended_ms: Some(at_ms + 1),
        operation: operation.to_owned(),
        about: Some(about),
        upload: of_upload.then(|| UPLOAD.to_owned()),
        part: None,
        status: Some(200),
        garbled: false,
        doubled: false,
        request: Some(format!("request-{at_ms}")),
    }
}

fn told(at_ms: i64, what: Note) -> Told {
    Told {
        life: 0,
        at_ms,
        transfer: TransferId(1),
        what,
    }
}

fn said(at_ms: i64, word: Word) -> Said {
    Said {
        at_ms,
        transfer: None,
        word,
    }
}

/// An object of two parts that arrived.
fn good() -> Story {
    let part_done = |number: u32, etag: &str| Note::PartDone {
        number,
        etag: etag.to_owned(),
    };
    Story {
        dialect: DialectName::S3,
        subjects: vec![Subject {
            transfer: TransferId(1),
            source: source(),
            version: None,
            destination: destination(),
            moving: false,
            policy: ConflictPolicy::Ask,
            other_class: false,
            state: State::Done,
            row_key: destination().key,
            pin: Some(Pinned {
                etag: SOURCE_TAG.to_owned(),
                version: None,
                parts: 2,
                not_carried: Vec::new(),
            }),
            upload: None,
            verdict: Some(Verdict {
                verified: true,
                evidence: "size and ETag rule over 2 part ETags".to_owned(),
            }),
        }],
        twins: Vec::new(),
        deeds: vec![
            theirs(
                1,
                source(),
                Did::Written(version(SOURCE_TAG, content(7, 0, 2 * PART))),
            ),
            ours(
                20,
                Did::UploadMade {
                    upload: UPLOAD.to_owned(),
                },
            ),
            part(30, 1, "one"),
            part(31, 2, "two"),
            completed(50, content(7, 0, 2 * PART)),
        ],
        sent: vec![
            sent(10, "HeadObject", source()),
            sent(11, "HeadObject", destination()),
            sent(20, "CreateMultipartUpload", destination()),
            sent(30, "UploadPartCopy", destination()),
            sent(31, "UploadPartCopy", destination()),
            sent(40, "HeadObject", source()),
            sent(41, "HeadObject", destination()),
            sent(50, "CompleteMultipartUpload", destination()),
            sent(60, "HeadObject", destination()),
        ],
        told: vec![
            told(
                21,
                Note::UploadKnown {
                    upload: UPLOAD.to_owned(),
                },
            ),
            told(32, part_done(1, "one")),
            told(33, part_done(2, "two")),
            told(70, Note::State(State::Done)),
        ],
        said: Vec::new(),
        endings: vec![Ending::Closed],
        objects: Vec::new(),
        calm_from_ms: 5,
        rested: true,
        journal_bytes: 100_000,
        canaries: vec![("the secret".to_owned(), b"canary-secret".to_vec())],
        places: vec![("journal".to_owned(), b"nothing to be seen".to_vec())],
    }
}

/// The invariants that a change of the good story breaks, each once.
fn broken(change: impl FnOnce(&mut Story)) -> Vec<Invariant> {
    let mut story = good();
    change(&mut story);
    let mut broken: Vec<_> = judge(&story)
        .into_iter()
        .map(|violation| violation.invariant)
        .collect();
    broken.dedup();
    broken
}

#[test]
fn a_story_that_went_well_is_not_complained_about() {
    assert_eq!(judge(&good()), []);
}

/// The same object copied by one request, with a tag that is no sum of the bytes.
fn small(story: &mut Story) {
    let version = version("tag-of-copy", content(7, 0, 2 * PART));
    story.deeds.truncate(1);
    story.deeds.push(ours(50, Did::Written(version)));
    story.sent.drain(2..7);
    story.sent[2].operation = "CopyObject".to_owned();
    story.sent[2].upload = None;
    story.told = vec![
        told(51, Note::State(State::Verifying)),
        told(70, Note::State(State::Done)),
    ];
}

/// Somebody writes the destination at this time.
fn intrusion(story: &mut Story, at_ms: i64) {
    let there = Did::Written(version("theirs", content(3, 0, 5)));
    let place = story.deeds.iter().position(|deed| deed.at_ms > at_ms);
    story
        .deeds
        .insert(place.unwrap(), theirs(at_ms, destination(), there));
}
