//! I7: where everything comes to rest.

use partway_domain::{FailureKind, State, Wait};

use super::*;

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
fn somebodys_twin_of_a_copy_may_be_replaced_where_the_answer_to_ours_was_lost() {
    const FAILED: State = State::Failed {
        kind: FailureKind::VerificationFailed,
    };
    let found = |status: Option<u16>, is_replaced: bool| {
        broken(|story| {
            small(story);
            let written = |etag: &str| Did::Written(version(etag, content(7, 0, 2 * PART)));
            // Ours never came; theirs did in the same moment.
            story.deeds[1] = theirs(50, destination(), written(SOURCE_TAG));
            if is_replaced {
                let later = theirs(52, destination(), written("later"));
                story.deeds.push(later);
            }
            story.sent[2].status = status;
            story.told = vec![told(70, Note::State(FAILED))];
            story.subjects[0].state = FAILED;
            story.subjects[0].verdict = None;
        })
    };
    assert_eq!(found(None, true), []);
    assert_eq!(found(None, false), [Invariant::I7], "nobody replaced it");
    assert_eq!(found(Some(403), true), [Invariant::I7], "it was answered");
}
