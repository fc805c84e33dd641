//! The words of recorded events. They are stable: the UI translates them, and journals keep
//! them for years.

use partway_domain::{Failure, JobId, PartNumber, TransferId};
use partway_journal::table::event::{Level, NewEvent};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = $word;)*
        /// Every word there is.
        pub const ALL: &[&str] = &[$($word),*];
    };
}

words! {
    /// This process began to drive the job.
    JOB_STARTED = "job_started";
    /// The source was found and every part is bound to it; the detail names its tag and size.
    SOURCE_PINNED = "source_pinned";
    /// Something the object has will not arrive with it; the detail names it.
    NOT_CARRIED = "not_carried";
    /// A server lacks something; the detail says what is done instead.
    CAPABILITY_MISSING = "capability_missing";
    /// A multipart upload was created.
    UPLOAD_CREATED = "upload_created";
    /// A Create whose answer was lost was found on the server, and its upload is used.
    UPLOAD_ADOPTED = "upload_adopted";
    /// A Create may have left an upload behind which cannot be told from those of others.
    UPLOAD_UNCERTAIN = "upload_uncertain";
    /// Parts from before were found on the server; the detail says how many.
    PARTS_FOUND = "parts_found";
    /// The upload was gone from the server; the parts are copied again.
    UPLOAD_LOST = "upload_lost";
    /// A part copy failed and is repeated.
    PART_RETRIED = "part_retried";
    /// Another request failed and is repeated.
    REQUEST_RETRIED = "request_retried";
    /// The server asked us to slow down.
    THROTTLED = "throttled";
    /// This computer slept or the program was stopped; connections are made anew.
    COMPUTER_SLEPT = "computer_slept";
    /// Parts of this size take longer than is waited for; the detail says what comes instead.
    PARTS_SMALLER = "parts_smaller";
    /// How many parts are copied at once from now on; the detail says why not more.
    PARTS_AT_ONCE_FOUND = "parts_at_once_found";
    /// The source is not the one the copy began with.
    SOURCE_CHANGED = "source_changed";
    /// All parts are there; the server is asked to join them.
    COMPLETE_SENT = "complete_sent";
    /// The server could not join the parts as listed; they are listed anew.
    COMPLETE_REFUSED = "complete_refused";
    /// The object is there.
    COMPLETED = "completed";
    /// The answer to Complete was lost, and the object was proven to be ours.
    COMPLETION_PROVEN = "completion_proven";
    /// The object was compared with its source; the detail is the evidence.
    VERIFIED = "verified";
    /// The object is there, but nothing stronger than its size could be compared.
    NOT_VERIFIED = "not_verified";
    /// A person answered a waiting transfer; the detail is the answer.
    DECIDED = "decided";
    /// Nothing is copied: the policy or a person left the object out; the detail says why.
    SKIPPED = "skipped";
    /// The destination key is taken and kept; the detail names the copy's own.
    KEPT_BOTH = "kept_both";
    /// A person takes what stands at the destination as the copy.
    ACCEPTED = "accepted";
    /// An archived source was asked back; the detail says how.
    RESTORE_ASKED = "restore_asked";
    /// The archived source can be read.
    RESTORED = "restored";
    /// The source of a move was deleted after its copy was verified.
    SOURCE_REMOVED = "source_removed";
    /// The source of a move stays; the detail says why.
    SOURCE_KEPT = "source_kept";
    /// The listing of a prefix was held up or given up; the detail says why.
    LISTING_HELD = "listing_held";
    /// The user held the transfer.
    PAUSED = "paused";
    /// The transfer goes on after a pause, an obstacle or a failure.
    RESUMED = "resumed";
    /// The user gave the transfer up.
    CANCELLED = "cancelled";
    /// The upload is gone from the server.
    ABORTED = "aborted";
    /// The network is away; the transfer goes on by itself.
    WAITING_NETWORK = "waiting_network";
    /// The credential is refused or missing.
    WAITING_CREDENTIAL = "waiting_credential";
    /// The source must be restored from the archive first.
    WAITING_RESTORE = "waiting_restore";
    /// A person must look.
    WAITING_DECISION = "waiting_decision";
    /// The transfer was given up by us.
    FAILED = "failed";
}

/// Begins an event of the normal course.
pub(crate) fn event(at_ms: i64, job: JobId, transfer: TransferId, what: &str) -> NewEvent {
    NewEvent {
        at_ms,
        job,
        transfer: Some(transfer),
        part: None,
        level: Level::Normal,
        what: what.to_owned(),
        detail: String::new(),
        request_id: None,
    }
}

/// Begins an event about the job as a whole.
pub(crate) fn of_job(at_ms: i64, job: JobId, what: &str) -> NewEvent {
    NewEvent {
        transfer: None,
        ..event(at_ms, job, TransferId(0), what)
    }
}

/// What events are made of, one after the other.
pub(crate) trait Told: Sized {
    fn about(self, part: Option<PartNumber>) -> Self;
    fn saying(self, detail: impl Into<String>) -> Self;
    fn answered(self, request_id: Option<&str>) -> Self;
    fn because(self, level: Level, failure: &Failure) -> Self;
}

impl Told for NewEvent {
    fn about(mut self, part: Option<PartNumber>) -> Self {
        self.part = part;
        self
    }

    fn saying(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    fn answered(mut self, request_id: Option<&str>) -> Self {
        self.request_id = request_id.map(str::to_owned);
        self
    }

    fn because(mut self, level: Level, failure: &Failure) -> Self {
        self.level = level;
        self.detail = failure.to_string();
        self.request_id.clone_from(&failure.request_id);
        self
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_word_means_two_things() {
        let mut words = super::ALL.to_vec();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), super::ALL.len());
    }
}
