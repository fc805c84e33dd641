//! The disk under the journal: what was not synced may be gone after a power cut.
//!
//! SQLite's own files lie on memory-backed storage where there is one. Each durable commit marks
//! how much of the write-ahead log is safe. A power cut keeps a part of what follows the mark, or
//! writes rubbish over it; SQLite's checksums then end the log at the last whole commit.

use std::fs::{self, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use partway_journal::options::{Committed, WriterKind};
use partway_journal::{Durability, Journal, JournalClock, JournalError, JournalOptions};
use tempfile::TempDir;

use crate::dice::Dice;
use crate::world::accounts;

/// Where a thread keeps the journals of its seeds, one after the other.
#[derive(Debug)]
pub struct Desk {
    folder: TempDir,
    /// A journal with nothing in it but the accounts.
    template: Vec<u8>,
}

impl Desk {
    /// Makes one, with a template that knows the user's accounts.
    pub fn new() -> io::Result<Self> {
        let memory = Path::new("/dev/shm");
        let mut builder = tempfile::Builder::new();
        builder.prefix("partway-simulation-");
        let folder = if memory.is_dir() {
            builder.tempdir_in(memory).or_else(|_| builder.tempdir())?
        } else {
            builder.tempdir()?
        };
        let first = folder.path().join("template");
        let failed = |error: JournalError| io::Error::other(error);
        let journal = Journal::open(&first).map_err(failed)?.journal;
        for account in accounts() {
            journal.put_account(&account).map_err(failed)?;
        }
        drop(journal);
        let template = fs::read(first.join(FILE))?;
        Ok(Self { folder, template })
    }

    /// A disk with a fresh journal; the one before it is no more.
    pub(crate) fn disk(&self) -> io::Result<Disk> {
        let folder = self.folder.path().join("journal");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir(&folder)?;
        fs::write(folder.join(FILE), &self.template)?;
        Ok(Disk {
            folder,
            synced: Arc::default(),
        })
    }
}

/// No life writes more often; whoever does goes round in circles, perhaps without ever letting
/// time pass.
const MOST_COMMITS: u64 = 50_000;

const FILE: &str = "partway.sqlite3";

/// The disk of one seed.
#[derive(Debug)]
pub(crate) struct Disk {
    folder: PathBuf,
    /// Bytes of the log that are safe.
    synced: Arc<AtomicU64>,
}

impl Disk {
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Opens the journal as a new process does.
    pub(crate) fn open(&self, clock: JournalClock) -> Result<Journal, JournalError> {
        let (log, synced) = (self.log(), Arc::clone(&self.synced));
        // What a process finds on the disk has been there.
        synced.store(length(&log), Ordering::Relaxed);
        let commits = AtomicU64::new(0);
        let committed: Committed = Arc::new(move |durability| {
            let number = commits.fetch_add(1, Ordering::Relaxed);
            assert!(number < MOST_COMMITS, "the journal is written without end");
            if durability == Durability::Durable {
                synced.store(length(&log), Ordering::Relaxed);
            }
        });
        let options = JournalOptions {
            writer: WriterKind::Inline(Some(committed)),
            clock,
        };
        Journal::open_with(&self.folder, options).map(|opened| opened.journal)
    }

    /// The power is cut; nothing has the journal open. Returns whether anything was lost.
    pub(crate) fn cut_power(&self, dice: &mut Dice) -> io::Result<bool> {
        let log = self.log();
        fs::remove_file(self.folder.join(format!("{FILE}-shm"))).ok();
        let (synced, end) = (self.synced.load(Ordering::Relaxed), length(&log));
        if end <= synced {
            return Ok(false);
        }
        let kept = dice.between(synced, end);
        let mut file = OpenOptions::new().write(true).open(&log)?;
        if dice.happens(0.3) {
            let rubbish: Vec<u8> = (kept..end).map(|_| dice.bits().to_le_bytes()[0]).collect();
            file.seek(SeekFrom::Start(kept))?;
            file.write_all(&rubbish)?;
        } else {
            file.set_len(kept)?;
        }
        Ok(kept < end)
    }

    fn log(&self) -> PathBuf {
        self.folder.join(format!("{FILE}-wal"))
    }
}

fn length(file: &Path) -> u64 {
    fs::metadata(file).map_or(0, |found| found.len())
}
