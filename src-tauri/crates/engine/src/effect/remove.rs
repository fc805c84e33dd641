//! The second half of a move: the source goes, once its copy is verified.
//!
//! | the source now                 | what follows                                          |
//! |--------------------------------|-------------------------------------------------------|
//! | a version was asked for        | that very version is deleted                          |
//! | the current one is the pinned  | it is deleted right after that was seen               |
//! | is another one, or rewritten   | it stays: it was never copied                         |
//! | is not there                   | done: an earlier answer was lost                      |
//!
//! Where a bucket keeps versions, deleting the current one puts a delete marker over it. To
//! delete the pinned version itself would bring the one before it back under the moved name, and
//! end what the bucket was to keep.
//!
//! Right before, the copy is looked at once more: between the verdict and now a job may have
//! been paused for weeks.

use partway_domain::planted::{self, Bug};
use partway_domain::{AtRest, Event, Failure, FailureKind, VersionId};
use partway_journal::Change;
use partway_journal::table::transfer::Pin;
use partway_protocol::op::{DeleteObject, ObjectHead};
use tokio::time::Instant;

use super::evidence::Judgement;
use super::pin::head_source;
use super::source::rewritten;
use super::{Obstacle, Step};
use crate::call::CallError;
use crate::driver::run::Run;
use crate::event::{self, Told as _};

impl Run {
    /// Whether this copy is done and proven, and nothing but the removal of its source is
    /// left. A verdict never outlives the pin it was given for.
    pub(super) fn only_removal_is_left(&self) -> bool {
        let verified = self.row.verdict.as_ref().is_some_and(|one| one.verified);
        self.route.moves() && verified && self.row.pin.is_some()
    }

    pub(crate) async fn remove(&mut self) -> Result<Step, Obstacle> {
        let pin = self.row.pin.clone().ok_or_else(|| {
            Failure::local(
                FailureKind::Journal,
                "the journal has no pin of the source to be removed; resume the job",
            )
        })?;
        if self.is_in_place() {
            // Whatever led here: the copy and its source are one object.
            return Ok(Step::fail(self.kept(Failure::local(
                FailureKind::Impossible,
                "it is its own copy",
            ))));
        }
        if let Some(missed) = self.miss_copy(&pin).await? {
            // Deleted before a crash, and the copy written over since: the move was whole.
            if self.version_to_remove(&pin).await?.is_none() {
                return Ok(self.removed(None));
            }
            return Ok(self.void(missed));
        }
        // Last, for nothing may happen to the source unseen.
        let Some(version) = self.version_to_remove(&pin).await? else {
            return Ok(self.removed(None));
        };
        // The last moment at which the source can stay.
        if !self.orders.now().runs() {
            return Err(Obstacle::Held);
        }
        let operation = DeleteObject {
            bucket: self.route.source.bucket.clone(),
            key: self.row.source_key.clone(),
            version,
        };
        // A version that was named is gone or the same; of anything else another may have come.
        let named = operation.version.as_ref();
        let relies_on_look = named.is_none_or(|version| version.as_str() == "null");
        let looked = relies_on_look.then(|| self.looked());
        let side = &self.route.source;
        let answer = self.ask_after_look(side, &operation, looked).await;
        self.count_look(&answer);
        match answer {
            Ok(answer) => Ok(self.removed(answer.request_id.as_deref())),
            Err(CallError::Failed { failure, .. }) if failure.kind == FailureKind::NoSuchSource => {
                Ok(self.removed(failure.request_id.as_deref()))
            }
            Err(CallError::Failed { failure, .. }) => Err(self.kept(*failure).into()),
            // All looks are repeated with it.
            Err(CallError::Held | CallError::LookAgain { .. }) => Err(Obstacle::Held),
        }
    }

    /// The version to be deleted, `Some(None)` for the current one; `None` if there is nothing
    /// left to delete. Fails where the source is not the one that was copied.
    async fn version_to_remove(&self, pin: &Pin) -> Result<Option<Option<VersionId>>, Obstacle> {
        if planted::is(Bug::MoveCurrentVersion) {
            return Ok(Some(None));
        }
        let asked = self.row.source_version.as_ref();
        // A version never changes, but for the one that buckets without versions share.
        if let Some(version) = asked.filter(|one| one.as_str() != "null") {
            return Ok(Some(Some(version.clone())));
        }
        let key = &self.row.source_key;
        let begun = Instant::now();
        let head = head_source(self, &self.route, key, asked).await;
        self.note_look(begun);
        let head = match head {
            Ok(head) => head,
            Err(CallError::Failed { failure, .. }) if failure.kind == FailureKind::NoSuchSource => {
                return Ok(None);
            }
            Err(other) => return Err(other.into()),
        };
        if let Some(difference) = rewritten(pin, &head.output) {
            let difference = format!("{difference}; it was copied as it was and stays");
            return Err(self.source_changed(&difference, head.request_id).into());
        }
        if let Some(lost) = self.would_be_lost(pin, &head.output) {
            return Err(self.kept(lost).into());
        }
        Ok(Some(asked.cloned()))
    }

    /// What a listing does not show nobody has named yet: with the source it would be gone for good.
    fn would_be_lost(&self, pin: &Pin, source: &ObjectHead) -> Option<Failure> {
        let chosen = self.route.options.terms.encryption != AtRest::BucketDefault;
        let lost: Vec<&str> = source
            .not_carried
            .iter()
            .filter(|what| !pin.not_carried.contains(what))
            .filter(|what| !(chosen && what.starts_with("encryption ")))
            .map(String::as_str)
            .collect();
        let (bucket, key) = (&self.route.source.bucket, self.row.source_key.as_str());
        (!lost.is_empty()).then(|| Failure {
            bucket: Some(bucket.to_string()),
            key: Some(key.to_owned()),
            ..Failure::local(
                FailureKind::NotSupported,
                format!(
                    "its copy is without {}; move it by its own name if that may be lost, or delete it yourself",
                    lost.join(" and ")
                ),
            )
        })
    }

    /// The verdict may be of long ago: nothing is deleted unless the copy is there now. What is
    /// there instead, if it is not.
    async fn miss_copy(&self, pin: &Pin) -> Result<Option<Failure>, Obstacle> {
        let (found, request_id) = match self.head_destination().await {
            Ok(head) if self.is_the_copy(pin, &head.output) => return Ok(None),
            Ok(head) => (
                format!("ETag {}, {} bytes", head.output.etag, head.output.size),
                head.request_id,
            ),
            Err(CallError::Failed { failure, .. }) if failure.kind == FailureKind::NoSuchSource => {
                ("nothing".to_owned(), failure.request_id)
            }
            Err(other) => return Err(other.into()),
        };
        let (bucket, key) = (&self.route.destination.bucket, &self.row.destination_key);
        Ok(Some(Failure {
            bucket: Some(bucket.to_string()),
            key: Some(key.as_str().to_owned()),
            request_id,
            ..Failure::local(
                FailureKind::VerificationFailed,
                format!(
                    "the copy that was verified at {:?} in {bucket} is not there any more ({found} is): the source {:?} stays; retry to copy it again",
                    key.as_str(),
                    self.row.source_key.as_str()
                ),
            )
        }))
    }

    /// Without the copy its verdict is void, and a retry copies the source anew.
    fn void(&mut self, missed: Failure) -> Step {
        let mut step = Step::fail(missed);
        step.changes.push(Change::Unpinned {
            transfer: self.id(),
        });
        self.row.pin = None;
        self.row.verdict = None;
        self.row.snapshot = None;
        step
    }

    /// Whether what stands at the destination is what the verdict was about, or as good.
    fn is_the_copy(&self, pin: &Pin, head: &ObjectHead) -> bool {
        let verdict = self.row.verdict.as_ref();
        let same = verdict.is_some_and(|one| one.etag == head.etag && pin.size == head.size);
        same || matches!(self.judge(head), Some(Judgement::Same(_)))
    }

    fn removed(&self, request_id: Option<&str>) -> Step {
        let removed = self.event(event::SOURCE_REMOVED).answered(request_id);
        Step::with(Event::Removed, vec![Change::Event(removed)])
    }

    /// The copy is there and stays; what failed is only the removal.
    fn kept(&self, failure: Failure) -> Failure {
        Failure {
            message: format!(
                "the copy of {:?} is verified, but the source could not be deleted: {}",
                self.row.source_key.as_str(),
                failure.message
            ),
            ..failure
        }
    }
}
