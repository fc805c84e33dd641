//! A job is what the user asked for; a transfer is one object within it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::conflict::ConflictPolicy;
use crate::queue::{Priority, Schedule};
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

/// What becomes of the sources.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// They stay.
    #[default]
    Copy,
    /// Each is deleted once its copy is verified.
    Move,
}

/// How a job copies. The same for all its transfers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CopyOptions {
    /// Part size in bytes; `None` chooses by the plan.
    pub part_size: Option<u64>,
    /// Transfers of this job running at once.
    pub transfers_at_once: u32,
    /// Part copies of one transfer in flight at once; [`CopyOptions::MEASURED`] finds out.
    pub parts_at_once: u32,
    /// Storage class for the destination; `None` keeps the source's.
    pub storage_class: Option<String>,
    /// Encryption, access, and what else the copies are given.
    pub terms: CopyTerms,
    /// What happens where a destination key exists.
    pub on_conflict: ConflictPolicy,
    /// How soon it gets its turn.
    pub priority: Priority,
    /// When it may run.
    pub schedule: Schedule,
}

impl CopyOptions {
    /// As a number of parts at once: as many as make the copy faster ([`Concurrency`]).
    ///
    /// [`Concurrency`]: crate::Concurrency
    pub const MEASURED: u32 = 0;
}

impl Default for CopyOptions {
    fn default() -> Self {
        Self {
            part_size: None,
            transfers_at_once: 3,
            parts_at_once: Self::MEASURED,
            storage_class: None,
            terms: CopyTerms::default(),
            on_conflict: ConflictPolicy::default(),
            priority: Priority::default(),
            schedule: Schedule::default(),
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
    /// Their copies are verified, and their sources are being deleted.
    #[serde(default)]
    pub removing: u64,
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
    /// Left out.
    #[serde(default)]
    pub skipped: u64,
    /// Done.
    pub done: u64,
    /// Prefixes that are still being listed: more transfers may follow.
    #[serde(default)]
    pub listing: u64,
    /// Prefixes whose listing waits for the user: for a credential, mostly.
    #[serde(default)]
    pub listing_waits: u64,
    /// Prefixes whose listing was given up; what they hold is not known in full.
    #[serde(default)]
    pub listing_failed: u64,
}

impl TransferCounts {
    /// Counts `n` transfers in `state`.
    pub fn add(&mut self, state: State, n: u64) {
        let slot = match state {
            State::Queued => &mut self.queued,
            State::Starting | State::Copying => &mut self.copying,
            State::Completing => &mut self.completing,
            State::Verifying => &mut self.verifying,
            State::Removing => &mut self.removing,
            State::Paused => &mut self.paused,
            State::Waiting { .. } => &mut self.waiting,
            State::Aborting => &mut self.aborting,
            State::Cancelled => &mut self.cancelled,
            State::Failed { .. } => &mut self.failed,
            State::Skipped => &mut self.skipped,
            State::Done => &mut self.done,
        };
        *slot += n;
    }

    /// All transfers known so far.
    pub fn total(&self) -> u64 {
        self.moving() + self.cancelled + self.failed + self.skipped + self.done
    }

    /// Transfers that are neither done, failed, skipped nor cancelled, and prefixes of which
    /// more may come.
    pub fn unfinished(&self) -> u64 {
        self.moving() + self.listing + self.listing_waits
    }

    fn moving(&self) -> u64 {
        self.queued
            + self.copying
            + self.completing
            + self.verifying
            + self.removing
            + self.paused
            + self.waiting
            + self.aborting
    }

    /// The state of the job. `driven` says whether some live process holds its lease.
    pub fn job_state(&self, intent: JobIntent, driven: bool) -> JobState {
        let given_up = intent == JobIntent::Cancel;
        if self.unfinished() == 0 {
            let failed = self.failed + self.listing_failed;
            let left = self.cancelled + self.listing_failed;
            return match (self.done + self.skipped, failed, self.cancelled) {
                (_, 0, 0) => JobState::Done,
                _ if given_up && left > 0 => JobState::Cancelled,
                (0, _, _) => JobState::Failed,
                _ => JobState::DoneWithFailures,
            };
        }
        if self.aborting > 0 || given_up {
            return JobState::Cancelling;
        }
        if intent == JobIntent::Pause {
            return JobState::Paused;
        }
        if !driven {
            return JobState::Interrupted;
        }
        if self.copying > 0 || (self.listing > 0 && self.moving() == self.queued) {
            JobState::Copying
        } else if self.completing > 0 {
            JobState::Completing
        } else if self.verifying + self.removing > 0 {
            JobState::Verifying
        } else if self.waiting + self.listing_waits > 0 {
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

    #[test]
    fn what_was_left_out_is_not_a_failure() {
        let mut counts = TransferCounts::default();
        counts.add(State::Skipped, 3);
        assert_eq!(counts.job_state(JobIntent::Run, false), JobState::Done);
        assert_eq!((counts.total(), counts.unfinished()), (3, 0));
    }

    #[test]
    fn a_job_is_not_done_while_a_prefix_is_listed() {
        let mut counts = TransferCounts {
            listing: 1,
            ..TransferCounts::default()
        };
        counts.add(State::Done, 5);
        assert_eq!(counts.job_state(JobIntent::Run, true), JobState::Copying);
        assert_eq!(
            counts.job_state(JobIntent::Run, false),
            JobState::Interrupted
        );
        counts = TransferCounts {
            listing: 0,
            listing_failed: 1,
            ..counts
        };
        assert_eq!(
            counts.job_state(JobIntent::Run, false),
            JobState::DoneWithFailures
        );
        // Giving the job up is what ended the listing.
        assert_eq!(
            counts.job_state(JobIntent::Cancel, false),
            JobState::Cancelled
        );
    }
}
