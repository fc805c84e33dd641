//! The computer sleeps in the middle of a request.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use partway_domain::{AccountId, DialectName};
use partway_engine::secret::{Kept, SecretError, SecretStore};
use partway_engine::transport::{Transport, TransportError};
use partway_engine::{Engine, EngineConfig};
use partway_journal::Journal;
use partway_protocol::credential::Credential;
use partway_protocol::op::ListBuckets;
use partway_protocol::wire::{Request, Response};
use partway_tests::Wall;

use crate::scripted::{Scene, Script, credential};

/// Never answers what was sent before the connections were forgotten.
#[derive(Debug, Default)]
struct Dead {
    sent: AtomicUsize,
    forgotten: AtomicUsize,
}

#[async_trait]
impl Transport for Dead {
    async fn send(&self, _: Request, deadline: Duration) -> Result<Response, TransportError> {
        self.sent.fetch_add(1, Ordering::SeqCst);
        if self.forgotten.load(Ordering::SeqCst) == 0 {
            tokio::time::sleep(deadline).await;
            return Err(TransportError::Deadline {
                host: "dead".to_owned(),
                after: deadline,
            });
        }
        let none = "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>";
        Ok(Response {
            status: 200,
            headers: Vec::new(),
            body: none.as_bytes().to_vec(),
        })
    }

    fn forget_connections(&self) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
    }
}

/// Counts how often it was asked.
#[derive(Debug, Default)]
struct Counting(AtomicUsize);

impl SecretStore for Counting {
    fn load(&self, _: &AccountId) -> Result<Option<Credential>, SecretError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(Some(credential("SECRETONE")))
    }

    fn save(&self, _: &AccountId, _: &Credential) -> Result<Kept, SecretError> {
        Ok(Kept::Keyring)
    }

    fn remove(&self, _: &AccountId) -> Result<(), SecretError> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_sleep_everything_is_made_anew_and_goes_on() {
    let idle: Vec<Box<Script>> = Vec::new();
    let account = Scene::new(DialectName::S3, "http://127.0.0.1:9", "r-1", idle).account;
    let folder = tempfile::TempDir::new().unwrap();
    let (wire, purse, wall) = (
        Arc::new(Dead::default()),
        Arc::new(Counting::default()),
        Arc::new(Wall::default()),
    );
    let engine = Engine::new(EngineConfig {
        journal: Journal::open(folder.path()).unwrap().journal,
        secrets: purse.clone(),
        transport: wire.clone(),
        clock: wall.clone(),
        chance: Arc::new(partway_engine::chance::SystemChance),
        holder: partway_engine::lease::holder(),
        jobs_at_once: 1,
        requests_per_endpoint: 8,
    });
    let list = ListBuckets { cursor: None };
    let waiting = tokio::spawn({
        let (engine, account, list) = (engine.clone(), account.clone(), list.clone());
        async move { engine.call(&account, None, &list).await }
    });
    while wire.sent.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    wall.shift_ms(8 * 3600 * 1000);
    let begun = tokio::time::Instant::now();
    // Whoever asks next notices; what hung is sent anew.
    engine.call(&account, None, &list).await.expect("an answer");
    waiting.await.unwrap().expect("the same for the first");
    assert!(
        begun.elapsed() < Duration::from_secs(2),
        "no deadline was waited for"
    );
    assert_eq!(wire.forgotten.load(Ordering::SeqCst), 1);
    assert_eq!(
        purse.0.load(Ordering::SeqCst),
        2,
        "the credential is read anew"
    );

    engine.call(&account, None, &list).await.expect("an answer");
    assert_eq!(
        wire.forgotten.load(Ordering::SeqCst),
        1,
        "once for each sleep"
    );
}
