//! Encryption at rest, from one copy to the next.

use partway_domain::limits::MIB;
use partway_domain::{DialectName, FailureKind};
use partway_protocol::op::{
    Attributes, CompleteMultipartUpload, CopyObject, CopySource, CustomerKey, Encryption,
    HeadObject, KeyService, PutObject, Terms, UploadPartCopy,
};
use partway_tests::on_every_dialect;

use crate::desk::{Desk, name};

fn key(byte: u8) -> CustomerKey {
    CustomerKey::of_bytes(&[byte; 32]).expect("a key")
}

fn terms(encryption: Encryption) -> Terms {
    Terms {
        encryption,
        ..Terms::default()
    }
}

/// The first 6 MiB of an example object as an object of one part.
async fn multipart(desk: &Desk, to: &str, encryption: Encryption, source: CopySource) {
    let customer_key = encryption.customer_key().cloned();
    let upload_id = desk.create(to, terms(encryption)).await;
    let part = UploadPartCopy {
        customer_key: customer_key.clone(),
        ..desk.part(to, &upload_id, source, 6 * MIB)
    };
    let copied = desk.get(&part).await;
    desk.get(&CompleteMultipartUpload {
        bucket: desk.bucket("backup"),
        key: name(to),
        upload_id,
        parts: vec![(part.number, copied.etag)],
        size: 6 * MIB,
        customer_key,
    })
    .await;
}

fn tiles(desk: &Desk) -> CopySource {
    desk.source("datasets", "images/tiles-000.zip", None)
}

/// What Create was told is what HEAD shows: managed keys, and a key of the key service.
async fn d2_16_an_object_shows_the_encryption_it_was_given(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    multipart(&desk, "managed", Encryption::Provider, tiles(&desk)).await;
    let managed = desk
        .see("backup", "managed")
        .await
        .encrypted
        .expect("it is said");
    assert_eq!(
        (managed.algorithm.as_str(), managed.key_id),
        ("AES256", None)
    );

    let id = "48ba38aa-26c5-11ea-855c-525400850000";
    let service = KeyService {
        key_id: Some(id.to_owned()),
        ..KeyService::default()
    };
    multipart(
        &desk,
        "service",
        Encryption::KeyService(service),
        tiles(&desk),
    )
    .await;
    let service = desk
        .see("backup", "service")
        .await
        .encrypted
        .expect("it is said");
    let word = match dialect {
        DialectName::Cos => "cos/kms",
        DialectName::Obs => "kms",
        DialectName::ObsV2 | DialectName::S3 => "aws:kms",
    };
    assert_eq!(service.algorithm, word);
    // S3 answers with the key's whole name.
    assert!(service.key_id.expect("the key's id").ends_with(id));
}

/// From one customer key to another, part by part; without its key an object is closed.
async fn d2_14_keys_of_both_sides_travel_with_every_part(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    multipart(&desk, "first", Encryption::Customer(key(1)), tiles(&desk)).await;
    let with_key = |byte| CopySource {
        customer_key: Some(key(byte)),
        ..desk.source("backup", "first", None)
    };
    multipart(&desk, "second", Encryption::Customer(key(2)), with_key(1)).await;
    assert_eq!(
        desk.truth("backup", "second").expect("the copy").crc64,
        desk.truth("backup", "first").expect("the source").crc64
    );
    let head = |byte: Option<u8>| HeadObject {
        customer_key: byte.map(key),
        ..desk.head("backup", "second")
    };
    let seen = desk
        .get(&head(Some(2)))
        .await
        .encrypted
        .expect("it is said");
    assert_eq!(seen.customer_key_md5, Some(key(2).md5()));
    for wrong in [None, Some(1)] {
        let refusal = desk.refusal(&head(wrong)).await;
        assert!(matches!(refusal.status, Some(400 | 403)), "{refusal}");
        assert_eq!(refusal.attempts, 1, "{refusal}");
    }
}

/// The source's key under the destination's names would encrypt the copy and leave the source
/// unreadable; the headers of the source have a prefix of their own.
async fn d2_13_the_sources_key_opens_the_source(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let put = PutObject {
        terms: terms(Encryption::Customer(key(1))),
        ..desk.put("backup", "closed", b"a secret")
    };
    desk.get(&put).await;
    let source = |byte: Option<u8>| CopySource {
        customer_key: byte.map(key),
        ..desk.source("backup", "closed", None)
    };
    for wrong in [None, Some(2)] {
        let refusal = desk
            .refusal(&desk.copy_object(source(wrong), ("backup", "open")))
            .await;
        assert!(matches!(refusal.status, Some(400 | 403)), "{refusal}");
    }
    // As the page's table has it: the key is given, but for the destination.
    let misled = CopyObject {
        terms: terms(Encryption::Customer(key(1))),
        ..desk.copy_object(source(None), ("backup", "open"))
    };
    desk.refusal(&misled).await;
    desk.get(&desk.copy_object(source(Some(1)), ("backup", "open")))
        .await;
    let open = desk.see("backup", "open").await;
    assert_eq!(open.encrypted.and_then(|seen| seen.customer_key_md5), None);
    assert_eq!(open.size, 8);
}

/// COS takes encryption off in place; OBS refuses that, and the refusal is final.
async fn d5_5_taking_encryption_off_in_place(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let put = PutObject {
        terms: terms(Encryption::Customer(key(1))),
        ..desk.put("backup", "in place", b"bytes")
    };
    desk.get(&put).await;
    let copy = CopyObject {
        replace: Some(Attributes::default()),
        ..desk.copy_object(
            CopySource {
                customer_key: Some(key(1)),
                ..desk.source("backup", "in place", None)
            },
            ("backup", "in place"),
        )
    };
    match dialect {
        DialectName::Obs | DialectName::ObsV2 => {
            let refusal = desk.refusal(&copy).await;
            assert_eq!(
                (refusal.status, refusal.attempts),
                (Some(400), 1),
                "{refusal}"
            );
            assert_eq!(refusal.kind, FailureKind::Invalid, "{refusal}");
        }
        DialectName::Cos | DialectName::S3 => {
            desk.get(&copy).await;
            desk.see("backup", "in place").await;
        }
    }
}

on_every_dialect! {
    d2_16_an_object_shows_the_encryption_it_was_given,
    d2_14_keys_of_both_sides_travel_with_every_part,
    d2_13_the_sources_key_opens_the_source,
    d5_5_taking_encryption_off_in_place,
}
