//! Stories made by hand: one that went well, and what the checker says when one thing in it is
//! otherwise.

use partway_democloud::{ContentId, Segment};
use partway_domain::conflict::ConflictPolicy;
use partway_domain::{DialectName, FailureKind, State, TransferId, Wait};

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
        clocks_apart: false,
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

#[test]
fn a_copy_of_two_sources_is_no_success() {
    let mixed = [content(7, 0, PART), content(8, PART, PART)].concat();
    let found = broken(|story| story.deeds[4] = completed(50, mixed));
    assert_eq!(found, [Invariant::I1]);
}

#[test]
fn a_copy_with_a_gap_or_of_nothing_is_no_success() {
    let short = content(7, 0, 2 * PART - 1);
    assert_eq!(
        broken(|story| story.deeds[4] = completed(50, short)),
        [Invariant::I1]
    );
    assert_eq!(
        broken(|story| {
            story.deeds.pop();
            story.subjects[0].upload = Some(Upload {
                id: Some(UPLOAD.to_owned()),
                aborting: true,
            });
            story.rested = false;
            story.rested = true;
            story.sent.push(Sent {
                status: Some(403),
                ..sent(80, "AbortMultipartUpload", destination())
            });
        }),
        [Invariant::I1],
        "nothing was made at all"
    );
}

#[test]
fn another_version_than_the_pinned_one_is_no_success() {
    let found = broken(|story| {
        let later = Did::Written(version("later", content(9, 0, 2 * PART)));
        story.deeds.insert(1, theirs(2, source(), later));
        story.deeds[5] = completed(50, content(9, 0, 2 * PART));
    });
    assert_eq!(found, [Invariant::I1]);
}

#[test]
fn the_size_alone_is_no_verification() {
    for (evidence, verified, expected) in [
        ("size; the two ETags follow different rules", true, 1),
        ("size; the two ETags follow different rules", false, 0),
        ("size and CRC-64/XZ of both objects' HEAD", true, 0),
    ] {
        let found = broken(|story| {
            story.subjects[0].verdict = Some(Verdict {
                verified,
                evidence: evidence.to_owned(),
            });
        });
        assert_eq!(found.len(), expected, "{evidence}, {verified}");
    }
}

/// Somebody writes the destination at this time.
fn intrusion(story: &mut Story, at_ms: i64) {
    let there = Did::Written(version("theirs", content(3, 0, 5)));
    let place = story.deeds.iter().position(|deed| deed.at_ms > at_ms);
    story
        .deeds
        .insert(place.unwrap(), theirs(at_ms, destination(), there));
}

#[test]
fn an_object_that_was_there_is_not_replaced_without_consent() {
    assert_eq!(broken(|story| intrusion(story, 2)), [Invariant::I2]);
    let allowed = broken(|story| {
        intrusion(story, 2);
        story.subjects[0].policy = ConflictPolicy::Overwrite;
    });
    assert_eq!(allowed, []);
    let decided = broken(|story| {
        intrusion(story, 2);
        story.said.push(said(15, Word::Replace));
    });
    assert_eq!(decided, []);
}

#[test]
fn an_object_that_came_meanwhile_is_seen_and_not_replaced() {
    assert_eq!(
        broken(|story| intrusion(story, 35)),
        [Invariant::I2],
        "it was looked at after it had come"
    );
    assert_eq!(
        broken(|story| intrusion(story, 45)),
        [],
        "it came after the last look"
    );
    let unseen = broken(|story| {
        intrusion(story, 45);
        story.sent.remove(6);
    });
    assert_eq!(unseen, [Invariant::I2], "nobody looked after the parts");
}

#[test]
fn what_arrived_is_not_made_again() {
    let twice = |story: &mut Story| {
        let again = "upload-2".to_owned();
        story.sent.insert(
            8,
            Sent {
                upload: Some(again.clone()),
                ..sent(56, "UploadPartCopy", destination())
            },
        );
        story.deeds.push(ours(
            55,
            Did::UploadMade {
                upload: again.clone(),
            },
        ));
        story.deeds.push(ours(
            57,
            Did::Completed {
                upload: again,
                version: version("tag-of-copy-2", content(7, 0, 2 * PART)),
            },
        ));
    };
    let found = broken(twice);
    assert!(found.contains(&Invariant::I2), "{found:?}");
    assert!(found.contains(&Invariant::I4), "{found:?}");
    let asked = broken(|story| {
        twice(story);
        story.said.push(said(52, Word::StartOver));
    });
    assert_eq!(asked, []);
}

/// The same transfer, killed before its Complete.
fn unfinished(story: &mut Story) {
    story.deeds.pop();
    story.sent.truncate(5);
    story.told.truncate(3);
    story.subjects[0].state = State::Paused;
    story.said.push(said(36, Word::Pause));
    story.subjects[0].verdict = None;
    story.subjects[0].upload = Some(Upload {
        id: Some(UPLOAD.to_owned()),
        aborting: false,
    });
}

#[test]
fn an_open_upload_stands_in_a_row() {
    assert_eq!(broken(unfinished), []);
    let forgotten = broken(|story| {
        unfinished(story);
        story.subjects[0].upload = None;
    });
    assert_eq!(forgotten, [Invariant::I3]);
    let never_known = broken(|story| {
        unfinished(story);
        story.subjects[0].upload = None;
        story.deeds.truncate(2);
        story.sent.truncate(3);
        story.told.clear();
        story.endings[0] = Ending::Killed;
    });
    assert_eq!(never_known, [], "the program was killed with the answer");
}

#[test]
fn an_upload_is_forgiven_where_its_time_says_nothing() {
    let unread = |story: &mut Story| {
        unfinished(story);
        story.subjects[0].upload = None;
        story.sent.truncate(3);
        story.deeds.truncate(2);
        story.told.clear();
    };
    assert_eq!(broken(unread), [Invariant::I3]);
    let apart = broken(|story| {
        unread(story);
        story.clocks_apart = true;
    });
    assert_eq!(apart, []);
}

#[test]
fn uploads_of_others_are_left_alone() {
    let stray = |story: &mut Story| {
        let made = Did::UploadMade {
            upload: "stray".to_owned(),
        };
        story.deeds.insert(1, theirs(2, destination(), made));
    };
    assert_eq!(broken(stray), []);
    let aborted = broken(|story| {
        stray(story);
        let aborted = Did::Aborted {
            upload: "stray".to_owned(),
        };
        story.deeds.push(ours(65, aborted));
    });
    assert_eq!(aborted, [Invariant::I3]);
    let twin = broken(|story| {
        stray(story);
        story.twins.push("stray".to_owned());
        let aborted = Did::Aborted {
            upload: "stray".to_owned(),
        };
        story.deeds.push(ours(65, aborted));
    });
    assert_eq!(twin, [], "nothing told it from the one of a lost Create");
}

#[test]
fn nothing_is_aborted_that_was_completed() {
    let found = broken(|story| {
        story
            .sent
            .push(sent(65, "AbortMultipartUpload", destination()));
    });
    assert_eq!(found, [Invariant::I3]);
}

#[test]
fn a_part_that_is_known_is_not_copied_again() {
    let again = |at_ms: i64| {
        move |story: &mut Story| {
            story.deeds.insert(4, part(at_ms, 1, "one"));
            story
                .sent
                .insert(5, sent(at_ms, "UploadPartCopy", destination()));
        }
    };
    assert_eq!(broken(again(36)), [Invariant::I4]);
    assert_eq!(
        broken(again(31)),
        [],
        "it was on its way when the first was confirmed"
    );
    let replaced = broken(|story| {
        story.deeds.insert(4, part(34, 1, "late"));
        again(36)(story);
        story.deeds.swap(4, 5);
    });
    assert_eq!(replaced, [], "a late part had replaced it");
}

#[test]
fn a_secret_is_found_in_every_spelling() {
    for text in [
        "GET / canary-secret",
        "63616e6172792d736563726574",
        "63616E6172792D736563726574",
        "Basic Y2FuYXJ5LXNlY3JldA==",
    ] {
        let found = broken(|story| story.places[0].1 = text.as_bytes().to_vec());
        assert_eq!(found, [Invariant::I5], "{text}");
    }
}

#[test]
fn the_same_request_is_not_sent_without_end() {
    let storm = |every_ms: i64| {
        move |story: &mut Story| {
            for time in 0..60 {
                story.sent.push(Sent {
                    status: Some(503),
                    ..sent(100 + time * every_ms, "HeadObject", source())
                });
            }
        }
    };
    assert_eq!(broken(storm(10)), [Invariant::I6]);
    assert_eq!(broken(storm(2_000)), []);
}

#[test]
fn requests_that_went_well_are_counted_too() {
    let found = broken(|story| {
        for time in 0..100 {
            story
                .sent
                .push(sent(100 + time * 1_000, "ListParts", destination()));
        }
    });
    assert_eq!(found, [Invariant::I6]);
}

#[test]
fn somebody_looks_before_a_complete_is_sent_again() {
    let lost = |story: &mut Story| {
        story.sent[7].status = None;
        story
            .sent
            .insert(8, sent(52, "CompleteMultipartUpload", destination()));
    };
    assert_eq!(broken(lost), [Invariant::I6]);
    let looked = broken(|story| {
        lost(story);
        story.sent.insert(8, sent(51, "ListParts", destination()));
    });
    assert_eq!(looked, []);
}

#[test]
fn a_journal_does_not_grow_without_bounds() {
    assert_eq!(
        broken(|story| story.journal_bytes = 100 << 20),
        [Invariant::I6]
    );
}

#[test]
fn everything_comes_to_an_end_or_to_a_question_that_fits() {
    for state in [
        State::Copying,
        State::Aborting,
        State::Waiting {
            wait: Wait::Network,
        },
        State::Failed {
            kind: FailureKind::VerificationFailed,
        },
        State::Cancelled,
    ] {
        let found = broken(|story| story.subjects[0].state = state);
        assert_eq!(found, [Invariant::I7], "{state:?}");
    }
    let cancelled = broken(|story| {
        story.subjects[0].state = State::Cancelled;
        story
            .said
            .push(said(90, Word::Cancel { keep_parts: false }));
    });
    assert_eq!(cancelled, []);
    let asked = broken(|story| {
        story.subjects[0].state = State::Waiting {
            wait: Wait::Decision,
        };
        story.sent[7].status = None;
    });
    assert_eq!(asked, [], "an answer was lost");
    assert_eq!(broken(|story| story.rested = false), [Invariant::I7]);
}

#[test]
fn nobody_is_asked_about_an_object_of_our_own() {
    let asked = |story: &mut Story| {
        let conflict = Note::Reason(FailureKind::DestinationConflict);
        story.told.insert(3, told(45, conflict));
    };
    assert_eq!(broken(asked), [Invariant::I7]);
    let theirs = broken(|story| {
        asked(story);
        intrusion(story, 45);
    });
    assert_eq!(theirs, []);
    let lost = |operation: &'static str| {
        broken(|story| {
            asked(story);
            story.sent[7].operation = operation.to_owned();
            story.sent[7].status = None;
        })
    };
    assert_eq!(lost("CompleteMultipartUpload"), [Invariant::I7]);
    assert_eq!(lost("CopyObject"), [], "nothing tells that it was ours");
}

#[test]
fn a_copy_fails_for_its_parts_only_if_they_were_replaced_again() {
    let refused = |story: &mut Story| {
        let kind = FailureKind::Invalid;
        let failed = told(55, Note::State(State::Failed { kind }));
        story.told.insert(3, failed);
    };
    assert_eq!(broken(refused), [Invariant::I7]);
    let late = broken(|story| {
        refused(story);
        story.deeds.push(part(52, 1, "late"));
    });
    assert_eq!(late, []);
}

#[test]
fn the_object_that_was_looked_at_is_ours() {
    let found = broken(|story| {
        let there = Did::Written(version("theirs", content(3, 0, 5)));
        story.deeds.push(theirs(55, destination(), there));
    });
    assert_eq!(found, [Invariant::I1]);
}

#[test]
fn a_complete_waits_for_all_its_parts() {
    let found = broken(|story| {
        story.deeds.remove(3);
    });
    assert_eq!(found, [Invariant::I1]);
}

#[test]
fn nothing_is_written_under_another_key() {
    let found = broken(|story| {
        for deed in &mut story.deeds {
            if deed.is_ours() {
                deed.at.key = "a/b".to_owned();
            }
        }
    });
    assert!(found.contains(&Invariant::I8), "{found:?}");
}

#[test]
fn what_is_left_out_is_left_alone() {
    let found = broken(|story| story.subjects[0].state = State::Skipped);
    assert_eq!(found, [Invariant::I8]);
}

/// The good story as a move: its source is deleted at the end.
fn moved(story: &mut Story, proven_ms: i64) {
    story.subjects[0].moving = true;
    story
        .told
        .push(told(proven_ms, Note::Verdict { verified: true }));
    let gone = Did::Deleted {
        version: None,
        marker: false,
    };
    story.deeds.push(Deed {
        at: source(),
        ..ours(65, gone)
    });
}

#[test]
fn a_move_deletes_what_was_proven_and_nothing_else() {
    assert_eq!(broken(|story| moved(story, 64)), []);
    assert_eq!(
        broken(|story| moved(story, 66)),
        [Invariant::I8],
        "deleted before it was proven"
    );
    let newer = broken(|story| {
        let later = Did::Written(version("later", content(9, 0, 2 * PART)));
        story.deeds.push(theirs(5, source(), later));
        moved(story, 64);
    });
    assert_eq!(newer, [Invariant::I8], "another version was there by then");
    let copied = broken(|story| {
        moved(story, 64);
        story.subjects[0].moving = false;
    });
    assert_eq!(copied, [Invariant::I8], "nobody had asked for a move");
}
