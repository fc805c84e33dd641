//! What a window hears without asking: a snapshot, then what changed.
//!
//! A subscription is pulled, not pushed: whatever happens while the other side is busy is
//! gathered into the next message, so its volume does not grow with the job.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use partway_domain::JobId;
use partway_engine::EngineEvent;
use partway_journal::table::job::JobRow;
use partway_journal::{Journal, JournalError};
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use crate::api::Api;
use crate::contract::{JobView, Snapshot, StreamMessage, Update};
use crate::error::ApiError;
use crate::view;

/// No two messages are closer: at most eight a second.
const PAUSE: Duration = Duration::from_millis(125);

/// How often the figures of jobs driven here are looked at.
const SAMPLE: Duration = Duration::from_millis(250);

/// Every so many samples the journal is asked what other processes do.
const SAMPLES_PER_LOOK: u32 = 4;

/// Settled jobs of this run in a snapshot.
const RECENT_JOBS: u32 = 200;

impl Api {
    /// Starts a subscription; its first message is a snapshot.
    pub fn subscribe(&self) -> Subscription {
        let mut samples = interval(SAMPLE);
        samples.set_missed_tick_behavior(MissedTickBehavior::Skip);
        Subscription {
            events: self.engine().subscribe(),
            listing_changes: self.listings().changes(),
            listings_seen: 0,
            api: self.clone(),
            seq: 0,
            told: None,
            dirty: Dirty::default(),
            samples,
            sampled: 0,
            not_before: Instant::now(),
        }
    }
}

/// One window's ear.
#[derive(Debug)]
pub struct Subscription {
    api: Api,
    events: broadcast::Receiver<EngineEvent>,
    listing_changes: watch::Receiver<u64>,
    listings_seen: u64,
    seq: u64,
    /// Jobs as last told; `None` before the first snapshot and after a lag.
    told: Option<HashMap<u32, JobView>>,
    dirty: Dirty,
    samples: tokio::time::Interval,
    sampled: u32,
    not_before: Instant,
}

#[derive(Debug, Default)]
struct Dirty {
    jobs: BTreeSet<JobId>,
    events: BTreeSet<u32>,
    removed: BTreeSet<u32>,
    listings: bool,
}

impl Dirty {
    fn is_clean(&self) -> bool {
        self.jobs.is_empty() && self.events.is_empty() && self.removed.is_empty() && !self.listings
    }
}

impl Subscription {
    /// The next message; `None` when the engine has ended. Not before an eighth of a second
    /// after the one before. Await it to its end: a call that is dropped may swallow an update.
    pub async fn next(&mut self) -> Option<StreamMessage> {
        loop {
            if self.told.is_some()
                && let Some(call) = self.api.desktop().take()
            {
                return Some(StreamMessage::Desktop(call));
            }
            if self.told.is_none() || !self.dirty.is_clean() {
                sleep_until(self.not_before).await;
                if let Some(message) = self.message().await {
                    self.not_before = Instant::now() + PAUSE;
                    return Some(message);
                }
            }
            tokio::select! {
                event = self.events.recv() => match event {
                    Ok(event) => self.note(&event),
                    // Something was missed: tell everything anew.
                    Err(broadcast::error::RecvError::Lagged(_)) => self.told = None,
                    Err(broadcast::error::RecvError::Closed) => return None,
                },
                changed = self.listing_changes.changed() => match changed {
                    Ok(()) => self.dirty.listings = true,
                    Err(_) => return None,
                },
                () = self.api.desktop().called() => {}
                _ = self.samples.tick() => self.sample().await,
            }
        }
    }

    fn note(&mut self, event: &EngineEvent) {
        match event {
            EngineEvent::JobChanged(job) | EngineEvent::TransferChanged(job, _) => {
                self.dirty.jobs.insert(*job);
            }
            EngineEvent::EventRecorded(job) => {
                self.dirty.events.insert(view::number(job.0));
            }
            EngineEvent::JobForgotten(job) => {
                self.dirty.removed.insert(view::number(job.0));
            }
            // Jobs show it in their figures.
            EngineEvent::RequestWaits { .. } => {}
        }
    }

    /// Figures of jobs driven here change without events; jobs of other processes too.
    async fn sample(&mut self) {
        self.sampled += 1;
        let look = self.sampled.is_multiple_of(SAMPLES_PER_LOOK);
        let Some(told) = &self.told else { return };
        for job in told.values() {
            let id = JobId(job.id.into());
            if self.api.engine().drives(id) {
                self.dirty.jobs.insert(id);
            }
        }
        if !look {
            return;
        }
        let newest = told.keys().max().copied().unwrap_or(0);
        let unsettled = told.values().filter(|job| job.finished_ms.is_none());
        self.dirty
            .jobs
            .extend(unsettled.map(|job| JobId(job.id.into())));
        let added = self
            .api
            .journal(move |journal| newer_than(journal, newest))
            .await;
        self.dirty.jobs.extend(added.unwrap_or_default());
    }

    /// `None` when nothing changed in the end.
    async fn message(&mut self) -> Option<StreamMessage> {
        let dirty = std::mem::take(&mut self.dirty);
        let message = match &self.told {
            None => self
                .snapshot()
                .await
                .map(|snapshot| Some(StreamMessage::Snapshot(snapshot))),
            Some(_) => self.update(dirty).await,
        };
        match message {
            Ok(message) => message,
            Err(error) => {
                tracing::warn!(%error, "a window could not be told what changed");
                // A later attempt tells everything.
                self.told = None;
                self.not_before = Instant::now() + Duration::from_secs(1);
                None
            }
        }
    }

    async fn snapshot(&mut self) -> Result<Snapshot, ApiError> {
        let opened_ms = self.api.opened_ms();
        let rows = self
            .api
            .journal(move |journal| current(journal, opened_ms))
            .await?;
        let jobs = view::jobs(&self.api, rows).await?;
        self.told = Some(jobs.iter().map(|job| (job.id, job.clone())).collect());
        self.dirty.listings = true;
        self.listings_seen = 0;
        self.seq += 1;
        Ok(Snapshot {
            seq: self.seq as f64,
            jobs,
        })
    }

    async fn update(&mut self, dirty: Dirty) -> Result<Option<StreamMessage>, ApiError> {
        let ids: Vec<JobId> = dirty.jobs.into_iter().collect();
        let (rows, gone) = self.api.journal(move |journal| read(journal, ids)).await?;
        let mut jobs = view::jobs(&self.api, rows).await?;
        let told = self.told.get_or_insert_default();
        jobs.retain(|job| told.get(&job.id) != Some(job));
        told.extend(jobs.iter().map(|job| (job.id, job.clone())));

        let mut removed = dirty.removed;
        removed.extend(gone);
        removed.retain(|id| told.remove(id).is_some());

        let now = *self.listing_changes.borrow_and_update();
        let listings = self.api.listings().changed(self.listings_seen);
        self.listings_seen = now;

        let update = Update {
            seq: (self.seq + 1) as f64,
            jobs,
            removed: removed.into_iter().collect(),
            listings,
            events: dirty.events.into_iter().collect(),
        };
        let empty = update.jobs.is_empty()
            && update.removed.is_empty()
            && update.listings.is_empty()
            && update.events.is_empty();
        if empty {
            return Ok(None);
        }
        self.seq += 1;
        Ok(Some(StreamMessage::Update(update)))
    }
}

/// Unsettled jobs and those settled since `opened_ms`, newest first.
fn current(journal: &Journal, opened_ms: i64) -> Result<Vec<JobRow>, JournalError> {
    let mut rows = journal.unfinished_jobs()?;
    let recent = journal.jobs(None, RECENT_JOBS)?;
    rows.extend(
        recent
            .into_iter()
            .filter(|job| job.finished_ms.is_some_and(|at| at >= opened_ms)),
    );
    rows.sort_by_key(|job| std::cmp::Reverse(job.id));
    rows.dedup_by_key(|job| job.id);
    Ok(rows)
}

fn newer_than(journal: &Journal, newest: u32) -> Result<Vec<JobId>, JournalError> {
    let recent = journal.jobs(None, RECENT_JOBS)?;
    let known = JobId(newest.into());
    Ok(recent
        .iter()
        .map(|job| job.id)
        .filter(|id| *id > known)
        .collect())
}

/// The rows of these jobs, and the numbers of those that are gone.
fn read(journal: &Journal, ids: Vec<JobId>) -> Result<(Vec<JobRow>, Vec<u32>), JournalError> {
    let (mut rows, mut gone) = (Vec::new(), Vec::new());
    for id in ids {
        match journal.job(id) {
            Ok(row) => rows.push(row),
            Err(JournalError::NotFound { .. }) => gone.push(view::number(id.0)),
            Err(error) => return Err(error),
        }
    }
    Ok((rows, gone))
}
