//! Multipart copies, request by request.

use partway_domain::limits::MIB;
use partway_domain::{DialectName, ETag, FailureKind, PartNumber, UploadId};
use partway_protocol::op::{AbortMultipartUpload, Attributes, CreateMultipartUpload, ListParts};
use partway_tests::on_every_dialect;

use super::content::content;
use super::desk::{Desk, name, other_tag};

/// Of the source: two whole parts and a short one.
const SIZE: u64 = 11 * MIB;
const PART: u64 = 5 * MIB;

/// A source to copy from, and an upload to copy to.
async fn begun(dialect: DialectName) -> (Desk, Vec<u8>, UploadId) {
    let desk = Desk::new(dialect).await;
    let bytes = content(usize::try_from(SIZE).unwrap(), 5);
    desk.put("source", &bytes).await;
    let upload = desk.create("copy").await;
    (desk, bytes, upload)
}

/// Copies the whole source.
async fn all_parts(desk: &Desk, upload: &UploadId) -> Vec<ETag> {
    let mut tags = Vec::new();
    for (number, start) in (1..).zip((0..SIZE).step_by(usize::try_from(PART).unwrap())) {
        let range = (start, SIZE.min(start + PART));
        let part = desk.part_copy("copy", upload, number, "source", range);
        tags.push(desk.get(&part).await.etag);
    }
    tags
}

async fn listed(desk: &Desk, upload: &UploadId) -> Vec<(u32, u64, ETag)> {
    let page = desk.get(&desk.listing_parts("copy", upload)).await;
    assert_eq!(page.next, None);
    let parts = page.parts.into_iter();
    parts
        .map(|part| (part.number.value(), part.size, part.etag))
        .collect()
}

async fn parts_become_the_object(dialect: DialectName) {
    let (desk, bytes, upload) = begun(dialect).await;
    let tags = all_parts(&desk, &upload).await;
    let parts = listed(&desk, &upload).await;
    let sizes: Vec<_> = parts.iter().map(|part| (part.0, part.1)).collect();
    assert_eq!(sizes, [(1, PART), (2, PART), (3, MIB)]);
    assert!(parts.iter().zip(&tags).all(|(part, tag)| part.2 == *tag));
    assert!(!desk.is_there("copy").await, "nothing before Complete");

    let tag = desk.complete("copy", &upload, &tags, SIZE).await;
    assert_eq!(tag.part_count(), Some(3));
    assert_eq!(desk.head("copy").await.unwrap().etag, tag);
    assert!(desk.read("copy").await == bytes, "the copy is another");
    assert!(desk.uploads().await.is_empty());
}

async fn complete_answers_with_the_objects_tag(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let upload = desk.create("copy").await;
    let part = desk.get(&desk.part("copy", &upload, 1, b"roses")).await;
    let complete = desk.completing("copy", &upload, &[part.etag], 5);
    let done = desk.get(&complete).await;
    assert_eq!(desk.head("copy").await.unwrap().etag, done.etag);
}

async fn a_completed_upload_is_gone(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let upload = desk.create("copy").await;
    let part = desk.get(&desk.part("copy", &upload, 1, b"roses")).await;
    desk.complete("copy", &upload, &[part.etag], 5).await;
    let outcome = desk.ask(&desk.listing_parts("copy", &upload)).await;
    let gone = outcome.expect_err("its parts are still listed");
    assert_eq!(gone.kind, FailureKind::NoSuchUpload, "{gone}");
}

/// Parts with bytes of their own and copied ones in one upload, sent in any order.
async fn parts_may_be_mixed_and_in_any_order(dialect: DialectName) {
    let (desk, bytes, upload) = begun(dialect).await;
    let own = content(1 << 20, 6);
    let last = desk.get(&desk.part("copy", &upload, 2, &own)).await.etag;
    let copied = desk.part_copy("copy", &upload, 1, "source", (MIB, MIB + PART));
    let first = desk.get(&copied).await.etag;
    let size = PART + MIB;
    desk.complete("copy", &upload, &[first, last], size).await;
    let expected = [&bytes[1 << 20..6 << 20], &own].concat();
    assert!(desk.read("copy").await == expected, "the copy is another");
}

async fn properties_are_those_of_create(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let attributes = Attributes {
        headers: vec![("content-type".to_owned(), "text/x-poem".to_owned())],
        metadata: vec![("mood".to_owned(), "cheerful".to_owned())],
        ..Attributes::default()
    };
    let upload = desk
        .get(&CreateMultipartUpload {
            attributes: attributes.clone(),
            ..desk.creating("copy")
        })
        .await;
    let tag = desk
        .get(&desk.part("copy", &upload, 1, b"roses"))
        .await
        .etag;
    desk.complete("copy", &upload, &[tag], 5).await;
    let told = desk.head("copy").await.unwrap().attributes;
    assert!(told.headers.contains(&attributes.headers[0]), "{told:?}");
    assert!(told.metadata.contains(&attributes.metadata[0]), "{told:?}");
}

async fn a_part_sent_again_replaces_the_first(dialect: DialectName) {
    let (desk, bytes, upload) = begun(dialect).await;
    let part = |range| desk.part_copy("copy", &upload, 1, "source", range);
    desk.get(&part((0, 8 * MIB))).await;
    let second = desk.get(&part((0, 6 * MIB))).await.etag;
    assert_eq!(listed(&desk, &upload).await, [(1, 6 * MIB, second.clone())]);
    desk.complete("copy", &upload, &[second], 6 * MIB).await;
    assert!(desk.read("copy").await == bytes[..6 << 20]);
}

async fn parts_are_listed_after_a_number(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let upload = desk.create("copy").await;
    for number in 1..=4 {
        desk.get(&desk.part("copy", &upload, number, b"x")).await;
    }
    let page = desk
        .get(&ListParts {
            after: PartNumber::new(2),
            ..desk.listing_parts("copy", &upload)
        })
        .await;
    let numbers: Vec<_> = page.parts.iter().map(|part| part.number.value()).collect();
    assert_eq!(numbers, [3, 4]);
}

async fn an_aborted_upload_is_gone(dialect: DialectName) {
    let (desk, _, upload) = begun(dialect).await;
    let part = |number| desk.part_copy("copy", &upload, number, "source", (0, PART));
    desk.get(&part(1)).await;
    desk.get(&AbortMultipartUpload {
        bucket: desk.bucket.clone(),
        key: name("copy"),
        upload_id: upload.clone(),
    })
    .await;
    assert!(desk.uploads().await.is_empty());
    let list = desk.ask(&desk.listing_parts("copy", &upload)).await;
    assert_eq!(list.unwrap_err().kind, FailureKind::NoSuchUpload);
    let copy = desk.ask(&part(2)).await;
    assert_eq!(copy.unwrap_err().kind, FailureKind::NoSuchUpload);
}

async fn aborting_twice_says_that_it_is_gone(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let upload_id = desk.create("copy").await;
    let abort = AbortMultipartUpload {
        bucket: desk.bucket.clone(),
        key: name("copy"),
        upload_id,
    };
    desk.get(&abort).await;
    let again = desk.ask(&abort).await.unwrap_err();
    assert_eq!(again.kind, FailureKind::NoSuchUpload, "{again}");
}

async fn a_wrong_part_tag_completes_nothing(dialect: DialectName) {
    let (desk, _, upload) = begun(dialect).await;
    let mut tags = all_parts(&desk, &upload).await;
    tags[1] = other_tag();
    let complete = desk.completing("copy", &upload, &tags, SIZE);
    let refusal = desk.ask(&complete).await.unwrap_err();
    assert_eq!(refusal.code.as_deref(), Some("InvalidPart"), "{refusal}");
    assert!(!desk.is_there("copy").await);
    assert_eq!(desk.uploads().await.len(), 1);
}

async fn a_small_part_in_the_middle_completes_nothing(dialect: DialectName) {
    let (desk, _, upload) = begun(dialect).await;
    let mut tags = Vec::new();
    for number in 1..=2 {
        let part = desk.part("copy", &upload, number, b"small");
        tags.push(desk.get(&part).await.etag);
    }
    let complete = desk.completing("copy", &upload, &tags, 10);
    let refusal = desk.ask(&complete).await.unwrap_err();
    assert_eq!(refusal.code.as_deref(), Some("EntityTooSmall"), "{refusal}");
    assert!(!desk.is_there("copy").await);
}

async fn a_range_beyond_the_end_is_refused(dialect: DialectName) {
    let (desk, _, upload) = begun(dialect).await;
    let range = (SIZE - MIB, SIZE + MIB);
    let beyond = desk.part_copy("copy", &upload, 1, "source", range);
    let outcome = desk.ask(&beyond).await;
    let refusal = outcome.expect_err("the range is cut without a word");
    assert_eq!(refusal.kind, FailureKind::Invalid, "{refusal}");
    assert!(listed(&desk, &upload).await.is_empty());
}

async fn a_part_of_nothing_is_refused(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let upload = desk.create("copy").await;
    let part = desk.part_copy("copy", &upload, 1, "never was", (0, PART));
    let refusal = desk.ask(&part).await.unwrap_err();
    assert_eq!(refusal.kind, FailureKind::NoSuchSource, "{refusal}");
}

/// A second Complete, as after an answer that was lost: done again, or gone, but never another
/// object.
async fn completing_twice_changes_nothing(dialect: DialectName) {
    let (desk, bytes, upload) = begun(dialect).await;
    let tags = all_parts(&desk, &upload).await;
    let tag = desk.complete("copy", &upload, &tags, SIZE).await;
    let again = desk.completing("copy", &upload, &tags, SIZE);
    match desk.ask(&again).await {
        Ok(again) => assert_eq!(again.etag, tag),
        Err(refusal) => assert_eq!(refusal.kind, FailureKind::NoSuchUpload, "{refusal}"),
    }
    assert_eq!(desk.head("copy").await.unwrap().etag, tag);
    assert!(desk.read("copy").await == bytes, "the copy is another");
}

on_every_dialect! {
    parts_become_the_object,
    complete_answers_with_the_objects_tag,
    a_completed_upload_is_gone,
    parts_may_be_mixed_and_in_any_order,
    properties_are_those_of_create,
    a_part_sent_again_replaces_the_first,
    parts_are_listed_after_a_number,
    an_aborted_upload_is_gone,
    aborting_twice_says_that_it_is_gone,
    a_wrong_part_tag_completes_nothing,
    a_small_part_in_the_middle_completes_nothing,
    a_range_beyond_the_end_is_refused,
    a_part_of_nothing_is_refused,
    completing_twice_changes_nothing,
}
