//! Complete: the one request that must not be repeated blindly.

use std::time::Duration;

use partway_domain::planted::{self, Bug};
use partway_domain::{Capability, Event, Failure, FailureKind, PartNumber, Standing};
use partway_journal::Change;
use partway_journal::table::event::Level;
use partway_protocol::op::{CompleteMultipartUpload, Guarded, Replaces};

use super::{Obstacle, Step};
use crate::call::{CallError, absence};
use crate::capability::evidence;
use crate::driver::run::Run;
use crate::event::{self, Told as _};
use crate::order::Order;

/// How often a Complete that did not happen is sent anew before the transfer fails.
const MOST_COMPLETES: u32 = 6;

/// How often a condition on the destination may be refused before it is to blame.
pub(super) const REFUSALS_BELIEVED: u32 = 3;

/// Four times the longest pause between an unclear answer and the first look.
const LONGEST_MOMENT: Duration = Duration::from_secs(8);

impl Run {
    pub(crate) async fn complete(&mut self) -> Result<Step, Obstacle> {
        let Some((upload_id, size)) = self.row.upload.as_ref().and_then(|upload| {
            let size = self.pin()?.size;
            Some((upload.upload_id.clone()?, size))
        }) else {
            return self.prove().await;
        };
        let replaces = self.replaces()?;
        // Also where the server is told a condition: some take no notice of it.
        let relies_on_look = !self.overwrites() || self.changes_itself();
        let looked = relies_on_look.then(|| self.looked());
        let operation = Guarded {
            replaces,
            operation: CompleteMultipartUpload {
                bucket: self.route.destination.bucket.clone(),
                key: self.row.destination_key.clone(),
                upload_id,
                parts: self
                    .parts
                    .iter()
                    .map(|(number, etag): (&PartNumber, _)| (*number, etag.clone()))
                    .collect(),
                size,
                customer_key: self.shared.keys.of_copies(&self.route.options.terms)?,
            },
        };
        self.tries.completes += 1;
        let answer = self
            .ask_after_look(&self.route.destination, &operation, looked)
            .await;
        self.count_look(&answer);
        match answer {
            Ok(answer) => {
                if planted::is(Bug::MoveBeforeProof) && self.route.moves() {
                    self.remove().await?;
                }
                let completed = self
                    .event(event::COMPLETED)
                    .answered(answer.request_id.as_deref());
                Ok(Step::with(Event::Completed, vec![Change::Event(completed)]))
            }
            Err(CallError::Held) => Err(Obstacle::Held),
            // It did not happen, and what stands there by now is looked at before the next.
            Err(CallError::LookAgain { .. }) => {
                self.tries.completes -= 1;
                Ok(Step::plain(Event::NotCompleted))
            }
            Err(CallError::Failed {
                failure,
                outcome_unknown,
            }) => self.uncompleted(*failure, outcome_unknown).await,
        }
    }

    async fn uncompleted(
        &mut self,
        failure: Failure,
        outcome_unknown: bool,
    ) -> Result<Step, Obstacle> {
        let refused = matches!(
            failure.code.as_deref(),
            Some("InvalidPart" | "InvalidPartOrder")
        );
        if refused && self.tries.refusals == 0 && !planted::is(Bug::NoSecondLook) {
            // A part that landed late may have replaced one of ours: look and try once more.
            self.tries.refusals += 1;
            let event = self
                .event(event::COMPLETE_REFUSED)
                .because(Level::Warning, &failure);
            return Ok(Step::with(Event::NotCompleted, vec![Change::Event(event)]));
        }
        let unclear = outcome_unknown
            || failure.kind.is_transient()
            || failure.kind == FailureKind::NoSuchUpload;
        let step = if unclear && planted::is(Bug::AbortWhileUnknown) {
            self.give_back().await?;
            Step::plain(Event::UploadLost)
        } else if unclear {
            self.heard(None, &failure);
            self.look_after_a_while().await?
        } else if is_refused_condition(&failure) {
            self.refused_by_condition(&failure).await?
        } else if failure.kind == FailureKind::NotSupported
            && self.replaces()? != Replaces::Anything
        {
            self.learn_no_condition(evidence(&failure)).await?;
            Step::plain(Event::NotCompleted)
        } else if is_about_credential(&failure) {
            // It was refused, so it did not happen: locating runs into the same refusal and
            // waits there for the user.
            Step::plain(Event::NotCompleted)
        } else {
            return Ok(Step::fail(failure));
        };
        if step.event == Event::NotCompleted && self.tries.completes >= MOST_COMPLETES {
            return Ok(Step::fail(failure));
        }
        Ok(step)
    }

    /// What the object may take the place of, as far as the server can be told.
    pub(super) fn replaces(&self) -> Result<Replaces, Obstacle> {
        let lacks = self
            .known()?
            .destination
            .lacks(Capability::ConditionalComplete);
        let itself = self.changes_itself() && self.is_multipart();
        if lacks || self.overwrites() && !itself {
            return Ok(Replaces::Anything);
        }
        let pinned = self.pin().map(|pin| pin.etag.clone());
        let replaces = match self.row.snapshot.as_ref().map(|known| &known.standing) {
            _ if itself => pinned.map_or(Replaces::Anything, Replaces::Only),
            Some(Standing::Absent) => Replaces::Nothing,
            Some(Standing::Object(object)) => Replaces::Only(object.etag.clone()),
            Some(Standing::Hidden) | None => Replaces::Anything,
        };
        let can_be_said = replaces.can_be_said_to(self.route.dialect.name());
        Ok(if can_be_said {
            replaces
        } else {
            Replaces::Anything
        })
    }

    /// The server says that something else stands at the destination. It may be what an earlier
    /// Complete of ours made; otherwise locating finds it and asks. A server that says so of a
    /// key that did not change is not told the condition again.
    async fn refused_by_condition(&mut self, failure: &Failure) -> Result<Step, Obstacle> {
        self.heard(None, failure);
        if self.tries.completes >= REFUSALS_BELIEVED && self.replaces()? != Replaces::Anything {
            let evidence = evidence(failure);
            let why = format!("{evidence} though HEAD shows the destination unchanged");
            self.learn_no_condition(why).await?;
        }
        self.prove().await
    }

    async fn learn_no_condition(&self, evidence: String) -> Result<(), Obstacle> {
        let told = self.missing(&format!(
            "{evidence}: the destination is looked at right before Complete instead"
        ));
        self.shared.note(told);
        let side = &self.route.destination;
        self.shared
            .note_absence(
                &side.account.id,
                &side.bucket,
                Capability::ConditionalComplete,
                evidence,
            )
            .await?;
        Ok(())
    }

    /// The server may still be at it: gives it a moment, then looks.
    async fn look_after_a_while(&mut self) -> Result<Step, Obstacle> {
        let pause = absence(self.tries.completes - 1).min(LONGEST_MOMENT) / 4;
        tokio::select! {
            biased;
            () = self.orders.until(Order::leaves) => return Err(Obstacle::Held),
            () = tokio::time::sleep(pause) => {}
        }
        self.prove().await
    }
}

/// The server's own word about what stands at the destination, not about a rule of the bucket.
fn is_refused_condition(failure: &Failure) -> bool {
    let named = |word: &str| {
        let code = failure.code.as_deref();
        code.is_some_and(|code| code.eq_ignore_ascii_case(word))
    };
    failure.kind == FailureKind::DestinationConflict
        && (failure.status == Some(412)
            || named("PreconditionFailed")
            || named("FileAlreadyExists")
            || named("ConditionalRequestConflict"))
}

/// What a new secret mends.
pub(super) fn is_about_credential(failure: &Failure) -> bool {
    matches!(
        failure.kind,
        FailureKind::WrongCredential
            | FailureKind::ExpiredCredential
            | FailureKind::MissingCredential
    )
}
