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
        garbled: false,
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
fn an_upload_that_has_a_rival_is_left_where_the_user_was_told() {
    let unread = |story: &mut Story| {
        unfinished(story);
        story.subjects[0].upload = None;
        story.sent.truncate(3);
        story.deeds.truncate(2);
        story.told.clear();
    };
    let rival = |story: &mut Story| {
        let made = Did::UploadMade {
            upload: "rival".to_owned(),
        };
        story.deeds.push(theirs(21, destination(), made));
        story.twins.push("rival".to_owned());
    };
    let word = |what: Note| move |story: &mut Story| story.told.push(told(25, what));
    assert_eq!(broken(unread), [Invariant::I3]);
    let alone = broken(|story| {
        unread(story);
        word(Note::Reason(FailureKind::UploadUncertain))(story);
    });
    assert_eq!(alone, [Invariant::I3], "it was the only one");
    let unsaid = broken(|story| {
        unread(story);
        rival(story);
    });
    assert_eq!(unsaid, [Invariant::I3], "nobody was told");
    let spent = broken(|story| {
        unread(story);
        rival(story);
        let got = Did::PartWritten {
            upload: "rival".to_owned(),
            number: 1,
            etag: "theirs".to_owned(),
        };
        story.deeds.push(theirs(22, destination(), got));
        word(Note::Uncertain)(story);
    });
    assert_eq!(spent, [Invariant::I3], "the other one had parts");
    for what in [Note::Reason(FailureKind::UploadUncertain), Note::Uncertain] {
        let left = broken(|story| {
            unread(story);
            rival(story);
            word(what)(story);
        });
        assert_eq!(left, []);
    }
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

/// What is otherwise in a story.
type Change = fn(&mut Story);

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

#[test]
fn nobody_is_asked_about_an_object_of_our_own() {
    let asked = |story: &mut Story| {
        let conflict = Note::Reason(FailureKind::DestinationConflict);
        story.told.push(told(62, conflict));
    };
    let large = broken(|story| {
        asked(story);
        story.sent[7].status = None;
    });
    assert_eq!(large, [Invariant::I7], "a Complete was announced");
    let anothers = broken(|story| {
        asked(story);
        intrusion(story, 45);
    });
    assert_eq!(anothers, []);
    let of_another = |at_ms: i64, bytes: u64| {
        broken(|story| {
            asked(story);
            let later = Did::Written(version("later", content(bytes, 0, 2 * PART)));
            story.deeds.insert(1, theirs(at_ms, source(), later));
            let etag = "later".to_owned();
            story.told.insert(3, told(61, Note::Pinned { etag }));
        })
    };
    assert_eq!(of_another(55, 9), [], "the source was written again");
    assert_eq!(of_another(55, 7), [Invariant::I7], "with the same bytes");
    // A copy of what the source became while it was sent, and the row pinned anew since.
    let pinned_since = |first: &str| {
        broken(|story| {
            small(story);
            asked(story);
            let etag = |tag: &str| Note::Pinned {
                etag: tag.to_owned(),
            };
            let tag = "0123456789abcdef0123456789abcdef";
            for deed in &mut story.deeds {
                if let Did::Written(version) = &mut deed.did {
                    version.etag = tag.to_owned();
                }
            }
            story.sent[2].ended_ms = None;
            story.subjects[0].pin.as_mut().unwrap().etag = tag.to_owned();
            story.told.insert(0, told(2, etag(first)));
            story.told.push(told(80, etag(tag)));
        })
    };
    let tag = "0123456789abcdef0123456789abcdef";
    assert_eq!(pinned_since("another"), [], "it was bound to another");
    assert_eq!(pinned_since(tag), [Invariant::I7], "it was bound to this");
    let with = |change: &dyn Fn(&mut Story)| {
        broken(|story| {
            small(story);
            asked(story);
            change(story);
        })
    };
    assert_eq!(broken(small), []);
    assert_eq!(with(&|_| {}), [Invariant::I7], "its answer told its tag");
    let excuses: [(&str, Change); 4] = [
        ("lost", |story| story.sent[2].status = None),
        ("garbled", |story| story.sent[2].garbled = true),
        ("late", |story| story.sent[2].request = None),
        ("died", |story| {
            story.endings = vec![Ending::Killed, Ending::Closed];
        }),
    ];
    for (word, change) in excuses {
        assert_eq!(with(&change), [], "{word}");
        let comparable = with(&|story| {
            change(story);
            let tag = "0123456789abcdef0123456789abcdef";
            story.subjects[0].pin.as_mut().unwrap().etag = tag.to_owned();
            for deed in &mut story.deeds {
                if let Did::Written(version) = &mut deed.did {
                    version.etag = tag.to_owned();
                }
            }
        });
        assert_eq!(comparable, [Invariant::I7], "{word}, with equal tags");
    }
    let noted = with(&|story| {
        story.endings = vec![Ending::Killed, Ending::Closed];
        let etag = "tag-of-copy".to_owned();
        story.told.insert(0, told(51, Note::Made { etag }));
    });
    assert_eq!(noted, [Invariant::I7], "the journal knew its tag");
    let power = |endings: [Ending; 2]| {
        with(&|story| {
            story.endings = endings.to_vec();
            story.told.last_mut().unwrap().life = 1;
        })
    };
    assert_eq!(power([Ending::PowerCut, Ending::Closed]), []);
    assert_eq!(
        power([Ending::Closed, Ending::PowerCut]),
        [Invariant::I7],
        "the power went after the question"
    );
}

#[test]
fn a_copy_fails_for_its_parts_only_if_they_were_replaced_again() {
    let refused = |story: &mut Story| {
        let kind = FailureKind::Invalid;
        let failed = told(55, Note::State(State::Failed { kind }));
        story.told.insert(3, failed);
    };
    assert_eq!(broken(refused), [Invariant::I7]);
    // The first Complete is refused, the parts are looked at, and the second one is refused too.
    let twice = |change: &dyn Fn(&mut Story)| {
        broken(|story| {
            refused(story);
            story.sent[7].at_ms = 42;
            let mut second = sent(49, "CompleteMultipartUpload", destination());
            second.status = Some(400);
            let mut first = second.clone();
            (first.at_ms, first.ended_ms, first.request) = (38, Some(39), None);
            story.sent.insert(5, first);
            story.sent.insert(6, sent(40, "ListParts", destination()));
            story.sent.insert(9, second);
            change(story);
        })
    };
    let land = |story: &mut Story, at_ms: i64, etag: &str| {
        let place = story.deeds.iter().position(|deed| deed.at_ms > at_ms);
        story.deeds.insert(place.unwrap(), part(at_ms, 1, etag));
    };
    assert_eq!(twice(&|_| {}), [Invariant::I7], "nothing was replaced");
    assert_eq!(twice(&|story| land(story, 44, "late")), []);
    let in_200 = twice(&|story| {
        land(story, 44, "late");
        story.sent[5].status = Some(200);
        story.sent[9].status = Some(200);
    });
    assert_eq!(in_200, [], "the refusals came with a 200");
    let unheard = twice(&|story| {
        land(story, 44, "late");
        story.sent[9].status = None;
    });
    assert!(
        unheard.contains(&Invariant::I7),
        "nothing was refused again"
    );
    assert_eq!(
        twice(&|story| land(story, 44, "one")),
        [Invariant::I7],
        "by one with the same tag"
    );
    assert_eq!(
        twice(&|story| land(story, 39, "late")),
        [Invariant::I7],
        "before the look"
    );
    let awaited = twice(&|story| {
        land(story, 44, "new");
        let copied = sent(44, "UploadPartCopy", destination());
        story.sent.insert(8, copied);
    });
    assert!(awaited.contains(&Invariant::I7), "by one that was answered");
    let given_up = |late: bool| {
        twice(&|story| {
            story.subjects[0].state = State::Failed {
                kind: FailureKind::Invalid,
            };
            story.deeds.pop();
            story.subjects[0].upload = Some(Upload {
                id: Some(UPLOAD.to_owned()),
                aborting: false,
            });
            if late {
                story.deeds.push(part(44, 1, "late"));
            }
        })
    };
    assert_eq!(given_up(true), [], "and stays so");
    assert_eq!(given_up(false), [Invariant::I7]);
}

#[test]
fn the_object_that_was_looked_at_is_ours() {
    let found = broken(|story| {
        let there = Did::Written(version("theirs", content(3, 0, 5)));
        story.deeds.push(theirs(55, destination(), there));
    });
    assert_eq!(found, [Invariant::I1]);
    let same = |bytes_last: bool| {
        broken(|story| {
            let mut written = [content(7, 0, 2 * PART), content(3, 0, 5)];
            if bytes_last {
                written.reverse();
            }
            for (at_ms, content) in [54, 55].into_iter().zip(written) {
                let there = Did::Written(version("theirs", content));
                story.deeds.push(theirs(at_ms, destination(), there));
            }
        })
    };
    assert_eq!(same(true), [], "it has the very same bytes");
    assert_eq!(same(false), [Invariant::I1], "it had them only for a while");
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
fn a_name_beside_has_as_many_numbers_as_there_were_answers() {
    let named = |key: &'static str, answers: usize| {
        broken(|story| {
            story.subjects[0].row_key = key.to_owned();
            for deed in &mut story.deeds {
                if deed.is_ours() {
                    deed.at.key = key.to_owned();
                }
            }
            for sent in &mut story.sent {
                if sent.about == Some(destination()) {
                    sent.about.as_mut().unwrap().key = key.to_owned();
                }
            }
            for _ in 0..answers {
                story.said.push(said(15, Word::KeepBoth));
            }
        })
    };
    assert_eq!(named("a//b (2)", 1), []);
    assert_eq!(named("a//b (2) (13)", 2), []);
    for (key, answers) in [
        ("a//b (2)", 0),
        ("a//b (2) (2)", 1),
        ("a//b (1)", 1),
        ("a//b (x)", 1),
        ("a// (2)b", 1),
        ("a/ (2)/b", 1),
    ] {
        assert_eq!(named(key, answers), [Invariant::I8], "{key}");
    }
}

#[test]
fn what_is_left_out_is_left_alone() {
    let found = broken(|story| story.subjects[0].state = State::Skipped);
    assert_eq!(found, [Invariant::I8]);
    let anew = |at_ms: i64| {
        broken(|story| {
            story.subjects[0].state = State::Skipped;
            story.said.push(said(at_ms, Word::StartOver));
        })
    };
    assert_eq!(anew(55), [], "the first attempt had made it");
    assert_eq!(anew(15), [Invariant::I8], "it was made since");
    let forgotten = |small_one: bool| {
        broken(|story| {
            if small_one {
                small(story);
            }
            story.subjects[0].state = State::Skipped;
            story.endings = vec![Ending::PowerCut, Ending::Closed];
        })
    };
    assert_eq!(forgotten(true), []);
    assert_eq!(
        forgotten(false),
        [Invariant::I8],
        "a Complete is not forgotten"
    );
}

#[test]
fn an_upload_is_left_for_a_change_only_if_there_was_one() {
    let left = |story: &mut Story| {
        story.deeds[4] = ours(
            50,
            Did::UploadMade {
                upload: "upload-2".to_owned(),
            },
        );
        story.sent[7].upload = Some("upload-2".to_owned());
        story.deeds.push(ours(
            55,
            Did::Completed {
                upload: "upload-2".to_owned(),
                version: version("tag-of-copy-2", content(7, 0, 2 * PART)),
            },
        ));
        let why = Note::Reason(FailureKind::SourceChanged);
        story.told.insert(3, told(45, why));
    };
    let said_so = broken(left);
    assert!(said_so.contains(&Invariant::I4), "{said_so:?}");
    let changed = broken(|story| {
        left(story);
        let again = Did::Written(version(SOURCE_TAG, content(7, 0, 2 * PART)));
        story.deeds.insert(2, theirs(25, source(), again));
    });
    assert!(!changed.contains(&Invariant::I4), "{changed:?}");
}

#[test]
fn what_was_compared_by_its_facts_stood_there_at_the_first_look() {
    let by_facts = |at_ms: i64| {
        broken(|story| {
            story.subjects[0].policy = ConflictPolicy::IfDifferent;
            intrusion(story, at_ms);
        })
    };
    assert_eq!(by_facts(5), []);
    assert_eq!(by_facts(15), [Invariant::I2], "it came after that look");
    assert_eq!(
        by_facts(35),
        [Invariant::I2],
        "it came after the first part"
    );
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
    // Written over between the look and the removal, and written over before that look.
    let replaced = |at_ms: i64, late: bool| {
        broken(|story| {
            moved(story, 64);
            let later = Did::Written(version("later", content(9, 0, 2 * PART)));
            let gone = story.deeds.len() - 1;
            story.deeds.insert(gone, theirs(at_ms, source(), later));
            story.deeds.last_mut().unwrap().at_ms = if late { 90 } else { 65 };
            story.sent.push(sent(61, "HeadObject", source()));
            story.sent.push(sent(65, "DeleteObject", source()));
            if late {
                story.sent.last_mut().unwrap().request = None;
                story.sent.push(sent(80, "HeadObject", source()));
            }
        })
    };
    assert_eq!(replaced(63, false), []);
    assert_eq!(replaced(59, false), [Invariant::I8]);
    assert_eq!(replaced(70, true), [], "it arrived late");
    let copied = broken(|story| {
        moved(story, 64);
        story.subjects[0].moving = false;
    });
    assert_eq!(copied, [Invariant::I8], "nobody had asked for a move");
}
