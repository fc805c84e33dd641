//! A whole copy by the production engine: journal, limiter, signer, decoders and driver.
//!
//! The cloud is in the process, too, and the clock is tokio's paused one: a request takes twenty
//! milliseconds that nobody waits for. What the cloud does is not counted: callgrind stops at
//! [`beyond_the_wire`] and goes on behind it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::FutureExt;
use partway_democloud::{InProcess, Provider, Sample, Simulation};
use partway_domain::{
    Account, AccountId, Addressing, CopyOptions, DialectName, JobKind, Prefix, State,
};
use partway_engine::chance::SystemChance;
use partway_engine::clock::Clock;
use partway_engine::secret::{Kept, SecretError, SecretStore};
use partway_engine::transport::{Transport, TransportError};
use partway_engine::{CopyRequest, CopySelection, Engine, EngineConfig, ObjectRef, Place};
use partway_journal::options::WriterKind;
use partway_journal::{Journal, JournalClock, JournalOptions};
use partway_protocol::credential::Credential;
use partway_protocol::wire::{Request, Response};
use tempfile::TempDir;
use tokio::time::Instant;

use super::place::{bucket, key};

/// Parts of a copy.
const PARTS: u64 = 1_000;

/// Bytes of a part.
const PART: u64 = 128 << 20;

const AT_ONCE: u32 = 64;

const LATENCY: Duration = Duration::from_millis(20);

const BEGINNING_MS: i64 = 1_790_000_000_000;

pub(crate) fn copies(rounds: u32) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let desk = Desk::new();
        let engine = desk.engine();
        for round in 0..rounds {
            let request = desk.request(round);
            let job = engine.start(&request).await.expect("the job starts");
            engine.wait(job).await;
            let transfers = engine.journal().transfers(job, None, 1);
            let transfers = transfers.expect("its transfer");
            assert_eq!(transfers[0].state, State::Done, "{:?}", transfers[0]);
        }
    });
}

/// The cloud, and the computer beside it.
struct Desk {
    cloud: InProcess,
    time: Arc<Time>,
    folder: TempDir,
    account: Account,
    credential: Credential,
}

impl Desk {
    fn new() -> Self {
        let time = Arc::new(Time(Instant::now()));
        let clock = Arc::clone(&time);
        let cloud = InProcess::open(Simulation::new(1, move || clock.now_ms()));
        for word in ["datasets", "backup"] {
            cloud.make_bucket(Provider::S3, bucket(word).as_str());
        }
        let sample = Sample {
            size: PARTS * PART,
            content: Some(1),
            ..Sample::default()
        };
        let source = bucket("datasets");
        cloud.put_sample(Provider::S3, source.as_str(), key().as_str(), sample);
        let endpoint = cloud.endpoints().of(Provider::S3);
        Self {
            account: Account {
                id: AccountId("account".to_owned()),
                name: "account".to_owned(),
                dialect: DialectName::S3,
                endpoint: endpoint.url.clone(),
                region: endpoint.region.clone(),
                addressing: Addressing::Path,
                masked_key_id: String::new(),
                named_buckets: Vec::new(),
                demo: true,
                fallback_domain: false,
            },
            credential: Credential {
                access_key: endpoint.access_key.clone(),
                secret_key: endpoint.secret_key.clone(),
                token: None,
            },
            folder: tempfile::tempdir().expect("a folder for the journal"),
            time,
            cloud,
        }
    }

    fn engine(&self) -> Engine {
        let time = Arc::clone(&self.time);
        let options = JournalOptions {
            writer: WriterKind::Inline(None),
            clock: JournalClock::new(move || time.now_ms()),
        };
        let journal = Journal::open_with(self.folder.path(), options);
        let journal = journal.expect("the journal opens").journal;
        let kept = journal.put_account(&self.account);
        kept.expect("the account is kept");
        Engine::new(EngineConfig {
            journal,
            secrets: Arc::new(Purse(self.credential.clone())),
            transport: Arc::new(Wire(self.cloud.clone())),
            clock: self.time.clone(),
            chance: Arc::new(SystemChance),
            holder: "gate/1/counted".to_owned(),
            jobs_at_once: 1,
            requests_per_endpoint: AT_ONCE as usize,
        })
    }

    fn request(&self, round: u32) -> CopyRequest {
        let place = |word| Place {
            account: self.account.id.clone(),
            bucket: bucket(word),
            region: None,
            prefix: Prefix::root(),
        };
        CopyRequest {
            source: place("datasets"),
            kind: JobKind::Copy,
            selection: CopySelection {
                objects: vec![ObjectRef {
                    key: key(),
                    version: None,
                    rename: Some(format!("copies/{round}")),
                }],
                prefixes: Vec::new(),
            },
            destination: place("backup"),
            options: CopyOptions {
                part_size: Some(PART),
                parts_at_once: AT_ONCE,
                ..CopyOptions::default()
            },
            refuse_existing: true,
        }
    }
}

/// The time of the cloud and of the computer.
#[derive(Debug)]
struct Time(Instant);

impl Clock for Time {
    fn now_ms(&self) -> i64 {
        BEGINNING_MS + i64::try_from(self.0.elapsed().as_millis()).unwrap_or(i64::MAX)
    }
}

/// One credential for everything.
#[derive(Debug)]
struct Purse(Credential);

impl SecretStore for Purse {
    fn load(&self, _: &AccountId) -> Result<Option<Credential>, SecretError> {
        Ok(Some(self.0.clone()))
    }

    fn save(&self, _: &AccountId, _: &Credential) -> Result<Kept, SecretError> {
        Ok(Kept::Keyring)
    }

    fn remove(&self, _: &AccountId) -> Result<(), SecretError> {
        Ok(())
    }
}

/// A way to the cloud that takes time, but nobody's.
#[derive(Debug)]
struct Wire(InProcess);

#[async_trait]
impl Transport for Wire {
    async fn send(&self, request: Request, _: Duration) -> Result<Response, TransportError> {
        tokio::time::sleep(LATENCY).await;
        Ok(beyond_the_wire(&self.0, &request))
    }
}

/// What the cloud does, and turning our values into its own and back. A function by itself in
/// the program, because callgrind knows it by its name.
#[inline(never)]
fn beyond_the_wire(cloud: &InProcess, request: &Request) -> Response {
    let mut builder = http::Request::builder()
        .method(request.method.as_str())
        .uri(request.target())
        .header("host", &request.host);
    for (name, value) in &request.headers {
        if name != "host" {
            builder = builder.header(name, value.as_bytes());
        }
    }
    let sent = builder.body(Bytes::from(request.body.clone()));
    let sent = sent.expect("the engine sends what can be sent");
    // A cloud without faults and delays answers at once.
    let answer = cloud.answer(Provider::S3, sent).now_or_never();
    let (head, body) = answer.flatten().expect("an answer").into_parts();
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = head.headers.iter();
    Response {
        status: head.status.as_u16(),
        headers: headers
            .map(|(name, value)| (name.as_str().to_owned(), text(value)))
            .collect(),
        body: body.to_vec(),
    }
}
