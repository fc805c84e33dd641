//! One life of the program, and its end.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use async_trait::async_trait;
use partway_domain::JobIntent;
use partway_engine::CutOff;
use partway_journal::Change;
use tokio::sync::Notify;

use crate::scenario::{Kill, Moment};
use crate::time::WorldTime;
use crate::world::lock;

/// Counts what the program does to the world outside, and stops it for good where its kill says.
#[derive(Debug)]
pub(crate) struct Life {
    /// Counted from 0.
    pub(crate) number: usize,
    moment: Option<Moment>,
    commits: AtomicU64,
    /// The commit that told of the user's giving up, counted from 1; 0 before it.
    cancelled: AtomicU64,
    requests: AtomicU64,
    dead: AtomicBool,
    died: Notify,
    /// Part copies sent whose part is not in the journal.
    in_flight: AtomicU64,
    time: WorldTime,
    told: Mutex<Vec<(i64, Change)>>,
}

impl Life {
    pub(crate) fn new(number: usize, kill: Option<Kill>, time: WorldTime) -> Self {
        Self {
            number,
            moment: kill.map(|kill| kill.moment),
            commits: AtomicU64::new(0),
            cancelled: AtomicU64::new(0),
            requests: AtomicU64::new(0),
            dead: AtomicBool::new(false),
            died: Notify::new(),
            in_flight: AtomicU64::new(0),
            time,
            told: Mutex::default(),
        }
    }

    /// Waits for its violent end.
    pub(crate) async fn killed(&self) {
        if let Some(Moment::After { ms }) = self.moment {
            let ms = u64::try_from(ms).unwrap_or(0);
            tokio::time::sleep(std::time::Duration::from_millis(ms)).await;
            return;
        }
        // Nobody else waits: a permit is kept for a death that comes first.
        self.died.notified().await;
    }

    pub(crate) fn parts_in_flight(&self) -> u64 {
        self.in_flight.load(Ordering::Relaxed)
    }

    /// What the journal was told; once.
    pub(crate) fn take_told(&self) -> Vec<(i64, Change)> {
        std::mem::take(&mut lock(&self.told))
    }

    pub(crate) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    pub(crate) async fn before_request(&self, part: bool) {
        let number = self.requests.fetch_add(1, Ordering::Relaxed) + 1;
        self.point(Moment::Request {
            number,
            before: true,
        })
        .await;
        if part {
            self.in_flight.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) async fn after_request(&self) {
        let number = self.requests();
        self.point(Moment::Request {
            number,
            before: false,
        })
        .await;
    }

    /// At a commit, by both ways of counting them.
    async fn commit(&self, number: u64, before: bool) {
        self.point(Moment::Commit { number, before }).await;
        let cancelled = self.cancelled.load(Ordering::Relaxed);
        if cancelled > 0 {
            let commits = number - cancelled;
            self.point(Moment::Cancel { commits, before }).await;
        }
    }

    async fn point(&self, here: Moment) {
        if self.moment == Some(here) {
            self.dead.store(true, Ordering::Relaxed);
            self.died.notify_one();
        }
        if self.dead.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    }
}

#[async_trait]
impl CutOff for Life {
    async fn before_commit(&self, changes: &[Change]) {
        let number = self.commits.fetch_add(1, Ordering::Relaxed) + 1;
        if changes.iter().any(gives_up) {
            // Only the first of them counts.
            let _ =
                self.cancelled
                    .compare_exchange(0, number, Ordering::Relaxed, Ordering::Relaxed);
        }
        self.commit(number, true).await;
        let now_ms = self.time.now_ms();
        lock(&self.told).extend(changes.iter().map(|change| (now_ms, change.clone())));
        let parts = changes
            .iter()
            .filter(|change| matches!(change, Change::PartDone { .. }))
            .count() as u64;
        let flying = self.in_flight.load(Ordering::Relaxed);
        // Parts that a listing found were sent by an earlier life.
        self.in_flight
            .store(flying.saturating_sub(parts), Ordering::Relaxed);
    }

    async fn after_commit(&self) {
        self.commit(self.commits(), false).await;
    }
}

fn gives_up(change: &Change) -> bool {
    matches!(
        change,
        Change::Intent {
            intent: JobIntent::Cancel,
            ..
        }
    )
}
