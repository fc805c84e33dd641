//! The engine's door to the journal: every write goes through here.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use partway_domain::{Failure, FailureKind};
use partway_journal::{Change, Durability, Journal, JournalError};
use tokio::sync::oneshot;

use crate::blocking::Blocking;

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
    blocking: Blocking,
    cut_off: Arc<dyn CutOff>,
    /// Why nothing can be written now.
    trouble: Arc<Mutex<Option<JournalError>>>,
}

impl Record {
    pub(crate) fn new(journal: Journal, cut_off: Arc<dyn CutOff>) -> Self {
        let blocking = if journal.is_inline() {
            Blocking::Here
        } else {
            Blocking::Elsewhere
        };
        Self {
            journal,
            blocking,
            cut_off,
            trouble: Arc::default(),
        }
    }

    /// What keeps changes from being written now, if anything does.
    pub(crate) fn trouble(&self) -> Option<JournalError> {
        self.now_troubled().clone()
    }

    fn now_troubled(&self) -> MutexGuard<'_, Option<JournalError>> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// However many wait for the disk, it is logged once.
    fn note_trouble(&self, error: &JournalError) {
        if self.now_troubled().replace(error.clone()).is_none() {
            tracing::warn!(%error, "the journal cannot be written; copying stands still until it can");
        }
    }

    fn note_relief(&self) {
        if self.now_troubled().take().is_some() {
            tracing::info!("the journal can be written again");
        }
    }

    /// Where blocking work is done, the journal's or any other.
    pub(crate) fn where_to_block(&self) -> Blocking {
        self.blocking
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
                Err(error @ JournalError::Unwritable { .. }) => {
                    self.note_trouble(&error);
                    tokio::time::sleep(DISK_PAUSE).await;
                }
                Err(other) => return Err(other),
                Ok(()) => {
                    self.note_relief();
                    break;
                }
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
        self.blocking
            .run(move || work(&journal))
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
