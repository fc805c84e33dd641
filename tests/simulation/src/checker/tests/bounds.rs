//! I6: requests and the journal are bounded.

use super::*;

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
