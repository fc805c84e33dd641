//! Lists: every page is bounded by its body, and the next one is another.

use partway_domain::{PartNumber, Prefix};
use partway_protocol::endpoint::is_region;
use partway_protocol::op::{
    ListBuckets, ListMultipartUploads, ListObjectVersions, ListObjects, ListParts,
};

use super::subject::{bucket, key, prefix, upload_id};
use super::{Decoder, read_body};
use crate::answer::Answer;

pub(super) const ALL: &[Decoder] = &[
    ("ListBuckets", buckets),
    ("ListMultipartUploads", uploads),
    ("ListObjects", objects),
    ("ListObjectVersions", versions),
    ("ListParts", parts),
];

/// Where the page asked for begins.
const CURSOR: &str = "a/m";

/// The shortest element there is has four bytes.
fn bounded(count: usize, answer: &Answer) {
    assert!(count <= answer.response.body.len() / 4, "{count}");
}

fn buckets(answer: &Answer) {
    let cursor = Some(CURSOR.to_owned());
    let operation = ListBuckets {
        cursor: cursor.clone(),
    };
    if let Some(page) = read_body(answer, &operation) {
        bounded(page.buckets.len(), answer);
        let regions = page
            .buckets
            .iter()
            .filter_map(|bucket| bucket.region.as_deref());
        assert!(regions.into_iter().all(is_region));
        assert!(page.next.is_none() || page.next != cursor);
    }
}

fn objects(answer: &Answer) {
    // All four ways of asking, by a blank or two at the end of the body.
    let way = answer.response.body.len();
    let cursor = Some(CURSOR.to_owned());
    let operation = ListObjects {
        bucket: bucket(),
        prefix: prefix(),
        delimiter: Some('/'),
        cursor: cursor.clone(),
        start_after: None,
        max_keys: 1000,
        v1: way & 1 == 0,
        encoded: way & 2 == 0,
    };
    if let Some(page) = read_body(answer, &operation) {
        bounded(page.entries.len() + page.prefixes.len(), answer);
        assert!(page.next.is_none() || page.next != cursor);
        assert!(
            page.entries
                .iter()
                .all(|entry| !entry.key.as_str().is_empty())
        );
    }
}

fn versions(answer: &Answer) {
    let cursor = Some((CURSOR.to_owned(), "v1".to_owned()));
    let operation = ListObjectVersions {
        bucket: bucket(),
        prefix: prefix(),
        delimiter: Some('/'),
        cursor: cursor.clone(),
        max_keys: 1000,
        encoded: answer.response.body.len() & 2 == 0,
    };
    if let Some(page) = read_body(answer, &operation) {
        bounded(page.versions.len() + page.prefixes.len(), answer);
        assert!(page.next.is_none() || page.next != cursor);
    }
}

fn uploads(answer: &Answer) {
    let cursor = Some((CURSOR.to_owned(), "upload".to_owned()));
    let operation = ListMultipartUploads {
        bucket: bucket(),
        prefix: Prefix::root(),
        cursor: cursor.clone(),
        encoded: answer.response.body.len() & 2 == 0,
    };
    if let Some(page) = read_body(answer, &operation) {
        bounded(page.uploads.len(), answer);
        assert!(page.next.is_none() || page.next != cursor);
    }
}

fn parts(answer: &Answer) {
    let after = PartNumber::new(7);
    let operation = ListParts {
        bucket: bucket(),
        key: key(),
        upload_id: upload_id(),
        after,
    };
    if let Some(page) = read_body(answer, &operation) {
        bounded(page.parts.len(), answer);
        assert!(
            page.next.is_none_or(|next| Some(next) > after),
            "{:?}",
            page.next
        );
    }
}
