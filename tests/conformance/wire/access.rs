//! Tags, who may do what, and URLs for others.

use std::time::Duration;

use partway_domain::{DialectName, FailureKind};
use partway_engine::clock::{Clock, SystemClock};
use partway_protocol::dialect::dialect;
use partway_protocol::endpoint::Endpoint;
use partway_protocol::op::{
    Access, Attributes, DeleteObjectTagging, GetBucketAcl, GetObject, GetObjectAcl,
    GetObjectTagging, Grantee, NewAcl, Operation, Permission, PutObject, PutObjectAcl,
    PutObjectTagging, Target, Terms, presign,
};
use partway_protocol::wire::{Request, Response};
use partway_tests::machine::transport;
use partway_tests::on_every_dialect;

use super::desk::{Desk, name};

fn tags() -> Vec<(String, String)> {
    vec![
        ("kind".to_owned(), "a b+c".to_owned()),
        ("owner".to_owned(), "me".to_owned()),
    ]
}

impl Desk {
    async fn tags(&self, key: &str) -> Vec<(String, String)> {
        let get = GetObjectTagging {
            bucket: self.bucket.clone(),
            key: name(key),
            version: None,
        };
        let mut tags = self.get(&get).await;
        tags.sort();
        tags
    }

    /// Whether everybody may read an object.
    async fn is_public(&self, key: &str) -> bool {
        let get = GetObjectAcl {
            bucket: self.bucket.clone(),
            key: name(key),
            version: None,
        };
        let policy = self.get(&get).await;
        let mut grants = policy.grants.iter();
        grants
            .any(|grant| grant.grantee == Grantee::Everyone && grant.permission == Permission::Read)
    }

    fn presigned<O: Operation>(&self, operation: &O) -> Request {
        let endpoint = Endpoint::of(self.account()).expect("an endpoint");
        let target = Target {
            dialect: dialect(self.account().dialect),
            endpoint: &endpoint,
        };
        let now = SystemClock.now_ms() / 1000;
        presign(operation, target, &self.server.credential, now, 600).expect("a URL")
    }
}

async fn send(request: Request) -> Response {
    let sending = transport();
    let answer = sending.send(request, Duration::from_secs(30)).await;
    answer.expect("an answer")
}

async fn tags_are_put_read_and_taken_away(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    desk.put("tagged", b"x").await;
    assert!(desk.tags("tagged").await.is_empty());
    desk.get(&PutObjectTagging {
        bucket: desk.bucket.clone(),
        key: name("tagged"),
        version: None,
        tags: tags(),
    })
    .await;
    assert_eq!(desk.tags("tagged").await, tags());
    desk.get(&DeleteObjectTagging {
        bucket: desk.bucket.clone(),
        key: name("tagged"),
        version: None,
    })
    .await;
    assert!(desk.tags("tagged").await.is_empty());
}

async fn tags_travel_with_a_copy(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let put = PutObject {
        attributes: Attributes {
            tags: tags(),
            ..Attributes::default()
        },
        ..desk.putting("tagged", b"x")
    };
    desk.get(&put).await;
    desk.get(&desk.copying("tagged", "tagged copy")).await;
    for key in ["tagged", "tagged copy"] {
        assert_eq!(desk.tags(key).await, tags(), "{key}");
    }
}

async fn access_is_given_when_an_object_is_made(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    desk.get(&PutObject {
        terms: Terms {
            access: Access::Canned("public-read".to_owned()),
            ..Terms::default()
        },
        ..desk.putting("public", b"x")
    })
    .await;
    desk.put("private", b"x").await;
    assert!(desk.is_public("public").await);
    assert!(!desk.is_public("private").await);
}

async fn access_is_given_afterwards(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    desk.put("letter", b"x").await;
    for (word, public) in [("public-read", true), ("private", false)] {
        desk.get(&PutObjectAcl {
            bucket: desk.bucket.clone(),
            key: name("letter"),
            version: None,
            acl: NewAcl::Access(Access::Canned(word.to_owned())),
        })
        .await;
        assert_eq!(desk.is_public("letter").await, public, "{word}");
    }
}

/// What one object's settings say is written to another as it was read.
async fn a_policy_is_written_as_it_was_read(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    desk.get(&PutObject {
        terms: Terms {
            access: Access::Canned("public-read".to_owned()),
            ..Terms::default()
        },
        ..desk.putting("from", b"x")
    })
    .await;
    desk.put("to", b"x").await;
    let read = |key: &str| GetObjectAcl {
        bucket: desk.bucket.clone(),
        key: name(key),
        version: None,
    };
    let policy = desk.get(&read("from")).await;
    desk.get(&PutObjectAcl {
        bucket: desk.bucket.clone(),
        key: name("to"),
        version: None,
        acl: NewAcl::Policy(policy.clone()),
    })
    .await;
    let written = desk.get(&read("to")).await;
    assert_eq!(written.owner, policy.owner);
    assert_eq!(written.grants.len(), policy.grants.len());
    for grant in &policy.grants {
        assert!(written.grants.contains(grant), "{grant:?} in {written:?}");
    }
}

async fn a_bucket_tells_its_access(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let policy = desk
        .get(&GetBucketAcl {
            bucket: desk.bucket.clone(),
        })
        .await;
    assert!(policy.owner.is_some());
}

async fn whoever_has_the_url_may_read_and_write(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let put = desk.putting("a b+c/é", b"by url");
    let answer = send(desk.presigned(&put)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let get = GetObject {
        overrides: vec![("content-type".to_owned(), "image/x-override".to_owned())],
        ..desk.getting("a b+c/é")
    };
    let answer = send(desk.presigned(&get)).await;
    assert_eq!(
        (answer.status, answer.body.as_slice()),
        (200, &b"by url"[..])
    );
    assert_eq!(answer.header("content-type"), Some("image/x-override"));
}

async fn a_url_is_good_for_one_key_only(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    desk.put("one", b"x").await;
    desk.put("two", b"x").await;
    let mut request = desk.presigned(&desk.getting("one"));
    request.path = request.path.replace("/one", "/two");
    assert_eq!(send(request).await.status, 403);
    let two = desk.ask(&desk.getting("three")).await.unwrap_err();
    assert_eq!(two.kind, FailureKind::NoSuchSource);
}

on_every_dialect! {
    tags_are_put_read_and_taken_away,
    tags_travel_with_a_copy,
    access_is_given_when_an_object_is_made,
    access_is_given_afterwards,
    a_policy_is_written_as_it_was_read,
    a_bucket_tells_its_access,
    whoever_has_the_url_may_read_and_write,
    a_url_is_good_for_one_key_only,
}
