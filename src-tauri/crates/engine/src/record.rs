//! The engine's door to the journal: every write goes through here.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use partway_domain::{Failure, FailureKind};
use partway_journal::{Change, Durability, Journal, JournalError};
use tokio::sync::oneshot;

/// A place to stop the world, for crash tests: a future that never ends here is a process
/// that died here.
#[async_trait]
pub trait CutOff: Send + Sync + std::fmt::Debug {
    /// Just before changes are handed to the journal.
    async fn before_commit(&self, changes: &[Change]);
    /// Just after they are safe, before the engine knows.
    async fn after_commit(&self);
}

/// Lets everything pass.
#[derive(Debug)]
pub(crate) struct NoCutOff;

#[async_trait]
impl CutOff for NoCutOff {
    async fn before_commit(&self, _: &[Change]) {}
    async fn after_commit(&self) {}
}

/// How long to wait before a full disk is tried again.
const DISK_PAUSE: Duration = Duration::from_secs(2);

/// Writes to the journal and waits for the commit.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    journal: Journal,
    cut_off: Arc<dyn CutOff>,
}

impl Record {
    pub(crate) fn new(journal: Journal, cut_off: Arc<dyn CutOff>) -> Self {
        Self { journal, cut_off }
    }

    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Writes and waits until the changes are as safe as asked. A disk that is full or a
    /// file that cannot be written for the moment is waited for: nothing may follow from
    /// changes that are not recorded, so waiting here is what stops the copying.
    pub(crate) async fn write(
        &self,
        changes: Vec<Change>,
        durability: Durability,
    ) -> Result<(), JournalError> {
        self.cut_off.before_commit(&changes).await;
        loop {
            let (sender, committed) = oneshot::channel();
            self.journal
                .submit(changes.clone(), durability, move |outcome| {
                    // Nobody listens any more when the job was dropped meanwhile.
                    let _ = sender.send(outcome);
                });
            let outcome = committed
                .await
                .unwrap_or_else(|_| Err(JournalError::Sqlite("the writer is gone".to_owned())));
            match outcome {
                Err(JournalError::Unwritable { path, reason }) => {
                    tracing::warn!(path = %path.display(), reason, "the journal cannot be written");
                    tokio::time::sleep(DISK_PAUSE).await;
                }
                Err(other) => return Err(other),
                Ok(()) => break,
            }
        }
        self.cut_off.after_commit().await;
        Ok(())
    }

    /// Runs a blocking piece of journal work where it may block.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Journal) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        let journal = self.journal.clone();
        tokio::task::spawn_blocking(move || work(&journal))
            .await
            .unwrap_or_else(|gone| Err(JournalError::Sqlite(gone.to_string())))
    }
}

/// A journal's error as a failure.
#[allow(clippy::needless_pass_by_value, reason = "made for map_err")]
pub(crate) fn journal_failure(error: JournalError) -> Failure {
    let kind = match error {
        JournalError::NotFound { .. } | JournalError::Leased { .. } => FailureKind::Invalid,
        _ => FailureKind::Journal,
    };
    Failure::local(kind, error.to_string())
}
