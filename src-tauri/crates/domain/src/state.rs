//! The life of one transfer.
//!
//! `step` is pure and total: every state meets every event, and what does not fit is
//! `Rejected` rather than guessed. The driver journals the new state first and performs the
//! effects afterwards; [`owed`] names the effects a state still wants, so that resuming and
//! recovering from a crash are the same thing.
//!
//! ```text
//! Queued → Starting → Copying → Completing → Verifying → Done
//!             ↑          ⇅                       ↓        ↑
//!             │          │                     Removing ──┘   (a move)
//!             └─ Paused, Waiting, Failed (retry)      Aborting → Cancelled
//!                                                     Skipped  (nothing is copied)
//! ```

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::FailureKind;

/// What a transfer waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wait {
    /// The network: goes on by itself.
    Network,
    /// A credential: wrong, expired or missing.
    Credential,
    /// The source to be restored from the archive.
    Restore,
    /// A decision only the user can take.
    Decision,
}

/// Where a transfer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Not begun.
    Queued,
    /// Asking the servers where things stand: the source, our upload, its parts.
    Starting,
    /// Part copies (or the one `CopyObject`) may be in flight.
    Copying,
    /// Held by the user; parts stay on the server.
    Paused,
    /// Held by something else.
    Waiting {
        /// By what.
        wait: Wait,
    },
    /// `CompleteMultipartUpload` may have been sent; its outcome may be unknown.
    Completing,
    /// The object is there; its evidence is being gathered.
    Verifying,
    /// The copy is verified, and the source of a move is being deleted.
    Removing,
    /// Arrived and proven as far as its verdict says.
    Done,
    /// The upload is being given back.
    Aborting,
    /// Given up by the user.
    Cancelled,
    /// Left out: by the conflict policy, or because the user said so.
    Skipped,
    /// Given up by us; its parts may still be on the server.
    Failed {
        /// What it means; the whole failure stands in the journal.
        kind: FailureKind,
    },
}

/// What can happen to a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Its turn has come.
    Begin,
    /// Source pinned, upload known (or not needed), parts on the server counted.
    Located,
    /// Every part is confirmed and the source is still the pinned one.
    PartsCopied,
    /// `CopyObject` answered with an `ETag`.
    ObjectCopied,
    /// Complete answered with an `ETag`, or the object at the destination is proven ours.
    Completed,
    /// The upload is still open after an unknown Complete: it did not happen.
    NotCompleted,
    /// The upload is gone and the destination is proven not to be ours.
    UploadLost,
    /// The verdict is in the journal, and nothing else is to be done.
    Verified,
    /// The verdict of a move is in the journal, and it is strong enough to let the source go.
    CopyVerified,
    /// The source of a move is gone.
    Removed,
    /// It is not to be copied.
    Skip,
    /// The user holds it.
    Pause,
    /// The user, or the end of the obstacle, lets it go on.
    Resume,
    /// The user gives it up.
    Cancel {
        /// Leave the parts on the server for a later resume.
        keep_parts: bool,
    },
    /// The upload is gone from the server.
    Aborted,
    /// It cannot go on for now.
    Block {
        /// What it waits for.
        wait: Wait,
    },
    /// It cannot go on.
    Fail {
        /// Why.
        kind: FailureKind,
    },
}

/// What the driver has to do, after the new state is in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// HEAD the source against its pin, find our upload or create one, list its parts.
    Locate,
    /// Copy what is missing.
    Copy,
    /// Let what is in flight finish, start nothing new.
    Hold,
    /// Send `CompleteMultipartUpload`.
    Complete,
    /// Find out what became of a Complete: look at the upload and at the destination.
    Prove,
    /// Compare source and destination and write the verdict.
    Verify,
    /// Delete the source of a verified move.
    Remove,
    /// Give the upload back until the server says it is gone.
    Abort,
}

/// An event that does not fit the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{event:?} does not fit {state:?}")]
pub struct Rejected {
    /// The state, unchanged.
    pub state: State,
    /// The event that was refused.
    pub event: Event,
}

impl State {
    /// Nothing more happens without the user.
    pub fn is_settled(self) -> bool {
        matches!(
            self,
            Self::Done | Self::Cancelled | Self::Skipped | Self::Failed { .. }
        )
    }

    /// Part copies may be in flight or an upload may be open because of it.
    pub fn may_hold_upload(self) -> bool {
        !matches!(self, Self::Queued | Self::Removing | Self::Done)
    }
}

/// What follows when `event` meets `state`. Pure and total.
pub fn step(state: State, event: Event) -> Result<(State, Vec<Effect>), Rejected> {
    use Effect as Do;
    use State as S;

    let next = match (state, event) {
        (S::Queued, Event::Begin) => (S::Starting, vec![Do::Locate]),
        // A crashed or resumed copy is located anew before anything is copied.
        (S::Starting | S::Copying, Event::Located) => (S::Copying, vec![Do::Copy]),
        (S::Copying, Event::PartsCopied) => (S::Completing, vec![Do::Complete]),
        (S::Copying, Event::ObjectCopied) => (S::Verifying, vec![Do::Verify]),

        // Also while starting: the upload may turn out to be completed already.
        (S::Starting | S::Completing, Event::Completed) => (S::Verifying, vec![Do::Verify]),
        (S::Completing, Event::NotCompleted) => (S::Copying, vec![Do::Locate]),
        (S::Starting | S::Copying | S::Completing, Event::UploadLost) => {
            (S::Starting, vec![Do::Locate])
        }
        (S::Verifying, Event::Verified) => (S::Done, vec![]),
        // Also while starting: a move that was held up between its two halves copies nothing
        // anew.
        (S::Starting | S::Verifying, Event::CopyVerified) => (S::Removing, vec![Do::Remove]),
        (S::Removing, Event::Removed) => (S::Done, vec![]),

        (S::Queued | S::Cancelled, Event::Skip) => (S::Skipped, vec![]),
        // What was begun for it is given back.
        (
            S::Starting | S::Copying | S::Paused | S::Waiting { .. } | S::Failed { .. },
            Event::Skip,
        ) => (S::Skipped, vec![Do::Hold, Do::Abort]),

        (S::Queued | S::Waiting { .. }, Event::Pause) => (S::Paused, vec![]),
        // Also before the removal: what is deleted after the word to stop cannot be brought back.
        // A resume finds the verdict and goes on with the removal alone.
        (S::Starting | S::Copying | S::Removing, Event::Pause) => (S::Paused, vec![Do::Hold]),
        (S::Paused | S::Waiting { .. } | S::Failed { .. }, Event::Resume) => {
            (S::Starting, vec![Do::Locate])
        }
        // Parts that were kept are found again; what was left out may be wanted after all.
        (S::Cancelled | S::Skipped, Event::Resume) => (S::Starting, vec![Do::Locate]),

        (S::Queued, Event::Cancel { .. }) => (S::Cancelled, vec![]),
        // The copy is whole and stays, and so does its source.
        (S::Removing, Event::Cancel { .. }) => (S::Cancelled, vec![Do::Hold]),
        (
            S::Starting | S::Copying | S::Paused | S::Waiting { .. } | S::Failed { .. },
            Event::Cancel { keep_parts: true },
        ) => (S::Cancelled, vec![Do::Hold]),
        (
            S::Starting
            | S::Copying
            | S::Paused
            | S::Waiting { .. }
            | S::Failed { .. }
            | S::Cancelled,
            Event::Cancel { keep_parts: false },
        ) => (S::Aborting, vec![Do::Hold, Do::Abort]),
        (S::Aborting, Event::Aborted) => (S::Cancelled, vec![]),

        (S::Starting | S::Copying | S::Removing, Event::Block { wait }) => {
            (S::Waiting { wait }, vec![Do::Hold])
        }
        // While a Complete may have happened only a person may take it from here: waiting for
        // the network is part of proving, or a cancel could abort what is already complete.
        (
            S::Completing | S::Verifying,
            Event::Block {
                wait: Wait::Decision,
            },
        ) => (
            S::Waiting {
                wait: Wait::Decision,
            },
            vec![Do::Hold],
        ),
        // The Complete is known to have happened: nothing it made can be aborted any more.
        (
            S::Verifying,
            Event::Block {
                wait: Wait::Credential,
            },
        ) => (
            S::Waiting {
                wait: Wait::Credential,
            },
            vec![Do::Hold],
        ),
        // A changed source makes the parts worthless: give them back at once.
        (
            S::Starting | S::Copying,
            Event::Fail {
                kind: FailureKind::SourceChanged,
            },
        ) => (
            S::Failed {
                kind: FailureKind::SourceChanged,
            },
            vec![Do::Hold, Do::Abort],
        ),
        (
            S::Queued
            | S::Starting
            | S::Copying
            | S::Completing
            | S::Verifying
            | S::Removing
            | S::Aborting,
            Event::Fail { kind },
        ) => (S::Failed { kind }, vec![Do::Hold]),

        (state, event) => return Err(Rejected { state, event }),
    };
    Ok(next)
}

/// The effects a state still wants, whoever comes upon it: after a restart, a crash or a
/// resume the driver performs exactly these.
pub fn owed(state: State) -> Vec<Effect> {
    match state {
        State::Starting | State::Copying => vec![Effect::Locate],
        State::Completing => vec![Effect::Prove],
        State::Verifying => vec![Effect::Verify],
        State::Removing => vec![Effect::Remove],
        State::Aborting => vec![Effect::Abort],
        State::Queued
        | State::Paused
        | State::Waiting { .. }
        | State::Done
        | State::Cancelled
        | State::Skipped
        | State::Failed { .. } => vec![],
    }
}

#[cfg(test)]
mod tests;
