//! What can be written: every change is a value, so a crash test can count them.

use partway_domain::{
    AccountId, Bucket, Capabilities, ETag, Failure, JobId, JobIntent, PartNumber, State,
    TransferId, UploadId,
};

use rusqlite::Connection;

use crate::error::Trouble;
use crate::table::event::{self, NewEvent};
use crate::table::transfer::{self, Pin, Verdict};
use crate::table::{capability, job, part, pin, upload, verdict};

/// How sure a commit must be before `done` is called. Ordered: the later is the surer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Durability {
    /// May wait a few milliseconds for others and survives a crash of the process; ListParts
    /// or a HEAD can recover it after a power cut.
    Grouped,
    /// On the disk (synchronous=FULL) before `done` is called.
    Durable,
}

/// One change. A slice of them is committed in one transaction, in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The user's will for a job.
    Intent { job: JobId, intent: JobIntent },
    /// A transfer entered a state. `failure` is stored with `Failed` and `Waiting`, and
    /// cleared by every other state.
    State {
        transfer: TransferId,
        state: State,
        failure: Option<Failure>,
    },
    /// The source was pinned by a HEAD.
    Pinned { transfer: TransferId, pin: Pin },
    /// We are about to send Create: whoever finds this without an upload row must look on the
    /// server first.
    CreateIntended { transfer: TransferId },
    /// Create answered.
    UploadCreated {
        transfer: TransferId,
        upload_id: UploadId,
    },
    /// A part was confirmed by the server (by its own answer or by ListParts).
    PartDone {
        transfer: TransferId,
        number: PartNumber,
        etag: ETag,
        size: u64,
    },
    /// Parts the journal believed in are not on the server.
    PartsForgotten {
        transfer: TransferId,
        numbers: Vec<PartNumber>,
    },
    /// We are about to send Complete.
    CompleteIntended { transfer: TransferId },
    /// The upload must be given back; stays until `UploadGone`.
    AbortIntended { transfer: TransferId },
    /// The server no longer has the upload: completed, aborted or expired. Its part rows go too.
    UploadGone { transfer: TransferId },
    /// Destination object's facts and the verdict.
    Verdict {
        transfer: TransferId,
        verdict: Verdict,
    },
    /// Something worth reading later.
    Event(NewEvent),
    /// The lease on a job goes on.
    LeaseRenewed {
        job: JobId,
        holder: String,
        until_ms: i64,
    },
    /// The lease on a job is given back.
    LeaseReleased { job: JobId, holder: String },
    /// Something was found out about a server: for one bucket, or (`None`) for all of the
    /// account's. Takes the place of what was known of the same.
    CapabilitiesLearned {
        account: AccountId,
        bucket: Option<Bucket>,
        learned: Capabilities,
    },
    /// Everything known of an account's server is to be found out anew.
    CapabilitiesForgotten { account: AccountId },
}

impl Change {
    /// Writes the change; the caller holds the transaction.
    pub(crate) fn apply(&self, connection: &Connection, now_ms: i64) -> Result<(), Trouble> {
        match self {
            Self::Intent { job, intent } => job::set_intent(connection, *job, *intent),
            Self::State {
                transfer,
                state,
                failure,
            } => transfer::set_state(connection, *transfer, *state, failure.as_ref(), now_ms),
            Self::Pinned { transfer, pin } => pin::put(connection, *transfer, pin),
            Self::CreateIntended { transfer } => upload::intend(connection, *transfer, now_ms),
            Self::UploadCreated {
                transfer,
                upload_id,
            } => upload::created(connection, *transfer, upload_id, now_ms),
            Self::PartDone {
                transfer,
                number,
                etag,
                size,
            } => part::confirm(connection, *transfer, *number, etag, *size),
            Self::PartsForgotten { transfer, numbers } => {
                part::forget(connection, *transfer, numbers)
            }
            Self::CompleteIntended { transfer } => upload::completing(connection, *transfer),
            Self::AbortIntended { transfer } => upload::aborting(connection, *transfer),
            Self::UploadGone { transfer } => upload::gone(connection, *transfer),
            Self::Verdict { transfer, verdict } => verdict::put(connection, *transfer, verdict),
            Self::Event(event) => event::add(connection, event),
            Self::LeaseRenewed {
                job,
                holder,
                until_ms,
            } => job::renew_lease(connection, *job, holder, *until_ms),
            Self::LeaseReleased { job, holder } => job::release_lease(connection, *job, holder),
            Self::CapabilitiesLearned {
                account,
                bucket,
                learned,
            } => capability::learn(connection, account, bucket.as_ref(), learned),
            Self::CapabilitiesForgotten { account } => capability::forget(connection, account),
        }
    }
}
