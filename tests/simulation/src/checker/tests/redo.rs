//! I4: nothing is made twice.

use super::*;

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
