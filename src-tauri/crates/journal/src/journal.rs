//! Opening, writing and reading.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use partway_domain::{
    Account, AccountId, Bucket, Capabilities, Comparison, JobId, Key, TransferId, UploadId,
};
use rusqlite::Connection;

use crate::change::{Change, Durability};
use crate::error::{JournalError, Trouble};
use crate::inline::Inline;
use crate::open;
use crate::options::{JournalClock, JournalOptions, WriterKind};
use crate::readers::Readers;
use crate::table::abort::{self, AbortRow};
use crate::table::decision;
use crate::table::event::{self, EventRow, Level};
use crate::table::history::{self, Page, Wanted};
use crate::table::job::{self, JobRow, Lease, NewJob};
use crate::table::outcome::{self, Outcome};
use crate::table::part::{self, PartRow};
use crate::table::queue::{self, Contender};
use crate::table::scan::{self, ScanRow};
use crate::table::transfer::{self, ToDo, TransferRow};
use crate::table::upload::{self, OpenUploads};
use crate::table::watched::{self, Watched};
use crate::table::{account, capability, evidence, restore, setting};
use crate::writer::{Shared, Submission, Work, Writer};

/// A handle; clones share one writer.
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
    clock: JournalClock,
    shared: Arc<Shared>,
    access: Access,
}

/// How a handle comes to the file.
enum Access {
    /// A thread writes; readers have connections of their own.
    Thread {
        readers: Readers,
        /// `None` once it is closed.
        writing: Mutex<Option<Writing>>,
    },
    /// Whoever calls reads and writes.
    Inline(Inline),
}

/// The way to the thread that writes.
struct Writing {
    queue: Sender<Submission>,
    thread: JoinHandle<()>,
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
        Self::open_with(folder, JournalOptions::default())
    }

    /// As `open`, with another writer or clock than those of the program.
    pub fn open_with(folder: &Path, options: JournalOptions) -> Result<Opened, JournalError> {
        let ready = open::ready(folder)?;
        let shared = Arc::new(Shared::default());
        let (path, set_aside) = (ready.path.clone(), ready.set_aside.clone());
        let clock = options.clock.clone();
        let writer = Writer::new(ready, options.clock, Arc::clone(&shared));
        let access = match options.writer {
            WriterKind::Thread => Access::thread(&path, writer)?,
            WriterKind::Inline(committed) => Access::Inline(Inline::new(writer, committed)?),
        };
        let desk = Desk {
            path,
            clock,
            shared,
            access,
        };
        Ok(Opened {
            journal: Self {
                desk: Arc::new(desk),
            },
            set_aside,
        })
    }

    /// Waits until everything submitted is committed, and closes the file: for a program that ends
    /// without dropping its handles, or the next start would take it for one that crashed and
    /// check the whole file. What is asked of any handle afterwards fails. Blocks. A journal that
    /// works on its caller's thread is closed by its drop alone.
    pub fn close(&self) {
        self.desk.close();
    }

    /// Whether calls read and write on the caller's own thread: then nothing is gained by
    /// making them elsewhere.
    pub fn is_inline(&self) -> bool {
        matches!(self.desk.access, Access::Inline(_))
    }

    /// Records changes in one transaction. `done` is called from the writer once they
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
        answer
            .recv()
            .unwrap_or_else(|_| Err(JournalError::closed()))
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
        self.read(|connection| job::one(connection, job, self.now_ms()))
    }
    /// What of a job may change at any time while it is driven.
    pub fn watched(&self, job: JobId) -> Result<Watched, JournalError> {
        self.read(|connection| watched::one(connection, job))
    }
    /// Jobs that are not settled, oldest first.
    pub fn unfinished_jobs(&self) -> Result<Vec<JobRow>, JournalError> {
        self.read(|connection| job::unfinished(connection, self.now_ms()))
    }
    /// Jobs, newest first. `before` pages (id of the last one seen).
    pub fn jobs(&self, before: Option<JobId>, limit: u32) -> Result<Vec<JobRow>, JournalError> {
        self.read(|connection| job::page(connection, before, limit, self.now_ms()))
    }

    /// Removes a settled job from the list for good (with transfers, parts, events). Refused
    /// while a transfer is unfinished or an upload may still be on the server.
    pub fn forget_job(&self, job: JobId) -> Result<(), JournalError> {
        let now_ms = self.now_ms();
        self.transact(Durability::Durable, move |connection| {
            job::forget(connection, job, now_ms)
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
    /// The first transfers of a job that wait for something, in order of id.
    pub fn waiting_transfers(
        &self,
        job: JobId,
        limit: u32,
    ) -> Result<Vec<TransferRow>, JournalError> {
        self.read(|connection| transfer::waiting(connection, job, limit))
    }
    /// Transfers of a job that have something to do, in order of id, after `after`.
    pub fn transfers_to_do(
        &self,
        job: JobId,
        after: Option<TransferId>,
        limit: u32,
        which: ToDo,
    ) -> Result<Vec<TransferRow>, JournalError> {
        self.read(|connection| transfer::to_do(connection, job, after, limit, which))
    }
    /// Transfers of a job that have, or may have, an upload on the server.
    pub fn uploads_of_job(&self, job: JobId) -> Result<Vec<TransferId>, JournalError> {
        self.read(|connection| transfer::uploads_of_job(connection, job))
    }
    /// All uploads that are, or may be, open on the servers, by the jobs they belong to.
    pub fn open_uploads(&self) -> Result<Vec<OpenUploads>, JournalError> {
        self.read(upload::by_job)
    }
    /// Where the first transfers of a job go, up to `until`.
    pub fn destinations(&self, job: JobId, until: TransferId) -> Result<Vec<Key>, JournalError> {
        self.read(|connection| transfer::destinations(connection, job, until))
    }
    /// The sources of a job's transfers behind one of them, `at_most` so many, in the order in which
    /// they were journaled. Without those that were refused as impossible: they take no other's place.
    pub fn sources_behind(
        &self,
        job: JobId,
        after: TransferId,
        at_most: u32,
    ) -> Result<Vec<(TransferId, Key)>, JournalError> {
        self.read(|connection| transfer::sources_behind(connection, job, after, at_most))
    }
    /// Prefixes of a job, in the order in which they are listed.
    pub fn scans(&self, job: JobId) -> Result<Vec<ScanRow>, JournalError> {
        self.read(|connection| scan::of_job(connection, job))
    }
    /// One transfer.
    pub fn transfer(&self, transfer: TransferId) -> Result<TransferRow, JournalError> {
        self.read(|connection| transfer::one(connection, transfer))
    }
    /// Confirmed parts in order of number.
    pub fn parts(&self, transfer: TransferId) -> Result<Vec<PartRow>, JournalError> {
        self.read(|connection| part::of_transfer(connection, transfer))
    }
    /// The comparisons a transfer's verdict rests on, in the order in which they were made.
    pub fn evidence(&self, transfer: TransferId) -> Result<Vec<Comparison>, JournalError> {
        self.read(|connection| evidence::of_transfer(connection, transfer))
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
    /// As `events`, without what is less loud than `level`.
    pub fn events_at_least(
        &self,
        job: JobId,
        before: Option<i64>,
        limit: u32,
        level: Level,
    ) -> Result<Vec<EventRow>, JournalError> {
        self.read(|connection| event::at_least(connection, job, before, limit, level))
    }
    /// Ended jobs, newest first: at most `limit` of those older than `before`.
    pub fn ended_jobs(
        &self,
        wanted: &Wanted,
        before: Option<JobId>,
        limit: u32,
    ) -> Result<Page, JournalError> {
        self.read(|connection| history::page(connection, wanted, before, limit, self.now_ms()))
    }
    /// Ended jobs that are kept no longer, the oldest first: those that ended before
    /// `ended_before_ms`, and the oldest beyond `most_objects` objects in all. None that may
    /// still have an upload on a server.
    pub fn expired_jobs(
        &self,
        ended_before_ms: Option<i64>,
        most_objects: Option<u64>,
    ) -> Result<Vec<JobId>, JournalError> {
        self.read(|connection| history::expired(connection, ended_before_ms, most_objects))
    }
    /// Verdicts of a job counted, and its first obstacle.
    pub fn outcome(&self, job: JobId) -> Result<Outcome, JournalError> {
        self.read(|connection| outcome::of_job(connection, job))
    }
    /// Whether a transfer of the job waits for an archived source that was asked back.
    pub fn restores_waited_for(&self, job: JobId) -> Result<bool, JournalError> {
        self.read(|connection| restore::is_waited_for(connection, job))
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

    /// Jobs that some process drives at `now_ms` and that want to run, in the order of the queue.
    pub fn contenders(&self, now_ms: i64) -> Result<Vec<Contender>, JournalError> {
        self.read(|connection| queue::contenders(connection, now_ms))
    }
    /// Gives a job its turn if `may` says so of all that contend for one; `false` if not, or if
    /// `holder` no longer has its lease. Decided and written in one transaction, so that two
    /// processes never take the same turn.
    pub fn take_turn(
        &self,
        job: JobId,
        holder: &str,
        now_ms: i64,
        may: impl FnOnce(&[Contender]) -> bool + Send + 'static,
    ) -> Result<bool, JournalError> {
        let holder = holder.to_owned();
        self.transact(Durability::Grouped, move |connection| {
            queue::take_turn(connection, job, &holder, now_ms, may)
        })
    }

    /// Uploads the user wants gone and that may still be there, the longest wanted first.
    pub fn aborts(&self) -> Result<Vec<AbortRow>, JournalError> {
        self.read(abort::all)
    }
    /// Transfers of any job whose upload has this id.
    pub fn transfers_with_upload(
        &self,
        upload_id: &UploadId,
    ) -> Result<Vec<TransferRow>, JournalError> {
        self.read(|connection| transfer::with_upload(connection, upload_id))
    }
    /// Transfers of any job that meant to open an upload for this key and never learned its id.
    pub fn transfers_missing_upload(
        &self,
        destination_key: &Key,
    ) -> Result<Vec<TransferRow>, JournalError> {
        self.read(|connection| transfer::missing_upload(connection, destination_key))
    }

    /// Transfers of a job that were answered and have not come to it yet.
    pub fn decided(&self, job: JobId) -> Result<Vec<TransferId>, JournalError> {
        self.read(|connection| decision::of_job(connection, job))
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
        committed
            .recv()
            .unwrap_or_else(|_| Err(JournalError::closed()))?;
        let mut answer = answer.lock().unwrap_or_else(PoisonError::into_inner);
        answer.take().ok_or_else(JournalError::closed)
    }

    fn enqueue(&self, submission: Submission) {
        match &self.desk.access {
            Access::Thread { writing, .. } => {
                let sent = match locked(writing).as_ref() {
                    Some(writing) => writing.queue.send(submission),
                    None => Err(mpsc::SendError(submission)),
                };
                if let Err(mpsc::SendError(refused)) = sent {
                    (refused.done)(Err(JournalError::closed()));
                }
            }
            Access::Inline(inline) => inline.commit(submission),
        }
    }

    fn read<T>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, Trouble>,
    ) -> Result<T, JournalError> {
        let answer = match &self.desk.access {
            Access::Thread { readers, .. } => readers.read(query),
            Access::Inline(inline) => inline.read(query),
        };
        answer.map_err(|trouble| {
            if trouble.is_corrupt() {
                self.desk.shared.damaged.store(true, Ordering::Relaxed);
            }
            trouble.at(&self.desk.path)
        })
    }

    fn now_ms(&self) -> i64 {
        self.desk.clock.now_ms()
    }
}

impl Access {
    fn thread(path: &Path, writer: Writer) -> Result<Self, JournalError> {
        let (queue, submissions) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || writer.run(&submissions))
            .map_err(|error| JournalError::Sqlite(format!("no thread to write with: {error}")))?;
        Ok(Self::Thread {
            readers: Readers::new(path.to_owned()),
            writing: Mutex::new(Some(Writing { queue, thread })),
        })
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Journal").field(&self.desk.path).finish()
    }
}

impl Desk {
    fn close(&self) {
        self.shared.closing.store(true, Ordering::Relaxed);
        // An inline writer leaves by its own drop.
        let Access::Thread { readers, writing } = &self.access else {
            return;
        };
        readers.close();
        let Some(Writing { queue, thread }) = locked(writing).take() else {
            return;
        };
        drop(queue);
        // A callback may have held the last handle: a thread cannot wait for itself.
        if thread.thread().id() != thread::current().id() && thread.join().is_err() {
            tracing::error!("the journal's writer panicked");
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.close();
    }
}

fn locked(writing: &Mutex<Option<Writing>>) -> MutexGuard<'_, Option<Writing>> {
    writing.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
