//! What a transfer does in another way once its server has shown that it lacks something.

use partway_domain::{Capability, Event, Failure, Method, plan_whole};
use partway_journal::table::event::Level;
use partway_journal::table::transfer::Pin;
use partway_journal::{Change, Durability};
use partway_protocol::op::{CreateMultipartUpload, Operation as _, UploadPartCopy};

use super::pin::{plan_advice, plan_kind};
use super::{Obstacle, Step};
use crate::call::{Answer, CallError};
use crate::capability::{Known, evidence, is_lacking};
use crate::driver::run::Run;
use crate::event::{self, Told as _};

impl Run {
    /// What is known of both sides now.
    pub(super) fn known(&self) -> Result<Known, Obstacle> {
        Ok(self.shared.known(&self.route)?)
    }

    /// The server refused a part copy as such: remembers it, and begins again by what is left.
    pub(super) async fn learn_no_part_copy(
        &mut self,
        failure: &Failure,
    ) -> Result<Option<Step>, Obstacle> {
        if !is_lacking(failure, UploadPartCopy::NAME) {
            return Ok(None);
        }
        let side = &self.route.destination;
        self.shared
            .learn_absence(side, Capability::PartCopy, failure)
            .await?;
        Ok(Some(Step::plain(Event::UploadLost)))
    }

    /// A pin whose plan has parts, for a server that cannot copy any: gives the upload back
    /// and plans one request, if that can take the object.
    pub(super) async fn without_parts(&mut self, mut pin: Pin) -> Result<Pin, Obstacle> {
        let known = self.known()?;
        let Some(lack) = known.destination.absence(Capability::PartCopy) else {
            return Ok(pin);
        };
        if pin.plan.method == Method::Single {
            return Ok(pin);
        }
        if let Some(upload) = &mut self.row.upload {
            upload.aborting = true;
            let marked = Change::AbortIntended {
                transfer: self.row.id,
            };
            self.write(vec![marked], Durability::Durable).await?;
        }
        self.give_back().await?;
        pin.plan = plan_whole(pin.size, &self.route.dialect.limits()).map_err(|error| Failure {
            bucket: Some(self.route.destination.bucket.to_string()),
            key: Some(self.row.destination_key.as_str().to_owned()),
            ..Failure::local(
                plan_kind(&error),
                format!(
                    "{:?} cannot be copied: {} ({})",
                    self.row.source_key.as_str(),
                    plan_advice(&error),
                    lack.evidence
                ),
            )
        })?;
        let told = self.missing(&format!("{}: one request copies it all", lack.evidence));
        let pinned = Change::Pinned {
            transfer: self.id(),
            pin: pin.clone(),
        };
        self.write(vec![pinned, Change::Event(told)], Durability::Durable)
            .await?;
        self.row.pin = Some(pin.clone());
        Ok(pin)
    }

    /// Creates the upload; without its tags where the server turns out to have none, unless it
    /// was to have just these.
    pub(super) async fn create_upload(
        &mut self,
        mut operation: CreateMultipartUpload,
    ) -> Result<Answer<partway_domain::UploadId>, Obstacle> {
        let route = std::sync::Arc::clone(&self.route);
        let refused = match self.ask(&route.destination, &operation).await {
            Err(CallError::Failed { failure, .. })
                if is_lacking(&failure, CreateMultipartUpload::NAME)
                    && !operation.attributes.tags.is_empty()
                    && route.options.terms.replaced.tags.is_none() =>
            {
                failure
            }
            other => return Ok(other?),
        };
        // Either it has no tags or no uploads at all: only the first is worth another try.
        operation.attributes.tags.clear();
        let answer = self.ask(&route.destination, &operation).await?;
        self.shared
            .learn_absence(&route.destination, Capability::Tagging, &refused)
            .await?;
        self.lose_tags(&format!("the server has none ({})", evidence(&refused)))
            .await?;
        Ok(answer)
    }

    async fn lose_tags(&mut self, why: &str) -> Result<(), Obstacle> {
        let Some(mut pin) = self.row.pin.clone() else {
            return Ok(());
        };
        let what = format!("tags: {why}");
        let mut told = self.event(event::NOT_CARRIED).saying(&what);
        told.level = Level::Warning;
        pin.not_carried.push(what);
        let pinned = Change::Pinned {
            transfer: self.id(),
            pin: pin.clone(),
        };
        self.write(vec![pinned, Change::Event(told)], Durability::Grouped)
            .await?;
        self.row.pin = Some(pin);
        Ok(())
    }

    pub(super) fn missing(&self, what: &str) -> partway_journal::table::event::NewEvent {
        let mut missing = self.event(event::CAPABILITY_MISSING).saying(what);
        missing.level = Level::Warning;
        missing
    }
}
