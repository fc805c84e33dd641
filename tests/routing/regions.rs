//! A bucket in another region: found once, signed anew, remembered.

use partway_democloud::{Elsewhere, Quirks, Switches};
use partway_domain::{Bucket, DialectName, FailureKind, Key, Prefix};
use partway_protocol::op::{HeadObject, ListObjects};
use partway_tests::cloud::{bucket, provider};
use partway_tests::{Cloud, Machine, on_every_dialect};

use crate::scripted::{Scene, answer, error};

const AMAZON: &str = "https://s3.eu-west-1.amazonaws.com";
const TENCENT: &str = "https://cos.ap-guangzhou.myqcloud.com";
const HUAWEI: &str = "https://obs.cn-north-4.myhuaweicloud.com";

fn list(bucket: Bucket) -> ListObjects {
    ListObjects {
        bucket,
        prefix: Prefix::root(),
        delimiter: None,
        cursor: None,
        start_after: None,
        max_keys: 10,
        v1: false,
        encoded: false,
    }
}

fn head(bucket: Bucket, key: &str) -> HeadObject {
    HeadObject {
        bucket,
        key: Key::parse(key).unwrap(),
        version: None,
        customer_key: None,
    }
}

fn far() -> Bucket {
    Bucket::parse("far-1250000000").unwrap()
}

/// The forms in which servers say "not here", and how many requests each costs the first time.
fn forms(dialect: DialectName) -> &'static [(Elsewhere, usize)] {
    match dialect {
        // A region of COS denies what it does not have: somebody else has to be asked.
        DialectName::Cos => &[
            (Elsewhere::Usual, 3),
            (Elsewhere::Missing, 3),
            (Elsewhere::Permanent, 2),
        ],
        DialectName::Obs | DialectName::ObsV2 => &[
            (Elsewhere::Usual, 2),
            (Elsewhere::Permanent, 2),
            (Elsewhere::Temporary, 2),
        ],
        DialectName::S3 => &[
            (Elsewhere::Usual, 2),
            (Elsewhere::Permanent, 2),
            (Elsewhere::Temporary, 2),
            (Elsewhere::Malformed, 2),
        ],
    }
}

/// Every form of every provider leads to the right region, by signing anew and not by going
/// where the answer says.
async fn a_bucket_elsewhere_is_found(dialect: DialectName) {
    for &(elsewhere, requests) in forms(dialect) {
        for by_head in [true, false] {
            let cloud = Cloud::open().await;
            cloud.demo.set_quirks(Quirks::everywhere(Switches {
                elsewhere,
                ..Switches::default()
            }));
            let machine = Machine::new(&cloud);
            let account = cloud.regional_account(dialect);
            let engine = machine.engine();
            let far = bucket(dialect, "far");
            let ask = async || {
                let before = cloud.demo.requests().len();
                let found = if by_head {
                    let operation = head(far.clone(), "postcard.txt");
                    engine.call(&account, None, &operation).await.map(|_| ())
                } else {
                    engine
                        .call(&account, None, &list(far.clone()))
                        .await
                        .map(|_| ())
                };
                found.unwrap_or_else(|failure| panic!("{dialect} {elsewhere:?}: {failure}"));
                cloud.demo.requests().len() - before
            };
            let what = format!("{dialect} {elsewhere:?}, HEAD: {by_head}");
            assert_eq!(ask().await, requests, "{what}");
            assert_eq!(ask().await, 1, "remembered, {what}");
            let last = cloud.demo.requests().pop().unwrap();
            assert_eq!((last.provider, last.status), (provider(dialect), 200));
        }
    }
}

on_every_dialect!(a_bucket_elsewhere_is_found);

/// A server that sends us round in circles is left after the first turn.
#[tokio::test]
async fn nobody_is_sent_round_in_circles() {
    for (dialect, endpoint, region) in [
        (DialectName::S3, AMAZON, "eu-west-1"),
        (DialectName::Obs, HUAWEI, "cn-north-4"),
        (DialectName::Cos, TENCENT, "ap-guangzhou"),
    ] {
        let here = move |request: &partway_protocol::wire::Request| {
            let there = if request.host.contains("-2.") {
                "region-3"
            } else {
                "region-2"
            };
            let body = error("PermanentRedirect", "");
            let header = match dialect {
                DialectName::Cos => "x-cos-bucket-region",
                DialectName::S3 => "x-amz-bucket-region",
                _ => "x-obs-bucket-location",
            };
            answer(301, &[(header, there)], &body)
        };
        let scene = Scene::new(dialect, endpoint, region, vec![Box::new(here)]);
        let failure = scene.call(&list(far())).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::WrongRegion);
        assert_eq!(scene.sent().len(), 2, "{dialect}: {:?}", scene.hosts());
        assert!(scene.hosts()[1].contains("region-2"), "{:?}", scene.hosts());
    }
}

/// A refusal that names no region: the bucket is asked, and the request is signed for the
/// answer.
#[tokio::test]
async fn a_region_nobody_named_is_asked_for() {
    let location = "<LocationConstraint>us-west-2</LocationConstraint>";
    let scene = Scene::new(
        DialectName::S3,
        AMAZON,
        "eu-west-1",
        vec![
            Box::new(|_| answer(301, &[], &error("PermanentRedirect", ""))),
            // HEAD of the bucket does not say it either.
            Box::new(|_| answer(301, &[], "")),
            Box::new(move |_| answer(200, &[], location)),
            Box::new(|_| {
                answer(
                    200,
                    &[],
                    "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>",
                )
            }),
        ],
    );
    scene.call(&list(far())).await.expect("it is found");
    let last = scene.sent().pop().unwrap();
    assert_eq!(last.host, "far-1250000000.s3.us-west-2.amazonaws.com");
    let authorization = last.header("authorization").unwrap();
    assert!(authorization.contains("/us-west-2/s3/"), "{authorization}");
}

/// Where only the user knows what the host means, a region that a server names may be signed
/// for, but makes no other host: that may be anybody's.
#[tokio::test]
async fn a_host_of_the_users_own_never_changes_by_a_servers_word() {
    for (endpoint, host) in [
        ("http://s3.eu.corp", "s3.eu.corp"),
        ("http://eu.example", "eu.example"),
        (
            "https://obs.eu.storage.corp.example",
            "obs.eu.storage.corp.example",
        ),
    ] {
        for dialect in DialectName::ALL {
            for status in [301, 400] {
                let scene = Scene::new(
                    dialect,
                    endpoint,
                    "eu",
                    vec![Box::new(move |_| {
                        let headers =
                            ["cos", "obs", "amz"].map(|vendor| format!("x-{vendor}-bucket-region"));
                        let headers = headers.each_ref().map(|name| (name.as_str(), "evil"));
                        let body = error("AuthorizationHeaderMalformed", "<Region>evil</Region>");
                        answer(status, &headers, &body)
                    })],
                );
                scene.call(&list(far())).await.unwrap_err();
                for sent in scene.hosts() {
                    let ours = sent == host || sent == format!("far-1250000000.{host}");
                    assert!(ours, "{dialect} {status}: {sent}");
                }
            }
        }
    }
}

/// S3 signs for a region, which is a server's to name.
#[tokio::test]
async fn a_host_of_the_users_own_is_signed_for_the_region_it_names() {
    let scene = Scene::new(
        DialectName::S3,
        "http://s3.eu.corp",
        "eu",
        vec![
            Box::new(|_| answer(400, &[("x-amz-bucket-region", "garage")], "")),
            Box::new(|_| answer(200, &[("etag", "\"e\""), ("content-length", "1")], "")),
        ],
    );
    scene.call(&head(far(), "k")).await.expect("it is found");
    let last = scene.sent().pop().unwrap();
    assert_eq!(last.host, "far-1250000000.s3.eu.corp");
    let authorization = last.header("authorization").unwrap();
    assert!(authorization.contains("/garage/s3/"), "{authorization}");
}

/// S3 refuses a HEAD in the wrong region with 400 and nothing but a header.
#[tokio::test]
async fn a_head_is_told_by_a_header_alone() {
    let scene = Scene::new(
        DialectName::S3,
        "https://s3.amazonaws.com",
        "us-east-1",
        vec![
            Box::new(|_| answer(400, &[("x-amz-bucket-region", "ap-south-1")], "")),
            Box::new(|_| answer(200, &[("etag", "\"e\""), ("content-length", "1")], "")),
        ],
    );
    scene.call(&head(far(), "k")).await.expect("it is found");
    assert_eq!(
        scene.hosts(),
        [
            "far-1250000000.s3.amazonaws.com",
            "far-1250000000.s3.ap-south-1.amazonaws.com"
        ]
    );
}

/// What a server calls a region never becomes more than a label of a host name.
#[tokio::test]
async fn a_region_that_is_none_leads_nowhere() {
    for region in ["evil.example/", "a.b", "x@evil.example", "..", "a b", "#"] {
        let scene = Scene::new(
            DialectName::S3,
            AMAZON,
            "eu-west-1",
            vec![Box::new(move |_| {
                answer(
                    301,
                    &[("x-amz-bucket-region", region)],
                    &error("PermanentRedirect", ""),
                )
            })],
        );
        let failure = scene.call(&list(far())).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::WrongRegion);
        for host in scene.hosts() {
            assert!(
                host.ends_with("s3.eu-west-1.amazonaws.com"),
                "{region}: {host}"
            );
        }
    }
}

/// A bucket that is nowhere is looked for once, not once per object.
#[tokio::test]
async fn a_bucket_that_is_nowhere_is_not_looked_for_again_and_again() {
    let scene = Scene::new(
        DialectName::Cos,
        TENCENT,
        "ap-guangzhou",
        vec![Box::new(|request| {
            if request.host == "service.cos.myqcloud.com" {
                let none = "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>";
                return answer(200, &[], none);
            }
            answer(
                404,
                &[("x-cos-request-id", "R")],
                &error("NoSuchBucket", ""),
            )
        })],
    );
    for _ in 0..5 {
        let failure = scene.call(&list(far())).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::NoSuchBucket);
    }
    assert_eq!(scene.sent().len(), 6, "{:?}", scene.hosts());
    // Somebody may have made it meanwhile.
    scene.wall.shift_ms(61_000);
    scene.call(&list(far())).await.unwrap_err();
    assert_eq!(scene.sent().len(), 8);
}
