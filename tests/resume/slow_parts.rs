//! Parts so large that no server answers in time: the copy goes on with smaller ones.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use partway_domain::limits::MIB;
use partway_domain::{DialectName, JobId, State};
use partway_engine::transport::{Transport, TransportError};
use partway_engine::{Engine, event};
use partway_protocol::wire::{Request, Response};
use partway_tests::cloud::{bucket, provider};
use partway_tests::machine::{copy_request, look, transport};
use partway_tests::{Cloud, Machine, on_every_dialect};

const SOURCE: &str = "slow/source.bin";
const TARGET: &str = "slow/copy.bin";

/// Lets copies of more than `most` bytes run out of time, or has a gateway give up on them.
#[derive(Debug)]
struct Impatient {
    inner: Arc<dyn Transport>,
    most: u64,
    gateway: bool,
}

fn copied_bytes(request: &Request) -> Option<u64> {
    let (_, range) = request
        .headers
        .iter()
        .find(|(name, _)| name.to_ascii_lowercase().ends_with("copy-source-range"))?;
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    Some(last.parse::<u64>().ok()? - first.parse::<u64>().ok()? + 1)
}

#[async_trait]
impl Transport for Impatient {
    async fn send(&self, request: Request, deadline: Duration) -> Result<Response, TransportError> {
        if copied_bytes(&request).is_none_or(|bytes| bytes <= self.most) {
            return self.inner.send(request, deadline).await;
        }
        if self.gateway {
            return Ok(Response {
                status: 504,
                headers: vec![("content-type".to_owned(), "text/html".to_owned())],
                body: b"<html><title>504 Gateway Time-out</title></html>".to_vec(),
            });
        }
        Err(TransportError::Deadline {
            host: request.host,
            after: deadline,
        })
    }
}

struct Scene {
    cloud: Cloud,
    engine: Engine,
    dialect: DialectName,
    _machine: Machine,
}

impl Scene {
    async fn new(dialect: DialectName, most: u64, gateway: bool) -> Self {
        let cloud = Cloud::open().await;
        let datasets = bucket(dialect, "datasets");
        cloud
            .demo
            .put_virtual(provider(dialect), datasets.as_str(), SOURCE, 150 * MIB);
        let machine = Machine::new(&cloud);
        let engine = machine.engine_over(Arc::new(Impatient {
            inner: transport(),
            most,
            gateway,
        }));
        Self {
            cloud,
            engine,
            dialect,
            _machine: machine,
        }
    }

    async fn copy(&self) -> JobId {
        let mut request = copy_request(
            &self.cloud,
            self.dialect,
            ("datasets", SOURCE),
            ("backup", TARGET),
        );
        request.options.part_size = Some(40 * MIB);
        let job = self.engine.start(&request).await.expect("it starts");
        tokio::time::timeout(Duration::from_secs(60), self.engine.wait(job))
            .await
            .expect("it does not hang");
        job
    }

    fn times_told(&self, job: JobId) -> usize {
        let events = self.engine.journal().events(job, None, 1000).unwrap();
        let told =
            |row: &&partway_journal::table::event::EventRow| row.event.what == event::PARTS_SMALLER;
        events.iter().filter(told).count()
    }
}

async fn smaller_parts_arrive(dialect: DialectName) {
    for gateway in [false, true] {
        let scene = Scene::new(dialect, 10 * MIB, gateway).await;
        let job = scene.copy().await;
        let (row, transfer) = look(&scene.engine, job);
        assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
        assert_eq!(row.parts_total, 15, "parts of a quarter");
        assert_eq!(scene.times_told(job), 1);
        let copy = scene
            .cloud
            .object(dialect, &bucket(dialect, "backup"), TARGET)
            .expect("the copy");
        let source = scene
            .cloud
            .object(dialect, &bucket(dialect, "datasets"), SOURCE)
            .expect("the source");
        assert_eq!(copy.segments, source.segments);
        let open = scene.cloud.uploads_of(dialect, TARGET);
        assert!(open.is_empty(), "the first upload is given back: {open:?}");
    }
}

on_every_dialect!(smaller_parts_arrive);

/// Size is not what is wrong: it is tried once, and then the copy waits.
#[tokio::test]
async fn parts_are_made_smaller_once() {
    let dialect = DialectName::S3;
    let scene = Scene::new(dialect, MIB, true).await;
    let request = {
        let mut request = copy_request(
            &scene.cloud,
            dialect,
            ("datasets", SOURCE),
            ("backup", TARGET),
        );
        request.options.part_size = Some(40 * MIB);
        request
    };
    let job = scene.engine.start(&request).await.expect("it starts");
    let waits = async {
        loop {
            let (_, transfer) = look(&scene.engine, job);
            if matches!(transfer.state, State::Waiting { .. }) {
                return transfer;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let transfer = tokio::time::timeout(Duration::from_secs(90), waits)
        .await
        .expect("it comes to rest");
    assert_eq!(transfer.pin.expect("a pin").plan.part_size, 10 * MIB);
    assert_eq!(scene.times_told(job), 1);
    scene.engine.cancel(job, false).await.expect("it cancels");
    scene.engine.wait(job).await;
    assert!(scene.cloud.uploads_of(dialect, TARGET).is_empty());
}
