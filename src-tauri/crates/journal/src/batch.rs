//! Many changes in one transaction, cheaper than one after the other.
//!
//! A copy confirms its parts by the thousand. What each of them would ask or count again is asked
//! and counted once for all that follow each other: whether the lease is held, and the sums in the
//! transfer's row, which the job's row repeats.

use partway_domain::{JobId, TransferId};
use rusqlite::Connection;

use crate::change::Change;
use crate::error::Trouble;
use crate::table::{job, part};

/// Changes on their way into a transaction. What was counted is only written by [`Batch::end`].
pub(crate) struct Batch<'a> {
    connection: &'a Connection,
    now_ms: i64,
    /// Held, as the rows were when it was asked; no change since could have ended that.
    held: Option<(JobId, &'a str)>,
    /// Parts and bytes that the transfer's row does not know yet.
    parts: Option<(TransferId, part::Sum)>,
}

impl<'a> Batch<'a> {
    pub(crate) fn new(connection: &'a Connection, now_ms: i64) -> Self {
        Self {
            connection,
            now_ms,
            held: None,
            parts: None,
        }
    }

    pub(crate) fn apply(&mut self, change: &'a Change) -> Result<(), Trouble> {
        match change {
            Change::LeaseHeld { job, holder } => {
                if self.held != Some((*job, holder)) {
                    job::insist_on_lease(self.connection, *job, holder)?;
                    self.held = Some((*job, holder));
                }
                Ok(())
            }
            Change::PartDone {
                transfer,
                number,
                etag,
                size,
            } => {
                if self.parts.is_some_and(|(counted, _)| counted != *transfer) {
                    self.count()?;
                }
                let added = part::put(self.connection, *transfer, *number, etag, *size)?;
                let (_, sum) = self.parts.get_or_insert((*transfer, part::Sum::default()));
                *sum += added;
                Ok(())
            }
            // Tells of what happens beside it, and reads nothing.
            Change::Event(_) => change.apply(self.connection, self.now_ms),
            _ => {
                self.count()?;
                self.held = None;
                change.apply(self.connection, self.now_ms)
            }
        }
    }

    /// To be called before the transaction is committed.
    pub(crate) fn end(mut self) -> Result<(), Trouble> {
        self.count()
    }

    fn count(&mut self) -> Result<(), Trouble> {
        match self.parts.take() {
            Some((transfer, sum)) => part::count(self.connection, transfer, sum),
            None => Ok(()),
        }
    }
}
