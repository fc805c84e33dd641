//! Opening, writing and reading.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use jiff::Timestamp;

use partway_domain::{Account, AccountId, Bucket, Capabilities, JobId, TransferId};
use rusqlite::Connection;

use crate::change::{Change, Durability};
use crate::error::{JournalError, Trouble};
use crate::open;
use crate::readers::Readers;
use crate::table::event::{self, EventRow};
use crate::table::job::{self, JobRow, Lease, NewJob};
use crate::table::outcome::{self, Outcome};
use crate::table::part::{self, PartRow};
use crate::table::transfer::{self, TransferRow};
use crate::table::{account, capability, setting};
use crate::writer::{Shared, Submission, Work, Writer};

/// A handle; clones share one writer thread.
///
/// Dropping the last one waits until everything submitted is committed, and leaves the file
/// checkpointed.
#[derive(Clone)]
pub struct Journal {
    desk: Arc<Desk>,
}

/// What all clones of a handle share.
struct Desk {
    path: PathBuf,
    readers: Readers,
    shared: Arc<Shared>,
    /// `None` only while dropping.
    queue: Option<Sender<Submission>>,
    writer: Option<JoinHandle<()>>,
}

/// What `Journal::open` found.
#[derive(Debug)]
pub struct Opened {
    /// The journal.
    pub journal: Journal,
    /// A corrupt file was moved here and a new one begun: the user must be told.
    pub set_aside: Option<PathBuf>,
}

impl Journal {
    /// Opens or creates `partway.sqlite3` in `folder`.
    pub fn open(folder: &Path) -> Result<Opened, JournalError> {
        let ready = open::ready(folder)?;
        let shared = Arc::new(Shared::default());
        let (queue, submissions) = mpsc::channel();
        let writer = Writer {
            path: ready.path.clone(),
            connection: ready.writer,
            sentinel: ready.sentinel,
            shared: Arc::clone(&shared),
        };
        let writer = thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || writer.run(&submissions))
            .map_err(|error| JournalError::Sqlite(format!("no thread to write with: {error}")))?;
        let desk = Desk {
            readers: Readers::new(ready.path.clone()),
            path: ready.path,
            shared,
            queue: Some(queue),
            writer: Some(writer),
        };
        Ok(Opened {
            journal: Self {
                desk: Arc::new(desk),
            },
            set_aside: ready.set_aside,
        })
    }

    /// Records changes in one transaction. `done` is called from the writer thread once they
    /// are as safe as `durability` asks, or with the error. Submissions are committed in the
    /// order they were made; one that fails changes nothing and does not harm the others.
    ///
    /// `done` must not wait for the journal: it runs on the thread it would wait for.
    pub fn submit(
        &self,
        changes: Vec<Change>,
        durability: Durability,
        done: impl FnOnce(Result<(), JournalError>) + Send + 'static,
    ) {
        self.enqueue(Submission {
            work: Work::Changes(changes),
            durability,
            done: Box::new(done),
        });
    }

    /// As `submit`, waiting for the commit. Blocks: not for async code.
    pub fn write(&self, changes: Vec<Change>, durability: Durability) -> Result<(), JournalError> {
        let (done, answer) = mpsc::channel();
        self.submit(changes, durability, move |result| {
            done.send(result).ok();
        });
        answer.recv().unwrap_or_else(|_| Err(closed()))
    }

    /// How many commits there were since open.
    pub fn commits(&self) -> u64 {
        self.desk.shared.commits.load(Ordering::Relaxed)
    }

    /// Records a job with all its transfers in one durable transaction.
    pub fn add_job(&self, job: NewJob) -> Result<JobId, JournalError> {
        self.transact(Durability::Durable, move |connection| {
            job::add(connection, &job)
        })
    }
    /// One job.
    pub fn job(&self, job: JobId) -> Result<JobRow, JournalError> {
        self.read(|connection| job::one(connection, job, now_ms()))
    }
    /// Jobs that are not settled, oldest first.
    pub fn unfinished_jobs(&self) -> Result<Vec<JobRow>, JournalError> {
        self.read(|connection| job::unfinished(connection, now_ms()))
    }
    /// Jobs, newest first. `before` pages (id of the last one seen).
    pub fn jobs(&self, before: Option<JobId>, limit: u32) -> Result<Vec<JobRow>, JournalError> {
        self.read(|connection| job::page(connection, before, limit, now_ms()))
    }

    /// Removes a settled job from the list for good (with transfers, parts, events). Refused
    /// while a transfer is unfinished or an upload may still be on the server.
    pub fn forget_job(&self, job: JobId) -> Result<(), JournalError> {
        self.transact(Durability::Durable, move |connection| {
            job::forget(connection, job, now_ms())
        })
    }
    /// Transfers of a job in order of id, after `after`.
    pub fn transfers(
        &self,
        job: JobId,
        after: Option<TransferId>,
        limit: u32,
    ) -> Result<Vec<TransferRow>, JournalError> {
        self.read(|connection| transfer::of_job(connection, job, after, limit))
    }
    /// One transfer.
    pub fn transfer(&self, transfer: TransferId) -> Result<TransferRow, JournalError> {
        self.read(|connection| transfer::one(connection, transfer))
    }
    /// Confirmed parts in order of number.
    pub fn parts(&self, transfer: TransferId) -> Result<Vec<PartRow>, JournalError> {
        self.read(|connection| part::of_transfer(connection, transfer))
    }
    /// Events of a job, newest first, before `before`.
    pub fn events(
        &self,
        job: JobId,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<EventRow>, JournalError> {
        self.read(|connection| event::of_job(connection, job, before, limit))
    }
    /// Verdicts of a job counted, and its first obstacle.
    pub fn outcome(&self, job: JobId) -> Result<Outcome, JournalError> {
        self.read(|connection| outcome::of_job(connection, job))
    }
    /// Uploads that must be given back (aborting) whose transfer is settled: the abort queue.
    pub fn abort_queue(&self) -> Result<Vec<TransferRow>, JournalError> {
        self.read(transfer::abort_queue)
    }

    /// Takes the lease on a job until `lease.until_ms`. Fails with `Leased` while another holder's has not expired at `now_ms`.
    pub fn lease(&self, job: JobId, lease: Lease, now_ms: i64) -> Result<(), JournalError> {
        self.transact(Durability::Durable, move |connection| {
            job::lease(connection, job, &lease, now_ms)
        })
    }

    /// All accounts by name.
    pub fn accounts(&self) -> Result<Vec<Account>, JournalError> {
        self.read(account::all)
    }
    /// Adds or replaces an account.
    pub fn put_account(&self, account: &Account) -> Result<(), JournalError> {
        let account = account.clone();
        self.transact(Durability::Durable, move |connection| {
            account::put(connection, &account)
        })
    }
    /// Removes an account; its jobs stay in the history.
    pub fn remove_account(&self, account: &AccountId) -> Result<(), JournalError> {
        let account = account.clone();
        self.transact(Durability::Durable, move |connection| {
            account::remove(connection, &account)
        })
    }
    /// What is known of an account's server; with a bucket, what is known of that one before
    /// what is known of all. Empty for an account that is not there.
    pub fn capabilities(
        &self,
        account: &AccountId,
        bucket: Option<&Bucket>,
    ) -> Result<Capabilities, JournalError> {
        self.read(|connection| capability::of(connection, account, bucket))
    }
    /// A setting.
    pub fn setting(&self, name: &str) -> Result<Option<serde_json::Value>, JournalError> {
        self.read(|connection| setting::read(connection, name))
    }
    /// Writes a setting.
    pub fn put_setting(&self, name: &str, value: &serde_json::Value) -> Result<(), JournalError> {
        let (name, value) = (name.to_owned(), value.clone());
        self.transact(Durability::Durable, move |connection| {
            setting::put(connection, &name, &value)
        })
    }

    /// Writes what has an answer, and waits for both.
    fn transact<T: Send + 'static>(
        &self,
        durability: Durability,
        query: impl FnOnce(&Connection) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, JournalError> {
        let answer = Arc::new(Mutex::new(None));
        let (done, committed) = mpsc::channel();
        let slot = Arc::clone(&answer);
        self.enqueue(Submission {
            work: Work::Query(Box::new(move |connection| {
                let value = query(connection)?;
                *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
                Ok(())
            })),
            durability,
            done: Box::new(move |result| {
                done.send(result).ok();
            }),
        });
        committed.recv().unwrap_or_else(|_| Err(closed()))?;
        let mut answer = answer.lock().unwrap_or_else(PoisonError::into_inner);
        answer.take().ok_or_else(closed)
    }

    fn enqueue(&self, submission: Submission) {
        let queue = self.desk.queue.as_ref().expect("only a drop takes it");
        if let Err(mpsc::SendError(refused)) = queue.send(submission) {
            (refused.done)(Err(closed()));
        }
    }

    fn read<T>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, Trouble>,
    ) -> Result<T, JournalError> {
        self.desk.readers.read(query).map_err(|trouble| {
            if trouble.is_corrupt() {
                self.desk.shared.damaged.store(true, Ordering::Relaxed);
            }
            trouble.at(&self.desk.path)
        })
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Journal").field(&self.desk.path).finish()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::Relaxed);
        self.readers.close();
        drop(self.queue.take());
        let Some(writer) = self.writer.take() else {
            return;
        };
        // A callback may have held the last handle: a thread cannot wait for itself.
        if writer.thread().id() != thread::current().id() && writer.join().is_err() {
            tracing::error!("the journal's writer panicked");
        }
    }
}

fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

fn closed() -> JournalError {
    JournalError::Sqlite("its writer is gone; start Partway again".to_owned())
}

#[cfg(test)]
mod tests;
