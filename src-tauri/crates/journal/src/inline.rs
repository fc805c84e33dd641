//! A writer without a thread: whoever submits commits.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::error::{JournalError, Trouble};
use crate::options::Committed;
use crate::writer::{Submission, Writer};

/// The one connection, for writing and for reading.
pub(crate) struct Inline {
    writer: Mutex<Writer>,
    committed: Option<Committed>,
}

impl Inline {
    pub(crate) fn new(writer: Writer, committed: Option<Committed>) -> Result<Self, JournalError> {
        // The end of the handle is the end of a process: SQLite's own tidying at close is left out.
        writer
            .connection()
            .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
            .map_err(|error| JournalError::Sqlite(error.to_string()))?;
        // Nobody else comes while it lives, so nobody is asked at each read and each commit.
        writer
            .connection()
            .pragma_update(None, "locking_mode", "EXCLUSIVE")
            .map_err(|error| JournalError::Sqlite(error.to_string()))?;
        Ok(Self {
            writer: Mutex::new(writer),
            committed,
        })
    }

    /// Commits at once. What hears of the end may itself submit: it is told when the connection
    /// is free again.
    pub(crate) fn commit(&self, submission: Submission) {
        let durability = submission.durability;
        let results = self.lock().commit(vec![submission]);
        if let Some(committed) = &self.committed {
            committed(durability);
        }
        for (done, result) in results {
            done(result);
        }
    }

    pub(crate) fn read<T>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        query(self.lock().connection())
    }

    fn lock(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
