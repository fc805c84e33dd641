//! Copies only if the source is, or is not, as we know it. Every refusal is a 412.

use partway_domain::limits::MIB;
use partway_domain::{DialectName, ETag, FailureKind};
use partway_protocol::op::{Conditions, CopyObject, UploadPartCopy};
use partway_tests::on_every_dialect;

use super::content::content;
use super::desk::{Desk, other_tag};

/// 2001-09-09: before every object of these tests.
const LONG_AGO: i64 = 1_000_000_000;
/// 2096-10-02: after all of them.
const FAR_OFF: i64 = 4_000_000_000;

/// A source, and the tag it has.
async fn with_source(dialect: DialectName) -> (Desk, ETag) {
    let desk = Desk::new(dialect).await;
    let etag = desk.put("source", b"as it is").await.etag;
    (desk, etag)
}

async fn copy(desk: &Desk, conditions: Conditions) -> Result<(), partway_domain::Failure> {
    let copy = CopyObject {
        conditions,
        ..desk.copying("source", "copy")
    };
    desk.ask(&copy).await.map(drop)
}

async fn assert_refused(desk: &Desk, conditions: Conditions) {
    let outcome = copy(desk, conditions.clone()).await;
    let refusal = outcome.expect_err(&format!("{conditions:?} is not heeded"));
    assert_eq!(refusal.status, Some(412), "{refusal}");
    assert_eq!(refusal.kind, FailureKind::SourceChanged, "{refusal}");
    assert!(!desk.is_there("copy").await);
}

async fn what_holds_is_copied(dialect: DialectName) {
    let (desk, etag) = with_source(dialect).await;
    for conditions in [
        Conditions::matching(etag.clone()),
        Conditions::Unchanged {
            etag: Some(etag),
            since: Some(FAR_OFF),
        },
        Conditions::Changed {
            etag: Some(other_tag()),
            since: None,
        },
        Conditions::Changed {
            etag: None,
            since: Some(LONG_AGO),
        },
    ] {
        let outcome = copy(&desk, conditions.clone()).await;
        outcome.unwrap_or_else(|failure| panic!("{conditions:?}: {failure}"));
    }
    assert_eq!(desk.read("copy").await, b"as it is");
}

async fn another_tag_than_asked_for_is_refused(dialect: DialectName) {
    let (desk, _) = with_source(dialect).await;
    assert_refused(&desk, Conditions::matching(other_tag())).await;
}

async fn the_tag_that_was_ruled_out_is_refused(dialect: DialectName) {
    let (desk, etag) = with_source(dialect).await;
    let changed = Conditions::Changed {
        etag: Some(etag),
        since: None,
    };
    assert_refused(&desk, changed).await;
}

async fn a_source_modified_since_is_refused(dialect: DialectName) {
    let (desk, _) = with_source(dialect).await;
    let unchanged = Conditions::Unchanged {
        etag: None,
        since: Some(LONG_AGO),
    };
    assert_refused(&desk, unchanged).await;
}

async fn a_part_of_another_content_is_refused(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let bytes = content(6 << 20, 3);
    let etag = desk.put("source", &bytes).await.etag;
    let upload = desk.create("pinned").await;
    let part = |etag| UploadPartCopy {
        conditions: Conditions::matching(etag),
        ..desk.part_copy("pinned", &upload, 1, "source", (0, 5 * MIB))
    };
    let outcome = desk.ask(&part(other_tag())).await;
    let refusal = outcome.expect_err("the condition is not heeded");
    assert_eq!(refusal.kind, FailureKind::SourceChanged, "{refusal}");
    desk.get(&part(etag)).await;
}

on_every_dialect! {
    what_holds_is_copied,
    another_tag_than_asked_for_is_refused,
    the_tag_that_was_ruled_out_is_refused,
    a_source_modified_since_is_refused,
    a_part_of_another_content_is_refused,
}
