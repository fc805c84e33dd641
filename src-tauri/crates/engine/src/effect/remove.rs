//! The second half of a move: the source goes, once its copy is verified.
//!
//! | the source now                         | what follows                                  |
//! |----------------------------------------|-----------------------------------------------|
//! | is the pinned version                  | that very version is deleted                  |
//! | has no versions and is the pinned one  | it is deleted right after that was seen       |
//! | is another one                         | it stays: it was never copied                 |
//! | is not there                           | done: an earlier answer was lost              |

use partway_domain::planted::{self, Bug};
use partway_domain::{Event, Failure, FailureKind, VersionId};
use partway_journal::Change;
use partway_journal::table::transfer::Pin;
use partway_protocol::op::DeleteObject;

use super::pin::head_source;
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
        let Some(version) = self.version_to_remove(&pin).await? else {
            return Ok(self.removed(None));
        };
        let operation = DeleteObject {
            bucket: self.route.source.bucket.clone(),
            key: self.row.source_key.clone(),
            version,
        };
        match self.ask(&self.route.source, &operation).await {
            Ok(answer) => Ok(self.removed(answer.request_id.as_deref())),
            Err(CallError::Failed { failure, .. }) if failure.kind == FailureKind::NoSuchSource => {
                Ok(self.removed(failure.request_id.as_deref()))
            }
            Err(CallError::Failed { failure, .. }) => Err(self.kept(*failure).into()),
            Err(CallError::Held) => Err(Obstacle::Held),
        }
    }

    /// The version to be deleted, `Some(None)` in a bucket without versions; `None` if there is
    /// nothing left to delete. Fails where the source is not the one that was copied.
    async fn version_to_remove(&self, pin: &Pin) -> Result<Option<Option<VersionId>>, Obstacle> {
        if planted::is(Bug::MoveCurrentVersion) {
            return Ok(Some(None));
        }
        // A version never changes, but for the one that buckets without versions share.
        if let Some(version) = pin.version.as_ref().filter(|one| one.as_str() != "null") {
            return Ok(Some(Some(version.clone())));
        }
        let key = &self.row.source_key;
        let asked = self.row.source_version.as_ref();
        let head = match head_source(self, &self.route, key, asked).await {
            Ok(head) => head,
            Err(CallError::Failed { failure, .. }) if failure.kind == FailureKind::NoSuchSource => {
                return Ok(None);
            }
            Err(other) => return Err(other.into()),
        };
        if head.output.etag != pin.etag || head.output.size != pin.size {
            let difference = format!(
                "ETag {}, {} bytes instead of ETag {}, {} bytes; it was copied as it was and stays",
                head.output.etag, head.output.size, pin.etag, pin.size
            );
            return Err(self.source_changed(&difference, head.request_id).into());
        }
        Ok(Some(head.output.version))
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
