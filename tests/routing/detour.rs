//! The second domain of COS, for accounts that want it.

use partway_domain::{Bucket, ByteRange, DialectName, FailureKind, Key, PartNumber, UploadId};
use partway_protocol::endpoint::Endpoint;
use partway_protocol::op::{
    Attributes, Conditions, CopySource, CreateMultipartUpload, HeadBucket, ListBuckets, Terms,
    UploadPartCopy,
};
use partway_protocol::wire::Request;

use crate::scripted::{Reply, Scene, answer, error, silence};

const HOME: &str = "https://cos.ap-guangzhou.myqcloud.com";

fn bucket() -> Bucket {
    Bucket::parse("b-1250000000").unwrap()
}

fn head() -> HeadBucket {
    HeadBucket { bucket: bucket() }
}

fn first_domain(request: &Request) -> bool {
    request.host.ends_with(".myqcloud.com")
}

/// The first domain gives `reply`, the second is well.
fn scene(reply: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Scene {
    let line = move |request: &Request| {
        if first_domain(request) {
            reply(request)
        } else {
            answer(200, &[("x-cos-request-id", "R")], "")
        }
    };
    Scene::new(DialectName::Cos, HOME, "ap-guangzhou", vec![Box::new(line)])
}

const FIRST: &str = "b-1250000000.cos.ap-guangzhou.myqcloud.com";
const SECOND: &str = "b-1250000000.cos.ap-guangzhou.tencentcos.cn";

#[tokio::test(start_paused = true)]
async fn nobody_takes_it_unasked() {
    let scene = scene(|_| answer(302, &[("location", "http://portal.example/")], ""));
    let failure = scene.call(&head()).await.unwrap_err();
    assert!(failure.message.contains("portal.example"), "{failure}");
    assert!(scene.hosts().iter().all(|host| host == FIRST));
}

#[tokio::test]
async fn silence_and_redirects_lead_there_at_once() {
    type Answers = fn(&Request) -> Reply;
    let first: [Answers; 4] = [
        silence,
        |_| answer(301, &[], ""),
        |_| answer(302, &[("location", "http://portal.example/")], ""),
        |_| answer(307, &[], ""),
    ];
    for reply in first {
        let scene = scene(reply).with_fallback();
        scene
            .call(&head())
            .await
            .expect("the second domain answers");
        assert_eq!(scene.hosts(), [FIRST, SECOND]);
        // Signed anew: the host is part of the signature.
        let [before, after] = &scene.sent()[..] else {
            panic!()
        };
        assert_ne!(
            before.header("authorization"),
            after.header("authorization")
        );
        assert_eq!(after.header("host"), Some(SECOND));

        // Remembered for a while, then the first is tried again.
        scene.call(&head()).await.expect("at once");
        assert_eq!(scene.hosts()[2..], [SECOND]);
        scene.wall.shift_ms(11 * 60_000);
        scene.call(&head()).await.expect("by the detour again");
        assert_eq!(scene.hosts()[3..], [FIRST, SECOND]);
    }
}

#[tokio::test]
async fn the_service_has_a_second_domain_too() {
    let line = |request: &Request| {
        if first_domain(request) {
            return silence(request);
        }
        let none = "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>";
        answer(200, &[("x-cos-request-id", "R")], none)
    };
    let scene = Scene::new(DialectName::Cos, HOME, "ap-guangzhou", vec![Box::new(line)]);
    let scene = scene.with_fallback();
    scene.call(&ListBuckets { cursor: None }).await.unwrap();
    assert_eq!(
        scene.hosts(),
        ["service.cos.myqcloud.com", "service.cos.tencentcos.cn"]
    );
}

#[tokio::test]
async fn what_the_provider_answers_itself_is_final() {
    for (status, code, kind) in [
        (403, "AccessDenied", FailureKind::AccessDenied),
        (404, "NoSuchBucket", FailureKind::NoSuchBucket),
        (301, "PermanentRedirect", FailureKind::WrongRegion),
    ] {
        let scene = scene(move |request| {
            if request.host.starts_with("service.") {
                return answer(403, &[("x-cos-request-id", "R")], "");
            }
            answer(status, &[("x-cos-request-id", "R")], &error(code, ""))
        })
        .with_fallback();
        let failure = scene.call(&head()).await.unwrap_err();
        assert_eq!(failure.kind, kind);
        assert!(
            scene
                .hosts()
                .iter()
                .all(|host| host.ends_with(".myqcloud.com"))
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_gateway_in_trouble_is_left_with_the_last_attempt() {
    let scene = scene(|_| answer(502, &[], "<html>bad gateway</html>")).with_fallback();
    scene
        .call(&head())
        .await
        .expect("the second domain answers");
    let hosts = scene.hosts();
    let (last, others) = hosts.split_last().unwrap();
    assert_eq!(last, SECOND);
    assert_eq!(others.len(), 5, "{hosts:?}");
    assert!(others.iter().all(|host| host == FIRST));
}

#[tokio::test(start_paused = true)]
async fn without_a_network_both_are_tried_and_neither_is_preferred() {
    let line = |request: &Request| silence(request);
    let scene = Scene::new(DialectName::Cos, HOME, "ap-guangzhou", vec![Box::new(line)]);
    let scene = scene.with_fallback();
    let failure = scene.call(&head()).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Network);
    let hosts = scene.hosts();
    assert_eq!(hosts[..3], [FIRST, SECOND, FIRST]);
    assert_eq!(hosts.iter().filter(|host| *host == SECOND).count(), 1);
    assert_eq!(hosts.len(), 5, "the detour costs no attempt more");
}

/// The source of a copy keeps its name: servers look it up by its usual host.
#[tokio::test]
async fn a_copy_names_its_source_as_always() {
    let copied =
        "<CopyPartResult><ETag>\"e\"</ETag><LastModified>x</LastModified></CopyPartResult>";
    let line = move |request: &Request| {
        if first_domain(request) {
            return silence(request);
        }
        answer(200, &[("x-cos-request-id", "R")], copied)
    };
    let scene = Scene::new(DialectName::Cos, HOME, "ap-guangzhou", vec![Box::new(line)]);
    let scene = scene.with_fallback();
    let operation = UploadPartCopy {
        bucket: bucket(),
        key: Key::parse("k").unwrap(),
        upload_id: UploadId::parse("u").unwrap(),
        number: PartNumber::new(1).unwrap(),
        source: CopySource {
            bucket: bucket(),
            key: Key::parse("s").unwrap(),
            version: None,
            endpoint: Endpoint::of(&scene.account).unwrap(),
            customer_key: None,
        },
        conditions: Conditions::default(),
        range: ByteRange::new(0, 10).unwrap(),
        customer_key: None,
    };
    scene.call(&operation).await.expect("it is copied");
    for request in scene.sent() {
        let source = request.header("x-cos-copy-source").unwrap();
        assert_eq!(source, format!("{FIRST}/s"));
    }
}

/// A Create that may have been carried out is not carried out a second time elsewhere.
#[tokio::test]
async fn what_may_have_been_done_is_not_done_again() {
    let scene = scene(|request| {
        Err(partway_engine::transport::TransportError::Broken {
            host: request.host.clone(),
            reason: "cut".to_owned(),
        })
    })
    .with_fallback();
    let operation = CreateMultipartUpload {
        bucket: bucket(),
        key: Key::parse("k").unwrap(),
        attributes: Attributes::default(),
        checksum: false,
        terms: Terms::default(),
    };
    scene.call(&operation).await.unwrap_err();
    assert_eq!(scene.hosts(), [FIRST]);
}
