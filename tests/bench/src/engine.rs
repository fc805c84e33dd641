//! One copy by the engine as it is, asked what no look from outside can tell: how often it
//! committed, and what it takes where a commit costs nothing.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use partway_domain::{
    Account, AccountId, Addressing, Bucket, CopyOptions, DialectName, JobKind, Key, Prefix, State,
};
use partway_engine::chance::SystemChance;
use partway_engine::clock::SystemClock;
use partway_engine::secret::{Kept, SecretError, SecretStore};
use partway_engine::transport::HttpTransport;
use partway_engine::{CopyRequest, CopySelection, Engine, EngineConfig, ObjectRef, Place};
use partway_journal::Journal;
use partway_protocol::credential::Credential;
use serde::{Deserialize, Serialize};

use crate::stub::PART;

/// What a copy took.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Told {
    /// Seconds from the start of the job to its end.
    pub(crate) wall: f64,
    /// Commits of the journal within them.
    pub(crate) commits: u64,
}

impl Told {
    /// What a run with its journal in this folder told.
    pub(crate) fn read(folder: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(folder.join(FILE)).map_err(|error| error.to_string())?;
        serde_json::from_str(&text).map_err(|error| error.to_string())
    }
}

const FILE: &str = "told.json";

/// `engine URL FOLDER AT_ONCE`: a journal in the folder, one copy, and beside the journal a file
/// with what it took.
pub(crate) fn command(words: &[&str]) -> Result<(), String> {
    let [url, folder, at_once] = words else {
        return Err("engine wants URL, FOLDER and AT_ONCE".to_owned());
    };
    let at_once = at_once
        .parse()
        .map_err(|_| format!("{at_once} is no number"))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let told = runtime.block_on(copy(url, Path::new(folder), at_once))?;
    let text = serde_json::to_string(&told).map_err(|error| error.to_string())?;
    fs::write(Path::new(folder).join(FILE), text).map_err(|error| error.to_string())
}

async fn copy(url: &str, folder: &Path, at_once: u32) -> Result<Told, String> {
    let opened = Journal::open(folder).map_err(|error| error.to_string())?;
    let journal = opened.journal;
    let account = account(url);
    let kept = journal.put_account(&account);
    kept.map_err(|error| error.to_string())?;
    let transport = HttpTransport::new().map_err(|error| error.to_string())?;
    let engine = Engine::new(EngineConfig {
        journal: journal.clone(),
        secrets: Arc::new(Purse),
        transport: Arc::new(transport),
        clock: Arc::new(SystemClock),
        chance: Arc::new(SystemChance),
        holder: partway_engine::lease::holder(),
        jobs_at_once: 1,
        requests_per_endpoint: 256,
    });
    let (begun, before) = (Instant::now(), journal.commits());
    let job = engine.start(&request(&account.id, at_once)).await;
    let job = job.map_err(|failure| failure.to_string())?;
    engine.wait(job).await;
    let told = Told {
        wall: begun.elapsed().as_secs_f64(),
        commits: journal.commits() - before,
    };
    let transfers = journal
        .transfers(job, None, 1)
        .map_err(|error| error.to_string())?;
    match transfers.first() {
        Some(transfer) if transfer.state == State::Done => Ok(told),
        other => Err(format!("the copy is not done: {other:?}")),
    }
}

fn request(account: &AccountId, at_once: u32) -> CopyRequest {
    let place = |word: &str| Place {
        account: account.clone(),
        bucket: Bucket::parse(word).expect("a bucket name"),
        region: None,
        prefix: Prefix::root(),
    };
    CopyRequest {
        source: place("source"),
        kind: JobKind::Copy,
        selection: CopySelection {
            objects: vec![ObjectRef {
                key: Key::parse("big").expect("a key"),
                version: None,
                rename: None,
            }],
            prefixes: Vec::new(),
        },
        destination: place("target"),
        options: CopyOptions {
            part_size: Some(PART),
            parts_at_once: at_once,
            ..CopyOptions::default()
        },
        refuse_existing: true,
    }
}

fn account(url: &str) -> Account {
    Account {
        id: AccountId("bench".to_owned()),
        name: "bench".to_owned(),
        dialect: DialectName::S3,
        endpoint: url.to_owned(),
        region: "us-east-1".to_owned(),
        addressing: Addressing::Path,
        masked_key_id: String::new(),
        named_buckets: Vec::new(),
        demo: false,
        fallback_domain: false,
    }
}

/// A key pair that the server believes like any other.
#[derive(Debug)]
struct Purse;

impl SecretStore for Purse {
    fn load(&self, _: &AccountId) -> Result<Option<Credential>, SecretError> {
        Ok(Some(Credential {
            access_key: crate::race::ACCESS_KEY.to_owned(),
            secret_key: crate::race::SECRET_KEY.to_owned(),
            token: None,
        }))
    }

    fn save(&self, _: &AccountId, _: &Credential) -> Result<Kept, SecretError> {
        Ok(Kept::Keyring)
    }

    fn remove(&self, _: &AccountId) -> Result<(), SecretError> {
        Ok(())
    }
}
