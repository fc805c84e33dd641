//! The copying itself: what is missing, as many parts at once as the job and the endpoint
//! allow.

use std::collections::VecDeque;
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use partway_domain::planted::{self, Bug};
use partway_domain::{ByteRange, ETag, Event, Failure, FailureKind, Method, PartNumber, UploadId};
use partway_journal::table::transfer::Pin;
use partway_journal::{Change, Durability, JournalError};
use partway_protocol::op::{
    Conditions, Copied, CopyObject, CopySource, Directive, Guarded, Replaces, UploadPartCopy,
};

use super::complete::REFUSALS_BELIEVED;
use super::destination::Unrepeated;
use super::{Obstacle, Step, sealed};
use crate::call::{Answer, CallError, Listener, Looked, absence};
use crate::driver::run::Run;
use crate::engine::PartState;
use crate::event::{self, Told as _};
use crate::keys::JobKeys;

/// How often one request that copies a whole object is sent anew after a look.
const MOST_COPIES: u32 = 6;

impl Run {
    pub(crate) async fn copy(&mut self) -> Result<Step, Obstacle> {
        let pin = self.row.pin.clone().ok_or_else(|| unlocated("a pin"))?;
        if pin.plan.method == Method::Single {
            return self.copy_object(&pin).await;
        }
        let upload_id = self
            .row
            .upload
            .as_ref()
            .and_then(|upload| upload.upload_id.clone())
            .ok_or_else(|| unlocated("an upload"))?;
        let before = self.parts.len();
        match self.copy_parts(&pin, &upload_id).await {
            // Where things stand is for Locate to find out.
            Err(Obstacle::Failure(failure)) if failure.kind == FailureKind::NoSuchUpload => {
                return Ok(Step::plain(Event::UploadLost));
            }
            Err(Obstacle::Failure(failure))
                if planted::is(Bug::ExpiredTokenStartsOver)
                    && failure.kind == FailureKind::ExpiredCredential =>
            {
                let lost = self.event(event::UPLOAD_LOST);
                self.forget_upload(lost).await?;
                return Err(Obstacle::Failure(failure));
            }
            Err(Obstacle::Failure(failure)) => {
                if let Some(step) = self.learn_no_part_copy(&failure).await? {
                    return Ok(step);
                }
                if let Some(step) = self.take_smaller_parts(&pin).await? {
                    return Ok(step);
                }
                // Once the condition has held for a part, its refusal is meant.
                if self.parts.len() == before
                    && let Some(step) = self.doubt_condition(&pin, &failure).await?
                {
                    return Ok(step);
                }
                self.look_for_source(&pin, &failure).await?;
                return Err(Obstacle::Failure(failure));
            }
            other => other?,
        }
        self.tries.absences = 0;
        // Not every server keeps to the condition on the parts, and a source that was replaced and
        // put back has the pinned tag again.
        if let Some(step) = self.look_at_both_ends(&pin).await? {
            return Ok(step);
        }
        let changes = vec![
            Change::CompleteIntended {
                transfer: self.id(),
            },
            Change::Event(self.event(event::COMPLETE_SENT)),
        ];
        if let Some(upload) = &mut self.row.upload {
            upload.completing = true;
        }
        Ok(Step::with(Event::PartsCopied, changes))
    }

    /// The looks right before Complete, beside each other: far away each is a fifth of a second.
    /// Where the copy takes the place of its source, the destination's has to be the later one.
    async fn look_at_both_ends(&mut self, pin: &Pin) -> Result<Option<Step>, Obstacle> {
        let source = async {
            if planted::is(Bug::SkipFinalLook) {
                return Ok(());
            }
            self.compare_exactly(pin).await
        };
        if planted::is(Bug::ForgetDestination) {
            source.await?;
            return Ok(None);
        }
        let look = if self.changes_itself() {
            source.await?;
            self.look_at_destination().await
        } else {
            let (source, look) = futures::join!(source, self.look_at_destination());
            source?;
            self.still_fresh(look?).await
        };
        self.guard_destination(look?).await
    }

    /// Copies every part that is not confirmed yet. On trouble nothing new is started, but
    /// what is in flight may arrive: it has been paid for.
    async fn copy_parts(&mut self, pin: &Pin, upload_id: &UploadId) -> Result<(), Obstacle> {
        let mut parts = std::mem::take(&mut self.parts);
        let outcome = self.copy_into(&mut parts, pin, upload_id).await;
        self.parts = parts;
        outcome
    }

    async fn copy_into(
        &self,
        parts: &mut std::collections::BTreeMap<PartNumber, ETag>,
        pin: &Pin,
        upload_id: &UploadId,
    ) -> Result<(), Obstacle> {
        let mut missing: VecDeque<(PartNumber, ByteRange)> = pin
            .plan
            .ranges()
            .filter(|(number, _)| !parts.contains_key(number))
            .collect();
        let keys = self.shared.keys.of_job(&self.route.options.terms)?;
        let condition = self.condition(pin)?;
        let mut copying = FuturesUnordered::new();
        let mut confirming = FuturesUnordered::new();
        let mut obstacle = None;
        let mut gauge = self.gauge();
        loop {
            let order = self.orders.now();
            if order.is_abrupt() {
                return Err(Obstacle::Held);
            }
            let pace = self.handle.pace.now();
            let slots = if pace.measured {
                gauge.at_once()
            } else {
                pace.parts
            };
            // A journal that does not keep up stops the copying: what is not recorded would
            // be copied again.
            let room = |copying: usize, confirming: usize| {
                copying < slots && copying + confirming < 2 * slots
            };
            while order.runs() && obstacle.is_none() && room(copying.len(), confirming.len()) {
                let Some((number, range)) = missing.pop_front() else {
                    break;
                };
                copying.push(self.copy_part(pin, upload_id, &condition, &keys, number, range));
            }
            if copying.is_empty() && confirming.is_empty() {
                break;
            }
            tokio::select! {
                biased;
                Some((number, range, copied)) = copying.next() => match copied {
                    Ok(copied) => {
                        self.part_was_in_time();
                        if pace.measured {
                            self.gauge_part(&mut gauge, range.len(), !missing.is_empty());
                        }
                        confirming.push(self.confirm(number, range, copied.etag));
                    }
                    Err(CallError::Held | CallError::LookAgain { .. }) => {
                        missing.push_front((number, range));
                    }
                    Err(CallError::Failed { failure, .. }) => {
                        if is_final(&failure) || self.parts_are_too_slow() {
                            return Err(Obstacle::Failure(failure));
                        }
                        missing.push_front((number, range));
                        obstacle.get_or_insert(failure);
                    }
                },
                Some(confirmed) = confirming.next() => {
                    let (number, etag) = confirmed?;
                    parts.insert(number, etag);
                }
                () = self.orders.until_not(order) => {}
                () = self.handle.pace.until(|now| now != pace) => {}
            }
        }
        match obstacle {
            Some(failure) => Err(Obstacle::Failure(failure)),
            None if missing.is_empty() && self.orders.now().runs() => Ok(()),
            None => Err(Obstacle::Held),
        }
    }

    async fn copy_part(
        &self,
        pin: &Pin,
        upload_id: &UploadId,
        condition: &Conditions,
        keys: &JobKeys,
        number: PartNumber,
        range: ByteRange,
    ) -> (PartNumber, ByteRange, Result<Copied, CallError>) {
        let side = &self.route.destination;
        let operation = UploadPartCopy {
            bucket: side.bucket.clone(),
            key: self.row.destination_key.clone(),
            upload_id: upload_id.clone(),
            number,
            source: self.copy_source(pin, keys),
            conditions: condition.clone(),
            range,
            customer_key: keys.copies.clone(),
        };
        let live = self.live.as_deref();
        let sending = || {
            if let Some(live) = live {
                live.sending(number);
            }
        };
        let retried = |failure: &Failure| {
            if let Some(live) = live {
                live.failed(number, PartState::Retrying, failure);
            }
            self.heard(Some(number), failure);
        };
        let overdue = || self.part_is_overdue();
        let listener = Listener {
            hold: Some((self.orders.clone(), self.held_by())),
            sending: Some(&sending),
            retried: Some(&retried),
            overdue: Some(&overdue),
            looked: None,
        };
        let answer = self
            .shared
            .caller
            .call(&side.account, side.region.as_deref(), &operation, &listener)
            .await
            .map_err(|error| self.gone_is_changed(error))
            .and_then(|answer| self.check_copied(pin, keys, answer));
        if let Some(live) = live {
            match &answer {
                Ok(_) => live.answered(number),
                Err(CallError::Held | CallError::LookAgain { .. }) => {
                    live.set(number, PartState::Planned);
                }
                Err(CallError::Failed { failure, .. }) => {
                    live.failed(number, PartState::Failed, failure);
                }
            }
        }
        (number, range, answer)
    }

    /// Puts a part into the journal; only then it counts.
    async fn confirm(
        &self,
        number: PartNumber,
        range: ByteRange,
        etag: ETag,
    ) -> Result<(PartNumber, ETag), JournalError> {
        let confirmed = Change::PartDone {
            transfer: self.id(),
            number,
            etag: etag.clone(),
            size: range.len(),
        };
        self.write(vec![confirmed], Durability::Grouped).await?;
        if let Some(live) = &self.live {
            live.set(number, PartState::Done);
        }
        Ok((number, etag))
    }

    async fn copy_object(&mut self, pin: &Pin) -> Result<Step, Obstacle> {
        let asked = &self.route.options.terms;
        let keys = self.shared.keys.of_job(asked)?;
        let condition = self.condition(pin)?;
        let bound = condition != Conditions::None;
        let attributes = self.attributes(pin)?;
        let storage_class = attributes.storage_class.clone();
        // Onto itself a copy has to bring everything again, and so has one that is given something
        // else. Tags that are not replaced go along by themselves.
        let new_tags = asked.replaced.tags.is_some();
        let replace = (self.is_in_place() || !asked.replaced.is_default()).then_some(attributes);
        let operation = CopyObject {
            bucket: self.route.destination.bucket.clone(),
            key: self.row.destination_key.clone(),
            source: self.copy_source(pin, &keys),
            conditions: condition,
            size: pin.size,
            replace,
            tagging: new_tags.then_some(Directive::Replace),
            storage_class,
            terms: self.shared.keys.terms(asked)?,
        };
        let replaces = if self.tries.copy_unguarded {
            Replaces::Anything
        } else {
            self.replaces()?
        };
        let operation = Guarded {
            operation,
            replaces: replaces.clone(),
        };
        let number = PartNumber::new(1).ok_or_else(|| unlocated("a part"))?;
        if let Some(live) = &self.live {
            live.sending(number);
        }
        // Also where the server is told a condition: some take no notice of it.
        let relies_on_look = self.is_gated(pin.plan.method) || self.changes_itself();
        let looked = relies_on_look.then(|| self.looked());
        let answer = tokio::select! {
            biased;
            () = self.orders.until(crate::order::Order::is_abrupt) => Err(CallError::Held),
            answer = self.send_copy(operation, pin, looked) => answer,
        };
        self.count_look(&answer);
        if let Err(CallError::LookAgain { .. }) = answer {
            if let Some(live) = &self.live {
                live.set(number, PartState::Planned);
            }
            return Ok(Step::plain(Event::UploadLost));
        }
        let copied = answer
            .map_err(|error| self.gone_is_changed(error))
            .and_then(|answer| {
                let request_id = answer.request_id.clone();
                let copied = self.check_copied(pin, &keys, answer)?;
                Ok((copied, request_id))
            });
        if let Some(live) = &self.live {
            let state = if copied.is_ok() {
                PartState::Done
            } else {
                PartState::Planned
            };
            live.set(number, state);
        }
        let (copied, request_id) = match copied.map_err(Obstacle::from) {
            Ok(copied) => copied,
            Err(Obstacle::Failure(failure)) => {
                if let Some(step) = self.look_again_at_copy(pin, &failure).await? {
                    return Ok(step);
                }
                if replaces != Replaces::Anything
                    && let Some(step) = self.doubt_destination(&failure).await?
                {
                    return Ok(step);
                }
                if let Some(step) = self.doubt_condition(pin, &failure).await? {
                    return Ok(step);
                }
                self.look_for_source(pin, &failure).await?;
                return Err(Obstacle::Failure(failure));
            }
            Err(other) => return Err(other),
        };
        self.tries.absences = 0;
        let made = self.mark_made(pin, &copied.etag);
        if !bound && !self.is_in_place() {
            if let Some(made) = made.clone() {
                self.write(vec![made], Durability::Grouped).await?;
            }
            // Only another look tells whether the source changed meanwhile.
            self.compare_exactly(pin).await?;
        }
        let completed = self.event(event::COMPLETED).answered(request_id.as_deref());
        self.keep_answer(bound, copied, request_id);
        let mut changes = vec![Change::Event(completed)];
        if !self.is_proven_by_answer() {
            changes.extend(made);
        }
        Ok(Step::with(Event::ObjectCopied, changes))
    }

    /// A copy that was to replace nothing unexpected was refused: where something else stands at
    /// the destination, locating judges it. One answer stands for the condition on either side, and
    /// a server may know none on this one: then the copy goes without it. `None` if the failure
    /// means something else.
    async fn doubt_destination(&mut self, failure: &Failure) -> Result<Option<Step>, Obstacle> {
        match failure.kind {
            FailureKind::DestinationConflict | FailureKind::SourceChanged => {
                if self.destination_has_changed().await? {
                    self.heard(None, failure);
                    return Ok(Some(Step::plain(Event::UploadLost)));
                }
                if failure.kind == FailureKind::SourceChanged {
                    return Ok(None);
                }
                // Somebody may have written in the same moment: that passes, and a server that
                // says it again and again of a key that does not change does not.
                self.tries.copy_refusals += 1;
                if self.tries.copy_refusals < REFUSALS_BELIEVED {
                    self.heard(None, failure);
                    self.rest(absence(self.tries.copy_refusals - 1) / 4).await?;
                    return Ok(Some(Step::plain(Event::Located)));
                }
            }
            FailureKind::NotSupported => {}
            _ => return Ok(None),
        }
        self.tries.copy_unguarded = true;
        Ok(Some(Step::plain(Event::Located)))
    }

    /// Not every server has a word of its own for a source that is gone: fails where that is what
    /// a refusal meant.
    async fn look_for_source(&self, pin: &Pin, failure: &Failure) -> Result<(), Obstacle> {
        if failure.kind == FailureKind::Invalid {
            self.compare_source(pin).await?;
        }
        Ok(())
    }

    /// A copy that may or may not have been made: locating looks at the destination, takes what
    /// is provably ours, and asks about anything else. `None` if the failure is clear.
    async fn look_again_at_copy(
        &mut self,
        pin: &Pin,
        failure: &Failure,
    ) -> Result<Option<Step>, Obstacle> {
        let unclear = self.is_gated(pin.plan.method) && failure.kind.is_transient();
        if !unclear || self.tries.copies >= MOST_COPIES {
            return Ok(None);
        }
        self.heard(None, failure);
        let pause = absence(self.tries.copies) / 4;
        self.tries.copies += 1;
        self.rest(pause).await?;
        Ok(Some(Step::plain(Event::UploadLost)))
    }

    /// Waits before something is tried again; another order ends it.
    pub(super) async fn rest(&self, pause: Duration) -> Result<(), Obstacle> {
        tokio::select! {
            biased;
            () = self.orders.until_not(self.orders.now()) => Err(Obstacle::Held),
            () = tokio::time::sleep(pause) => Ok(()),
        }
    }

    /// Where the destination was looked at, a lost answer is not simply asked for again: what
    /// stands there by then may be somebody else's.
    async fn send_copy(
        &self,
        operation: Guarded<CopyObject>,
        pin: &Pin,
        looked: Option<Looked>,
    ) -> Result<Answer<Copied>, CallError> {
        let side = &self.route.destination;
        if self.is_gated(pin.plan.method) {
            self.ask_after_look(side, &Unrepeated(operation), looked)
                .await
        } else {
            self.ask_after_look(side, &operation, looked).await
        }
    }

    fn copy_source(&self, pin: &Pin, keys: &JobKeys) -> CopySource {
        CopySource {
            bucket: self.route.source.bucket.clone(),
            key: self.row.source_key.clone(),
            version: pin.version.clone().filter(|_| !planted::is(Bug::DropPin)),
            endpoint: self.route.source.endpoint.clone(),
            customer_key: keys.source.clone(),
        }
    }

    fn gone_is_changed(&self, error: CallError) -> CallError {
        match error {
            CallError::Failed {
                failure,
                outcome_unknown,
            } if failure.kind == FailureKind::NoSuchSource => CallError::Failed {
                failure: Box::new(self.source_gone(*failure)),
                outcome_unknown,
            },
            other => other,
        }
    }

    /// Where the server says which version it read, it must be the pinned one; where it says by
    /// which key it encrypted, the one that was sent.
    fn check_copied(
        &self,
        pin: &Pin,
        keys: &JobKeys,
        answer: Answer<Copied>,
    ) -> Result<Copied, CallError> {
        let (copied, request_id) = (answer.output, answer.request_id);
        if let (Some(read), Some(pinned)) = (&copied.source_version, &pin.version)
            && read != pinned
            && !planted::is(Bug::DropPin)
        {
            let difference = format!("version {read} was read instead of {pinned}");
            let changed = self.source_changed(&difference, request_id);
            return Err(CallError::local(changed));
        }
        match sealed::other_key(keys.copies.as_ref(), copied.encrypted.as_ref()) {
            Some(failure) => Err(CallError::local(Failure {
                bucket: Some(self.route.destination.bucket.to_string()),
                key: Some(self.row.destination_key.as_str().to_owned()),
                request_id,
                ..failure
            })),
            None => Ok(copied),
        }
    }
}

/// After this failure nothing that is in flight is of any use.
fn is_final(failure: &Failure) -> bool {
    matches!(
        failure.kind,
        FailureKind::SourceChanged | FailureKind::NoSuchUpload | FailureKind::NotSupported
    )
}

fn unlocated(what: &str) -> Failure {
    Failure::local(
        FailureKind::Journal,
        format!("the journal says the copy is under way but has no {what}; retry the transfer"),
    )
}
