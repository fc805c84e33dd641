//! A place to die: a counter over everything the engine does to the world outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use partway_engine::CutOff;
use partway_engine::transport::{Transport, TransportError};
use partway_journal::Change;
use partway_protocol::wire::{Method, Request, Response};
use tokio::sync::Notify;

/// Counts the points an engine passes and stops it for good at one of them: before and after
/// each commit, before each request and after its effect.
#[derive(Debug)]
pub struct Death {
    at: usize,
    /// Comes instead of sending this part copy, counted from 1.
    at_part: Option<u64>,
    armed: AtomicBool,
    passed: AtomicUsize,
    dead: AtomicBool,
    died: Notify,
    /// Part copies sent whose part is not in the journal yet.
    in_flight: AtomicU64,
    /// Part copies sent at all.
    parts_sent: AtomicU64,
}

impl Death {
    /// Comes at the `at`th point, counted from 1.
    pub fn at(at: usize) -> Arc<Self> {
        Arc::new(Self::new(at, true, None))
    }

    /// Comes when the `number`th part copy is about to be sent, counted from 1.
    pub fn of_part(number: u64) -> Arc<Self> {
        Arc::new(Self::new(usize::MAX, true, Some(number)))
    }

    fn new(at: usize, armed: bool, at_part: Option<u64>) -> Self {
        Self {
            at,
            at_part,
            armed: AtomicBool::new(armed),
            passed: AtomicUsize::new(0),
            dead: AtomicBool::new(false),
            died: Notify::new(),
            in_flight: AtomicU64::new(0),
            parts_sent: AtomicU64::new(0),
        }
    }

    /// Only counts.
    pub fn never() -> Arc<Self> {
        Self::at(usize::MAX)
    }

    /// Begins to count only when `arm` is called.
    pub fn later(at: usize) -> Arc<Self> {
        Arc::new(Self::new(at, false, None))
    }

    /// Begins to count.
    pub fn arm(&self) {
        self.armed.store(true, Ordering::SeqCst);
    }

    /// Points passed so far.
    pub fn passed(&self) -> usize {
        self.passed.load(Ordering::SeqCst)
    }

    /// Part copies that were sent but not confirmed in the journal.
    pub fn in_flight(&self) -> u64 {
        self.in_flight.load(Ordering::SeqCst)
    }

    /// Part copies that were sent.
    pub fn parts_sent(&self) -> u64 {
        self.parts_sent.load(Ordering::SeqCst)
    }

    /// Waits for it.
    pub async fn comes(&self) {
        loop {
            let died = self.died.notified();
            if self.dead.load(Ordering::SeqCst) {
                return;
            }
            died.await;
        }
    }

    /// The wire that dies with it.
    pub fn wire(self: &Arc<Self>, inner: Arc<dyn Transport>) -> Arc<dyn Transport> {
        Arc::new(DyingWire {
            inner,
            death: Arc::clone(self),
        })
    }

    async fn point(&self) {
        if self.dead.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        if !self.armed.load(Ordering::SeqCst) {
            return;
        }
        if self.passed.fetch_add(1, Ordering::SeqCst) + 1 == self.at {
            self.die().await;
        }
    }

    async fn part(&self) {
        if Some(self.parts_sent() + 1) == self.at_part {
            self.die().await;
        }
        self.in_flight.fetch_add(1, Ordering::SeqCst);
        self.parts_sent.fetch_add(1, Ordering::SeqCst);
    }

    async fn die(&self) {
        self.dead.store(true, Ordering::SeqCst);
        self.died.notify_waiters();
        std::future::pending::<()>().await;
    }
}

#[async_trait]
impl CutOff for Death {
    async fn before_commit(&self, changes: &[Change]) {
        self.point().await;
        let parts = changes
            .iter()
            .filter(|change| matches!(change, Change::PartDone { .. }))
            .count() as u64;
        // Parts that a listing found were counted by a process before this one.
        let _ = self
            .in_flight
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |flying| {
                Some(flying.saturating_sub(parts))
            });
    }

    async fn after_commit(&self) {
        self.point().await;
    }
}

#[derive(Debug)]
struct DyingWire {
    inner: Arc<dyn Transport>,
    death: Arc<Death>,
}

#[async_trait]
impl Transport for DyingWire {
    async fn send(&self, request: Request, deadline: Duration) -> Result<Response, TransportError> {
        self.death.point().await;
        let part = request.method == Method::Put
            && request.query.iter().any(|(name, _)| name == "partNumber");
        if part {
            self.death.part().await;
        }
        let answer = self.inner.send(request, deadline).await;
        self.death.point().await;
        answer
    }
}
