//! What the state machine asks for, one file each. An effect talks to the servers and comes
//! back with the next event; the driver journals it before anything follows.

use partway_domain::{Event, Failure, FailureKind, Wait};
use partway_journal::{Change, JournalError};

use crate::call::CallError;

mod abort;
mod answered;
mod candidate;
mod complete;
mod condition;
mod copy;
mod decided;
mod destination;
mod evidence;
mod gauge;
mod granted;
pub(crate) mod hidden;
mod instead;
mod locate;
pub(crate) mod pin;
mod prove;
mod remove;
pub(crate) mod replaced;
mod restored;
mod sealed;
mod smaller;
mod source;
mod stock;
mod unrecorded;
mod upload;
mod verify;

pub(crate) use answered::Answered;
pub(crate) use destination::{facts_of, resolve_unseen};

/// How an effect ended: an event with what is to be journaled beside it.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) event: Event,
    pub(crate) changes: Vec<Change>,
    pub(crate) failure: Option<Failure>,
}

impl Step {
    pub(crate) fn plain(event: Event) -> Self {
        Self::with(event, Vec::new())
    }

    pub(crate) fn with(event: Event, changes: Vec<Change>) -> Self {
        Self {
            event,
            changes,
            failure: None,
        }
    }

    pub(crate) fn fail(failure: Failure) -> Self {
        Self {
            event: Event::Fail { kind: failure.kind },
            changes: Vec::new(),
            failure: Some(failure),
        }
    }

    pub(crate) fn block(wait: Wait, failure: Failure) -> Self {
        Self {
            event: Event::Block { wait },
            changes: Vec::new(),
            failure: Some(failure),
        }
    }
}

/// What kept an effect from its end.
#[derive(Debug)]
pub(crate) enum Obstacle {
    /// The order changed; nothing is wrong.
    Held,
    /// A server, or our own rules, said no.
    Failure(Box<Failure>),
    /// The journal failed: nothing may go on.
    Journal(JournalError),
}

impl From<CallError> for Obstacle {
    fn from(error: CallError) -> Self {
        match error {
            // Whatever was held is done again from its looks on.
            CallError::Held | CallError::LookAgain { .. } => Self::Held,
            CallError::Failed { failure, .. } => Self::Failure(failure),
        }
    }
}

impl From<Failure> for Obstacle {
    fn from(failure: Failure) -> Self {
        Self::Failure(Box::new(failure))
    }
}

impl From<JournalError> for Obstacle {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

/// What a failure means for a transfer: wait for what the user or time can mend, fail else.
pub(crate) fn trouble(mut failure: Failure) -> Step {
    if failure.kind == FailureKind::SourceChanged {
        failure.message.push_str(
            " Nothing mixed was made; decide whether to start over with the source as it is now or to skip it.",
        );
    }
    let wait = match failure.kind {
        // A server that slows us for minutes is as good as away, and comes back as well.
        FailureKind::Network | FailureKind::Throttled => Wait::Network,
        FailureKind::WrongCredential
        | FailureKind::ExpiredCredential
        | FailureKind::MissingCredential
        | FailureKind::AccountSuspended => Wait::Credential,
        FailureKind::NeedsRestore => Wait::Restore,
        FailureKind::SourceChanged | FailureKind::Unprovable | FailureKind::UploadUncertain => {
            Wait::Decision
        }
        _ => return Step::fail(failure),
    };
    Step::block(wait, failure)
}
