//! I2: what stood at the destination, and what the user is asked about it.

use partway_domain::conflict::ConflictPolicy;
use partway_domain::{FailureKind, State};

use super::*;

/// What is otherwise in a story.
type Change = fn(&mut Story);

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
fn what_is_sent_again_is_looked_at_again() {
    let again = |looked: bool| {
        broken(|story| {
            let mut refused = sent(42, "CompleteMultipartUpload", destination());
            refused.status = Some(503);
            story.sent.insert(7, refused);
            if looked {
                story.sent.insert(8, sent(46, "HeadObject", destination()));
            }
            intrusion(story, 45);
        })
    };
    assert_eq!(again(false), [Invariant::I2]);
    assert_eq!(again(true), [Invariant::I2], "it was seen");
    let later = broken(|story| {
        let mut refused = sent(42, "CompleteMultipartUpload", destination());
        refused.status = Some(503);
        story.sent.insert(7, refused);
        story.sent.insert(8, sent(46, "HeadObject", destination()));
        intrusion(story, 48);
    });
    assert_eq!(later, [], "it came after the last look");
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
