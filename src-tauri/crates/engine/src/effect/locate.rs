//! Where things stand: the source against its pin, our upload, its parts.

use partway_domain::planted::{self, Bug};
use partway_domain::{Capability, DialectName, Event, Failure, FailureKind, State, UploadId};
use partway_journal::Change;
use partway_journal::table::transfer::Pin;
use partway_protocol::op::{ListParts, ListedPart, Operation as _, Trail};

use super::destination::Look;
use super::stock::{Stock, stock};
use super::{Obstacle, Step};
use crate::call::{CallError, absence};
use crate::capability::is_lacking;
use crate::driver::run::Run;
use crate::engine::PartState;
use crate::event::{self, Told as _};
use crate::request::mapping::check_key;

/// How often more an upload must be denied to the account's key before it is left.
const DENIALS_BELIEVED: u32 = 2;

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
        check_key(&self.route, &self.row.source_key, &self.row.destination_key)?;
        self.claim_destination().await?;
        if let Some(step) = self.carry_out_decision().await? {
            return Ok(step);
        }
        if self.only_removal_is_left() {
            return Ok(Step::plain(Event::CopyVerified));
        }
        if self.was_completed().await? {
            return Ok(self.completion_proven());
        }
        let (pin, ahead) = self.look_at_the_beginning().await?;
        let pin = self.without_parts(pin).await?;
        self.live = Some(self.handle.live.follow(self.row.id, pin.plan));
        if !self.is_multipart() {
            return self.locate_small(&pin, ahead).await;
        }
        if self
            .row
            .upload
            .as_ref()
            .is_some_and(|upload| upload.aborting)
        {
            self.give_back().await?;
        }
        if planted::is(Bug::ResumeFromScratch) && self.row.upload.is_some() {
            let lost = self.event(event::UPLOAD_LOST);
            self.forget_upload(lost).await?;
        }
        let known = self.row.upload.clone();
        match known.as_ref().and_then(|upload| upload.upload_id.clone()) {
            Some(upload_id) => match self.look_at(&upload_id).await? {
                OnServer::Open(listed) => {
                    if let Some(step) = self.meet_destination_again(&pin).await? {
                        return Ok(step);
                    }
                    if planted::is(Bug::JournalPartsOnly) {
                        return Ok(self.take_journals_word(&pin));
                    }
                    return Ok(self.take_stock(&pin, listed));
                }
                OnServer::Unlisted => {
                    if let Some(step) = self.meet_destination(&pin, ahead).await? {
                        return Ok(step);
                    }
                    return Ok(self.take_journals_word(&pin));
                }
                // A Complete that was believed lost has landed. Only `Starting` may believe it.
                OnServer::Completed if self.row.state != State::Starting => {
                    return Ok(Step::plain(Event::UploadLost));
                }
                OnServer::Completed => return Ok(self.completion_proven()),
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
        if let Some(step) = self.meet_destination(&pin, ahead).await? {
            return Ok(step);
        }
        self.create(&pin).await?;
        Ok(Step::plain(Event::Located))
    }

    /// The source, pinned or compared with its pin; and what stands at the destination, where
    /// nothing is begun and both can be asked beside each other: far away each is a fifth of a
    /// second.
    async fn look_at_the_beginning(&mut self) -> Result<(Pin, Option<Look>), Obstacle> {
        let begun = self.row.upload.is_some() || self.row.restore.is_some();
        match self.row.pin.clone() {
            Some(pin) if !begun && !self.overwrites() && !self.is_bound_by_its_request(&pin)? => {
                let (source, look) =
                    futures::join!(self.compare_source(&pin), self.look_at_destination());
                source?;
                Ok((pin, Some(self.still_fresh(look?).await?)))
            }
            _ => Ok((self.pin_readable_source().await?, None)),
        }
    }

    /// Whether a Complete of ours that was sent has made the object. This comes before any look at
    /// the source, which may have changed since and does not matter any more, and before an upload
    /// that was to be given back is: forgotten, nothing would tell that the object is ours.
    async fn was_completed(&self) -> Result<bool, Obstacle> {
        let upload = self.row.upload.as_ref();
        let sent = upload.filter(|upload| upload.completing);
        match sent.and_then(|upload| upload.upload_id.as_ref()) {
            Some(upload_id) if self.row.state == State::Starting && self.row.pin.is_some() => {
                let found = self.look_at(upload_id).await?;
                Ok(matches!(found, OnServer::Completed))
            }
            _ => Ok(false),
        }
    }

    fn completion_proven(&self) -> Step {
        let proven = self.event(event::COMPLETION_PROVEN);
        Step::with(Event::Completed, vec![Change::Event(proven)])
    }

    /// One request copies it all: what stands at the destination is all there is to know.
    async fn locate_small(&mut self, pin: &Pin, ahead: Option<Look>) -> Result<Step, Obstacle> {
        if let Some(step) = self.meet_destination(pin, ahead).await? {
            return Ok(step);
        }
        let writing = self.mark_writing();
        Ok(Step::with(Event::Located, writing.into_iter().collect()))
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
                let completing = self.row.upload.as_ref().is_some_and(|row| row.completing);
                if completing && self.destination_is_ours().await? {
                    return Ok(OnServer::Completed);
                }
                Ok(OnServer::Unlisted)
            }
            Err(CallError::Failed { failure, .. }) if failure.kind == FailureKind::NoSuchUpload => {
                // Without a Complete of ours whatever stands at the destination is not ours.
                let completing = self.row.upload.as_ref().is_some_and(|row| row.completing);
                if completing
                    && !planted::is(Bug::BlindStartOver)
                    && self.destination_is_ours().await?
                {
                    Ok(OnServer::Completed)
                } else {
                    Ok(OnServer::Gone)
                }
            }
            Err(CallError::Failed { failure, .. }) if self.is_anothers(&failure) => {
                self.look_at_denied(upload_id).await
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

    /// One refusal may be a policy that is being changed, or a gateway's: an upload with all its
    /// parts is not left for that.
    async fn look_at_denied(&self, upload_id: &UploadId) -> Result<OnServer, Obstacle> {
        for times in 0..DENIALS_BELIEVED {
            self.rest(absence(times)).await?;
            match self.list_parts(upload_id).await {
                Ok(listed) => return Ok(OnServer::Open(listed)),
                Err(CallError::Failed { failure, .. }) if self.is_anothers(&failure) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Ok(OnServer::Anothers)
    }

    pub(super) async fn list_parts(
        &self,
        upload_id: &UploadId,
    ) -> Result<Vec<ListedPart>, CallError> {
        let side = &self.route.destination;
        let mut listed = Vec::new();
        let mut after = None;
        let mut trail = Trail::default();
        loop {
            let operation = ListParts {
                bucket: side.bucket.clone(),
                key: self.row.destination_key.clone(),
                upload_id: upload_id.clone(),
                after,
            };
            let page = self.ask(side, &operation).await?.output;
            trail.follow(&page).map_err(CallError::endless)?;
            listed.extend(page.parts);
            match page.next {
                Some(next) if !planted::is(Bug::FirstPageOnly) => after = Some(next),
                _ => return Ok(listed),
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
}
