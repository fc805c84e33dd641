//! I8: what a move deletes.

use super::*;

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
