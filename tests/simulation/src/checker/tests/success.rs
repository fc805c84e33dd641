//! I1: what makes a success, and what does not.

use partway_domain::conflict::ConflictPolicy;
use partway_domain::{FailureKind, State};

use super::*;

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
fn a_complete_waits_for_all_its_parts() {
    let found = broken(|story| {
        story.deeds.remove(3);
    });
    assert_eq!(found, [Invariant::I1]);
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
