//! Where things stand: the source against its pin, our upload, its parts.

use partway_domain::{Capability, DialectName, Event, Failure, FailureKind, State, UploadId};
use partway_journal::table::event::Level;
use partway_journal::table::transfer::{Pin, UploadRow};
use partway_journal::{Change, Durability};
use partway_protocol::op::{
    Attributes, CreateMultipartUpload, ListParts, ListedPart, ObjectHead, Operation,
};

use super::candidate::Found;
use super::pin::{self, Ask};
use super::stock::{Stock, stock};
use super::{Obstacle, Step};
use crate::call::{Answer, CallError};
use crate::capability::is_lacking;
use crate::driver::route::Side;
use crate::driver::run::Run;
use crate::engine::{PartState, Shared};
use crate::event::{self, Told as _};

/// How often a lost upload is begun again before the transfer fails.
const MOST_UPLOADS_LOST: u32 = 2;

/// What the server has of our upload.
enum OnServer {
    /// It is open, with these parts.
    Open(Vec<ListedPart>),
    /// The server cannot say: what the journal has counts.
    Unlisted,
    /// The destination was completed from it.
    Completed,
    /// It is gone and must be begun anew.
    Gone,
    /// It was begun by another user, and only that one may go on with it.
    Anothers,
}

impl Run {
    pub(crate) async fn locate(&mut self) -> Result<Step, Obstacle> {
        let pin = self.pin_source().await?;
        let pin = self.without_parts(pin).await?;
        self.live = Some(self.handle.live.follow(self.row.id, pin.plan));
        if !self.is_multipart() {
            return Ok(Step::plain(Event::Located));
        }
        if self
            .row
            .upload
            .as_ref()
            .is_some_and(|upload| upload.aborting)
        {
            self.give_back().await?;
        }
        let known = self.row.upload.clone();
        match known.as_ref().and_then(|upload| upload.upload_id.clone()) {
            Some(upload_id) => match self.look_at(&upload_id).await? {
                OnServer::Open(listed) => return Ok(self.take_stock(&pin, listed)),
                OnServer::Unlisted => return Ok(self.take_journals_word(&pin)),
                // A Complete that was believed lost has landed. Only `Starting` may believe it.
                OnServer::Completed if self.row.state != State::Starting => {
                    return Ok(Step::plain(Event::UploadLost));
                }
                OnServer::Completed => {
                    let proven = self.event(event::COMPLETION_PROVEN);
                    return Ok(Step::with(Event::Completed, vec![Change::Event(proven)]));
                }
                OnServer::Gone => self.lose_upload().await?,
                OnServer::Anothers => self.leave_upload().await?,
            },
            None => {
                if let Some(intended) = known
                    && self.adopt(intended.intended_ms).await?
                {
                    return Ok(Step::plain(Event::Located));
                }
            }
        }
        self.create(&pin).await?;
        Ok(Step::plain(Event::Located))
    }

    /// HEADs the source: pins it the first time, compares it with its pin every other time.
    async fn pin_source(&mut self) -> Result<Pin, Obstacle> {
        if let Some(pin) = self.row.pin.clone() {
            self.compare_source(&pin).await?;
            return Ok(pin);
        }
        let key = self.row.source_key.clone();
        let version = self.row.source_version.clone();
        let route = self.route.clone();
        let known = self.known()?;
        let taken = pin::take(self, &route, &known, &route.options, &key, version.as_ref()).await?;
        let pin = taken.output;
        let mut changes = self.tell_pin(&pin, taken.request_id.as_deref());
        changes.push(Change::Pinned {
            transfer: self.id(),
            pin: pin.clone(),
        });
        self.write(changes, Durability::Grouped).await?;
        self.row.pin = Some(pin.clone());
        self.row.size = pin.size;
        Ok(pin)
    }

    /// What a new pin is worth telling.
    pub(crate) fn tell_pin(&self, pin: &Pin, request_id: Option<&str>) -> Vec<Change> {
        let pinned = self
            .event(event::SOURCE_PINNED)
            .saying(format!("ETag {}, {} bytes", pin.etag, pin.size))
            .answered(request_id);
        let not_carried = pin.not_carried.iter().map(|what| {
            let mut event = self.event(event::NOT_CARRIED).saying(what);
            event.level = Level::Warning;
            event
        });
        std::iter::once(pinned)
            .chain(not_carried)
            .map(Change::Event)
            .collect()
    }

    /// Fails with `SourceChanged` unless the source is the pinned one.
    pub(super) async fn compare_source(&self, pin: &Pin) -> Result<(), Obstacle> {
        let key = &self.row.source_key;
        let head = pin::head_source(self, &self.route, key, pin.version.as_ref()).await;
        let answer = match head {
            Ok(answer) => answer,
            Err(CallError::Failed { failure, .. }) if failure.kind == FailureKind::NoSuchSource => {
                return Err(source_gone(*failure).into());
            }
            Err(other) => return Err(other.into()),
        };
        if let Some(difference) = difference(pin, &answer.output) {
            return Err(self.source_changed(&difference, answer.request_id).into());
        }
        Ok(())
    }

    pub(super) fn source_changed(&self, difference: &str, request_id: Option<String>) -> Failure {
        let bucket = &self.route.source.bucket;
        let key = self.row.source_key.as_str();
        Failure {
            bucket: Some(bucket.to_string()),
            key: Some(key.to_owned()),
            request_id,
            ..Failure::local(
                FailureKind::SourceChanged,
                format!(
                    "{key:?} in {bucket} changed while it was copied ({difference}); retry to copy it as it is now"
                ),
            )
        }
    }

    /// Lists the parts of our upload; a missing upload is judged by what was meant with it.
    async fn look_at(&self, upload_id: &UploadId) -> Result<OnServer, Obstacle> {
        match self.list_parts(upload_id).await {
            Ok(listed) => Ok(OnServer::Open(listed)),
            Err(CallError::Failed { failure, .. }) if is_lacking(&failure, ListParts::NAME) => {
                let side = &self.route.destination;
                self.shared
                    .learn_absence(side, Capability::ListParts, &failure)
                    .await?;
                Ok(OnServer::Unlisted)
            }
            Err(CallError::Failed { failure, .. }) if failure.kind == FailureKind::NoSuchUpload => {
                // Without a Complete of ours whatever stands at the destination is not ours.
                let completing = self.row.upload.as_ref().is_some_and(|row| row.completing);
                if completing && self.destination_is_ours().await? {
                    Ok(OnServer::Completed)
                } else {
                    Ok(OnServer::Gone)
                }
            }
            Err(CallError::Failed { failure, .. }) if self.is_anothers(&failure) => {
                Ok(OnServer::Anothers)
            }
            Err(other) => Err(other.into()),
        }
    }

    /// OBS lets nobody but the initiator see, extend or complete an upload ("Initiating a
    /// Multipart Upload"). While a Complete may have landed, nothing is begun anew.
    fn is_anothers(&self, failure: &Failure) -> bool {
        let initiator_only = matches!(
            self.route.dialect.name(),
            DialectName::Obs | DialectName::ObsV2
        );
        let completing = self.row.upload.as_ref().is_some_and(|row| row.completing);
        initiator_only && !completing && failure.kind == FailureKind::AccessDenied
    }

    pub(super) async fn list_parts(
        &self,
        upload_id: &UploadId,
    ) -> Result<Vec<ListedPart>, CallError> {
        let side = &self.route.destination;
        let mut listed = Vec::new();
        let mut after = None;
        loop {
            let operation = ListParts {
                bucket: side.bucket.clone(),
                key: self.row.destination_key.clone(),
                upload_id: upload_id.clone(),
                after,
            };
            let page = self.ask(side, &operation).await?.output;
            listed.extend(page.parts);
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(listed),
            }
        }
    }

    /// Keeps the parts that the server and the journal agree on, and those the journal lost
    /// before they were committed: every one of them was copied under the source's pin.
    fn take_stock(&mut self, pin: &Pin, listed: Vec<ListedPart>) -> Step {
        let Stock {
            kept,
            found,
            forgotten,
        } = stock(pin, &self.parts, listed);
        let transfer = self.id();
        let mut changes = vec![Change::Event(self.event(event::PARTS_FOUND).saying(
            format!(
                "{} of {} parts are on the server",
                kept.len(),
                pin.plan.parts
            ),
        ))];
        if !forgotten.is_empty() {
            changes.push(Change::PartsForgotten {
                transfer,
                numbers: forgotten,
            });
        }
        changes.extend(found.into_iter().map(|part| Change::PartDone {
            transfer,
            number: part.number,
            etag: part.etag,
            size: part.size,
        }));
        if let Some(live) = &self.live {
            for number in kept.keys() {
                live.set(*number, PartState::Done);
            }
        }
        self.parts = kept;
        Step::with(Event::Located, changes)
    }

    /// As [`Self::take_stock`] where the server cannot list. A part that is not there after
    /// all makes Complete fail, never the object wrong.
    fn take_journals_word(&self, pin: &Pin) -> Step {
        if let Some(live) = &self.live {
            for number in self.parts.keys() {
                live.set(*number, PartState::Done);
            }
        }
        let told = self.missing(&format!(
            "the server cannot list parts: {} of {} are taken as copied from this computer's record",
            self.parts.len(),
            pin.plan.parts
        ));
        Step::with(Event::Located, vec![Change::Event(told)])
    }

    /// Takes over the upload a lost Create left behind.
    async fn adopt(&mut self, intended_ms: i64) -> Result<bool, Obstacle> {
        match self.find_candidate(intended_ms).await? {
            Found::Nothing => Ok(false),
            Found::Ours(upload_id) => {
                let adopted = self.event(event::UPLOAD_ADOPTED);
                self.remember_upload(upload_id, adopted).await?;
                Ok(true)
            }
            Found::Uncertain(many) => {
                let mut uncertain = self.event(event::UPLOAD_UNCERTAIN).saying(format!(
                    "{many} open uploads of this key could be ours; they are left alone and a new one is created"
                ));
                uncertain.level = Level::Warning;
                self.shared.note(uncertain);
                Ok(false)
            }
        }
    }

    async fn create(&mut self, pin: &Pin) -> Result<(), Obstacle> {
        let intended_ms = self.shared.clock.now_ms();
        let intent = Change::CreateIntended {
            transfer: self.id(),
        };
        self.write(vec![intent], Durability::Durable).await?;
        self.row.upload.get_or_insert(UploadRow {
            upload_id: None,
            intended_ms,
            completing: false,
            aborting: false,
        });
        self.parts.clear();
        let operation = CreateMultipartUpload {
            bucket: self.route.destination.bucket.clone(),
            key: self.row.destination_key.clone(),
            attributes: self.attributes(pin)?,
            checksum: pin
                .checksum
                .as_ref()
                .is_some_and(|sum| sum.starts_with("crc64nvme")),
            terms: self.shared.keys.terms(&self.route.options.terms)?,
        };
        let answer = self.create_upload(operation).await?;
        let created = self
            .event(event::UPLOAD_CREATED)
            .answered(answer.request_id.as_deref());
        self.remember_upload(answer.output, created).await
    }

    async fn remember_upload(
        &mut self,
        upload_id: UploadId,
        event: partway_journal::table::event::NewEvent,
    ) -> Result<(), Obstacle> {
        let changes = vec![
            Change::UploadCreated {
                transfer: self.id(),
                upload_id: upload_id.clone(),
            },
            Change::Event(event),
        ];
        self.write(changes, Durability::Durable).await?;
        if let Some(row) = &mut self.row.upload {
            row.upload_id = Some(upload_id);
        }
        Ok(())
    }

    /// What Create is told to make: the pinned properties, the class always explicit where
    /// the bucket has a default of its own.
    pub(super) fn attributes(&self, pin: &Pin) -> Result<Attributes, Obstacle> {
        let mut attributes: Attributes =
            serde_json::from_value(pin.attributes.clone()).map_err(|error| {
                Failure::local(
                    FailureKind::Journal,
                    format!("the properties of the source in the journal cannot be read: {error}"),
                )
            })?;
        let own_default = matches!(
            self.route.dialect.name(),
            DialectName::Obs | DialectName::ObsV2
        );
        if own_default && attributes.storage_class.is_none() {
            attributes.storage_class = Some("STANDARD".to_owned());
        }
        Ok(attributes)
    }

    async fn lose_upload(&mut self) -> Result<(), Obstacle> {
        self.tries.uploads_lost += 1;
        if self.tries.uploads_lost > MOST_UPLOADS_LOST {
            return Err(Failure::local(
                FailureKind::NoSuchUpload,
                format!(
                    "the server lost the upload of {:?} again and again; look for a lifecycle rule that aborts uploads in {}, then retry",
                    self.row.destination_key.as_str(),
                    self.route.destination.bucket
                ),
            )
            .into());
        }
        let mut lost = self.event(event::UPLOAD_LOST);
        lost.level = Level::Warning;
        self.forget_upload(lost).await
    }

    /// Leaves an upload to whoever began it; it stays on the list of what is on the server.
    async fn leave_upload(&mut self) -> Result<(), Obstacle> {
        let mut left = self.event(event::UPLOAD_LOST).saying(
            "the account's key may not see the upload, which only the user who began it can \
             continue; a new one is begun and the old one is left on the server",
        );
        left.level = Level::Warning;
        self.forget_upload(left).await
    }

    /// Writes that the server no longer has the upload.
    pub(super) async fn forget_upload(
        &mut self,
        event: partway_journal::table::event::NewEvent,
    ) -> Result<(), Obstacle> {
        let changes = vec![
            Change::UploadGone {
                transfer: self.id(),
            },
            Change::Event(event),
        ];
        self.write(changes, Durability::Durable).await?;
        self.row.upload = None;
        self.parts.clear();
        Ok(())
    }
}

impl Ask for Run {
    async fn ask<O: Operation<Output: Send>>(
        &self,
        side: &Side,
        operation: &O,
    ) -> Result<Answer<O::Output>, CallError> {
        Run::ask(self, side, operation).await
    }

    fn shared(&self) -> &Shared {
        &self.shared
    }
}

/// How the source differs from its pin.
fn difference(pin: &Pin, head: &ObjectHead) -> Option<String> {
    if head.size != pin.size {
        return Some(format!("{} bytes instead of {}", head.size, pin.size));
    }
    if head.etag != pin.etag {
        return Some(format!("ETag {} instead of {}", head.etag, pin.etag));
    }
    None
}

/// A source that is not there any more makes the parts as worthless as a changed one.
pub(super) fn source_gone(failure: Failure) -> Failure {
    Failure {
        kind: FailureKind::SourceChanged,
        message: format!("the source is gone: {}", failure.message),
        ..failure
    }
}
