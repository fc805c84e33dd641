//! A Complete that was believed lost lands late: after the look that found the upload open,
//! before the next one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use partway_domain::{DialectName, State};
use partway_engine::event;
use partway_engine::transport::{Transport, TransportError};
use partway_protocol::wire::{Method, Request, Response};
use partway_tests::machine::{copy_request, look, transport};
use partway_tests::{Cloud, Machine, on_every_dialect};
use tokio::sync::Mutex;

/// Keeps the first Complete back and says its connection broke; sends it behind the next
/// listing of parts.
#[derive(Debug)]
struct LateComplete {
    inner: Arc<dyn Transport>,
    kept: Mutex<Option<Request>>,
    done: AtomicBool,
}

fn names(request: &Request, parameter: &str) -> bool {
    request.query.iter().any(|(name, _)| name == parameter)
}

#[async_trait]
impl Transport for LateComplete {
    async fn send(&self, request: Request, deadline: Duration) -> Result<Response, TransportError> {
        let completes = request.method == Method::Post && names(&request, "uploadId");
        if completes && !self.done.swap(true, Ordering::SeqCst) {
            let host = request.host.clone();
            *self.kept.lock().await = Some(request);
            let reason = "the test broke it".to_owned();
            return Err(TransportError::Broken { host, reason });
        }
        let lists_parts = request.method == Method::Get && names(&request, "uploadId");
        let answer = self.inner.send(request, deadline).await;
        if lists_parts && let Some(late) = self.kept.lock().await.take() {
            let landed = self.inner.send(late, deadline).await?;
            assert_eq!(landed.status, 200);
        }
        answer
    }
}

async fn a_late_complete_is_recognised(dialect: DialectName) {
    let cloud = Cloud::open().await;
    let machine = Machine::new(&cloud);
    let engine = machine.engine_over(Arc::new(LateComplete {
        inner: transport(),
        kept: Mutex::default(),
        done: AtomicBool::new(false),
    }));
    let source = ("datasets", "images/tiles-002.zip");
    let request = copy_request(&cloud, dialect, source, ("backup", "late.zip"));
    let job = engine.start(&request).await.expect("it starts");
    tokio::time::timeout(Duration::from_secs(30), engine.wait(job))
        .await
        .expect("it does not hang");
    let (_, transfer) = look(&engine, job);
    assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
    assert!(transfer.verdict.expect("a verdict").verified);
    let events = engine.journal().events(job, None, 100).unwrap();
    let proven =
        |row: &partway_journal::table::event::EventRow| row.event.what == event::COMPLETION_PROVEN;
    assert!(events.iter().any(proven));
    let parts = cloud
        .requests_of(dialect, "late.zip")
        .iter()
        .filter(|request| request.operation == "UploadPartCopy")
        .count();
    assert_eq!(parts, 5, "nothing is copied again");
}

on_every_dialect! {
    a_late_complete_is_recognised,
}
