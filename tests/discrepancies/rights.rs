//! Who may: keys, signatures and permissions.

use partway_domain::limits::{GIB, MIB};
use partway_domain::{Bucket, DialectName, FailureKind, PartNumber, UploadId};
use partway_protocol::credential::Credential;
use partway_protocol::op::{
    CopySource, HeadObject, ListBuckets, Operation as _, Terms, UploadPartCopy,
};
use partway_tests::on_every_dialect;

use crate::desk::Desk;

/// A refusal names the side it is about: reading the source, or writing the destination.
async fn d5_6_a_refusal_names_its_side(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    for (from, to) in [
        (("no-access", "secret.txt"), ("backup", "copy")),
        (("photos", "readme.txt"), ("no-access", "copy")),
    ] {
        let closed = desk.bucket("no-access");
        let problem = desk.problem(&desk.request(from, to)).await;
        assert_eq!(problem.kind, FailureKind::AccessDenied, "{problem}");
        assert_eq!(
            problem.bucket.as_deref(),
            Some(closed.as_str()),
            "{problem}"
        );
        assert!(!problem.operation.is_empty(), "{problem}");
    }
}

/// Three ways not to be let in; none is tried a second time.
async fn d5_7_a_wrong_key_and_a_wrong_secret_are_told_apart(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let right = desk.cloud.credential(dialect);
    let unknown = Credential {
        access_key: "AKNOBODYKNOWSTHIS000".to_owned(),
        ..right.clone()
    };
    let wrong = Credential {
        secret_key: "not the secret".to_owned(),
        ..right
    };
    let list = ListBuckets { cursor: None };
    for credential in [unknown, wrong] {
        let before = desk.cloud.demo.requests().len();
        let refusal = desk
            .engine
            .call_once(&desk.account, &credential, None, &list)
            .await
            .expect_err("it is refused");
        assert_eq!(refusal.kind, FailureKind::WrongCredential, "{refusal}");
        assert_eq!(refusal.status, Some(403), "{refusal}");
        assert_eq!(desk.cloud.demo.requests().len(), before + 1, "sent once");
        let secret = &credential.secret_key;
        assert!(!format!("{refusal:?}").contains(secret.as_str()));
    }
    let denied = desk.refusal(&desk.head("no-access", "secret.txt")).await;
    assert_eq!(denied.kind, FailureKind::AccessDenied);
    assert_eq!(denied.attempts, 1, "{denied}");
    assert_eq!(denied.operation, HeadObject::NAME);
}

/// The errors that a page names for the part copy, each by a request that earns it.
async fn d5_9_each_named_error_comes_as_named(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let upload_id = desk.create("copy", Terms::default()).await;
    let from = |word: &str, key: &str| desk.source(word, key, None);
    let part = |source, bytes| desk.part("copy", &upload_id, source, bytes);
    let nowhere = UploadId::parse("0123456789abcdef0123456789abcdef").expect("an id");
    let into = |bucket: Bucket| UploadPartCopy {
        bucket,
        ..part(from("datasets", "images/tiles-000.zip"), 5 * MIB)
    };
    let missing = Bucket::parse("nobody-has-this-1250000000").expect("a name");
    let unread = CopySource {
        bucket: missing.clone(),
        ..from("datasets", "images/tiles-000.zip")
    };
    for (what, request, status, kind) in [
        (
            "no such source bucket",
            part(unread, 5 * MIB),
            404,
            FailureKind::NoSuchBucket,
        ),
        (
            "no such bucket",
            into(missing),
            404,
            FailureKind::NoSuchBucket,
        ),
        (
            "no such source",
            part(from("datasets", "never was"), 1),
            404,
            FailureKind::NoSuchSource,
        ),
        (
            "no right to read",
            part(from("no-access", "secret.txt"), 1),
            403,
            FailureKind::AccessDenied,
        ),
        (
            "no right to write",
            into(desk.bucket("no-access")),
            403,
            FailureKind::AccessDenied,
        ),
        (
            "no such upload",
            desk.part(
                "copy",
                &nowhere,
                from("datasets", "images/tiles-000.zip"),
                5 * MIB,
            ),
            404,
            FailureKind::NoSuchUpload,
        ),
        (
            "a part of more than 5 GiB",
            part(from("datasets", "genome/sample-0001.bam"), 5 * GIB + 1),
            400,
            FailureKind::Invalid,
        ),
    ] {
        let refusal = desk.refusal(&request).await;
        assert_eq!(refusal.kind, kind, "{what}: {refusal}");
        assert_eq!(refusal.status, Some(status), "{what}: {refusal}");
        assert_eq!(refusal.attempts, 1, "{what} is not tried again");
    }
    // The number is refused before it can be sent.
    assert!(PartNumber::new(10_001).is_none() && PartNumber::new(0).is_none());
}

on_every_dialect! {
    d5_6_a_refusal_names_its_side,
    d5_9_each_named_error_comes_as_named,
    d5_7_a_wrong_key_and_a_wrong_secret_are_told_apart,
}
