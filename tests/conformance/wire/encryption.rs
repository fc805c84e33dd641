//! Keys of one's own: the server keeps none of them, so each request brings its own.

use partway_domain::DialectName;
use partway_domain::limits::MIB;
use partway_protocol::op::{
    CompleteMultipartUpload, CopyObject, CreateMultipartUpload, CustomerKey, Encryption, GetObject,
    HeadObject, PutObject, Terms, UploadPart, UploadPartCopy,
};
use partway_tests::on_every_dialect;

use super::content::content;
use super::desk::Desk;

fn key(number: u8) -> CustomerKey {
    CustomerKey::of_bytes(&[number; 32]).expect("a key")
}

fn under(number: u8) -> Terms {
    Terms {
        encryption: Encryption::Customer(key(number)),
        ..Terms::default()
    }
}

impl Desk {
    async fn put_under(&self, number: u8, name: &str, body: &[u8]) {
        self.get(&PutObject {
            terms: under(number),
            ..self.putting(name, body)
        })
        .await;
    }

    /// Its key opens it, and nothing else does.
    async fn assert_sealed(&self, number: u8, name: &str, body: &[u8]) {
        assert!(self.read_under(number, name).await == body, "it is another");
        let outcome = self.ask(&self.getting(name)).await;
        let refusal = outcome.expect_err("it opens without its key");
        assert!(matches!(refusal.status, Some(400 | 403)), "{refusal}");
    }

    async fn read_under(&self, number: u8, name: &str) -> Vec<u8> {
        let get = GetObject {
            customer_key: Some(key(number)),
            ..self.getting(name)
        };
        self.get(&get).await.body
    }
}

async fn only_its_own_key_opens_an_object(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    desk.put_under(1, "secret", b"sealed").await;
    assert_eq!(desk.read_under(1, "secret").await, b"sealed");
    let head = |customer_key| HeadObject {
        customer_key,
        ..desk.heading("secret")
    };
    let told = desk.get(&head(Some(key(1)))).await;
    assert_eq!(told.size, 6);
    let encrypted = told.encrypted.expect("how it is encrypted");
    assert_eq!(encrypted.customer_key_md5, Some(key(1).md5()));
    for wrong in [None, Some(key(2))] {
        let outcome = desk.ask(&head(wrong)).await;
        let refusal = outcome.expect_err("it opens without its key");
        assert!(matches!(refusal.status, Some(400 | 403)), "{refusal}");
    }
}

async fn a_copy_can_have_another_key(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    desk.put_under(1, "secret", b"sealed").await;
    let mut source = desk.source("secret");
    source.customer_key = Some(key(1));
    let copy = |to: &str, terms| CopyObject {
        source: source.clone(),
        terms,
        ..desk.copying("secret", to)
    };
    desk.get(&copy("other key", under(2))).await;
    desk.assert_sealed(2, "other key", b"sealed").await;
    desk.get(&copy("open", Terms::default())).await;
    assert_eq!(desk.read("open").await, b"sealed");
}

async fn parts_are_written_under_a_key(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let body = content(5 << 20, 7);
    let upload = desk
        .get(&CreateMultipartUpload {
            terms: under(1),
            ..desk.creating("sealed")
        })
        .await;
    let mut tags = Vec::new();
    for (number, body) in [(1, body.as_slice()), (2, b"end")] {
        let part = UploadPart {
            customer_key: Some(key(1)),
            ..desk.part("sealed", &upload, number, body)
        };
        tags.push(desk.get(&part).await.etag);
    }
    let complete = CompleteMultipartUpload {
        customer_key: Some(key(1)),
        ..desk.completing("sealed", &upload, &tags, 5 * MIB + 3)
    };
    // What it answers is another case's matter.
    let _ = desk.ask(&complete).await;
    let whole = [&body[..], b"end"].concat();
    desk.assert_sealed(1, "sealed", &whole).await;
}

async fn parts_are_copied_from_key_to_key(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let body = content(6 << 20, 8);
    desk.put_under(1, "secret", &body).await;
    let upload = desk
        .get(&CreateMultipartUpload {
            terms: under(2),
            ..desk.creating("copy")
        })
        .await;
    let mut part = UploadPartCopy {
        customer_key: Some(key(2)),
        ..desk.part_copy("copy", &upload, 1, "secret", (MIB, 6 * MIB))
    };
    part.source.customer_key = Some(key(1));
    let tag = desk.get(&part).await.etag;
    let complete = CompleteMultipartUpload {
        customer_key: Some(key(2)),
        ..desk.completing("copy", &upload, &[tag], 5 * MIB)
    };
    // What it answers is another case's matter.
    let _ = desk.ask(&complete).await;
    desk.assert_sealed(2, "copy", &body[1 << 20..]).await;
}

on_every_dialect! {
    only_its_own_key_opens_an_object,
    a_copy_can_have_another_key,
    parts_are_written_under_a_key,
    parts_are_copied_from_key_to_key,
}
