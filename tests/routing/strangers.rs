//! A redirect to a host that is not the account's: no request goes there, not a byte.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use partway_democloud::{Elsewhere, Fault, FaultKind, Quirks, Switches};
use partway_domain::{DialectName, FailureKind, Key};
use partway_protocol::credential::Credential;
use partway_protocol::op::{CustomerKey, HeadObject};
use partway_tests::cloud::bucket;
use partway_tests::{Cloud, Machine, on_every_dialect};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// A host on this computer that belongs to nobody's account, and what reached it.
struct Stranger {
    url: String,
    connections: Arc<AtomicUsize>,
    bytes: Arc<AtomicUsize>,
}

impl Stranger {
    async fn open() -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", socket.local_addr().unwrap());
        let (connections, bytes) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let (seen, heard) = (Arc::clone(&connections), Arc::clone(&bytes));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = socket.accept().await {
                seen.fetch_add(1, Ordering::SeqCst);
                let mut chunk = [0; 4096];
                while let Ok(count @ 1..) = stream.read(&mut chunk).await {
                    heard.fetch_add(count, Ordering::SeqCst);
                }
            }
        });
        Self {
            url,
            connections,
            bytes,
        }
    }

    fn assert_untouched(&self) {
        assert_eq!(self.bytes.load(Ordering::SeqCst), 0);
        assert_eq!(self.connections.load(Ordering::SeqCst), 0);
    }

    /// Proves that it would have noticed.
    async fn assert_awake(&self) {
        let address = self.url.strip_prefix("http://").unwrap();
        drop(tokio::net::TcpStream::connect(address).await.unwrap());
        while self.connections.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
    }
}

async fn no_byte_reaches_a_stranger(dialect: DialectName) {
    let stranger = Stranger::open().await;
    for status in [301, 302, 303, 307, 308] {
        // One key goes over the URL type, the other past it.
        for key in ["images/tiles-001.zip", "a/../b"] {
            let cloud = Cloud::open().await;
            let to = stranger.url.clone();
            let redirect = FaultKind::Redirect { status, to };
            cloud
                .demo
                .add_fault(Fault::new("HeadObject", redirect).times(9));
            let machine = Machine::new(&cloud);
            let operation = HeadObject {
                bucket: bucket(dialect, "datasets"),
                key: Key::parse(key).unwrap(),
                version: None,
                customer_key: None,
            };
            for account in [cloud.account(dialect), cloud.regional_account(dialect)] {
                let failure = machine
                    .engine()
                    .call(&account, None, &operation)
                    .await
                    .unwrap_err();
                assert_eq!(
                    failure.kind,
                    FailureKind::WrongRegion,
                    "{status}: {failure}"
                );
                let host = stranger.url.strip_prefix("http://").unwrap();
                assert!(failure.message.contains(host), "{}", failure.message);
                assert!(failure.message.contains("nothing was sent there"));
                assert_eq!(failure.attempts, 1);
            }
        }
    }
    stranger.assert_untouched();
    stranger.assert_awake().await;
}

/// The server's own way of sending somebody to a stranger.
async fn a_foreign_region_is_no_region(dialect: DialectName) {
    let cloud = Cloud::open().await;
    cloud.demo.set_quirks(Quirks::everywhere(Switches {
        elsewhere: Elsewhere::Foreign,
        ..Switches::default()
    }));
    let machine = Machine::new(&cloud);
    let operation = HeadObject {
        bucket: bucket(dialect, "far"),
        key: Key::parse("postcard.txt").unwrap(),
        version: None,
        customer_key: None,
    };
    let failure = machine
        .engine()
        .call(&cloud.regional_account(dialect), None, &operation)
        .await
        .unwrap_err();
    assert!(
        failure.message.contains("storage.invalid"),
        "{}",
        failure.message
    );
    assert_eq!(cloud.demo.requests().len(), 1);
}

/// Points everybody to a stranger, and remembers what it was told itself.
async fn pointing(to: String, status: u16) -> (String, Arc<Mutex<String>>) {
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", socket.local_addr().unwrap());
    let told = Arc::<Mutex<String>>::default();
    let hears = Arc::clone(&told);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = socket.accept().await {
            let mut chunk = [0; 16 << 10];
            while let Ok(count @ 1..) = stream.read(&mut chunk).await {
                let text = String::from_utf8_lossy(&chunk[..count]).into_owned();
                hears.lock().unwrap().push_str(&text);
                let answer = format!(
                    "HTTP/1.1 {status} Elsewhere\r\nlocation: {to}/bucket/key\r\n\
                     content-length: 0\r\n\r\n"
                );
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        }
    });
    (url, told)
}

/// Not only the authorization: a session token and encryption keys are secrets too.
async fn a_redirect_sends_no_secret_on(dialect: DialectName) {
    let stranger = Stranger::open().await;
    for status in [301, 302, 307, 308] {
        let (url, told) = pointing(stranger.url.clone(), status).await;
        let cloud = Cloud::open().await;
        let account = partway_domain::Account {
            endpoint: url,
            ..cloud.account(dialect)
        };
        let token = "TOKENCANARY0123456789".to_owned();
        let credential = Credential {
            token: Some(token.clone()),
            ..cloud.credential(dialect)
        };
        let key = CustomerKey::of_bytes(b"KEYCANARY-KEYCANARY-KEYCANARY-32").unwrap();
        let machine = Machine::knowing([(account.clone(), credential)]);
        for name in ["key", "a/../key"] {
            let head = HeadObject {
                bucket: bucket(dialect, "datasets"),
                key: Key::parse(name).unwrap(),
                version: None,
                customer_key: Some(key.clone()),
            };
            let engine = machine.engine();
            // A redirect without any mark of the provider may be a network's login page, which
            // is waited for a while: here one look is enough.
            let asked = engine.call(&account, None, &head);
            let _ = tokio::time::timeout(Duration::from_millis(700), asked).await;
        }
        let told = told.lock().unwrap().clone();
        assert!(told.contains(&token), "the account's own host hears it");
        assert!(
            told.to_ascii_lowercase().contains("customer-key: "),
            "{told}"
        );
    }
    stranger.assert_untouched();
    stranger.assert_awake().await;
}

on_every_dialect!(
    no_byte_reaches_a_stranger,
    a_foreign_region_is_no_region,
    a_redirect_sends_no_secret_on,
);
