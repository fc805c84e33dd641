//! What a person decided, carried out before anything else is located. Each step may be done
//! twice: the decision stands in the journal until all of it is done.

use partway_domain::{Decision, Event, Reason};
use partway_journal::{Change, Durability};

use super::{Obstacle, Step};
use crate::call::CallError;
use crate::driver::run::Run;
use crate::event::{self, Told as _};

impl Run {
    /// `Some` where the decision leads elsewhere than on with the copy.
    pub(super) async fn carry_out_decision(&mut self) -> Result<Option<Step>, Obstacle> {
        let Some(decision) = self.row.decision.clone() else {
            return Ok(None);
        };
        match decision {
            Decision::Skip => {
                let mut step = self.left_out(Reason::AsAnswered);
                step.changes.push(self.spent());
                return Ok(Some(step));
            }
            Decision::Replace => self.agree_to_replace().await?,
            Decision::KeepBoth => {
                // An upload belongs to its key.
                self.give_back_for_good().await?;
                self.keep_both().await?;
            }
            Decision::StartOver => self.start_over().await?,
            Decision::AcceptAsIs => {
                if let Some(step) = self.accept().await? {
                    return Ok(Some(step));
                }
            }
            Decision::AdoptUpload { upload_id } => self.adopt_as_decided(upload_id).await?,
        }
        let spent = self.spent();
        self.write(vec![spent], Durability::Durable).await?;
        self.row.decision = None;
        Ok(None)
    }

    /// Ends a decision together with what follows from it.
    pub(super) fn spent(&self) -> Change {
        Change::DecisionSpent {
            transfer: self.id(),
        }
    }

    /// Gives back what was begun and forgets the pin: the source is taken as it is now.
    async fn start_over(&mut self) -> Result<(), Obstacle> {
        // Only then may what stands at the destination be this copy's own earlier work.
        let completing = self.row.upload.as_ref().is_some_and(|row| row.completing);
        if self
            .row
            .upload
            .as_ref()
            .is_some_and(|row| row.upload_id.is_none())
        {
            self.leave_uncertain().await?;
        }
        self.mark_for_return().await?;
        let returned = self.end_upload().await?;
        let snapshot = if completing {
            // Nothing comes of that Complete any more: what it made may go.
            Some(self.own_work_may_go().await?)
        } else {
            // What someone agreed to stays agreed to.
            self.row.snapshot.clone()
        };
        // In one commit: without the upload nobody would know any more that the object there may
        // be ours, and would ask about it a second time.
        let transfer = self.id();
        let mut changes = Vec::new();
        if let Some(returned) = returned {
            changes.extend([Change::UploadGone { transfer }, Change::Event(returned)]);
        }
        changes.push(Change::Unpinned { transfer });
        changes.extend(
            snapshot
                .clone()
                .map(|snapshot| Change::Snapshot { transfer, snapshot }),
        );
        self.write(changes, Durability::Durable).await?;
        self.row.upload = None;
        self.row.pin = None;
        self.row.snapshot = snapshot;
        self.parts.clear();
        Ok(())
    }

    /// Marks the upload first, so that a crash cannot lose it, then gives it back.
    pub(super) async fn give_back_for_good(&mut self) -> Result<(), Obstacle> {
        self.mark_for_return().await?;
        self.give_back().await
    }

    /// Writes that the upload, if there is one, is to be given back.
    async fn mark_for_return(&mut self) -> Result<(), Obstacle> {
        let Some(upload) = &mut self.row.upload else {
            return Ok(());
        };
        upload.aborting = true;
        let marked = Change::AbortIntended {
            transfer: self.row.id,
        };
        self.write(vec![marked], Durability::Durable).await?;
        Ok(())
    }

    /// Somebody looked at the destination and says that it is the copy. It has to be there,
    /// and what it is beyond that is for the verdict.
    async fn accept(&self) -> Result<Option<Step>, Obstacle> {
        match self.head_destination().await {
            Ok(head) => {
                let accepted = self
                    .event(event::ACCEPTED)
                    .answered(head.request_id.as_deref());
                Ok(Some(Step::with(
                    Event::Completed,
                    vec![Change::Event(accepted)],
                )))
            }
            Err(CallError::Failed { failure, .. })
                if failure.kind == partway_domain::FailureKind::NoSuchSource =>
            {
                Ok(None)
            }
            Err(other) => Err(other.into()),
        }
    }
}
