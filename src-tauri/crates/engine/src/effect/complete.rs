//! Complete: the one request that must not be repeated blindly.

use std::time::Duration;

use partway_domain::{Event, Failure, FailureKind, PartNumber};
use partway_journal::Change;
use partway_journal::table::event::Level;
use partway_protocol::op::CompleteMultipartUpload;

use super::{Obstacle, Step};
use crate::call::{CallError, absence};
use crate::driver::run::Run;
use crate::event::{self, Told as _};
use crate::order::Order;

/// How often a Complete that did not happen is sent anew before the transfer fails.
const MOST_COMPLETES: u32 = 6;

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
        let operation = CompleteMultipartUpload {
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
        };
        self.tries.completes += 1;
        match self.ask(&self.route.destination, &operation).await {
            Ok(answer) => {
                let completed = self
                    .event(event::COMPLETED)
                    .answered(answer.request_id.as_deref());
                Ok(Step::with(Event::Completed, vec![Change::Event(completed)]))
            }
            Err(CallError::Held) => Err(Obstacle::Held),
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
        if refused && self.tries.refusals == 0 {
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
        let step = if unclear {
            self.heard(None, &failure);
            self.look_after_a_while().await?
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

    /// The server may still be at it: gives it a moment, then looks.
    async fn look_after_a_while(&mut self) -> Result<Step, Obstacle> {
        let pause = absence(self.tries.completes - 1).min(LONGEST_MOMENT) / 4;
        tokio::select! {
            () = self.orders.until(Order::leaves) => return Err(Obstacle::Held),
            () = tokio::time::sleep(pause) => {}
        }
        self.prove().await
    }
}

fn is_about_credential(failure: &Failure) -> bool {
    matches!(
        failure.kind,
        FailureKind::WrongCredential
            | FailureKind::ExpiredCredential
            | FailureKind::MissingCredential
    )
}
