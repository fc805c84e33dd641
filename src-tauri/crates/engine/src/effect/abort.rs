//! Giving an upload back until the server says it is gone.

use partway_domain::{Event, Failure, FailureKind, State, UploadId};
use partway_journal::table::event::Level;
use partway_protocol::op::{AbortMultipartUpload, ListParts, Operation as _};

use super::candidate::Found;
use super::{Obstacle, Step};
use crate::call::CallError;
use crate::capability::is_lacking;
use crate::driver::run::Run;
use crate::event::{self, Told as _};

/// How often the server may still list an aborted upload: parts in flight land late.
const MOST_LOOKS: u32 = 8;

impl Run {
    /// For a transfer in `Aborting` ends with the event, beside `Failed` with nothing. What
    /// does not work now stays marked in the upload's row and is tried at the next start.
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
        Ok(aborting.then(|| Step::fail(failure)))
    }

    /// Aborts the upload and forgets it once it is gone.
    pub(crate) async fn give_back(&mut self) -> Result<(), Obstacle> {
        let Some(upload) = self.row.upload.clone() else {
            return Ok(());
        };
        let upload_id = match upload.upload_id {
            Some(upload_id) => Some(upload_id),
            None => self.lost_upload(upload.intended_ms).await?,
        };
        if let Some(upload_id) = &upload_id {
            self.abort_until_gone(upload_id).await?;
        }
        let aborted = self.event(event::ABORTED);
        self.forget_upload(aborted).await
    }

    /// An upload whose id never arrived: given back only if it can only be ours.
    async fn lost_upload(&self, intended_ms: i64) -> Result<Option<UploadId>, Obstacle> {
        match self.find_candidate(intended_ms).await? {
            Found::Nothing => Ok(None),
            Found::Ours(upload_id) => Ok(Some(upload_id)),
            Found::Uncertain(many) => {
                let mut uncertain = self.event(event::UPLOAD_UNCERTAIN).saying(format!(
                    "{many} open uploads of this key could be ours; none of them was aborted"
                ));
                uncertain.level = Level::Warning;
                self.shared.note(uncertain);
                Ok(None)
            }
        }
    }

    async fn abort_until_gone(&self, upload_id: &UploadId) -> Result<(), Obstacle> {
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

    /// One abort and one look; whether the upload is gone.
    async fn abort_once(&self, upload_id: &UploadId) -> Result<bool, CallError> {
        let side = &self.route.destination;
        let abort = AbortMultipartUpload {
            bucket: side.bucket.clone(),
            key: self.row.destination_key.clone(),
            upload_id: upload_id.clone(),
        };
        if is_gone(self.ask(side, &abort).await.map(|_| ()))? {
            return Ok(true);
        }
        let list = ListParts {
            bucket: side.bucket.clone(),
            key: self.row.destination_key.clone(),
            upload_id: upload_id.clone(),
            after: None,
        };
        match self.ask(side, &list).await {
            // Nothing can be looked at: the accepted abort has to be believed.
            Err(CallError::Failed { failure, .. }) if is_lacking(&failure, ListParts::NAME) => {
                Ok(true)
            }
            looked => is_gone(looked.map(|_| ())),
        }
    }

    fn still_there(&self) -> Failure {
        Failure::local(
            FailureKind::ServerTrouble,
            format!(
                "the upload of {:?} in {} was aborted but the server still lists it; it is tried again at the next start",
                self.row.destination_key.as_str(),
                self.route.destination.bucket
            ),
        )
    }
}

fn is_gone(answer: Result<(), CallError>) -> Result<bool, CallError> {
    match answer {
        Ok(()) => Ok(false),
        Err(CallError::Failed { failure, .. }) if failure.kind == FailureKind::NoSuchUpload => {
            Ok(true)
        }
        Err(other) => Err(other),
    }
}
