//! What a copy takes along besides the bytes, and what it must not lose.

use partway_domain::limits::MIB;
use partway_domain::{DialectName, FailureKind};
use partway_protocol::op::{
    Attributes, CopyObject, DeleteObject, Encryption, ListParts, PutObject, Terms,
};
use partway_tests::on_every_dialect;

use crate::desk::{Desk, name};

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    owned.collect()
}

/// A class that is not the standard one.
fn cool(dialect: DialectName) -> &'static str {
    match dialect {
        DialectName::Obs => "WARM",
        DialectName::Cos | DialectName::ObsV2 | DialectName::S3 => "STANDARD_IA",
    }
}

/// A part copy brings bytes only: everything else is read from the source and given to Create,
/// and the class is said in words.
async fn d5_3_parts_bring_bytes_and_create_brings_the_rest(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let (from, to) = ("genome/sample-0001.bam", "copied/sample-0001.bam");
    let mut request = desk.request(("datasets", from), ("backup", to));
    request.options.part_size = Some(2048 * MIB);
    let job = desk.run(&request).await;
    desk.assert_done(job);
    let (source, copy) = (
        desk.truth("datasets", from).expect("the source"),
        desk.truth("backup", to).expect("the copy"),
    );
    assert_eq!(copy.headers, source.headers);
    assert_eq!(copy.metadata, source.metadata);
    assert_eq!(copy.tags, source.tags);
    assert!(
        !source.tags.is_empty() && !source.metadata.is_empty(),
        "something to lose"
    );
    assert_eq!(copy.storage_class, source.storage_class);

    // A class other than the standard one, and one that was asked for.
    for (wish, key) in [(None, "as it was"), (Some("STANDARD"), "as wished")] {
        let mut request = desk.request(
            ("datasets", "checkpoints/model.safetensors"),
            ("backup", key),
        );
        request.options.storage_class = wish.map(str::to_owned);
        let job = desk.run(&request).await;
        desk.assert_done(job);
        let expected = match wish {
            Some(class) => class.to_owned(),
            None => {
                desk.truth("datasets", "checkpoints/model.safetensors")
                    .expect("the source")
                    .storage_class
            }
        };
        assert_eq!(
            desk.truth("backup", key).expect(key).storage_class,
            expected
        );
    }
}

/// Another class in place: the words of the pages' examples alone would erase type and metadata.
async fn d5_4_a_change_in_place_keeps_what_there_was(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let put = PutObject {
        attributes: Attributes {
            headers: pairs(&[
                ("content-type", "text/x-kept"),
                ("cache-control", "no-store"),
            ]),
            metadata: pairs(&[("colour", "green")]),
            ..Attributes::default()
        },
        ..desk.put("backup", "in place", b"bytes")
    };
    desk.get(&put).await;
    let before = desk.truth("backup", "in place").expect("it is there");
    let head = desk.see("backup", "in place").await;
    let copy = CopyObject {
        replace: Some(head.attributes),
        storage_class: Some(cool(dialect).to_owned()),
        ..desk.copy_object(
            desk.source("backup", "in place", None),
            ("backup", "in place"),
        )
    };
    desk.get(&copy).await;
    let after = desk.truth("backup", "in place").expect("it is there");
    assert_eq!(
        (&after.headers, &after.metadata),
        (&before.headers, &before.metadata)
    );
    assert_ne!(after.storage_class, before.storage_class);
    // A job never copies onto its own source: it could only lose something.
    let request = desk.request(("backup", "in place"), ("backup", "in place"));
    assert_eq!(desk.problem(&request).await.kind, FailureKind::Invalid);
}

/// Above 5 GiB one request cannot do it, in the same region or another.
async fn d1_6_more_than_five_gib_goes_in_parts(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let from = ("datasets", "climate/era5-2026.nc");
    let single = desk.copy_object(desk.source(from.0, from.1, None), ("backup", "single"));
    let refusal = desk.refusal(&single).await;
    assert_eq!(
        (refusal.kind, refusal.attempts),
        (FailureKind::Invalid, 1),
        "{refusal}"
    );
    let job = desk.run(&desk.request(from, ("backup", "parts"))).await;
    desk.assert_done(job);
    assert_eq!(desk.sent("parts", "CopyObject"), 0);
    assert!(desk.sent("parts", "UploadPartCopy") > 1);
    assert_eq!(
        desk.truth("backup", "parts").expect("the copy").size,
        (5 << 30) + 1
    );
}

/// A storage class no program knows is the server's to judge, in its own words.
async fn d2_9_an_unknown_class_is_the_servers_to_judge(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let put = PutObject {
        attributes: Attributes {
            storage_class: Some("LUKEWARM".to_owned()),
            ..Attributes::default()
        },
        ..desk.put("backup", "lukewarm", b"bytes")
    };
    let refusal = desk.refusal(&put).await;
    assert_eq!(
        refusal.code.as_deref(),
        Some("InvalidStorageClass"),
        "{refusal}"
    );
    assert_eq!(refusal.kind, FailureKind::Invalid);
}

/// A class, an access and an encryption that nobody names again stay behind: the copy has what
/// its bucket gives.
async fn d5_3_a_single_copy_forgets_what_it_is_not_told(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let put = PutObject {
        attributes: Attributes {
            storage_class: Some(cool(dialect).to_owned()),
            ..Attributes::default()
        },
        terms: Terms {
            encryption: Encryption::Provider,
            ..Terms::default()
        },
        ..desk.put("backup", "told", b"bytes")
    };
    desk.get(&put).await;
    let told = desk.see("backup", "told").await;
    assert_eq!(
        told.attributes.storage_class.as_deref(),
        Some(cool(dialect))
    );
    assert_eq!(told.encrypted.expect("it is said").algorithm, "AES256");
    let copy = desk.copy_object(desk.source("backup", "told", None), ("backup", "untold"));
    desk.get(&copy).await;
    let untold = desk.see("backup", "untold").await;
    assert_eq!(untold.attributes.storage_class, None);
    // S3 encrypts everything by itself.
    assert!(untold.encrypted.is_none() || dialect == DialectName::S3);
    // A job says the class it found.
    let job = desk
        .run(&desk.request(("backup", "told"), ("backup", "by a job")))
        .await;
    desk.assert_done(job);
    let by_job = desk.see("backup", "by a job").await;
    assert_eq!(
        by_job.attributes.storage_class.as_deref(),
        Some(cool(dialect))
    );
}

/// Without the word for replacing, an object is not copied onto itself.
async fn d2_22_onto_itself_only_by_replacing(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    desk.get(&desk.put("backup", "same", b"bytes")).await;
    let copy = desk.copy_object(desk.source("backup", "same", None), ("backup", "same"));
    let refusal = desk.refusal(&copy).await;
    assert_eq!(
        (refusal.kind, refusal.status),
        (FailureKind::Invalid, Some(400))
    );
    let replacing = CopyObject {
        replace: Some(Attributes {
            metadata: pairs(&[("colour", "red")]),
            ..Attributes::default()
        }),
        ..copy
    };
    desk.get(&replacing).await;
    let truth = desk.truth("backup", "same").expect("it is there");
    assert_eq!(
        truth.metadata.get("colour").map(String::as_str),
        Some("red")
    );
}

/// The last copy of a part is the one that counts and the only one listed; copying changes
/// nothing of the source.
async fn d1_7_the_last_copy_of_a_part_counts(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let key = "images/tiles-000.zip";
    let before = desk.truth("datasets", key).expect("the source");
    let upload_id = desk.create("copy", Terms::default()).await;
    let part = |bytes| {
        desk.part(
            "copy",
            &upload_id,
            desk.source("datasets", key, None),
            bytes,
        )
    };
    let first = desk.get(&part(6 * MIB)).await.etag;
    let last = desk.get(&part(8 * MIB)).await.etag;
    assert_ne!(first, last);
    let listed = desk
        .get(&ListParts {
            bucket: desk.bucket("backup"),
            key: name("copy"),
            upload_id: upload_id.clone(),
            after: None,
        })
        .await
        .parts;
    let listed: Vec<_> = listed
        .into_iter()
        .map(|part| (part.size, part.etag))
        .collect();
    assert_eq!(listed, [(8 * MIB, last)]);
    assert_eq!(desk.truth("datasets", key).expect("the source"), before);
    assert!(
        desk.truth("backup", "copy").is_none(),
        "nothing before Complete"
    );
}

/// A new name is a copy, and then the old one deleted.
async fn a_rename_is_a_copy_and_a_delete(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    desk.get(&desk.put("backup", "old name", b"bytes")).await;
    let before = desk.truth("backup", "old name").expect("it is there");
    let copy = desk.copy_object(
        desk.source("backup", "old name", None),
        ("backup", "new name"),
    );
    desk.get(&copy).await;
    desk.get(&DeleteObject {
        bucket: desk.bucket("backup"),
        key: name("old name"),
        version: None,
    })
    .await;
    assert!(desk.truth("backup", "old name").is_none());
    assert_eq!(
        desk.truth("backup", "new name").expect("it is there").crc64,
        before.crc64
    );
}

/// Into a bucket with versions, and from one: the answer names what was made and what was read.
async fn d4_10_versions_made_and_read_are_named(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    desk.get(&desk.put("versions", "twice", b"first")).await;
    let first = desk
        .see("versions", "twice")
        .await
        .version
        .expect("a version");
    desk.get(&desk.put("versions", "twice", b"the second"))
        .await;
    let current = desk.copy_object(
        desk.source("versions", "twice", None),
        ("versions", "current"),
    );
    let copied = desk.get(&current).await;
    let made = copied.version.expect("the version that was made");
    assert_eq!(desk.see("versions", "current").await.version, Some(made));
    assert_eq!(
        desk.see("versions", "current").await.size,
        10,
        "the newest is copied"
    );
    let source = desk.source("versions", "twice", Some(&first));
    let copied = desk
        .get(&desk.copy_object(source, ("backup", "first")))
        .await;
    assert_eq!(
        copied.source_version,
        Some(first),
        "the one that was asked for"
    );
    assert_eq!(copied.version, None, "no versions are kept there");
    assert_eq!(desk.see("backup", "first").await.size, 5);
}

on_every_dialect! {
    d5_3_a_single_copy_forgets_what_it_is_not_told,
    d2_22_onto_itself_only_by_replacing,
    d1_7_the_last_copy_of_a_part_counts,
    a_rename_is_a_copy_and_a_delete,
    d4_10_versions_made_and_read_are_named,
    d5_3_parts_bring_bytes_and_create_brings_the_rest,
    d5_4_a_change_in_place_keeps_what_there_was,
    d1_6_more_than_five_gib_goes_in_parts,
    d2_9_an_unknown_class_is_the_servers_to_judge,
}
