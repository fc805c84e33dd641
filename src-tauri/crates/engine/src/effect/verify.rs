//! The verdict: what was compared, and what it showed.

use partway_domain::planted::{self, Bug};
use partway_domain::{Compared, Comparison, Decision, Event, Failure, FailureKind, Method, Wait};
use partway_journal::Change;
use partway_journal::table::event::Level;
use partway_journal::table::transfer::Verdict;
use partway_protocol::op::ObjectHead;

use super::complete::is_about_credential;
use super::evidence::{Judgement, compare};
use super::{Obstacle, Step, replaced, sealed};
use crate::call::{Answer, CallError};
use crate::driver::run::Run;
use crate::event::{self, Told as _};

impl Run {
    pub(crate) async fn verify(&mut self) -> Result<Step, Obstacle> {
        if let Some(step) = self.verdict_by_answer() {
            return Ok(step);
        }
        let mut times = 0;
        let (head, given) = loop {
            match self.look_at_copy().await {
                Ok(looked) => break looked,
                Err(CallError::Held | CallError::LookAgain { .. }) => return Err(Obstacle::Held),
                Err(CallError::Failed { failure, .. }) if failure.kind.is_transient() => {
                    self.heard(None, &failure);
                    self.pause_to_prove(times).await?;
                    times += 1;
                }
                Err(CallError::Failed { failure, .. }) if is_about_credential(&failure) => {
                    return Ok(Step::block(Wait::Credential, *failure));
                }
                Err(CallError::Failed { failure, .. }) => {
                    return Ok(self.not_seen(*failure));
                }
            }
        };
        if !matches!(self.judge(&head.output), Some(Judgement::Same(_))) {
            match self.look_at_source_once_more().await {
                // It can be seen again with another one.
                Err(Obstacle::Failure(failure)) if is_about_credential(&failure) => {
                    return Ok(Step::block(Wait::Credential, *failure));
                }
                looked => looked?,
            }
        }
        let accepted = self.row.decision == Some(Decision::AcceptAsIs);
        match self.judge(&head.output) {
            Some(Judgement::SizeOnly(evidence)) if accepted => Ok(self.verdict(
                (&head, given),
                false,
                format!("{evidence}; taken as the copy by the user"),
            )),
            Some(Judgement::Same(evidence)) => {
                let mut evidence = self.pinned_by_head(evidence)?;
                let proven =
                    !self.may_lack_properties() || self.has_what_it_was_given(&head.output).await?;
                if !proven {
                    evidence.push_str("; what goes along with the bytes is not what it was given");
                }
                Ok(self.verdict((&head, given), proven, evidence))
            }
            Some(Judgement::SizeOnly(evidence)) => Ok(self.verdict(
                (&head, given),
                planted::is(Bug::SizeIsProof),
                self.pinned_by_head(evidence)?,
            )),
            Some(Judgement::Different(what)) => Ok(self.mismatch(&what, head.request_id)),
            None => Ok(self.mismatch("the journal has no pin to compare with", None)),
        }
    }

    /// Parts prove bytes and nothing of what the upload was begun with, which may have been somebody
    /// else's: where a source is deleted for it, or the upload was taken over, that is compared.
    fn may_lack_properties(&self) -> bool {
        let upload = self.row.upload.as_ref();
        let adopted = upload.is_some_and(|upload| upload.adopted);
        self.is_multipart() && (adopted || self.route.moves())
    }

    /// The copy, and how what it has compares with what it was to be given.
    async fn look_at_copy(&self) -> Result<(Answer<ObjectHead>, Vec<Comparison>), CallError> {
        let head = self.head_destination().await?;
        let given = self.compare_replaced(&head).await?;
        Ok((head, given))
    }

    /// Where the bytes are not proven the same, the least is that the source was not written again
    /// while one request copied it: a condition may have been ignored. Fails with
    /// `SourceChanged`; what cannot be seen says nothing, and nothing is called proven for it.
    async fn look_at_source_once_more(&self) -> Result<(), Obstacle> {
        let Some(pin) = self.pin().filter(|pin| pin.plan.method == Method::Single) else {
            return Ok(());
        };
        if self.is_in_place() {
            return Ok(());
        }
        let mut times = 0;
        loop {
            match self.compare_exactly(pin).await {
                Err(Obstacle::Failure(failure)) if failure.kind.is_transient() => {
                    self.heard(None, &failure);
                    self.pause_to_prove(times).await?;
                    times += 1;
                }
                Err(Obstacle::Failure(failure))
                    if failure.kind != FailureKind::SourceChanged
                        && !is_about_credential(&failure) =>
                {
                    return Ok(());
                }
                looked => return looked,
            }
        }
    }

    /// The same bytes are not enough where they were to be encrypted, or to be given something.
    fn verdict(
        &self,
        (head, given): (&Answer<ObjectHead>, Vec<Comparison>),
        proven: bool,
        evidence: String,
    ) -> Step {
        let asked = &self.route.options.terms.encryption;
        let differences = [
            sealed::difference(asked, head.output.encrypted.as_ref()),
            replaced::difference(&given),
        ];
        let mut verified = proven;
        let mut evidence = evidence;
        for difference in differences.into_iter().flatten() {
            verified = false;
            evidence = format!("{evidence}; {difference}");
        }
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
            Change::Evidence {
                transfer,
                comparisons: self.comparisons(head, given),
            },
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
        if self.row.decision.is_some() {
            changes.push(self.spent());
        }
        self.after_verdict(verified, changes)
    }

    /// What a verdict leads to: the end, or the removal of a source that was moved.
    pub(super) fn after_verdict(&self, verified: bool, mut changes: Vec<Change>) -> Step {
        if !self.route.moves() {
            return Step::with(Event::Verified, changes);
        }
        if verified {
            return Step::with(Event::CopyVerified, changes);
        }
        let mut kept = self
            .event(event::SOURCE_KEPT)
            .saying("the copy is not proven to be the same in everything, so the source stays");
        kept.level = Level::Warning;
        changes.push(Change::Event(kept));
        Step::with(Event::Verified, changes)
    }

    fn comparisons(&self, head: &Answer<ObjectHead>, given: Vec<Comparison>) -> Vec<Comparison> {
        let request_id = head.request_id.as_deref();
        let mut lines = self
            .expected()
            .map(|expected| compare(expected, &head.output, request_id))
            .unwrap_or_default();
        lines.extend(self.encryption(head));
        lines.extend(given);
        if self.row.decision == Some(Decision::AcceptAsIs) {
            lines.push(Comparison {
                compared: Compared::Person,
                expected: "the copy".to_owned(),
                expected_from: "this job".to_owned(),
                found: Some("taken as it is, not proven".to_owned()),
                found_from: "the user".to_owned(),
                request_id: None,
            });
        }
        lines
    }

    fn encryption(&self, head: &Answer<ObjectHead>) -> Option<Comparison> {
        let (expected, found) = sealed::compared(
            &self.route.options.terms.encryption,
            head.output.encrypted.as_ref(),
        )?;
        Some(Comparison {
            compared: Compared::Encryption,
            expected,
            expected_from: "what was asked for".to_owned(),
            found: Some(found),
            found_from: "HeadObject of the destination".to_owned(),
            request_id: head.request_id.clone(),
        })
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
