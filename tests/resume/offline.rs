//! The network is away in the middle of a copy, or only looks as if it were there.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use partway_domain::limits::MIB;
use partway_domain::{DialectName, JobId, State, Wait};
use partway_engine::transport::{Transport, TransportError};
use partway_engine::{Engine, event};
use partway_protocol::wire::{Method, Request, Response};
use partway_tests::cloud::{bucket, provider};
use partway_tests::machine::{copy_request, look, transport};
use partway_tests::{Cloud, Machine, on_every_dialect};
use tokio::sync::Notify;

const SOURCE: &str = "offline/source.bin";
const TARGET: &str = "offline/copy.bin";
const PARTS: u64 = 12;

const THERE: u8 = 0;
const AWAY: u8 = 1;
const LOGIN: u8 = 2;
/// Connections that are held no longer bring answers; new ones do.
const DEAD: u8 = 3;

/// A network that comes and goes.
#[derive(Debug)]
struct Network {
    inner: Arc<dyn Transport>,
    now: AtomicU8,
    /// What it becomes after so many part copies.
    then: (u8, u64),
    copies: AtomicU64,
    /// Aborts that did not get through.
    aborts_lost: AtomicU64,
    /// Requests that hang on a dead connection.
    hanging: AtomicU64,
    remade: Notify,
}

#[async_trait]
impl Transport for Network {
    async fn send(&self, request: Request, deadline: Duration) -> Result<Response, TransportError> {
        let copies = request.query.iter().any(|(name, _)| name == "partNumber");
        let (then, after) = self.then;
        if copies && self.copies.fetch_add(1, Ordering::SeqCst) == after {
            self.now.store(then, Ordering::SeqCst);
        }
        match self.now.load(Ordering::SeqCst) {
            THERE => self.inner.send(request, deadline).await,
            AWAY => {
                let aborts = request.method == Method::Delete;
                self.aborts_lost
                    .fetch_add(u64::from(aborts), Ordering::SeqCst);
                Err(TransportError::Unreachable {
                    host: request.host,
                    reason: "no route".to_owned(),
                })
            }
            DEAD => {
                self.hanging.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(deadline).await;
                Err(TransportError::Deadline {
                    host: request.host,
                    after: deadline,
                })
            }
            _ => Ok(Response {
                status: 200,
                headers: vec![("content-type".to_owned(), "text/html".to_owned())],
                body: b"<!DOCTYPE html><title>Log in</title>".to_vec(),
            }),
        }
    }

    fn forget_connections(&self) {
        let dead = self
            .now
            .compare_exchange(DEAD, THERE, Ordering::SeqCst, Ordering::SeqCst);
        if dead.is_ok() {
            self.remade.notify_one();
        }
    }
}

/// A copy of twelve parts, five of which find the network as it should be.
struct Scene {
    cloud: Cloud,
    dialect: DialectName,
    network: Arc<Network>,
    engine: Engine,
    job: JobId,
    machine: Machine,
}

impl Scene {
    async fn new(dialect: DialectName, then: u8) -> Self {
        let cloud = Cloud::open().await;
        let datasets = bucket(dialect, "datasets");
        let size = 5 * MIB * PARTS;
        cloud
            .demo
            .put_virtual(provider(dialect), datasets.as_str(), SOURCE, size);
        let network = Arc::new(Network {
            inner: transport(),
            now: AtomicU8::new(THERE),
            then: (then, 5),
            copies: AtomicU64::new(0),
            aborts_lost: AtomicU64::new(0),
            hanging: AtomicU64::new(0),
            remade: Notify::new(),
        });
        let machine = Machine::new(&cloud);
        let engine = machine.engine_over(network.clone());
        let mut request = copy_request(&cloud, dialect, ("datasets", SOURCE), ("backup", TARGET));
        request.options.part_size = Some(5 * MIB);
        request.options.parts_at_once = 2;
        let job = engine.start(&request).await.expect("it starts");
        Self {
            cloud,
            dialect,
            network,
            engine,
            job,
            machine,
        }
    }

    async fn waits_for_the_network(&self) {
        let waiting = State::Waiting {
            wait: Wait::Network,
        };
        until("it says that it waits", || {
            look(&self.engine, self.job).1.state == waiting
        })
        .await;
    }

    fn back(&self) {
        self.network.now.store(THERE, Ordering::SeqCst);
    }

    async fn ends(&self, state: State) {
        tokio::time::timeout(Duration::from_secs(60), self.engine.wait(self.job))
            .await
            .expect("it goes on by itself");
        let (_, transfer) = look(&self.engine, self.job);
        assert_eq!(transfer.state, state, "{:?}", transfer.failure);
    }

    fn assert_nothing_was_copied_twice(&self) {
        let sent = self.cloud.requests_of(self.dialect, TARGET);
        let copies = sent.iter().filter(|r| r.operation == "UploadPartCopy");
        assert_eq!(copies.count() as u64, PARTS);
    }

    fn was_told(&self, what: &str) -> bool {
        let events = self.engine.journal().events(self.job, None, 1000).unwrap();
        events.iter().any(|row| row.event.what == what)
    }
}

async fn until(what: &str, condition: impl Fn() -> bool) {
    let waiting = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(100), waiting)
        .await
        .unwrap_or_else(|_| panic!("it never came to pass that {what}"));
}

/// It waits, says for what, and goes on by itself with what it has.
async fn a_copy_outlasts_the_network(dialect: DialectName) {
    for gone in [AWAY, LOGIN] {
        let scene = Scene::new(dialect, gone).await;
        scene.waits_for_the_network().await;
        let failure = look(&scene.engine, scene.job).1.failure.expect("for what");
        assert!(failure.message.contains("network"), "{failure}");
        scene.back();
        scene.ends(State::Done).await;
        scene.assert_nothing_was_copied_twice();
        for word in [event::WAITING_NETWORK, event::RESUMED] {
            assert!(scene.was_told(word), "{word}");
        }
    }
}

/// Cancelled while nobody can be reached: the running program gives the upload back as soon as
/// it can.
async fn an_upload_is_given_back_when_the_network_is_back(dialect: DialectName) {
    let scene = Scene::new(dialect, AWAY).await;
    scene.waits_for_the_network().await;
    scene.engine.cancel(scene.job, false).await.unwrap();
    until("it is tried in vain", || {
        scene.network.aborts_lost.load(Ordering::SeqCst) > 0
    })
    .await;
    assert!(look(&scene.engine, scene.job).1.upload.is_some(), "owed");
    assert_eq!(scene.cloud.uploads_of(dialect, TARGET).len(), 1);

    scene.back();
    scene.ends(State::Cancelled).await;
    until("it is given back", || {
        look(&scene.engine, scene.job).1.upload.is_none()
    })
    .await;
    assert!(scene.cloud.uploads_of(dialect, TARGET).is_empty());
}

/// The lid is closed over requests in flight, and opened long after the lease has ended.
async fn a_copy_outlasts_a_sleep(dialect: DialectName) {
    let scene = Scene::new(dialect, DEAD).await;
    until("both requests hang", || {
        scene.network.hanging.load(Ordering::SeqCst) == 2
    })
    .await;
    scene.machine.wall.shift_ms(10 * 60 * 1000);
    tokio::time::timeout(Duration::from_secs(30), scene.network.remade.notified())
        .await
        .expect("the connections are made anew, long before a deadline");
    scene.ends(State::Done).await;
    scene.assert_nothing_was_copied_twice();
    assert!(scene.was_told(event::COMPUTER_SLEPT));
}

on_every_dialect! {
    a_copy_outlasts_the_network,
    an_upload_is_given_back_when_the_network_is_back,
    a_copy_outlasts_a_sleep,
}
