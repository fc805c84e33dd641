//! Somebody between this computer and the provider answers: no word of theirs is believed, and
//! whoever waits is told.

use std::time::Duration;

use partway_domain::{DialectName, FailureKind};
use partway_engine::EngineEvent;
use partway_protocol::op::{HeadObject, ListBuckets};
use partway_protocol::wire::Request;

use crate::scripted::{Reply, Scene, Script, answer, error};

const LIST: ListBuckets = ListBuckets { cursor: None };
const HTML: (&str, &str) = ("content-type", "text/html");
const PAGE: &str = "<!DOCTYPE html><html><body>Welcome to the hotel</body></html>";

fn well(_: &Request) -> Reply {
    let none = "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>";
    answer(200, &[], none)
}

fn login(_: &Request) -> Reply {
    answer(200, &[HTML], PAGE)
}

fn elsewhere(_: &Request) -> Reply {
    let to = ("location", "https://login.hotel.example/?from=here");
    answer(302, &[to], "")
}

fn proxy_login(_: &Request) -> Reply {
    answer(407, &[("proxy-authenticate", "Basic")], "")
}

fn gateway(_: &Request) -> Reply {
    answer(502, &[HTML], PAGE)
}

type Stranger = fn(&Request) -> Reply;

const STRANGERS: [(Stranger, &str); 4] = [
    (login, "web page"),
    (elsewhere, "login.hotel.example"),
    (proxy_login, "proxy settings"),
    (gateway, "gateway"),
];

#[tokio::test(start_paused = true)]
async fn login_pages_and_proxies_are_the_network_and_not_the_provider() {
    for dialect in DialectName::ALL {
        for (stranger, words) in STRANGERS {
            let lines: Vec<Box<Script>> =
                vec![Box::new(stranger), Box::new(stranger), Box::new(well)];
            let scene = Scene::new(dialect, "http://127.0.0.1:9", "r-1", lines);
            scene.call(&LIST).await.expect("the provider is back");
            assert_eq!(scene.sent().len(), 3);

            let scene = Scene::new(
                dialect,
                "http://127.0.0.1:9",
                "r-1",
                vec![Box::new(stranger)],
            );
            let failure = scene.call(&LIST).await.unwrap_err();
            assert_eq!(failure.kind, FailureKind::Network, "{failure}");
            assert!(failure.message.contains(words), "{failure}");
            assert!(failure.message.contains("127.0.0.1:9"), "{failure}");
        }
    }
}

/// A HEAD has no body to tell by: a page's size must not become the object's.
#[tokio::test(start_paused = true)]
async fn the_head_of_a_login_page_is_no_object() {
    let head = HeadObject {
        bucket: partway_domain::Bucket::parse("bucket-1250000000").unwrap(),
        key: partway_domain::Key::parse("object").unwrap(),
        version: None,
        customer_key: None,
    };
    for dialect in DialectName::ALL {
        let page = |_: &Request| {
            let modified = ("last-modified", "Sat, 03 Feb 2001 04:05:06 GMT");
            answer(200, &[HTML, ("content-length", "612"), modified], "")
        };
        let scene = Scene::new(dialect, "http://127.0.0.1:9", "r-1", vec![Box::new(page)]);
        let failure = scene.call(&head).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Network, "{failure}");
    }
}

/// However long a request waits outside of a job, somebody is told how long and why.
#[tokio::test(start_paused = true)]
async fn nobody_waits_without_being_told() {
    let slow = |_: &Request| {
        let asked = ("retry-after", "120");
        answer(503, &[asked], &error("SlowDown", ""))
    };
    for dialect in DialectName::ALL {
        let scene = Scene::new(
            dialect,
            "http://127.0.0.1:9",
            "r-1",
            vec![Box::new(slow), Box::new(well)],
        );
        let mut events = scene.engine.subscribe();
        scene.call(&LIST).await.expect("it recovers");
        let EngineEvent::RequestWaits { seconds, failure } = events.try_recv().expect("it is told")
        else {
            panic!("another event");
        };
        assert!((120..=121).contains(&seconds), "{seconds}");
        assert!(failure.message.contains("wait 120 s"), "{failure}");
    }

    let lines: Vec<Box<Script>> = vec![Box::new(gateway)];
    let scene = Scene::new(DialectName::S3, "http://127.0.0.1:9", "r-1", lines);
    let mut events = scene.engine.subscribe();
    let begun = tokio::time::Instant::now();
    scene.call(&LIST).await.unwrap_err();
    let mut told = Duration::ZERO;
    while let Ok(EngineEvent::RequestWaits { seconds, .. }) = events.try_recv() {
        told += Duration::from_secs(seconds);
    }
    // Short pauses are nobody's business.
    assert!(begun.elapsed() < told + Duration::from_secs(12), "{told:?}");
}
