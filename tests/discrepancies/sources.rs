//! What a source can be: changed, deleted, cold, far away.

use partway_democloud::{Quirks, Switches};
use partway_domain::limits::MIB;
use partway_domain::{DialectName, FailureKind, State, VersionId, Wait};
use partway_protocol::op::{Conditions, CopyObject, DeleteObject, Terms, UploadPartCopy};
use partway_tests::cloud::provider;
use partway_tests::on_every_dialect;

use crate::desk::{Desk, name};

/// Long before and long after everything in the cloud was written, in Unix seconds.
const BEFORE: i64 = 1_000_000_000;
const AFTER: i64 = 1_700_000_000 + 10 * 365 * 86_400;

/// The object `words` gets a delete marker; returns the marker's version.
async fn deleted(desk: &Desk) -> VersionId {
    desk.get(&desk.put("versions", "words", b"some words"))
        .await;
    let deletion = desk
        .get(&DeleteObject {
            bucket: desk.bucket("versions"),
            key: name("words"),
            version: None,
        })
        .await;
    assert!(deletion.is_delete_marker);
    deletion.version.expect("the marker's version")
}

async fn d5_1_a_delete_marker_is_never_copied(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let marker = deleted(&desk).await;
    let upload_id = desk.create("copy", Terms::default()).await;
    for (version, status) in [(None, 404), (Some(&marker), 400)] {
        let source = || desk.source("versions", "words", version);
        for refusal in [
            desk.refusal(&desk.part("copy", &upload_id, source(), 10))
                .await,
            desk.refusal(&desk.copy_object(source(), ("backup", "copy")))
                .await,
        ] {
            assert_eq!(refusal.status, Some(status), "{refusal}");
            assert!(!refusal.kind.is_transient(), "{refusal}");
            assert_eq!(refusal.attempts, 1, "{refusal}");
        }
    }
    // Somebody who asks for it hears that it was deleted, before anything is begun.
    let mut request = desk.request(("versions", "words"), ("backup", "copy"));
    assert_eq!(desk.problem(&request).await.kind, FailureKind::NoSuchSource);
    request.selection.objects[0].version = Some(marker);
    let problem = desk.problem(&request).await;
    assert_eq!(problem.kind, FailureKind::NoSuchSource, "{problem}");
}

async fn d5_2_a_cold_source_waits_for_its_restore(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let cold = || desk.source("archive", "2019/ledger.tar", None);
    let upload_id = desk.create("copy", Terms::default()).await;
    for refusal in [
        desk.refusal(&desk.part("copy", &upload_id, cold(), 5 * MIB))
            .await,
        desk.refusal(&desk.copy_object(cold(), ("backup", "copy")))
            .await,
    ] {
        assert_eq!(refusal.kind, FailureKind::NeedsRestore, "{refusal}");
        assert_eq!(refusal.code.as_deref(), Some("InvalidObjectState"));
        assert_eq!((refusal.status, refusal.attempts), (Some(403), 1));
    }
    let request = desk.request(("archive", "2019/ledger.tar"), ("backup", "copy"));
    let job = desk.run(&request).await;
    let transfer = desk.transfer(job);
    let wait = Wait::Restore;
    assert_eq!(transfer.state, State::Waiting { wait });
    let failure = transfer.failure.expect("a reason");
    assert_eq!(failure.kind, FailureKind::NeedsRestore);
    assert!(failure.message.contains("restored"), "{failure}");
}

/// Each of the four, true and false, with the tag and the time it has: only what holds goes
/// through, and what does not hold is always a 412.
async fn d2_12_a_condition_that_fails_is_a_412(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let from = ("photos", "readme.txt");
    let etag = desk.see(from.0, from.1).await.etag;
    let other = partway_domain::ETag::parse("00000000000000000000000000000000").expect("a tag");
    let unchanged = |etag, since| Conditions::Unchanged { etag, since };
    let changed = |etag, since| Conditions::Changed { etag, since };
    for (conditions, holds) in [
        (unchanged(Some(etag.clone()), None), true),
        (unchanged(Some(other.clone()), None), false),
        (unchanged(None, Some(AFTER)), true),
        (unchanged(None, Some(BEFORE)), false),
        (unchanged(Some(etag.clone()), Some(AFTER)), true),
        (changed(Some(other.clone()), None), true),
        (changed(Some(etag.clone()), None), false),
        (changed(None, Some(BEFORE)), true),
        (changed(Some(other), Some(BEFORE)), true),
        (changed(Some(etag), Some(BEFORE)), false),
    ] {
        let copy = CopyObject {
            conditions: conditions.clone(),
            ..desk.copy_object(desk.source(from.0, from.1, None), ("backup", "copy"))
        };
        if holds {
            desk.get(&copy).await;
            continue;
        }
        let refusal = desk.refusal(&copy).await;
        assert_eq!(
            refusal.kind,
            FailureKind::SourceChanged,
            "{conditions:?}: {refusal}"
        );
        assert_eq!(refusal.status, Some(412), "{conditions:?}");
    }
}

/// The same of a part: the page of the part copy names all four.
async fn d2_10_a_part_is_bound_to_its_source(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let from = ("datasets", "climate/era5-2025.nc");
    let etag = desk.see(from.0, from.1).await.etag;
    let upload_id = desk.create("bound", Terms::default()).await;
    let part = |conditions| UploadPartCopy {
        conditions,
        ..desk.part(
            "bound",
            &upload_id,
            desk.source(from.0, from.1, None),
            5 * MIB,
        )
    };
    desk.get(&part(Conditions::matching(etag.clone()))).await;
    let same = Conditions::Changed {
        etag: Some(etag),
        since: None,
    };
    let refusal = desk.refusal(&part(same)).await;
    assert_eq!(
        (refusal.status, refusal.attempts),
        (Some(412), 1),
        "{refusal}"
    );
}

/// Some servers ignore conditions, so the source is looked at once more before the end.
async fn d2_11_the_source_is_compared_again_at_the_end(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    desk.cloud.demo.set_quirks(Quirks::everywhere(Switches {
        ignore_copy_conditions: true,
        ..Switches::default()
    }));
    let bucket = desk.bucket("datasets");
    desk.cloud
        .demo
        .put_virtual(provider(dialect), bucket.as_str(), "moving", 58 * MIB);
    desk.fault("UploadPartCopy:source_changed:skip=5");
    let mut request = desk.request(("datasets", "moving"), ("backup", "moved"));
    request.options.part_size = Some(5 * MIB);
    let job = desk.run(&request).await;
    desk.assert_source_changed(job);
    assert!(
        desk.truth("backup", "moved").is_none(),
        "no mixture is completed"
    );
    assert_eq!(desk.sent("moved", "CompleteMultipartUpload"), 0);
}

/// COS and S3 copy between regions; OBS has no word for the region of a source, and says so
/// before anything is begun.
async fn d5_11_another_region_is_copied_from_or_refused_beforehand(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let account = desk.cloud.regional_account(dialect);
    desk.engine
        .journal()
        .put_account(&account)
        .expect("the account is kept");
    let mut request = desk.request(("far", "travel/film.mkv"), ("backup", "film"));
    request.source.region = Some(match dialect {
        DialectName::Cos => "ap-shanghai".to_owned(),
        DialectName::Obs | DialectName::ObsV2 => "cn-east-3".to_owned(),
        DialectName::S3 => "eu-central-1".to_owned(),
    });
    match dialect {
        DialectName::Cos | DialectName::S3 => {
            let job = desk.run(&request).await;
            desk.assert_done(job);
            assert_eq!(
                desk.truth("backup", "film").expect("the copy").segments,
                desk.truth("far", "travel/film.mkv")
                    .expect("the source")
                    .segments
            );
        }
        DialectName::Obs | DialectName::ObsV2 => {
            let refusal = desk.engine.start(&request).await.expect_err("it cannot");
            assert_eq!(refusal.kind, FailureKind::NotSupported, "{refusal}");
            assert_eq!(desk.sent("film", "CreateMultipartUpload"), 0);
        }
    }
}

on_every_dialect! {
    d5_1_a_delete_marker_is_never_copied,
    d5_2_a_cold_source_waits_for_its_restore,
    d2_12_a_condition_that_fails_is_a_412,
    d2_10_a_part_is_bound_to_its_source,
    d2_11_the_source_is_compared_again_at_the_end,
    d5_11_another_region_is_copied_from_or_refused_beforehand,
}
