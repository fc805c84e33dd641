//! A secret that can be recognised is searched for wherever it must not be.

use std::backtrace::Backtrace;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;

use partway_domain::{DialectName, State};
use partway_engine::secret::SecretStore as _;
use partway_engine::transport::{Transport, TransportError};
use partway_protocol::credential::Credential;
use partway_protocol::wire::{Request, Response};
use partway_tests::machine::{copy_request, look};
use partway_tests::{Cloud, Machine};
use tracing_subscriber::fmt::MakeWriter;

const CANARY: &str = "CANARYcanaryCANARYcanary0123456789";
const TOKEN: &str = "TOKENtokenTOKENtokenTOKENtoken";

/// Everything that was traced.
#[derive(Clone, Default)]
struct Traced(Arc<Mutex<Vec<u8>>>);

impl Write for Traced {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Traced {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// The secret and its usual disguises.
fn assert_silent(place: &str, bytes: &[u8]) {
    for secret in [CANARY, TOKEN] {
        let found = bytes
            .windows(secret.len())
            .any(|window| window == secret.as_bytes());
        assert!(!found, "a secret stands in {place}");
    }
}

#[tokio::test]
async fn a_secret_appears_nowhere() {
    let traced = Traced::default();
    let tracing = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(traced.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(tracing);

    for dialect in DialectName::ALL {
        let cloud = Cloud::open().await;
        let machine = Machine::new(&cloud);
        let account = cloud.account(dialect);
        let right = cloud.credential(dialect);
        let engine = machine.engine();
        let request = copy_request(
            &cloud,
            dialect,
            ("datasets", "images/tiles-002.zip"),
            ("backup", "canary.bin"),
        );

        // Wrong secret and a token: every error path with a signature in it.
        machine.purse.put(
            account.id.clone(),
            Credential {
                secret_key: CANARY.to_owned(),
                token: Some(TOKEN.to_owned()),
                ..right.clone()
            },
        );
        let refusal = engine.start(&request).await.unwrap_err();
        assert_silent("a failure", format!("{refusal} {refusal:?}").as_bytes());
        assert_silent("Debug of the engine", format!("{engine:?}").as_bytes());
        let known = machine.purse.load(&account.id).unwrap();
        assert_silent("Debug of a credential", format!("{known:?}").as_bytes());

        // The right secret: a job from beginning to end. It is a canary as well.
        machine.purse.put(account.id.clone(), right.clone());
        engine.forget_credential(&account.id);
        let job = engine.start(&request).await.expect("it starts");
        engine.wait(job).await;
        let (row, transfer) = look(&engine, job);
        assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
        let events = engine.journal().events(job, None, 1000).unwrap();
        let shown = format!("{row:?} {transfer:?} {events:?} {engine:?}");
        assert!(!shown.contains(&right.secret_key));
        assert_silent("rows and events", shown.as_bytes());

        for entry in std::fs::read_dir(machine.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            assert_silent(&path.display().to_string(), &bytes);
            let secret = right.secret_key.as_bytes();
            assert!(!bytes.windows(secret.len()).any(|window| window == secret));
        }
    }

    let traced = traced.0.lock().unwrap().clone();
    assert!(traced.len() > 100, "tracing was heard");
    assert_silent("the traces", &traced);
}

/// A wire that breaks down over the first request, as an error in this program would.
#[derive(Debug)]
struct Panicking;

#[async_trait]
impl Transport for Panicking {
    async fn send(&self, request: Request, _: Duration) -> Result<Response, TransportError> {
        panic!("no way to send {request:?}");
    }
}

/// What a crash leaves on the terminal: the message, and the way there with all its frames.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_over_a_signed_request_tells_no_secret() {
    let said = Arc::<Mutex<String>>::default();
    let (heard, usual) = (Arc::clone(&said), std::panic::take_hook());
    std::panic::set_hook(Box::new(move |panic| {
        let text = format!("{panic}\n{}", Backtrace::force_capture());
        if text.contains("no way to send") {
            heard.lock().unwrap().push_str(&text);
        } else {
            usual(panic);
        }
    }));

    let cloud = Cloud::open().await;
    let machine = Machine::new(&cloud);
    for dialect in DialectName::ALL {
        let account = cloud.account(dialect);
        let canary = Credential {
            secret_key: CANARY.to_owned(),
            token: Some(TOKEN.to_owned()),
            ..cloud.credential(dialect)
        };
        machine.purse.put(account.id.clone(), canary);
        let engine = machine.engine_over(Arc::new(Panicking));
        let request = copy_request(
            &cloud,
            dialect,
            ("datasets", "images/tiles-002.zip"),
            ("backup", "canary.bin"),
        );
        let crashed = tokio::spawn(async move { engine.start(&request).await.is_ok() });
        assert!(crashed.await.unwrap_err().is_panic());
    }

    let said = said.lock().unwrap().clone();
    assert_eq!(
        said.matches("no way to send").count(),
        DialectName::ALL.len()
    );
    assert_silent("the words of a crash", said.as_bytes());
}
