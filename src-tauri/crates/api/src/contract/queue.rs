//! The queue: order, hours and pace of jobs.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::JobView;
use crate::error::ApiError;

/// Which jobs get their turn first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    High,
    #[default]
    Normal,
    Low,
}

/// Where a job is moved: to either end of its priority, or beside another job, with that one's
/// priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum QueuePlace {
    First,
    Last,
    Before,
    After,
}

value! {
/// How soon and when a job runs.
pub struct JobTiming {
    pub priority: Priority,
    /// Not before.
    pub start_at_ms: Option<f64>,
    /// `22:00-06:00`, every day in local time: outside of it the job holds itself.
    pub window: Option<String>,
}

pub struct MoveJob {
    pub job: u32,
    pub place: QueuePlace,
    /// The other job, with `before` and `after`.
    pub other: Option<u32>,
}

pub struct TimeJob { pub job: u32, pub timing: JobTiming }

/// Takes effect at once, also while the job runs.
pub struct PaceJob { pub job: u32, pub transfers_at_once: u32, pub parts_at_once: u32 }

/// What became of many jobs asked at once.
pub struct JobsAnswer {
    pub jobs: Vec<JobView>,
    /// Those that could not do as asked, each with the reason.
    pub refused: Vec<JobRefused>,
}

pub struct JobRefused { pub job: u32, pub error: ApiError }
}
