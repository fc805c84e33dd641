//! A computer with a journal on which engines are started, killed and started again.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use jiff::tz::TimeZone;
use partway_domain::{Account, AccountId, CopyOptions, DialectName, JobId, Key, Prefix};
use partway_engine::clock::{Clock, SystemClock};
use partway_engine::secret::{Kept, SecretError, SecretStore};
use partway_engine::transport::{HttpTransport, Transport};
use partway_engine::{CopyRequest, CopySelection, CutOff, Engine, EngineConfig, ObjectRef, Place};
use partway_journal::Journal;
use partway_journal::table::job::JobRow;
use partway_journal::table::transfer::TransferRow;
use partway_protocol::credential::Credential;
use tempfile::TempDir;

use crate::cloud::{Cloud, bucket};

/// Credentials in memory.
#[derive(Debug, Default)]
pub struct Purse(Mutex<HashMap<AccountId, Credential>>);

impl Purse {
    /// Puts a credential in.
    pub fn put(&self, account: AccountId, credential: Credential) {
        self.0.lock().unwrap().insert(account, credential);
    }
}

impl SecretStore for Purse {
    fn load(&self, account: &AccountId) -> Result<Option<Credential>, SecretError> {
        Ok(self.0.lock().unwrap().get(account).cloned())
    }

    fn save(&self, account: &AccountId, credential: &Credential) -> Result<Kept, SecretError> {
        self.put(account.clone(), credential.clone());
        Ok(Kept::Keyring)
    }

    fn remove(&self, account: &AccountId) -> Result<(), SecretError> {
        self.0.lock().unwrap().remove(account);
        Ok(())
    }
}

/// The computer's clock, which a test may put forward.
#[derive(Debug, Default)]
pub struct Wall(AtomicI64);

impl Wall {
    /// Puts it forward (or back).
    pub fn shift_ms(&self, by: i64) {
        self.0.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for Wall {
    fn now_ms(&self) -> i64 {
        SystemClock.now_ms() + self.0.load(Ordering::SeqCst)
    }

    fn zone(&self) -> TimeZone {
        TimeZone::UTC
    }
}

/// A computer: folder, secrets, clock.
#[derive(Debug)]
pub struct Machine {
    /// Where the journal is.
    pub folder: TempDir,
    /// Its secrets.
    pub purse: Arc<Purse>,
    /// Its clock.
    pub wall: Arc<Wall>,
}

impl Machine {
    /// A new one that knows the demo cloud's accounts.
    pub fn new(cloud: &Cloud) -> Self {
        Self::knowing(
            DialectName::ALL.map(|dialect| (cloud.account(dialect), cloud.credential(dialect))),
        )
    }

    /// A new one that knows these accounts.
    pub fn knowing(accounts: impl IntoIterator<Item = (Account, Credential)>) -> Self {
        let machine = Self {
            folder: TempDir::new().expect("a folder for the journal"),
            purse: Arc::default(),
            wall: Arc::default(),
        };
        let journal = machine.journal();
        for (account, credential) in accounts {
            journal.put_account(&account).expect("the account is kept");
            machine.purse.put(account.id, credential);
        }
        machine
    }

    /// Opens the journal.
    pub fn journal(&self) -> Journal {
        Journal::open(self.folder.path())
            .expect("the journal opens")
            .journal
    }

    /// Starts an engine as a new process would.
    pub fn engine(&self) -> Engine {
        self.engine_over(transport())
    }

    /// As `engine`, over another wire.
    pub fn engine_over(&self, transport: Arc<dyn Transport>) -> Engine {
        Engine::new(self.config(transport))
    }

    /// As `engine`, with a place to die at.
    pub fn engine_dying(&self, transport: Arc<dyn Transport>, cut_off: Arc<dyn CutOff>) -> Engine {
        Engine::with_cut_off(self.config(transport), cut_off)
    }

    fn config(&self, transport: Arc<dyn Transport>) -> EngineConfig {
        EngineConfig {
            journal: self.journal(),
            secrets: self.purse.clone(),
            transport,
            clock: self.wall.clone(),
            chance: Arc::new(partway_engine::chance::SystemChance),
            holder: partway_engine::lease::holder(),
            jobs_at_once: 4,
            requests_per_endpoint: 64,
        }
    }
}

/// The real wire.
pub fn transport() -> Arc<dyn Transport> {
    Arc::new(HttpTransport::new().expect("the transport is made"))
}

/// A request to copy one example object, by the first words of its buckets.
pub fn copy_request(
    cloud: &Cloud,
    dialect: DialectName,
    (from_bucket, from_key): (&str, &str),
    (to_bucket, to_key): (&str, &str),
) -> CopyRequest {
    let account = cloud.account(dialect).id;
    let place = |word| Place {
        account: account.clone(),
        bucket: bucket(dialect, word),
        region: None,
        prefix: Prefix::root(),
    };
    CopyRequest {
        source: place(from_bucket),
        kind: partway_domain::JobKind::Copy,
        selection: CopySelection {
            objects: vec![ObjectRef {
                key: Key::parse(from_key).expect("a key"),
                version: None,
                rename: Some(to_key.to_owned()),
            }],
            prefixes: Vec::new(),
        },
        destination: place(to_bucket),
        options: CopyOptions::default(),
        refuse_existing: true,
    }
}

/// The job and its only transfer.
pub fn look(engine: &Engine, job: JobId) -> (JobRow, TransferRow) {
    let journal = engine.journal();
    let row = journal.job(job).expect("the job is there");
    let mut transfers = journal.transfers(job, None, 2).expect("its transfers");
    assert_eq!(transfers.len(), 1, "one object, one transfer");
    (row, transfers.remove(0))
}
