//! Bad input: each refusal names what, where and what to do, with the provider's code and
//! request id where there is one.

use partway_domain::{AccountId, Bucket, DialectName, FailureKind};
use partway_protocol::op::{HeadBucket, ListBuckets, ListObjects};
use partway_tests::on_every_dialect;

use super::desk::{Desk, name};

const LIST: ListBuckets = ListBuckets { cursor: None };

async fn a_wrong_secret(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let mut wrong = desk.server.credential.clone();
    wrong.secret_key = String::from("not the secret at all");
    let once = desk
        .engine
        .call_once(desk.account(), &wrong, None, &LIST)
        .await;
    let refusal = once.expect_err("it is taken");
    assert_eq!(refusal.kind, FailureKind::WrongCredential, "{refusal}");
    assert!(
        refusal.code.is_some() && refusal.request_id.is_some(),
        "{refusal:?}"
    );
    assert_eq!(refusal.attempts, 1);

    // Through the store it is the same, and another secret put there is used at once.
    let account = desk.account().id.clone();
    desk.machine.purse.put(account.clone(), wrong);
    let list = desk.list("");
    let refusal = desk.ask(&list).await.unwrap_err();
    assert_eq!(refusal.kind, FailureKind::WrongCredential);
    let right = desk.server.credential.clone();
    desk.machine.purse.put(account, right);
    desk.get(&list).await;
}

async fn an_unknown_key_id(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let mut unknown = desk.server.credential.clone();
    unknown.access_key = String::from("AKNOBODYNOBODYNOBODY");
    let once = desk
        .engine
        .call_once(desk.account(), &unknown, None, &LIST)
        .await;
    let refusal = once.expect_err("it is taken");
    assert_eq!(refusal.kind, FailureKind::WrongCredential, "{refusal}");
}

async fn no_secret_at_all(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let mut account = desk.account().clone();
    account.id = AccountId("somebody else".to_owned());
    let refusal = desk.engine.call(&account, None, &LIST).await.unwrap_err();
    assert_eq!(refusal.kind, FailureKind::MissingCredential);
    assert!(refusal.message.contains(&account.name), "{refusal}");
}

async fn a_bucket_that_is_not_there(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let bucket = Bucket::parse("nowhere-1250000000").unwrap();
    let list = ListObjects {
        bucket: bucket.clone(),
        ..desk.list("")
    };
    let refusal = desk.ask(&list).await.unwrap_err();
    assert_eq!(refusal.kind, FailureKind::NoSuchBucket, "{refusal}");
    assert!(refusal.message.contains(bucket.as_str()), "{refusal}");
    let refusal = desk.ask(&HeadBucket { bucket }).await.unwrap_err();
    assert_eq!(refusal.kind, FailureKind::NoSuchBucket, "{refusal}");
}

async fn an_endpoint_nobody_listens_at(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let mut account = desk.account().clone();
    // A port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    account.endpoint = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let refusal = desk
        .engine
        .call_once(&account, &desk.server.credential, None, &LIST)
        .await
        .unwrap_err();
    assert_eq!(refusal.kind, FailureKind::Network, "{refusal}");
    let place = account.endpoint.trim_start_matches("http://");
    assert!(refusal.message.contains(place), "{refusal}");
}

/// Where the region is signed, the server says which one is right or does not mind.
async fn a_region_that_is_wrong(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    desk.put("here", b"x").await;
    let mut account = desk.account().clone();
    account.region = String::from("xx-nowhere-9");
    let answer = desk.engine.call(&account, None, &desk.list("")).await;
    let page = answer.expect("the region is learned").output;
    assert_eq!(page.entries.len(), 1);
}

async fn keys_the_provider_cannot_hold(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    assert!(partway_domain::Key::parse("k".repeat(1025)).is_err());
    let mut head = desk.heading("short");
    head.key = name(&"k".repeat(851));
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
    let list = desk.list("");
    let call = || desk.engine.call(desk.account(), None, &list);
    let answer = call().await.expect("the server's own date is learned");
    assert_eq!(answer.attempts, 2, "it does not look at the date");
    let again = call().await.expect("and kept");
    assert_eq!(again.attempts, 1);
}

on_every_dialect! {
    a_wrong_secret,
    an_unknown_key_id,
    no_secret_at_all,
    a_bucket_that_is_not_there,
    an_endpoint_nobody_listens_at,
    a_region_that_is_wrong,
    keys_the_provider_cannot_hold,
    a_clock_that_is_an_hour_behind,
}
