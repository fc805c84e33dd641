//! Multipart copies, request by request.

use partway_domain::limits::{GIB, MIB};
use partway_domain::{DialectName, ETag, FailureKind, PartNumber, UploadId};
use partway_protocol::op::{AbortMultipartUpload, CompleteMultipartUpload, Copied, ListParts};
use partway_tests::on_every_dialect;

use crate::desk::{Desk, name, tag};

const FROM: (&str, &str) = ("datasets", "climate/era5-2026.nc");
const SIZE: u64 = 5 * GIB + 1;

fn complete(
    desk: &Desk,
    key: &str,
    upload_id: &UploadId,
    parts: &[ETag],
) -> CompleteMultipartUpload {
    CompleteMultipartUpload {
        bucket: desk.bucket("backup"),
        key: name(key),
        upload_id: upload_id.clone(),
        parts: (1..)
            .zip(parts)
            .map(|(number, etag)| (PartNumber::new(number).unwrap(), etag.clone()))
            .collect(),
        size: SIZE,
    }
}

/// The source in six parts, the last of one byte.
async fn all_parts(desk: &Desk, key: &str, upload_id: &UploadId) -> Vec<ETag> {
    let mut tags = Vec::new();
    for (number, start) in (1..).zip((0..SIZE).step_by(usize::try_from(GIB).unwrap())) {
        let range = (start, (start + GIB).min(SIZE));
        let copied = desk
            .get(&desk.part(key, upload_id, number, FROM, range))
            .await;
        tags.push(tag(&copied));
    }
    tags
}

async fn listed(desk: &Desk, key: &str, upload_id: &UploadId) -> Vec<(u32, u64, ETag)> {
    let mut parts = Vec::new();
    let mut after = None;
    loop {
        let page = desk
            .get(&ListParts {
                bucket: desk.bucket("backup"),
                key: name(key),
                upload_id: upload_id.clone(),
                after,
            })
            .await;
        parts.extend(
            page.parts
                .into_iter()
                .map(|p| (p.number.value(), p.size, p.etag)),
        );
        match page.next {
            Some(next) => after = Some(next),
            None => return parts,
        }
    }
}

async fn parts_become_the_object(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let key = "a copy/of 5 GiB + 1";
    let upload_id = desk.create(key).await;
    let tags = all_parts(&desk, key, &upload_id).await;
    let parts = listed(&desk, key, &upload_id).await;
    assert_eq!(parts.len(), 6);
    assert_eq!(parts[0].1, GIB);
    assert_eq!(parts[5].1, 1);
    assert!(parts.iter().zip(&tags).all(|(part, tag)| part.2 == *tag));
    assert!(
        desk.truth("backup", key).is_none(),
        "nothing before Complete"
    );

    let done: Copied = desk.get(&complete(&desk, key, &upload_id, &tags)).await;
    assert_eq!(done.etag.part_count(), Some(6));
    let (from, to) = (desk.truth(FROM.0, FROM.1), desk.truth("backup", key));
    assert_eq!(from.unwrap().segments, to.unwrap().segments);
    assert!(desk.cloud.uploads_of(dialect, key).is_empty());
}

async fn a_part_sent_again_replaces_the_first(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let key = "resent";
    let upload_id = desk.create(key).await;
    desk.get(&desk.part(key, &upload_id, 1, FROM, (0, 8 * MIB)))
        .await;
    let second = desk
        .get(&desk.part(key, &upload_id, 1, FROM, (0, 6 * MIB)))
        .await;
    let parts = listed(&desk, key, &upload_id).await;
    assert_eq!(parts, [(1, 6 * MIB, tag(&second))]);
}

/// More parts than one page of a listing holds.
async fn parts_are_listed_in_pages(dialect: DialectName) {
    use futures::StreamExt as _;

    let desk = Desk::new(dialect).await;
    let key = "many parts";
    let upload_id = desk.create(key).await;
    let count = 1003u32;
    let sending = (1..=count).map(|number| {
        let start = u64::from(number - 1) * 5 * MIB;
        let part = desk.part(key, &upload_id, number, FROM, (start, start + 5 * MIB));
        let desk = &desk;
        async move { desk.get(&part).await }
    });
    let copied = futures::stream::iter(sending)
        .buffer_unordered(16)
        .count()
        .await;
    assert_eq!(copied, 1003);
    let parts = listed(&desk, key, &upload_id).await;
    let numbers: Vec<u32> = parts.iter().map(|part| part.0).collect();
    assert_eq!(numbers, (1..=count).collect::<Vec<_>>());
}

async fn an_aborted_upload_is_gone(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let key = "aborted";
    let upload_id = desk.create(key).await;
    desk.get(&desk.part(key, &upload_id, 1, FROM, (0, 5 * MIB)))
        .await;
    let abort = AbortMultipartUpload {
        bucket: desk.bucket("backup"),
        key: name(key),
        upload_id: upload_id.clone(),
    };
    desk.get(&abort).await;
    let gone =
        |failure: partway_domain::Failure| assert_eq!(failure.kind, FailureKind::NoSuchUpload);
    gone(desk.ask(&abort).await.unwrap_err());
    gone(
        desk.ask(&desk.part(key, &upload_id, 2, FROM, (0, MIB)))
            .await
            .unwrap_err(),
    );
    let list = ListParts {
        bucket: desk.bucket("backup"),
        key: name(key),
        upload_id,
        after: None,
    };
    gone(desk.ask(&list).await.unwrap_err());
}

async fn a_wrong_part_tag_completes_nothing(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let key = "wrong tag";
    let upload_id = desk.create(key).await;
    let mut tags = all_parts(&desk, key, &upload_id).await;
    tags[2] = ETag::parse("ffffffffffffffffffffffffffffffff").unwrap();
    let refusal = desk
        .ask(&complete(&desk, key, &upload_id, &tags))
        .await
        .unwrap_err();
    assert_eq!(refusal.code.as_deref(), Some("InvalidPart"));
    assert!(desk.truth("backup", key).is_none());
    assert_eq!(desk.cloud.uploads_of(dialect, key).len(), 1);
}

async fn a_completed_upload_is_gone(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let key = "completed";
    let upload_id = desk.create(key).await;
    let tags = all_parts(&desk, key, &upload_id).await;
    desk.get(&complete(&desk, key, &upload_id, &tags)).await;
    let list = ListParts {
        bucket: desk.bucket("backup"),
        key: name(key),
        upload_id,
        after: None,
    };
    let gone = desk.ask(&list).await.unwrap_err();
    assert_eq!(gone.kind, FailureKind::NoSuchUpload);
}

async fn a_range_beyond_the_end_is_refused(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let key = "beyond";
    let upload_id = desk.create(key).await;
    let beyond = desk.part(key, &upload_id, 1, FROM, (SIZE - MIB, SIZE + MIB));
    let refusal = desk.ask(&beyond).await.unwrap_err();
    assert_eq!(refusal.kind, FailureKind::Invalid, "{refusal}");
    assert!(listed(&desk, key, &upload_id).await.is_empty());
}

async fn a_part_of_another_content_is_refused(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let key = "pinned";
    let upload_id = desk.create(key).await;
    let mut part = desk.part(key, &upload_id, 1, FROM, (0, 5 * MIB));
    part.source_etag = ETag::parse("00000000000000000000000000000000");
    let refusal = desk.ask(&part).await.unwrap_err();
    assert_eq!(refusal.kind, FailureKind::SourceChanged, "{refusal}");
}

on_every_dialect! {
    parts_become_the_object,
    a_part_sent_again_replaces_the_first,
    parts_are_listed_in_pages,
    an_aborted_upload_is_gone,
    a_wrong_part_tag_completes_nothing,
    a_completed_upload_is_gone,
    a_range_beyond_the_end_is_refused,
    a_part_of_another_content_is_refused,
}
