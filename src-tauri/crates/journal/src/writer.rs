//! Whoever writes, and how the writing thread shares a commit among many.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::batch::Batch;
use crate::change::{Change, Durability};
use crate::error::{JournalError, Trouble};
use crate::open::Ready;
use crate::options::JournalClock;
use crate::sentinel::Sentinel;

/// How long grouped changes wait for company.
const LINGER: Duration = Duration::from_millis(4);
/// How often it is looked who has come meanwhile: whoever is in a hurry waits no longer than this.
const GLANCE: Duration = Duration::from_millis(1);
/// How many changes are company enough.
const COMPANY: usize = 256;
/// How many queued changes one transaction takes at most, so that none holds the lock long.
const MOST: usize = 4_096;
/// How often a waiting writer says so.
const GRUMBLE: Duration = Duration::from_secs(5);
/// How long a closing writer waits for another process before it gives up.
const LAST_WAIT: Duration = Duration::from_secs(30);

/// What is asked of the writer.
pub(crate) struct Submission {
    pub(crate) work: Work,
    pub(crate) durability: Durability,
    pub(crate) done: Done,
}

pub(crate) type Done = Box<dyn FnOnce(Result<(), JournalError>) + Send>;
pub(crate) type Query = Box<dyn FnOnce(&Connection) -> Result<(), Trouble> + Send>;

pub(crate) enum Work {
    Changes(Vec<Change>),
    Query(Query),
}

impl Work {
    fn weight(&self) -> usize {
        match self {
            Self::Changes(changes) => changes.len(),
            Self::Query(_) => 1,
        }
    }
}

/// What the writer and its handles both see.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub(crate) commits: AtomicU64,
    /// Every handle is gone: waiting has an end.
    pub(crate) closing: AtomicBool,
    /// SQLite found the file damaged: the next start must look.
    pub(crate) damaged: AtomicBool,
}

pub(crate) struct Writer {
    path: PathBuf,
    connection: Connection,
    sentinel: Sentinel,
    clock: JournalClock,
    shared: Arc<Shared>,
    /// What `PRAGMA synchronous` was last set for.
    synchronous: Option<Durability>,
}

impl Writer {
    pub(crate) fn new(ready: Ready, clock: JournalClock, shared: Arc<Shared>) -> Self {
        Self {
            path: ready.path,
            connection: ready.writer,
            sentinel: ready.sentinel,
            clock,
            shared,
            synchronous: None,
        }
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Works until every handle is gone and everything they asked is committed.
    pub(crate) fn run(mut self, submissions: &Receiver<Submission>) {
        while let Ok(first) = submissions.recv() {
            let group = gather(first, submissions);
            for (done, result) in self.commit(group) {
                self.answer(done, result);
            }
        }
        self.close();
    }

    /// Commits a group and says what became of each, in the order they were given.
    pub(crate) fn commit(
        &mut self,
        group: Vec<Submission>,
    ) -> Vec<(Done, Result<(), JournalError>)> {
        let durability = group.iter().map(|one| one.durability).max();
        let (works, callbacks): (Vec<_>, Vec<_>) =
            group.into_iter().map(|one| (one.work, one.done)).unzip();
        let outcome = self
            .synchronize(durability)
            .and_then(|()| self.transact(works));
        match outcome {
            Ok(results) => {
                self.shared.commits.fetch_add(1, Ordering::Relaxed);
                callbacks.into_iter().zip(results).collect()
            }
            Err(trouble) => {
                let error = trouble.at(&self.path);
                // A full disk is told by whoever waits for it; here it would be told each time.
                if !matches!(error, JournalError::Unwritable { .. }) {
                    tracing::error!(%error, "a commit failed");
                }
                let failed = |done| (done, Err(error.clone()));
                callbacks.into_iter().map(failed).collect()
            }
        }
    }

    /// Cannot be changed within a transaction, so it is set before.
    fn synchronize(&mut self, durability: Option<Durability>) -> Result<(), Trouble> {
        if durability == self.synchronous {
            return Ok(());
        }
        let word = match durability {
            Some(Durability::Durable) => "FULL",
            Some(Durability::Grouped) | None => "NORMAL",
        };
        self.connection.pragma_update(None, "synchronous", word)?;
        self.synchronous = durability;
        Ok(())
    }

    /// All works in one transaction; one that fails leaves the others untouched.
    fn transact(&self, works: Vec<Work>) -> Result<Vec<Result<(), JournalError>>, Trouble> {
        // Nearly always all of them succeed. A savepoint for each would have SQLite keep a copy of
        // every page that the next one changes too.
        if let Some(changes) = only_changes(&works)
            && self.together(&changes).is_ok()
        {
            return Ok(works.iter().map(|_| Ok(())).collect());
        }
        self.one_by_one(works)
    }

    /// All or nothing.
    fn together(&self, changes: &[&Change]) -> Result<(), Trouble> {
        self.insist("BEGIN IMMEDIATE")?;
        let undone = Undo(&self.connection);
        let mut batch = Batch::new(&self.connection, self.clock.now_ms());
        for change in changes {
            batch.apply(change)?;
        }
        batch.end()?;
        self.insist("COMMIT")?;
        drop(undone);
        Ok(())
    }

    fn one_by_one(&self, works: Vec<Work>) -> Result<Vec<Result<(), JournalError>>, Trouble> {
        self.insist("BEGIN IMMEDIATE")?;
        let undone = Undo(&self.connection);
        let mut results = Vec::with_capacity(works.len());
        for work in works {
            let outcome = self.perform(work);
            if let Err(trouble) = outcome {
                // Some errors end the whole transaction.
                if self.connection.is_autocommit() {
                    return Err(trouble);
                }
                self.connection
                    .execute_batch("ROLLBACK TO one; RELEASE one")?;
                results.push(Err(trouble.at(&self.path)));
            } else {
                results.push(Ok(()));
            }
        }
        self.insist("COMMIT")?;
        drop(undone);
        Ok(results)
    }

    fn perform(&self, work: Work) -> Result<(), Trouble> {
        let connection = &self.connection;
        self.execute("SAVEPOINT one")?;
        match work {
            Work::Changes(changes) => {
                let now_ms = self.clock.now_ms();
                for change in &changes {
                    change.apply(connection, now_ms)?;
                }
            }
            Work::Query(query) => query(connection)?,
        }
        self.execute("RELEASE one")
    }

    fn execute(&self, statement: &str) -> Result<(), Trouble> {
        self.connection.prepare_cached(statement)?.execute([])?;
        Ok(())
    }

    /// Repeats a statement until no other process is in its way.
    fn insist(&self, statement: &str) -> Result<(), Trouble> {
        let begun = Instant::now();
        let mut grumbled = begun;
        loop {
            match self.execute(statement) {
                Err(trouble) if trouble.is_busy() => {
                    let closing = self.shared.closing.load(Ordering::Relaxed);
                    if closing && begun.elapsed() > LAST_WAIT {
                        return Err(trouble);
                    }
                    if grumbled.elapsed() > GRUMBLE {
                        grumbled = Instant::now();
                        tracing::warn!("waiting for another process to let go of the journal");
                    }
                    std::thread::sleep(Duration::from_millis(20));
                }
                outcome => return outcome,
            }
        }
    }

    pub(crate) fn answer(&self, done: Done, result: Result<(), JournalError>) {
        if matches!(result, Err(JournalError::Corrupt { .. })) {
            self.shared.damaged.store(true, Ordering::Relaxed);
        }
        if catch_unwind(AssertUnwindSafe(|| done(result))).is_err() {
            tracing::error!("a callback of the journal panicked");
        }
    }

    /// Leaves one file behind, if no other process has it open.
    fn close(self) {
        let checkpoint = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        if let Err(error) = checkpoint {
            tracing::warn!(%error, "the journal was closed without a checkpoint");
        }
        if let Err((_, error)) = self.connection.close() {
            tracing::warn!(%error, "the journal was not closed properly");
            return;
        }
        if self.shared.damaged.load(Ordering::Relaxed) {
            return;
        }
        if let Err(error) = self.sentinel.close() {
            tracing::warn!(%error, "the next start will check the journal");
        }
    }
}

/// Rolls back whatever was not committed, on every way out.
struct Undo<'a>(&'a Connection);

impl Drop for Undo<'_> {
    fn drop(&mut self) {
        if !self.0.is_autocommit()
            && let Err(error) = self.0.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "a failed commit could not be rolled back");
        }
    }
}

/// The changes of works that can be done again if they fail; `None` if one cannot.
fn only_changes(works: &[Work]) -> Option<Vec<&Change>> {
    let mut all = Vec::with_capacity(works.len());
    for work in works {
        match work {
            Work::Changes(changes) => all.extend(changes),
            Work::Query(_) => return None,
        }
    }
    Some(all)
}

/// Everything that is queued, and a few milliseconds' worth more if nobody is in a hurry.
fn gather(first: Submission, submissions: &Receiver<Submission>) -> Vec<Submission> {
    let begun = Instant::now();
    let mut weight = first.work.weight();
    let mut hurry = first.durability == Durability::Durable;
    let mut group = vec![first];
    loop {
        while weight < MOST
            && let Ok(next) = submissions.try_recv()
        {
            weight += next.work.weight();
            hurry |= next.durability == Durability::Durable;
            group.push(next);
        }
        if hurry || weight >= COMPANY || begun.elapsed() >= LINGER {
            break;
        }
        // Not woken by each that comes: that would cost both sides more than the writing.
        std::thread::sleep(GLANCE);
    }
    group
}
