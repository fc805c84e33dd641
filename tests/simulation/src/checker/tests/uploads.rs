//! I3: uploads that stay, and uploads that are given up.

use partway_domain::{FailureKind, State};

use super::*;

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
