//! Bad input: each refusal names what, where and what to do, with the provider's code and
//! request id where there is one.

use partway_domain::{AccountId, DialectName, FailureKind};
use partway_protocol::op::{HeadBucket, ListBuckets, ListObjects};
use partway_tests::on_every_dialect;

use crate::desk::{Desk, name};

async fn a_wrong_secret(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let mut credential = desk.cloud.credential(dialect);
    credential.secret_key = String::from("not the secret at all");
    let refusal = desk
        .engine
        .call_once(
            &desk.account,
            &credential,
            None,
            &ListBuckets { cursor: None },
        )
        .await
        .unwrap_err();
    assert_eq!(refusal.kind, FailureKind::WrongCredential, "{refusal}");
    assert!(
        refusal.code.is_some() && refusal.request_id.is_some(),
        "{refusal:?}"
    );
    assert_eq!(refusal.attempts, 1);

    // Through the store it is the same, and another secret put there is used at once.
    desk.machine.purse.put(desk.account.id.clone(), credential);
    let list = desk.list("photos", "");
    let refusal = desk.ask(&list).await.unwrap_err();
    assert_eq!(refusal.kind, FailureKind::WrongCredential);
    let right = desk.cloud.credential(dialect);
    desk.machine.purse.put(desk.account.id.clone(), right);
    desk.get(&list).await;
}

async fn an_unknown_key_id(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let mut credential = desk.cloud.credential(dialect);
    credential.access_key = String::from("AKNOBODYNOBODYNOBODY");
    let refusal = desk
        .engine
        .call_once(
            &desk.account,
            &credential,
            None,
            &ListBuckets { cursor: None },
        )
        .await
        .unwrap_err();
    assert_eq!(refusal.kind, FailureKind::WrongCredential, "{refusal}");
}

async fn no_secret_at_all(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let mut account = desk.account.clone();
    account.id = AccountId("somebody else".to_owned());
    let refusal = desk
        .engine
        .call(&account, None, &ListBuckets { cursor: None })
        .await
        .unwrap_err();
    assert_eq!(refusal.kind, FailureKind::MissingCredential);
    assert!(refusal.message.contains(&account.name), "{refusal}");
}

async fn a_bucket_without_permission(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let refusal = desk.ask(&desk.list("no-access", "")).await.unwrap_err();
    assert_eq!(refusal.kind, FailureKind::AccessDenied);
    assert_eq!(
        refusal.bucket.as_deref(),
        Some(desk.bucket("no-access").as_str())
    );
    assert_eq!(refusal.code.as_deref(), Some("AccessDenied"));
    assert!(refusal.request_id.is_some());
    // HEAD has no body to say why.
    let refusal = desk.head("no-access", "secret.txt").await.unwrap_err();
    assert_eq!(refusal.kind, FailureKind::AccessDenied);
}

async fn a_bucket_that_is_not_there(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let list = ListObjects {
        bucket: partway_domain::Bucket::parse("nowhere-1250000000").unwrap(),
        ..desk.list("photos", "")
    };
    let refusal = desk.ask(&list).await.unwrap_err();
    assert_eq!(refusal.kind, FailureKind::NoSuchBucket, "{refusal}");
    assert!(refusal.message.contains("nowhere-1250000000"), "{refusal}");
    let head = HeadBucket {
        bucket: list.bucket,
    };
    let refusal = desk.ask(&head).await.unwrap_err();
    assert_eq!(refusal.kind, FailureKind::NoSuchBucket, "{refusal}");
}

async fn an_endpoint_nobody_listens_at(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let mut account = desk.account.clone();
    // A port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    account.endpoint = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let credential = desk.cloud.credential(dialect);
    let refusal = desk
        .engine
        .call_once(&account, &credential, None, &ListBuckets { cursor: None })
        .await
        .unwrap_err();
    assert_eq!(refusal.kind, FailureKind::Network, "{refusal}");
    let place = account.endpoint.trim_start_matches("http://");
    assert!(refusal.message.contains(place), "{refusal}");
}

async fn a_region_that_is_wrong(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let mut account = desk.account.clone();
    account.region = String::from("xx-nowhere-9");
    let answer = desk
        .engine
        .call(&account, None, &desk.list("photos", ""))
        .await;
    match dialect {
        // S3 says which region is right, and the request is signed anew for it.
        DialectName::S3 => {
            let answer = answer.expect("the region is learned");
            assert!(!answer.output.entries.is_empty());
        }
        // The others do not sign the region.
        _ => {
            answer.expect("the region is not part of the signature");
        }
    }
}

async fn keys_the_provider_cannot_hold(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    assert!(partway_domain::Key::parse("k".repeat(1025)).is_err());
    let long = name(&"k".repeat(851));
    let head = partway_protocol::op::HeadObject {
        bucket: desk.bucket("photos"),
        key: long,
        version: None,
    };
    let refusal = desk.ask(&head).await.unwrap_err();
    match dialect {
        DialectName::Cos => {
            assert_eq!(refusal.kind, FailureKind::Invalid, "{refusal}");
            assert!(refusal.message.contains("850"), "{refusal}");
        }
        _ => assert_eq!(refusal.kind, FailureKind::NoSuchSource, "{refusal}"),
    }
}

async fn a_clock_that_is_an_hour_behind(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    desk.machine.wall.shift_ms(-3_600_000);
    let answer = desk
        .engine
        .call(&desk.account, None, &desk.list("photos", ""))
        .await
        .expect("the server's own date is learned");
    assert_eq!(answer.attempts, 2);
    let again = desk
        .engine
        .call(&desk.account, None, &desk.list("photos", ""))
        .await
        .expect("and kept");
    assert_eq!(again.attempts, 1);
}

on_every_dialect! {
    a_wrong_secret,
    an_unknown_key_id,
    no_secret_at_all,
    a_bucket_without_permission,
    a_bucket_that_is_not_there,
    an_endpoint_nobody_listens_at,
    a_region_that_is_wrong,
    keys_the_provider_cannot_hold,
    a_clock_that_is_an_hour_behind,
}
