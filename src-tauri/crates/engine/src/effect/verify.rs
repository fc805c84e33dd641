//! The verdict: what was compared, and what it showed.

use partway_domain::{Event, Failure, FailureKind};
use partway_journal::Change;
use partway_journal::table::event::Level;
use partway_journal::table::transfer::Verdict;
use partway_protocol::op::ObjectHead;

use super::evidence::Judgement;
use super::{Obstacle, Step, sealed};
use crate::call::{Answer, CallError};
use crate::driver::run::Run;
use crate::event::{self, Told as _};

impl Run {
    pub(crate) async fn verify(&mut self) -> Result<Step, Obstacle> {
        let mut times = 0;
        let head = loop {
            match self.head_destination().await {
                Ok(head) => break head,
                Err(CallError::Held) => return Err(Obstacle::Held),
                Err(CallError::Failed { failure, .. }) if failure.kind.is_transient() => {
                    self.heard(None, &failure);
                    self.pause_to_prove(times).await?;
                    times += 1;
                }
                Err(CallError::Failed { failure, .. }) => {
                    return Ok(self.not_seen(*failure));
                }
            }
        };
        match self.judge(&head.output) {
            Some(Judgement::Same(evidence)) => {
                Ok(self.verdict(&head, true, self.pinned_by_head(evidence)?))
            }
            Some(Judgement::SizeOnly(evidence)) => {
                Ok(self.verdict(&head, false, self.pinned_by_head(evidence)?))
            }
            Some(Judgement::Different(what)) => Ok(self.mismatch(&what, head.request_id)),
            None => Ok(self.mismatch("the journal has no pin to compare with", None)),
        }
    }

    /// The same bytes are not enough where they were to be encrypted.
    fn verdict(&self, head: &Answer<ObjectHead>, proven: bool, evidence: String) -> Step {
        let asked = &self.route.options.terms.encryption;
        let (verified, evidence) = match sealed::difference(asked, head.output.encrypted.as_ref()) {
            Some(difference) => (false, format!("{evidence}; {difference}")),
            None => (proven, evidence),
        };
        let transfer = self.id();
        let mut event = self
            .event(if verified {
                event::VERIFIED
            } else {
                event::NOT_VERIFIED
            })
            .saying(&evidence)
            .answered(head.request_id.as_deref());
        if !verified {
            event.level = Level::Warning;
        }
        let mut changes = vec![
            Change::Verdict {
                transfer,
                verdict: Verdict {
                    verified,
                    evidence,
                    etag: head.output.etag.clone(),
                    version: head.output.version.clone(),
                    size: head.output.size,
                    request_id: head.request_id.clone(),
                    at_ms: self.shared.clock.now_ms(),
                },
            },
            Change::Event(event),
        ];
        if self.row.upload.is_some() {
            changes.push(Change::UploadGone { transfer });
        }
        Step::with(Event::Verified, changes)
    }

    /// The object is there by its Complete, but cannot be seen: the transfer fails honestly.
    fn not_seen(&self, failure: Failure) -> Step {
        let message = format!(
            "the copy was completed but {:?} in {} could not be checked: {}",
            self.row.destination_key.as_str(),
            self.route.destination.bucket,
            failure.message
        );
        Step::fail(Failure {
            kind: FailureKind::VerificationFailed,
            message,
            ..failure
        })
    }

    fn mismatch(&self, what: &str, request_id: Option<String>) -> Step {
        let bucket = &self.route.destination.bucket;
        let key = self.row.destination_key.as_str();
        let failure = Failure {
            bucket: Some(bucket.to_string()),
            key: Some(key.to_owned()),
            request_id,
            ..Failure::local(
                FailureKind::VerificationFailed,
                format!(
                    "{key:?} in {bucket} is not what the copy was to make: {what}; somebody may have replaced it, copy it again"
                ),
            )
        };
        let mut step = Step::fail(failure);
        if self.row.upload.is_some() {
            // Completed, so there is nothing left to give back.
            step.changes.push(Change::UploadGone {
                transfer: self.id(),
            });
        }
        step
    }
}
