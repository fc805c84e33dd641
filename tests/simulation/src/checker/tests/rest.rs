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
