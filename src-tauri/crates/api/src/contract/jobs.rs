//! Jobs, their transfers, parts and events, and the stream of what changes.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    Choice, ConflictPolicy, CopyOptions, DesktopCall, Dialect, JobTiming, ListingStatus, Place,
    RestoreView,
};
use crate::error::ApiError;

/// The state of a job as shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    Queued,
    Copying,
    Completing,
    Verifying,
    Paused,
    Waiting,
    Interrupted,
    Cancelling,
    Cancelled,
    Done,
    DoneWithFailures,
    Failed,
}

/// The state of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TransferState {
    Queued,
    Starting,
    Copying,
    Paused,
    Waiting,
    Completing,
    Verifying,
    Removing,
    Done,
    Aborting,
    Cancelled,
    Skipped,
    Failed,
}

/// How loud an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EventLevel {
    Normal,
    Warning,
    Error,
}

value! {
pub struct JobRef { pub job: u32 }

pub struct CancelJob { pub job: u32, pub keep_parts: bool }

/// A job as listed in Transfers and History.
pub struct JobView {
    pub id: u32,
    pub state: JobState,
    /// `cos`, `obs`, … of both sides, for the badge.
    pub source_dialect: Dialect,
    pub destination_dialect: Dialect,
    pub source: Place,
    pub destination: Place,
    /// Base name of the only object, else of the first.
    pub title: String,
    pub objects_total: u32,
    pub objects_done: u32,
    pub objects_failed: u32,
    /// Left out, by the conflict policy or by the user.
    pub objects_skipped: u32,
    /// Wait for the network, a key, a restore or a decision, whatever the others do.
    pub objects_waiting: u32,
    /// Prefixes are still being listed: more objects may follow.
    pub listing: bool,
    /// Sources are deleted once their copies are verified.
    pub moves: bool,
    pub bytes_total: f64,
    /// Confirmed by the server.
    pub bytes_done: f64,
    pub bytes_in_flight: f64,
    pub parts_total: u32,
    pub parts_done: u32,
    pub in_flight: u32,
    pub bytes_per_second: f64,
    pub seconds_left: Option<f64>,
    pub retries: u32,
    pub throttled: bool,
    /// Seconds left of the time the server asked for; nothing is sent until then.
    pub asked_seconds: Option<u32>,
    /// Every done transfer is verified by more than its size.
    pub verified: bool,
    /// Done transfers that are not verified by more than their size.
    pub unverified: u32,
    pub created_ms: f64,
    pub finished_ms: Option<f64>,
    /// The first failure or obstacle.
    pub error: Option<ApiError>,
    /// This process drives it.
    pub driven_here: bool,
    /// How soon and when it runs.
    pub timing: JobTiming,
    /// Its place among the jobs of its priority: a lower one goes first.
    pub position: f64,
    /// It waits for its hours, which come then.
    pub waits_until_ms: Option<f64>,
    pub transfers_at_once: u32,
    /// 0: as many as make it faster, found out by measuring.
    pub parts_at_once: u32,
}

pub struct TransfersRequest { pub job: u32, pub after: Option<u32>, pub limit: u32 }

pub struct TransferView {
    pub id: u32,
    pub job: u32,
    pub state: TransferState,
    /// `network`, `credential`, `restore`, `decision` while waiting.
    pub waits_for: Option<String>,
    pub source_key: String,
    pub destination_key: String,
    pub size: f64,
    pub bytes_done: f64,
    pub multipart: bool,
    pub part_size: f64,
    pub parts_total: u32,
    pub parts_done: u32,
    pub upload_id: Option<String>,
    pub error: Option<ApiError>,
    /// Why it is left out.
    pub left_out: Option<String>,
    pub verdict: Option<Verdict>,
    /// What may be answered while it waits for a decision.
    pub choices: Vec<Choice>,
    /// The source was asked back from the archive and is waited for.
    pub restore: Option<RestoreView>,
    pub not_carried: Vec<String>,
}

pub struct Verdict {
    pub verified: bool,
    pub evidence: String,
    pub etag: String,
    pub version: Option<String>,
    pub request_id: Option<String>,
    pub at_ms: f64,
}

pub struct TransferRef { pub transfer: u32 }

/// One letter per part: `.` planned, `o` copying, `r` retrying, `x` failed, `#` done.
pub struct PartMap {
    pub transfer: u32,
    pub part_size: f64,
    pub size: f64,
    pub states: String,
    /// Parts in flight or failed.
    pub details: Vec<PartDetail>,
}

pub struct PartDetail {
    pub number: u32,
    pub attempts: u32,
    pub error: Option<ApiError>,
}

pub struct EventsRequest {
    pub job: u32,
    pub before: Option<f64>,
    pub limit: u32,
    /// Only events at least as loud; all if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub at_least: Option<EventLevel>,
}

pub struct EventView {
    pub id: f64,
    pub at_ms: f64,
    pub transfer: Option<u32>,
    pub part: Option<u32>,
    pub level: EventLevel,
    /// Stable word; the UI translates it.
    pub what: String,
    pub detail: String,
    pub request_id: Option<String>,
}

/// What a job was asked for, and at what pace it runs now.
pub struct JobSettings { pub options: CopyOptions, pub on_conflict: ConflictPolicy }

/// How fast a job was in the last quarter of an hour, as sampled while it was driven here. The
/// lists are equally long; gaps in the times are pauses.
pub struct Throughput {
    /// Milliseconds between two samples of a running job.
    pub step_ms: u32,
    pub at_ms: Vec<f64>,
    pub bytes_per_second: Vec<f64>,
    /// Requests in flight.
    pub in_flight: Vec<u32>,
}

pub struct HistoryRequest {
    /// Page: jobs older than this one.
    pub before: Option<u32>,
    pub limit: u32,
}

/// First message of a subscription.
pub struct Snapshot {
    pub seq: f64,
    /// Unsettled jobs and those settled in this run, newest first.
    pub jobs: Vec<JobView>,
}

/// What changed since the message before; at most ten a second.
pub struct Update {
    pub seq: f64,
    /// Changed or new jobs.
    pub jobs: Vec<JobView>,
    pub removed: Vec<u32>,
    /// Listings that grew or ended.
    pub listings: Vec<ListingStatus>,
    /// Jobs that got new events.
    pub events: Vec<u32>,
}
}

/// What a subscriber receives: a snapshot first, then updates; `seq` rises by one. On a gap,
/// subscribe again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StreamMessage {
    Snapshot(Snapshot),
    Update(Update),
    /// Out of the order: it has no `seq`.
    Desktop(DesktopCall),
}
