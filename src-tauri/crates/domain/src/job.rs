//! A job is what the user asked for; a transfer is one object within it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::state::State;
use crate::terms::CopyTerms;

/// A job's number in the journal, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(pub i64);

/// A transfer's number in the journal, counted from 1 over all jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TransferId(pub i64);

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for TransferId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What the user last asked of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobIntent {
    /// Go on until done.
    Run,
    /// Hold until resumed.
    Pause,
    /// Give up; parts were kept or aborted as asked.
    Cancel,
}

/// How a job copies. The same for all its transfers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CopyOptions {
    /// Part size in bytes; `None` chooses by the plan.
    pub part_size: Option<u64>,
    /// Transfers of this job running at once.
    pub transfers_at_once: u32,
    /// Part copies of one transfer in flight at once.
    pub parts_at_once: u32,
    /// Storage class for the destination; `None` keeps the source's.
    pub storage_class: Option<String>,
    /// Encryption and access of the copies.
    pub terms: CopyTerms,
}

impl Default for CopyOptions {
    fn default() -> Self {
        Self {
            part_size: None,
            transfers_at_once: 3,
            parts_at_once: 16,
            storage_class: None,
            terms: CopyTerms::default(),
        }
    }
}

/// The state of a whole job, as shown: derived, never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Nothing has begun.
    Queued,
    /// At least one transfer is moving.
    Copying,
    /// Bytes are there, the server assembles.
    Completing,
    /// The result is being checked.
    Verifying,
    /// Held by the user.
    Paused,
    /// Held by the network, a credential, a restore or a decision.
    Waiting,
    /// Left unfinished by a process that is no longer there.
    Interrupted,
    /// Uploads are being given back.
    Cancelling,
    /// Given up.
    Cancelled,
    /// Everything arrived.
    Done,
    /// Finished, but some transfers failed.
    DoneWithFailures,
    /// Nothing arrived.
    Failed,
}

impl JobState {
    /// Nothing more will happen without the user.
    pub fn is_settled(self) -> bool {
        matches!(
            self,
            Self::Cancelled | Self::Done | Self::DoneWithFailures | Self::Failed
        )
    }
}

/// How many transfers of a job are in which kind of state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferCounts {
    /// Not begun.
    pub queued: u64,
    /// Starting or copying.
    pub copying: u64,
    /// Completing.
    pub completing: u64,
    /// Verifying.
    pub verifying: u64,
    /// Paused.
    pub paused: u64,
    /// Waiting for something.
    pub waiting: u64,
    /// Aborting.
    pub aborting: u64,
    /// Cancelled.
    pub cancelled: u64,
    /// Failed.
    pub failed: u64,
    /// Done.
    pub done: u64,
}

impl TransferCounts {
    /// Counts `n` transfers in `state`.
    pub fn add(&mut self, state: State, n: u64) {
        let slot = match state {
            State::Queued => &mut self.queued,
            State::Starting | State::Copying => &mut self.copying,
            State::Completing => &mut self.completing,
            State::Verifying => &mut self.verifying,
            State::Paused => &mut self.paused,
            State::Waiting { .. } => &mut self.waiting,
            State::Aborting => &mut self.aborting,
            State::Cancelled => &mut self.cancelled,
            State::Failed { .. } => &mut self.failed,
            State::Done => &mut self.done,
        };
        *slot += n;
    }

    /// All transfers.
    pub fn total(&self) -> u64 {
        self.unfinished() + self.cancelled + self.failed + self.done
    }

    /// Transfers that are neither done, failed nor cancelled.
    pub fn unfinished(&self) -> u64 {
        self.queued
            + self.copying
            + self.completing
            + self.verifying
            + self.paused
            + self.waiting
            + self.aborting
    }

    /// The state of the job. `driven` says whether some live process holds its lease.
    pub fn job_state(&self, intent: JobIntent, driven: bool) -> JobState {
        if self.unfinished() == 0 {
            return match (self.done, self.failed, self.cancelled) {
                (0, 0, 0) => JobState::Queued,
                (_, 0, 0) => JobState::Done,
                (_, _, c) if c > 0 && intent == JobIntent::Cancel => JobState::Cancelled,
                (0, _, _) => JobState::Failed,
                _ => JobState::DoneWithFailures,
            };
        }
        if self.aborting > 0 || intent == JobIntent::Cancel {
            return JobState::Cancelling;
        }
        if intent == JobIntent::Pause {
            return JobState::Paused;
        }
        if !driven {
            return JobState::Interrupted;
        }
        if self.copying > 0 {
            JobState::Copying
        } else if self.completing > 0 {
            JobState::Completing
        } else if self.verifying > 0 {
            JobState::Verifying
        } else if self.waiting > 0 {
            JobState::Waiting
        } else if self.queued > 0 {
            JobState::Queued
        } else {
            JobState::Paused
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_nobody_drives_is_interrupted() {
        let mut counts = TransferCounts::default();
        counts.add(State::Copying, 1);
        counts.add(State::Done, 2);
        assert_eq!(counts.job_state(JobIntent::Run, true), JobState::Copying);
        assert_eq!(
            counts.job_state(JobIntent::Run, false),
            JobState::Interrupted
        );
        assert_eq!(counts.job_state(JobIntent::Pause, false), JobState::Paused);
    }

    #[test]
    fn failures_are_never_hidden_behind_done() {
        let mut counts = TransferCounts::default();
        counts.add(State::Done, 6);
        assert_eq!(counts.job_state(JobIntent::Run, true), JobState::Done);
        counts.add(
            State::Failed {
                kind: crate::FailureKind::AccessDenied,
            },
            1,
        );
        assert_eq!(
            counts.job_state(JobIntent::Run, true),
            JobState::DoneWithFailures
        );
    }
}
