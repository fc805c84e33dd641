//! A clock that is wrong is corrected by the server's, once for each call.

use partway_democloud::{Quirks, Switches};
use partway_domain::{DialectName, FailureKind, Key};
use partway_protocol::op::{HeadObject, ListBuckets};
use partway_tests::cloud::bucket;
use partway_tests::{Cloud, Machine, on_every_dialect};

use crate::scripted::{Reply, Scene, answer, error};

const HOUR_MS: i64 = 3_600_000;

fn head(dialect: DialectName) -> HeadObject {
    HeadObject {
        bucket: bucket(dialect, "datasets"),
        key: Key::parse("images/tiles-001.zip").unwrap(),
        version: None,
        customer_key: None,
    }
}

/// Ours is wrong, then theirs, in both directions: one more request, and none once it is known.
async fn a_wrong_clock_costs_one_request(dialect: DialectName) {
    for hours in [-30, -1, 1, 30] {
        for theirs in [false, true] {
            let cloud = Cloud::open().await;
            let machine = Machine::new(&cloud);
            if theirs {
                cloud.demo.set_quirks(Quirks::everywhere(Switches {
                    clock_ahead_secs: hours * 3600,
                    ..Switches::default()
                }));
            } else {
                machine.wall.shift_ms(hours * HOUR_MS);
            }
            let engine = machine.engine();
            let account = cloud.account(dialect);
            let what = format!("{dialect}: {hours} h, theirs: {theirs}");
            let ask = async || {
                let before = cloud.demo.requests().len();
                let found = engine.call(&account, None, &head(dialect)).await;
                found.unwrap_or_else(|failure| panic!("{what}: {failure}"));
                cloud.demo.requests().len() - before
            };
            assert_eq!(ask().await, 2, "{what}");
            assert_eq!(ask().await, 1, "{what}");
        }
    }
}

on_every_dialect!(a_wrong_clock_costs_one_request);

fn buckets(dialect: DialectName) -> Reply {
    let _ = dialect;
    answer(
        200,
        &[],
        "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>",
    )
}

/// Everything that means the clock, with the code or in words only.
#[tokio::test]
async fn whatever_means_the_clock_is_heard_once_and_not_twice() {
    let expired = "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>";
    let early =
        "<Error><Code>AccessDenied</Code><Message>Request is not yet valid</Message></Error>";
    let undated = "<Error><Code>AccessDenied</Code><Message>Authentication requires a valid Date header</Message></Error>";
    let skewed = "<Error><Code>RequestTimeTooSkewed</Code></Error>";
    let with_time = "<Error><Code>RequestTimeTooSkewed</Code><ServerTime>2001-02-03T04:05:06Z</ServerTime></Error>";
    let date: &[(&str, &str)] = &[("date", "Sat, 03 Feb 2001 04:05:06 GMT")];
    for (dialect, headers, body) in [
        (DialectName::Cos, date, expired),
        (DialectName::Cos, date, early),
        (DialectName::Obs, date, undated),
        (DialectName::ObsV2, date, skewed),
        (DialectName::S3, date, skewed),
        // No date, or one from a cache: the body tells the time.
        (DialectName::S3, &[], with_time),
        (
            DialectName::S3,
            &[("date", "Fri, 01 Jan 1999 00:00:00 GMT"), ("age", "7")],
            with_time,
        ),
    ] {
        let refused = move |_: &partway_protocol::wire::Request| answer(403, headers, body);
        let scene = Scene::new(
            dialect,
            "http://127.0.0.1:9",
            "r-1",
            vec![Box::new(refused), Box::new(move |_| buckets(dialect))],
        );
        let operation = ListBuckets { cursor: None };
        scene.call(&operation).await.expect("the second is in time");
        let sent = scene.sent();
        assert_eq!(sent.len(), 2, "{dialect} {body}");
        // Signed for the server's time, not merely sent again.
        let signed = format!(
            "{:?} {:?}",
            sent[1].header("x-amz-date"),
            sent[1].header("date")
        );
        match dialect {
            DialectName::S3 => assert!(signed.contains("20010203T0405"), "{signed}"),
            DialectName::Cos => {
                let authorization = sent[1].header("authorization").unwrap();
                assert!(
                    authorization.contains("q-sign-time=98117"),
                    "{authorization}"
                );
            }
            _ => assert!(signed.contains("03 Feb 2001 04:05"), "{signed}"),
        }

        let always = Scene::new(
            dialect,
            "http://127.0.0.1:9",
            "r-1",
            vec![Box::new(refused)],
        );
        let failure = always.call(&operation).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::ClockSkew);
        assert_eq!(always.sent().len(), 2, "{dialect}: once, not twice");
    }
}

/// A date that cannot be trusted, and none at all, correct nothing.
#[tokio::test]
async fn a_time_nobody_told_corrects_nothing() {
    let body = error("RequestTimeTooSkewed", "");
    for headers in [
        &[][..],
        &[("date", "yesterday")][..],
        &[("date", "Sat, 03 Feb 2001 04:05:06 GMT"), ("age", "60")][..],
    ] {
        let body = body.clone();
        let scene = Scene::new(
            DialectName::S3,
            "http://127.0.0.1:9",
            "r-1",
            vec![Box::new(move |_| answer(403, headers, &body))],
        );
        let failure = scene.call(&ListBuckets { cursor: None }).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::ClockSkew);
        assert_eq!(scene.sent().len(), 1);
    }
}
