//! A server that cannot prove who it is: nothing is told to it, and nobody tries again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use partway_domain::limits::MIB;
use partway_domain::{Account, DialectName, FailureKind, State};
use partway_engine::transport::{Transport, TransportError};
use partway_protocol::wire::{Request, Response};
use partway_tests::cloud::{bucket, provider};
use partway_tests::machine::{copy_request, look, transport};
use partway_tests::{Cloud, Machine, on_every_dialect};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_rustls::TlsAcceptor;

/// Signed by itself, for `localhost`, and good for a hundred years.
const CERTIFICATE: &[u8] = include_bytes!("untrusted/certificate.der");
const KEY: &[u8] = include_bytes!("untrusted/key.der");

/// Speaks TLS with that certificate. Hands out what each connection said inside of it, if it
/// came to that.
async fn impostor() -> (u16, UnboundedReceiver<Option<Vec<u8>>>) {
    // The only one in the house; a second installation is refused and that is fine.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from(CERTIFICATE)],
            PrivatePkcs8KeyDer::from(KEY).into(),
        )
        .expect("a certificate and its key");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let socket = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = socket.local_addr().unwrap().port();
    let (heard, hearing) = unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = socket.accept().await {
            let mut said = None;
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let mut bytes = vec![0; 4096];
                let count = stream.read(&mut bytes).await.unwrap_or_default();
                bytes.truncate(count);
                said = (count > 0).then_some(bytes);
            }
            if heard.send(said).is_err() {
                return;
            }
        }
    });
    (port, hearing)
}

async fn a_certificate_nobody_vouches_for_ends_it(dialect: DialectName) {
    let cloud = Cloud::open().await;
    let (port, mut heard) = impostor().await;
    let account = Account {
        endpoint: format!("https://localhost:{port}"),
        ..cloud.account(dialect)
    };
    let machine = Machine::knowing([(account, cloud.credential(dialect))]);
    let source = ("datasets", "images/tiles-002.zip");
    let request = copy_request(&cloud, dialect, source, ("backup", "untrusted.zip"));
    let failure = machine.engine().start(&request).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Tls, "{failure}");
    for word in ["localhost", "certificate", "endpoint"] {
        assert!(failure.message.contains(word), "{failure}");
    }
    assert_eq!(heard.recv().await, Some(None), "nothing is said to it");
    // Source and destination are both there, and asked at the same time. Whoever came again would be
    // here by now, with TLS or without.
    let mut more = 0;
    while let Ok(said) = tokio::time::timeout(Duration::from_millis(500), heard.recv()).await {
        assert_eq!(said, Some(None), "nothing is said to it");
        more += 1;
    }
    assert!(more <= 1, "it was asked again: {more}");
}

/// Trusted for some part copies, and then for as long as it is told.
#[derive(Debug)]
struct Doubted {
    inner: Arc<dyn Transport>,
    trusted: AtomicBool,
    left: AtomicU64,
    refused: AtomicU64,
}

#[async_trait]
impl Transport for Doubted {
    async fn send(&self, request: Request, deadline: Duration) -> Result<Response, TransportError> {
        let copies = request.query.iter().any(|(name, _)| name == "partNumber");
        if copies && self.left.fetch_sub(1, Ordering::SeqCst) == 0 {
            self.trusted.store(false, Ordering::SeqCst);
        }
        if self.trusted.load(Ordering::SeqCst) {
            return self.inner.send(request, deadline).await;
        }
        self.refused.fetch_add(1, Ordering::SeqCst);
        Err(TransportError::Tls {
            host: request.host,
            reason: "the certificate has expired".to_owned(),
        })
    }
}

/// The user is asked by a failure that says why; whoever resumes goes on with the same upload.
async fn a_copy_stops_and_goes_on_when_trust_is_back(dialect: DialectName) {
    const KEY: &str = "untrusted/source.bin";
    const PARTS: u64 = 12;
    let cloud = Cloud::open().await;
    let datasets = bucket(dialect, "datasets");
    cloud
        .demo
        .put_virtual(provider(dialect), datasets.as_str(), KEY, 5 * MIB * PARTS);
    let machine = Machine::new(&cloud);
    let doubted = Arc::new(Doubted {
        inner: transport(),
        trusted: AtomicBool::new(true),
        left: AtomicU64::new(5),
        refused: AtomicU64::new(0),
    });
    let engine = machine.engine_over(doubted.clone());
    let mut request = copy_request(&cloud, dialect, ("datasets", KEY), ("backup", KEY));
    request.options.part_size = Some(5 * MIB);
    request.options.parts_at_once = 2;
    let job = engine.start(&request).await.expect("it starts");
    engine.wait(job).await;
    let (_, transfer) = look(&engine, job);
    let kind = FailureKind::Tls;
    assert_eq!(transfer.state, State::Failed { kind });
    let failure = transfer.failure.expect("a reason");
    assert!(failure.message.contains("certificate"), "{failure}");
    let refused = doubted.refused.load(Ordering::SeqCst);
    assert!(refused <= 2, "{refused} requests for what was in flight");
    assert_eq!(cloud.uploads_of(dialect, KEY).len(), 1, "it is kept");

    doubted.trusted.store(true, Ordering::SeqCst);
    engine.retry(job).await.expect("it retries");
    engine.wait(job).await;
    let (_, transfer) = look(&engine, job);
    assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
    let sent = cloud.requests_of(dialect, KEY);
    let copies = sent.iter().filter(|r| r.operation == "UploadPartCopy");
    assert_eq!(copies.count() as u64, PARTS, "nothing is copied twice");
}

on_every_dialect! {
    a_certificate_nobody_vouches_for_ends_it,
    a_copy_stops_and_goes_on_when_trust_is_back,
}
