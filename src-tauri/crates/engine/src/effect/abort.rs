//! Giving an upload back until the server says it is gone.

use partway_domain::planted::{self, Bug};
use partway_domain::{Event, Failure, FailureKind, State, UploadId};
use partway_journal::table::event::{Level, NewEvent};

use super::candidate::Found;
use super::{Obstacle, Step};
use crate::call::{CallError, Listener};
use crate::driver::run::Run;
use crate::event::{self, Told as _};
use crate::uploads::abort::{abort_once, is_over};

/// How often the server may still list an aborted upload: parts in flight land late.
const MOST_LOOKS: u32 = 8;

impl Run {
    /// For a transfer in `Aborting` ends with the event, beside `Failed` with nothing. What
    /// does not work now stays marked in the upload's row, and the sweep tries again.
    pub(crate) async fn abort(&mut self) -> Result<Option<Step>, Obstacle> {
        let aborting = self.row.state == State::Aborting;
        let mut times = 0;
        let failure = loop {
            match self.give_back().await {
                Ok(()) => return Ok(aborting.then(|| Step::plain(Event::Aborted))),
                Err(Obstacle::Failure(failure)) if failure.kind.is_transient() && aborting => {
                    self.pause_to_prove(times).await?;
                    times += 1;
                }
                Err(Obstacle::Failure(failure)) => break *failure,
                Err(other) => return Err(other),
            }
        };
        tracing::warn!(transfer = %self.row.id, %failure, "an upload could not be given back yet");
        self.tries.abort_refused = true;
        Ok(aborting.then(|| Step::fail(failure)))
    }

    /// Aborts the upload and forgets it once it is gone.
    pub(crate) async fn give_back(&mut self) -> Result<(), Obstacle> {
        match self.end_upload().await? {
            Some(aborted) => self.forget_upload(aborted).await,
            None => Ok(()),
        }
    }

    /// Aborts the upload until it is gone, and says so; the journal keeps it. `None` if there is
    /// none.
    pub(super) async fn end_upload(&mut self) -> Result<Option<NewEvent>, Obstacle> {
        let Some(upload) = self.row.upload.clone() else {
            return Ok(None);
        };
        let upload_id = match upload.upload_id {
            Some(upload_id) => Some(upload_id),
            None => self.lost_upload(upload.intended_ms).await?,
        };
        if planted::is(Bug::GoneBeforeAbort) {
            let aborted = self.event(event::ABORTED);
            self.forget_upload(aborted).await?;
        }
        if planted::is(Bug::AbortStrangers) {
            for upload in self.list_uploads_of_key().await? {
                self.abort_until_gone(&upload.upload_id).await?;
            }
        }
        if let Some(upload_id) = &upload_id {
            // What was completed is not to be aborted: some servers think of the object then.
            let blind = planted::is(Bug::AbortWhileUnknown);
            if blind || !(upload.completing && self.is_over(upload_id).await?) {
                self.abort_until_gone(upload_id).await?;
            }
        }
        let mut aborted = self.event(event::ABORTED);
        if upload_id.is_none() {
            aborted = aborted.saying("no upload there is provably this copy's: none was touched");
        }
        Ok(Some(aborted))
    }

    /// An upload whose id never arrived: given back only if it can only be ours.
    pub(crate) async fn lost_upload(&self, intended_ms: i64) -> Result<Option<UploadId>, Obstacle> {
        match self.find_candidate(intended_ms).await? {
            // Ours never has parts before its id is known.
            Found::Nothing | Found::Fitting(_) => Ok(None),
            Found::Ours(upload_id) => Ok(Some(upload_id)),
            Found::Uncertain(many) => {
                let mut uncertain = self.event(event::UPLOAD_UNCERTAIN).saying(format!(
                    "{} open uploads of this key could be ours; none of them was aborted",
                    many.len()
                ));
                uncertain.level = Level::Warning;
                self.shared.note(uncertain);
                Ok(None)
            }
        }
    }

    async fn abort_until_gone(&self, upload_id: &UploadId) -> Result<(), Obstacle> {
        if planted::is(Bug::AbortOnce) {
            let _ = self.abort_once(upload_id).await;
            return Ok(());
        }
        let (mut times, mut looks) = (0, 0);
        loop {
            match self.abort_once(upload_id).await {
                Ok(true) => return Ok(()),
                Ok(false) if looks < MOST_LOOKS => looks += 1,
                Ok(false) => return Err(self.still_there().into()),
                Err(CallError::Failed { failure, .. }) if failure.kind.is_transient() => {
                    self.heard(None, &failure);
                    times += 1;
                }
                Err(other) => return Err(other.into()),
            }
            self.pause_to_prove(times).await?;
        }
    }

    async fn is_over(&self, upload_id: &UploadId) -> Result<bool, CallError> {
        let retried = |failure: &Failure| self.heard(None, failure);
        let listener = self.listener(&retried);
        let side = &self.route.destination;
        let key = &self.row.destination_key;
        is_over(&self.shared.caller, side, key, upload_id, &listener).await
    }

    fn listener<'a>(&self, retried: &'a (dyn Fn(&Failure) + Send + Sync)) -> Listener<'a> {
        Listener {
            hold: Some((self.orders.clone(), self.held_by())),
            retried: Some(retried),
            ..Listener::default()
        }
    }

    /// One abort and one look; whether the upload is gone.
    async fn abort_once(&self, upload_id: &UploadId) -> Result<bool, CallError> {
        let retried = |failure: &Failure| self.heard(None, failure);
        let listener = self.listener(&retried);
        let side = &self.route.destination;
        let key = &self.row.destination_key;
        abort_once(&self.shared.caller, side, key, upload_id, &listener).await
    }

    fn still_there(&self) -> Failure {
        Failure::local(
            FailureKind::ServerTrouble,
            format!(
                "the upload of {:?} in {} was aborted but the server still lists it; it is aborted again until it is gone",
                self.row.destination_key.as_str(),
                self.route.destination.bucket
            ),
        )
    }
}
