//! What can be written: every change is a value, so a crash test can count them.

use partway_domain::{
    AccountId, Bucket, Capabilities, Comparison, Decision, ETag, Failure, JobId, JobIntent, Key,
    PartNumber, Reason, Snapshot, State, TransferId, UploadId,
};

use rusqlite::Connection;

use crate::error::Trouble;
use crate::table::abort::{self, AbortChange};
use crate::table::event::{self, NewEvent};
use crate::table::job::NewTransfer;
use crate::table::queue::{self, QueueChange};
use crate::table::restore::RestoreRow;
use crate::table::scan::{self, ScanId, ScanState};
use crate::table::transfer::{self, Pin, Verdict};
use crate::table::upload::UploadRow;
use crate::table::{
    capability, decision, evidence, job, part, pin, restore, snapshot, upload, verdict,
};

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
    /// All transfers of a job that were not begun are given up with it.
    QueuedCancelled { job: JobId },
    /// A transfer entered a state. `failure` is stored with `Failed` and `Waiting`, and
    /// cleared by every other state.
    State {
        transfer: TransferId,
        state: State,
        failure: Option<Failure>,
    },
    /// A page of a listing: its transfers, and the last key that was read. All or nothing.
    ScanPage {
        scan: ScanId,
        marker: Key,
        /// Keys on the page, those left out included.
        listed: u64,
        transfers: Vec<NewTransfer>,
    },
    /// A listing ended, was held up, or goes on.
    ScanState {
        scan: ScanId,
        state: ScanState,
        failure: Option<Failure>,
    },
    /// Why a transfer is left out; cleared when it is not.
    LeftOut { transfer: TransferId, why: Reason },
    /// The source was pinned by a HEAD.
    Pinned { transfer: TransferId, pin: Pin },
    /// We are about to send Create: whoever finds this without an upload row must look on the
    /// server first.
    CreateIntended {
        transfer: TransferId,
        /// When, in milliseconds since 1970 by the server's clock as far as it is known: an
        /// upload's age is told by that clock, and this computer's may be set meanwhile.
        at_ms: i64,
    },
    /// Create answered.
    UploadCreated {
        transfer: TransferId,
        upload_id: UploadId,
    },
    /// A person chose an upload that is not provably ours.
    UploadAdopted {
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
    /// The upload that stood in this row is given back. Nothing is forgotten if the transfer has
    /// begun another one meanwhile.
    UploadReturned {
        transfer: TransferId,
        upload: UploadRow,
    },
    /// Another place, other hours or another pace for a job.
    Queue { job: JobId, change: QueueChange },
    /// An upload the user wants gone.
    Abort(AbortChange),
    /// Destination object's facts and the verdict.
    Verdict {
        transfer: TransferId,
        verdict: Verdict,
    },
    /// What the verdict rests on; takes the place of earlier comparisons.
    Evidence {
        transfer: TransferId,
        comparisons: Vec<Comparison>,
    },
    /// The destination was looked at before anything is written there.
    Snapshot {
        transfer: TransferId,
        snapshot: Snapshot,
    },
    /// A person decided; the transfer carries it out when it goes on.
    Decided {
        transfer: TransferId,
        decision: Decision,
    },
    /// The decision is carried out.
    DecisionSpent { transfer: TransferId },
    /// The source is to be pinned anew: it is another by now, and that one is wanted. The
    /// snapshot goes too.
    Unpinned { transfer: TransferId },
    /// The copy goes to another key, beside an object that keeps its own. The snapshot goes
    /// with the old key.
    Renamed {
        transfer: TransferId,
        destination_key: Key,
    },
    /// An archived source is wanted back, or is being brought back.
    Restore {
        transfer: TransferId,
        restore: RestoreRow,
    },
    /// The archived source can be read.
    Restored { transfer: TransferId },
    /// Something worth reading later.
    Event(NewEvent),
    /// Changes nothing: what stands beside it is written only while this holder has the lease.
    /// Who was stopped for longer than a lease lasts does not know that the job has passed on.
    LeaseHeld { job: JobId, holder: String },
    /// The lease on a job goes on.
    LeaseRenewed {
        job: JobId,
        holder: String,
        until_ms: i64,
    },
    /// The lease on a job is given back.
    LeaseReleased { job: JobId, holder: String },
    /// The lease of a process that is no more ends.
    LeaseForfeited { job: JobId, holder: String },
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
            Self::Intent { job, intent } => job::set_intent(connection, *job, *intent, now_ms),
            Self::QueuedCancelled { job } => transfer::cancel_queued(connection, *job, now_ms),
            Self::State {
                transfer,
                state,
                failure,
            } => transfer::set_state(connection, *transfer, *state, failure.as_ref(), now_ms),
            Self::ScanPage {
                scan,
                marker,
                listed,
                transfers,
            } => scan::page(connection, *scan, marker, *listed, transfers, now_ms),
            Self::ScanState {
                scan,
                state,
                failure,
            } => scan::set_state(connection, *scan, *state, failure.as_ref(), now_ms),
            Self::LeftOut { transfer, why } => transfer::leave_out(connection, *transfer, *why),
            Self::Pinned { transfer, pin } => pin::put(connection, *transfer, pin),
            Self::CreateIntended { transfer, at_ms } => {
                upload::intend(connection, *transfer, *at_ms)
            }
            Self::UploadCreated {
                transfer,
                upload_id,
            } => upload::created(connection, *transfer, upload_id, now_ms),
            Self::UploadAdopted {
                transfer,
                upload_id,
            } => upload::adopted(connection, *transfer, upload_id, now_ms),
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
            Self::UploadReturned { transfer, upload } => {
                upload::returned(connection, *transfer, upload)
            }
            Self::Queue { job, change } => queue::change(connection, *job, *change),
            Self::Abort(change) => abort::change(connection, change, now_ms),
            Self::Verdict { transfer, verdict } => verdict::put(connection, *transfer, verdict),
            Self::Evidence {
                transfer,
                comparisons,
            } => evidence::put(connection, *transfer, comparisons),
            Self::Snapshot { transfer, snapshot } => snapshot::put(connection, *transfer, snapshot),
            Self::Decided { transfer, decision } => {
                decision::put(connection, *transfer, decision, now_ms)
            }
            Self::DecisionSpent { transfer } => decision::clear(connection, *transfer),
            Self::Unpinned { transfer } => {
                pin::clear(connection, *transfer)?;
                verdict::clear(connection, *transfer)?;
                snapshot::clear(connection, *transfer)
            }
            Self::Renamed {
                transfer,
                destination_key,
            } => {
                snapshot::clear(connection, *transfer)?;
                transfer::rename(connection, *transfer, destination_key)
            }
            Self::Restore { transfer, restore } => restore::put(connection, *transfer, restore),
            Self::Restored { transfer } => restore::clear(connection, *transfer),
            Self::Event(event) => event::add(connection, event),
            Self::LeaseHeld { job, holder } => job::insist_on_lease(connection, *job, holder),
            Self::LeaseRenewed {
                job,
                holder,
                until_ms,
            } => job::renew_lease(connection, *job, holder, *until_ms),
            Self::LeaseReleased { job, holder } => job::release_lease(connection, *job, holder),
            Self::LeaseForfeited { job, holder } => job::forfeit_lease(connection, *job, holder),
            Self::CapabilitiesLearned {
                account,
                bucket,
                learned,
            } => capability::learn(connection, account, bucket.as_ref(), learned),
            Self::CapabilitiesForgotten { account } => capability::forget(connection, account),
        }
    }
}
