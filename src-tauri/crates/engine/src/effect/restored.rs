//! Archived sources: asked back where the user said so, then waited for.

use partway_domain::{Failure, FailureKind};
use partway_journal::table::restore::RestoreRow;
use partway_journal::table::transfer::Pin;
use partway_journal::{Change, Durability};
use partway_protocol::op::{RestoreObject, RestoreTier, Restoring};

use super::Obstacle;
use crate::driver::run::Run;
use crate::event::{self, Told as _};

impl Run {
    /// Pins the source, or asks for it where it is archived and the user wants it back.
    pub(super) async fn pin_readable_source(&mut self) -> Result<Pin, Obstacle> {
        match self.pin_source().await {
            Ok(pin) => {
                if self.row.restore.take().is_some() {
                    let restored = Change::Restored {
                        transfer: self.id(),
                    };
                    let told = self.event(event::RESTORED);
                    self.write(vec![restored, Change::Event(told)], Durability::Grouped)
                        .await?;
                }
                Ok(pin)
            }
            Err(Obstacle::Failure(archived)) if archived.kind == FailureKind::NeedsRestore => {
                let Some(restore) = self.row.restore.clone() else {
                    return Err(Obstacle::Failure(archived));
                };
                if !restore.sent {
                    self.ask_for_restore(restore.clone()).await?;
                }
                Err(Failure {
                    message: format!(
                        "{:?} in {} is being restored ({}, for {} days); the copy goes on by itself when it can be read",
                        self.row.source_key.as_str(),
                        self.route.source.bucket,
                        restore.tier,
                        restore.days
                    ),
                    ..*archived
                }
                .into())
            }
            Err(other) => Err(other),
        }
    }

    async fn ask_for_restore(&mut self, restore: RestoreRow) -> Result<(), Obstacle> {
        let side = &self.route.source;
        let operation = RestoreObject {
            bucket: side.bucket.clone(),
            key: self.row.source_key.clone(),
            version: self.row.source_version.clone(),
            days: restore.days,
            tier: tier_of(&restore.tier),
        };
        let answer = self.ask(side, &operation).await?;
        let word = match answer.output {
            Restoring::Begun => "it has begun",
            Restoring::Restored => "it was restored already",
            Restoring::UnderWay => "one was under way already",
        };
        let told = self
            .event(event::RESTORE_ASKED)
            .saying(format!(
                "{}, for {} days: {word}",
                restore.tier, restore.days
            ))
            .answered(answer.request_id.as_deref());
        let sent = RestoreRow {
            sent: true,
            ..restore
        };
        let changes = vec![
            Change::Restore {
                transfer: self.id(),
                restore: sent.clone(),
            },
            Change::Event(told),
        ];
        self.write(changes, Durability::Durable).await?;
        self.row.restore = Some(sent);
        Ok(())
    }
}

/// The journal's word for a tier.
fn tier_of(word: &str) -> Option<RestoreTier> {
    [
        RestoreTier::Expedited,
        RestoreTier::Standard,
        RestoreTier::Bulk,
    ]
    .into_iter()
    .find(|tier| tier.as_str().eq_ignore_ascii_case(word))
}
