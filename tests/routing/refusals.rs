//! Refused credentials are not sent again and again, and a server that asks for time gets it.

use std::time::Duration;

use partway_domain::{DialectName, FailureKind};
use partway_protocol::op::ListBuckets;

use crate::scripted::{Scene, answer, error};

const LIST: ListBuckets = ListBuckets { cursor: None };

fn refusing(dialect: DialectName, status: u16, code: &'static str) -> Scene {
    let line = move |_: &partway_protocol::wire::Request| answer(status, &[], &error(code, ""));
    Scene::new(dialect, "http://127.0.0.1:9", "r-1", vec![Box::new(line)])
}

#[tokio::test]
async fn a_refused_credential_is_sent_once() {
    for (dialect, status, code, kind) in [
        (
            DialectName::S3,
            403,
            "InvalidAccessKeyId",
            FailureKind::WrongCredential,
        ),
        (
            DialectName::Cos,
            403,
            "SignatureDoesNotMatch",
            FailureKind::WrongCredential,
        ),
        (
            DialectName::S3,
            400,
            "ExpiredToken",
            FailureKind::ExpiredCredential,
        ),
        (
            DialectName::Obs,
            400,
            "TooManyWrongSignature",
            FailureKind::WrongCredential,
        ),
    ] {
        let scene = refusing(dialect, status, code);
        for _ in 0..50 {
            let failure = scene.call(&LIST).await.unwrap_err();
            assert_eq!((failure.kind, failure.code.as_deref()), (kind, Some(code)));
        }
        assert_eq!(scene.sent().len(), 1, "{code}");

        // Whoever stores another one, or says "go on", is heard.
        scene.engine.forget_credential(&scene.account.id);
        scene.call(&LIST).await.unwrap_err();
        assert_eq!(scene.sent().len(), 2, "{code}");
    }
}

#[tokio::test]
async fn whoever_is_shut_out_waits_longer() {
    for (code, seconds) in [
        ("SignatureDoesNotMatch", 10),
        ("TooManyWrongSignature", 300),
    ] {
        let scene = refusing(DialectName::Obs, 400, code);
        scene.call(&LIST).await.unwrap_err();
        scene.wall.shift_ms((seconds - 2) * 1000);
        scene.call(&LIST).await.unwrap_err();
        assert_eq!(scene.sent().len(), 1, "{code}");
        scene.wall.shift_ms(3000);
        scene.call(&LIST).await.unwrap_err();
        assert_eq!(scene.sent().len(), 2, "{code}");
    }
}

#[tokio::test]
async fn a_right_that_is_missing_says_nothing_of_the_credential() {
    let scene = refusing(DialectName::S3, 403, "AccessDenied");
    for _ in 0..3 {
        let failure = scene.call(&LIST).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::AccessDenied);
    }
    assert_eq!(scene.sent().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_asks_for_time_gets_it() {
    for (dialect, header, value, least) in [
        (DialectName::S3, "retry-after", "7", 7),
        (DialectName::Cos, "retry-after", "7", 7),
        (DialectName::Obs, "x-obs-qos-delay-time", "7000", 7),
        (
            DialectName::S3,
            "retry-after",
            "Sat, 03 Feb 2001 04:05:13 GMT",
            7,
        ),
        // What cannot be read asks for nothing.
        (DialectName::S3, "retry-after", "soon", 0),
    ] {
        let slow = move |_: &partway_protocol::wire::Request| {
            let now = ("date", "Sat, 03 Feb 2001 04:05:06 GMT");
            answer(503, &[now, (header, value)], &error("SlowDown", ""))
        };
        let well = |_: &partway_protocol::wire::Request| {
            let none = "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>";
            answer(200, &[], none)
        };
        let scene = Scene::new(
            dialect,
            "http://127.0.0.1:9",
            "r-1",
            vec![Box::new(slow), Box::new(well)],
        );
        let begun = tokio::time::Instant::now();
        scene.call(&LIST).await.expect("it recovers");
        let took = begun.elapsed();
        assert!(took >= Duration::from_secs(least), "{dialect}: {took:?}");
        assert!(took < Duration::from_secs(least + 2), "{dialect}: {took:?}");
    }
}
