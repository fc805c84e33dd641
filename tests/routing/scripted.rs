//! A wire that answers from a script and remembers what was sent.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use partway_domain::{Account, AccountId, Addressing, DialectName, Failure};
use partway_engine::transport::{Transport, TransportError};
use partway_engine::{Answer, Engine, EngineConfig};
use partway_journal::Journal;
use partway_protocol::credential::Credential;
use partway_protocol::op::Operation;
use partway_protocol::wire::{Request, Response};
use partway_tests::Wall;
use partway_tests::machine::Purse;
use tempfile::TempDir;

/// What comes back for a request.
pub(crate) type Reply = Result<Response, TransportError>;

pub(crate) type Script = dyn Fn(&Request) -> Reply + Send + Sync;

/// Answers each request with the next line of its script, the last one for ever.
pub(crate) struct Scripted {
    lines: Mutex<VecDeque<Box<Script>>>,
    sent: Mutex<Vec<Request>>,
}

impl std::fmt::Debug for Scripted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Scripted")
    }
}

#[async_trait]
impl Transport for Scripted {
    async fn send(&self, request: Request, _: Duration) -> Reply {
        let reply = {
            let mut lines = self.lines.lock().unwrap();
            let reply = lines.front().expect("a line")(&request);
            if lines.len() > 1 {
                lines.pop_front();
            }
            reply
        };
        self.sent.lock().unwrap().push(request);
        reply
    }
}

/// An answer.
#[allow(clippy::unnecessary_wraps, reason = "it stands beside `silence`")]
pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
    Ok(Response {
        status,
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: body.as_bytes().to_vec(),
    })
}

/// An error body.
pub(crate) fn error(code: &str, more: &str) -> String {
    format!("<Error><Code>{code}</Code><Message>in words</Message>{more}</Error>")
}

/// Nobody answers.
pub(crate) fn silence(request: &Request) -> Reply {
    Err(TransportError::Unreachable {
        host: request.host.clone(),
        reason: "nobody is there".to_owned(),
    })
}

/// One account whose wire follows a script.
pub(crate) struct Scene {
    pub(crate) engine: Engine,
    pub(crate) account: Account,
    pub(crate) wall: Arc<Wall>,
    wire: Arc<Scripted>,
    _folder: TempDir,
}

impl Scene {
    pub(crate) fn new(
        dialect: DialectName,
        endpoint: &str,
        region: &str,
        lines: Vec<Box<Script>>,
    ) -> Self {
        let folder = TempDir::new().expect("a folder");
        let account = Account {
            id: AccountId("one".to_owned()),
            name: "one".to_owned(),
            dialect,
            endpoint: endpoint.to_owned(),
            region: region.to_owned(),
            addressing: Addressing::VirtualHost,
            masked_key_id: String::new(),
            named_buckets: Vec::new(),
            demo: false,
            fallback_domain: false,
        };
        let purse = Arc::new(Purse::default());
        purse.put(account.id.clone(), credential("SECRETONE"));
        let wire = Arc::new(Scripted {
            lines: Mutex::new(lines.into()),
            sent: Mutex::default(),
        });
        let wall = Arc::new(Wall::default());
        let engine = Engine::new(EngineConfig {
            journal: Journal::open(folder.path()).expect("it opens").journal,
            secrets: purse,
            transport: Arc::clone(&wire) as Arc<dyn Transport>,
            clock: Arc::clone(&wall) as Arc<dyn partway_engine::clock::Clock>,
            chance: Arc::new(partway_engine::chance::SystemChance),
            holder: partway_engine::lease::holder(),
            jobs_at_once: 1,
            requests_per_endpoint: 8,
        });
        Self {
            engine,
            account,
            wall,
            wire,
            _folder: folder,
        }
    }

    pub(crate) fn with_fallback(mut self) -> Self {
        self.account.fallback_domain = true;
        self
    }

    pub(crate) async fn call<O: Operation>(
        &self,
        operation: &O,
    ) -> Result<Answer<O::Output>, Failure> {
        self.engine.call(&self.account, None, operation).await
    }

    /// Everything sent so far.
    pub(crate) fn sent(&self) -> Vec<Request> {
        self.wire.sent.lock().unwrap().clone()
    }

    /// The hosts of everything sent so far.
    pub(crate) fn hosts(&self) -> Vec<String> {
        self.sent()
            .into_iter()
            .map(|request| request.host)
            .collect()
    }
}

pub(crate) fn credential(secret: &str) -> Credential {
    Credential {
        access_key: "AKEXAMPLE".to_owned(),
        secret_key: secret.to_owned(),
        token: Some("TOKENEXAMPLE".to_owned()),
    }
}
