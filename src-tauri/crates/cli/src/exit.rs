//! Exit codes: what a script can tell without reading.

use std::process::ExitCode;

use partway_api::ApiError;
use partway_api::contract::{JobState, JobView};

/// Shown at the end of `--help`.
pub(crate) const HELP: &str = "\
Exit codes:
  0  everything asked for was done
  1  some objects failed, or the server or the network refused
  2  the command or its input cannot be used
  3  it needs you: a credential, a permission, a restore or a decision
  4  paused by Ctrl-C, cancelled or interrupted; `partway-cli resume` goes on
  5  the journal or this program failed";

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    Done = 0,
    Failed = 1,
    BadInput = 2,
    NeedsUser = 3,
    Interrupted = 4,
    Internal = 5,
}

impl Exit {
    /// What an error means for a script.
    pub(crate) fn of(error: &ApiError) -> Self {
        match error.kind.as_str() {
            "invalid" | "usage" | "not_found" | "in_use" | "leased" | "no_such_bucket"
            | "no_such_source" | "not_supported" | "wrong_region" => Self::BadInput,
            "wrong_credential"
            | "expired_credential"
            | "missing_credential"
            | "access_denied"
            | "account_suspended"
            | "clock_skew"
            | "needs_restore"
            | "destination_conflict"
            | "unprovable"
            | "keyring" => Self::NeedsUser,
            "journal" | "journal_newer" | "journal_unwritable" | "internal" | "demo_cloud"
            | "bridge" | "no_data_folder" => Self::Internal,
            _ => Self::Failed,
        }
    }

    /// What became of a job that is no longer driven.
    pub(crate) fn of_job(job: &JobView) -> Self {
        match job.state {
            JobState::Done => Self::Done,
            JobState::DoneWithFailures | JobState::Failed => Self::Failed,
            JobState::Waiting => Self::NeedsUser,
            JobState::Cancelled | JobState::Paused | JobState::Cancelling => Self::Interrupted,
            // Not driven, though it should run: it gave up waiting for the user.
            JobState::Interrupted if job.error.is_some() => Self::NeedsUser,
            JobState::Queued
            | JobState::Copying
            | JobState::Completing
            | JobState::Verifying
            | JobState::Interrupted => Self::Interrupted,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// What the user typed cannot be used.
pub(crate) fn usage(message: impl Into<String>) -> ApiError {
    ApiError::new("usage", message)
}
