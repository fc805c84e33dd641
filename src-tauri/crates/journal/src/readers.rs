//! A few connections for reading, so that a long read never waits for the writer.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use crate::error::{JournalError, Trouble};
use crate::open;

/// How many are kept when nobody reads.
const KEPT: usize = 4;

#[derive(Debug)]
pub(crate) struct Readers {
    path: PathBuf,
    /// `None` once they are closed.
    idle: Mutex<Option<Vec<Connection>>>,
}

impl Readers {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self {
            path,
            idle: Mutex::new(Some(Vec::new())),
        }
    }

    /// Reads within one snapshot of the file.
    pub(crate) fn read<T>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        let idle = self.idle().as_mut().ok_or_else(JournalError::closed)?.pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.connect()?,
        };
        let answer = query(&connection)?;
        // Kept only after success: whatever was wrong with a connection goes with it.
        if let Some(idle) = self.idle().as_mut()
            && idle.len() < KEPT
        {
            idle.push(connection);
        }
        Ok(answer)
    }

    /// Closes what is idle, so that the writer's close can be the last. Nothing is read from now
    /// on.
    pub(crate) fn close(&self) {
        *self.idle() = None;
    }

    fn connect(&self) -> Result<Connection, Trouble> {
        let connection = open::connect(&self.path)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    }

    fn idle(&self) -> MutexGuard<'_, Option<Vec<Connection>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
