//! The source and its pin: taken once, compared ever after.

use partway_domain::{Failure, FailureKind};
use partway_journal::table::event::Level;
use partway_journal::table::transfer::Pin;
use partway_journal::{Change, Durability};
use partway_protocol::op::{ObjectHead, Operation};
use partway_protocol::time;
use tokio::time::Instant;

use super::Obstacle;
use super::pin::{self, Ask, Wanted};
use crate::call::{Answer, CallError};
use crate::driver::route::Side;
use crate::driver::run::Run;
use crate::engine::Shared;
use crate::event::{self, Told as _};

impl Run {
    /// HEADs the source: pins it the first time, compares it with its pin every other time.
    pub(super) async fn pin_source(&mut self) -> Result<Pin, Obstacle> {
        if let Some(pin) = self.row.pin.clone() {
            if !self.is_bound_by_its_request(&pin)? {
                self.compare_source(&pin).await?;
            }
            return Ok(pin);
        }
        let key = self.row.source_key.clone();
        let version = self.row.source_version.clone();
        let route = self.route.clone();
        let known = self.known()?;
        let wanted = Wanted {
            key: &key,
            version: version.as_ref(),
            in_place: self.is_in_place(),
        };
        let taken = pin::take(self, &route, &known, &route.options, wanted).await?;
        let pin = taken.output;
        let mut changes = self.tell_pin(&pin, taken.request_id.as_deref());
        changes.push(Change::Pinned {
            transfer: self.id(),
            pin: pin.clone(),
        });
        self.write(changes, Durability::Grouped).await?;
        self.row.pin = Some(pin.clone());
        self.row.verdict = None;
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
        self.compare_by(pin, difference).await
    }

    /// As [`Self::compare_source`], by everything a HEAD shows of the pin: an object that was
    /// written again is another, even with the same bytes.
    pub(super) async fn compare_exactly(&self, pin: &Pin) -> Result<(), Obstacle> {
        self.compare_by(pin, rewritten).await
    }

    async fn compare_by(
        &self,
        pin: &Pin,
        difference: impl FnOnce(&Pin, &ObjectHead) -> Option<String>,
    ) -> Result<(), Obstacle> {
        let key = &self.row.source_key;
        // The version that was read never changes; what would be replaced is the current one.
        let version = pin.version.as_ref().filter(|_| !self.changes_itself());
        let begun = Instant::now();
        let head = pin::head_source(self, &self.route, key, version).await;
        if self.changes_itself() {
            self.note_look(begun);
        }
        let answer = match head {
            Ok(answer) => answer,
            Err(CallError::Failed { failure, .. }) if failure.kind == FailureKind::NoSuchSource => {
                return Err(self.source_gone(*failure).into());
            }
            Err(other) => return Err(other.into()),
        };
        if let Some(difference) = difference(pin, &answer.output) {
            return Err(self.source_changed(&difference, answer.request_id).into());
        }
        Ok(())
    }

    /// A source that is not there any more makes the parts as worthless as a changed one. A refused
    /// copy names what was to be written; what is missing is what was to be read.
    pub(super) fn source_gone(&self, failure: Failure) -> Failure {
        let bucket = &self.route.source.bucket;
        let key = self.row.source_key.as_str();
        Failure {
            kind: FailureKind::SourceChanged,
            bucket: Some(bucket.to_string()),
            key: Some(key.to_owned()),
            message: format!("The source is gone: there is no {key:?} in {bucket} any more."),
            ..failure
        }
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
                format!("{key:?} in {bucket} changed while it was copied ({difference})."),
            )
        }
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

/// How the source differs from its pin by anything a HEAD shows.
pub(super) fn rewritten(pin: &Pin, head: &ObjectHead) -> Option<String> {
    difference(pin, head).or_else(|| rewriting(pin, head))
}

/// What shows that an object of the same tag and size is not the one that was pinned.
fn rewriting(pin: &Pin, head: &ObjectHead) -> Option<String> {
    // A listing and a HEAD write the same moment in two ways, one of them in whole seconds.
    let moment = |text: &str| time::parse_ms(text).map(|ms| ms.div_euclid(1000));
    if head.last_modified != pin.last_modified
        && moment(&head.last_modified) != moment(&pin.last_modified)
    {
        return Some(format!(
            "modified at {:?} instead of {:?}",
            head.last_modified, pin.last_modified
        ));
    }
    match (&head.version, &pin.version) {
        (Some(found), Some(pinned)) if found != pinned => {
            Some(format!("version {found} instead of {pinned}"))
        }
        _ => None,
    }
}
