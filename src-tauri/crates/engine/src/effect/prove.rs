//! What became of a Complete whose answer never came: look at the upload, then at the
//! destination.

use partway_domain::planted::{self, Bug};
use partway_domain::{Event, Failure, FailureKind, Made, Wait};
use partway_journal::{Change, Durability};
use partway_protocol::op::{HeadObject, ListParts, ObjectHead, Operation as _};

use super::evidence::{Expected, Judgement, judge};
use super::{Obstacle, Step};
use crate::call::{Answer, CallError, absence};
use crate::capability::is_lacking;
use crate::driver::run::Run;
use crate::event;
use crate::order::Order;

impl Run {
    /// Waits for the network as long as it takes: nothing else may be done with this
    /// transfer until this is known.
    pub(crate) async fn prove(&mut self) -> Result<Step, Obstacle> {
        let mut times = 0;
        loop {
            match self.look_for_completion().await {
                Err(Obstacle::Failure(failure)) if failure.kind.is_transient() => {
                    self.heard(None, &failure);
                    self.pause_to_prove(times).await?;
                    times += 1;
                }
                // Unprovable, or the credential is refused, or worse: what became of the
                // object stays open, and only a person can get us further.
                Err(Obstacle::Failure(failure)) if failure.kind != FailureKind::NoSuchBucket => {
                    return Ok(Step::block(Wait::Decision, *failure));
                }
                other => return other,
            }
        }
    }

    /// A pause between two looks; only the end of the program cuts it short.
    pub(super) async fn pause_to_prove(&self, times: u32) -> Result<(), Obstacle> {
        tokio::select! {
            biased;
            () = self.orders.until(Order::leaves) => Err(Obstacle::Held),
            () = tokio::time::sleep(absence(times)) => Ok(()),
        }
    }

    async fn look_for_completion(&self) -> Result<Step, Obstacle> {
        let upload_id = self
            .row
            .upload
            .as_ref()
            .and_then(|row| row.upload_id.clone());
        let Some(upload_id) = upload_id else {
            return Ok(Step::plain(Event::UploadLost));
        };
        let side = &self.route.destination;
        let operation = ListParts {
            bucket: side.bucket.clone(),
            key: self.row.destination_key.clone(),
            upload_id,
            after: None,
        };
        match self.ask(side, &operation).await {
            Ok(_) => Ok(Step::plain(Event::NotCompleted)),
            // The upload cannot be looked at, the destination can.
            Err(CallError::Failed { failure, .. }) if is_lacking(&failure, ListParts::NAME) => {
                if self.destination_is_ours().await? {
                    let proven = self.event(event::COMPLETION_PROVEN);
                    Ok(Step::with(Event::Completed, vec![Change::Event(proven)]))
                } else {
                    Ok(Step::plain(Event::NotCompleted))
                }
            }
            Err(CallError::Failed { failure, .. }) if failure.kind == FailureKind::NoSuchUpload => {
                if planted::is(Bug::BlindStartOver) {
                    return Ok(Step::plain(Event::UploadLost));
                }
                if self.destination_is_ours().await? {
                    let proven = self.event(event::COMPLETION_PROVEN);
                    Ok(Step::with(Event::Completed, vec![Change::Event(proven)]))
                } else {
                    Ok(Step::plain(Event::UploadLost))
                }
            }
            Err(other) => Err(other.into()),
        }
    }

    /// Whether the object at the destination is what our Complete makes. Fails with
    /// `Unprovable` when it may be.
    pub(super) async fn destination_is_ours(&self) -> Result<bool, Obstacle> {
        let head = match self.head_destination().await {
            Ok(answer) => answer,
            Err(CallError::Failed { failure, .. }) if failure.kind == FailureKind::NoSuchSource => {
                return Ok(false);
            }
            Err(other) => return Err(other.into()),
        };
        if self.is_as_before(&head.output) {
            return Ok(false);
        }
        match self.judge(&head.output) {
            Some(Judgement::Same(_)) if self.is_proven_to_be_ours(&head.output).await? => Ok(true),
            Some(Judgement::Same(_)) => {
                self.note_questioned(&head.output).await?;
                let why = "the bytes are the same, but what goes along with them is not";
                Err(self.unprovable(why, head.request_id).into())
            }
            Some(Judgement::SizeOnly(why)) => {
                self.note_questioned(&head.output).await?;
                Err(self.unprovable(&why, head.request_id).into())
            }
            Some(Judgement::Different(_)) | None => Ok(false),
        }
    }

    /// Notes which object a person is asked about: the answer is about no other.
    async fn note_questioned(&self, head: &ObjectHead) -> Result<(), Obstacle> {
        let (Some(mut snapshot), Some(pin)) = (self.row.snapshot.clone(), self.pin()) else {
            return Ok(());
        };
        snapshot.made = Some(Made {
            etag: head.etag.clone(),
            of: pin.etag.clone(),
        });
        let noted = Change::Snapshot {
            transfer: self.id(),
            snapshot,
        };
        self.write(vec![noted], Durability::Durable).await?;
        Ok(())
    }

    pub(super) async fn head_destination(&self) -> Result<Answer<ObjectHead>, CallError> {
        let side = &self.route.destination;
        let operation = HeadObject {
            bucket: side.bucket.clone(),
            key: self.row.destination_key.clone(),
            version: None,
            customer_key: self
                .shared
                .keys
                .of_copies(&self.route.options.terms)
                .map_err(CallError::local)?,
        };
        self.ask(side, &operation).await
    }

    pub(super) fn judge(&self, head: &ObjectHead) -> Option<Judgement> {
        if planted::is(Bug::AnyObjectIsOurs) {
            return Some(Judgement::Same("size and ETag of HEAD".to_owned()));
        }
        Some(judge(self.expected()?, head))
    }

    /// What the object at the destination should be.
    pub(super) fn expected(&self) -> Option<Expected<'_>> {
        let upload = self.row.upload.as_ref();
        Some(Expected {
            dialect: self.route.dialect.name(),
            pin: self.pin()?,
            upload: upload.and_then(|row| row.upload_id.as_ref()),
            parts: &self.parts,
            adopted: upload.is_some_and(|row| row.adopted),
        })
    }

    fn unprovable(&self, why: &str, request_id: Option<String>) -> Failure {
        let bucket = &self.route.destination.bucket;
        let key = self.row.destination_key.as_str();
        Failure {
            bucket: Some(bucket.to_string()),
            key: Some(key.to_owned()),
            request_id,
            ..Failure::local(
                FailureKind::Unprovable,
                format!(
                    "the answer to Complete was lost and {key:?} in {bucket} cannot be proven to be the copy ({why}); compare it yourself, then accept it as it is or start over"
                ),
            )
        }
    }
}
