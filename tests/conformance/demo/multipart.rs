//! Multipart copies, request by request.

use partway_domain::limits::{GIB, MIB};
use partway_domain::{DialectName, ETag, PartNumber, UploadId};
use partway_protocol::op::{CompleteMultipartUpload, Copied, ListParts};
use partway_tests::on_every_dialect;

use super::desk::{Desk, name, tag};

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
        customer_key: None,
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

on_every_dialect! {
    parts_become_the_object,
    parts_are_listed_in_pages,
}
