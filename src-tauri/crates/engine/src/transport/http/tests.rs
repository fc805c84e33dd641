//! What really goes over the socket, read from a bare TCP listener: no server library that
//! might tidy up first.

use std::collections::VecDeque;

use partway_domain::{Account, AccountId, Addressing, Bucket, DialectName, Key};
use partway_protocol::credential::Credential;
use partway_protocol::dialect::dialect;
use partway_protocol::endpoint::Endpoint;
use partway_protocol::op::{DeleteObject, HeadObject, Operation, Target};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

/// Answers each request with the next of `answers`, one connection each, and hands back what
/// it read.
async fn listener(
    answers: Vec<&'static str>,
) -> (String, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = socket.local_addr().unwrap().to_string();
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut answers = VecDeque::from(answers);
        while let Some(answer) = answers.pop_front() {
            let (mut stream, _) = socket.accept().await.unwrap();
            let mut read = Vec::new();
            let mut chunk = [0; 1024];
            while !read.windows(4).any(|window| window == b"\r\n\r\n") {
                match stream.read(&mut chunk).await.unwrap() {
                    0 => break,
                    count => read.extend_from_slice(&chunk[..count]),
                }
            }
            let _ = sender.send(String::from_utf8_lossy(&read).into_owned());
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (host, receiver)
}

const EMPTY: &str = "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";

fn request(host: &str, method: Method, path: &str) -> Request {
    Request {
        method,
        scheme: "http".to_owned(),
        host: host.to_owned(),
        path: path.to_owned(),
        query: Vec::new(),
        headers: Vec::new(),
        body: Vec::new(),
    }
}

fn signed<O: Operation>(name: DialectName, host: &str, operation: &O) -> Request {
    let account = Account {
        id: AccountId("a".to_owned()),
        name: "a".to_owned(),
        dialect: name,
        endpoint: format!("http://{host}"),
        region: "region-1".to_owned(),
        addressing: Addressing::Path,
        masked_key_id: String::new(),
        named_buckets: Vec::new(),
        demo: false,
        fallback_domain: false,
    };
    let endpoint = Endpoint::of(&account).unwrap();
    let target = Target {
        dialect: dialect(name),
        endpoint: &endpoint,
    };
    let credential = Credential {
        access_key: "AKEXAMPLEEXAMPLE".to_owned(),
        secret_key: "secret".to_owned(),
        token: None,
    };
    let mut request = operation.request(target).unwrap();
    target
        .dialect
        .sign(&mut request, &endpoint, &credential, 1_760_000_000)
        .unwrap();
    request
}

#[tokio::test]
async fn every_dialect_sends_every_key_exactly() {
    let transport = HttpTransport::new().unwrap();
    for name in DialectName::ALL {
        for key in [
            "a/..",
            "a/./b",
            "a//b",
            "a%2e%2e/b",
            "../up",
            "a/%2e/b",
            "b/..",
        ] {
            let (host, mut read) = listener(vec![EMPTY]).await;
            let operation = DeleteObject {
                bucket: Bucket::parse("bucket-1250000000").unwrap(),
                key: Key::parse(key).unwrap(),
                version: None,
            };
            let request = signed(name, &host, &operation);
            let line = format!("DELETE {} HTTP/1.1", request.target());
            transport
                .send(request, Duration::from_secs(5))
                .await
                .unwrap();
            let head = read.recv().await.unwrap();
            assert_eq!(head.lines().next(), Some(line.as_str()), "{name} {key:?}");
            // The wire form means the key and nothing shorter.
            let path = line.split(' ').nth(1).unwrap();
            let sent = partway_protocol::encode::decode(path).unwrap();
            assert_eq!(sent, format!("/bucket-1250000000/{key}"), "{name}");
        }
    }
}

#[tokio::test]
async fn headers_travel_as_signed() {
    let transport = HttpTransport::new().unwrap();
    let operation = HeadObject {
        bucket: Bucket::parse("bucket-1250000000").unwrap(),
        key: Key::parse("a/../b c").unwrap(),
        version: None,
        customer_key: None,
    };
    for name in DialectName::ALL {
        let answer = "HTTP/1.1 200 OK\r\ncontent-length: 52776558133248\r\netag: \"x\"\r\n\r\n";
        let (host, mut read) = listener(vec![answer]).await;
        let request = signed(name, &host, &operation);
        let expected = request.headers.clone();
        let response = transport
            .send(request, Duration::from_secs(5))
            .await
            .unwrap();
        // A HEAD of 48 TiB has no body to wait for.
        assert_eq!(response.header("content-length"), Some("52776558133248"));
        let head = read.recv().await.unwrap();
        let sent = |wanted: &str| {
            head.lines()
                .filter_map(|line| line.split_once(": "))
                .find_map(|(name, value)| {
                    name.eq_ignore_ascii_case(wanted).then(|| value.to_owned())
                })
        };
        assert_eq!(sent("host"), Some(host));
        for (name, value) in expected.iter().filter(|(name, _)| name != "host") {
            assert_eq!(sent(name).as_deref(), Some(value.as_str()), "{name}");
        }
        assert_eq!(sent("accept-encoding"), None, "nothing is to be compressed");
        assert_eq!(sent("user-agent").as_deref(), Some(AGENT));
    }
}

#[tokio::test]
async fn bodyless_puts_and_posts_say_so() {
    let transport = HttpTransport::new().unwrap();
    for path in ["/ordinary", "/exact/../path"] {
        for method in [Method::Put, Method::Post] {
            let (host, mut read) = listener(vec![EMPTY]).await;
            let request = request(&host, method, path);
            transport
                .send(request, Duration::from_secs(5))
                .await
                .unwrap();
            let head = read.recv().await.unwrap().to_ascii_lowercase();
            let lengths = head.matches("content-length: 0\r\n").count();
            assert_eq!(lengths, 1, "{head}");
        }
    }
}

#[tokio::test]
async fn no_redirect_is_followed() {
    let transport = HttpTransport::new().unwrap();
    let elsewhere = "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n";
    for path in ["/ordinary", "/exact/../path"] {
        let (host, _read) = listener(vec![elsewhere]).await;
        let response = transport
            .send(request(&host, Method::Get, path), Duration::from_secs(5))
            .await
            .unwrap();
        assert_eq!(response.status, 307);
    }
}

#[tokio::test]
async fn half_an_answer_is_no_answer() {
    let transport = HttpTransport::new().unwrap();
    for path in ["/ordinary", "/exact/../path"] {
        let half = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n<Half>";
        let (host, _read) = listener(vec![half]).await;
        let error = transport
            .send(request(&host, Method::Put, path), Duration::from_secs(5))
            .await
            .unwrap_err();
        assert!(matches!(error, TransportError::Broken { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let transport = HttpTransport::new().unwrap();
    let body: &'static str = "x".repeat(ANSWER_CAP + 1).leak();
    let endless: &'static str = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .leak();
    for path in ["/ordinary", "/exact/../path"] {
        let (host, _read) = listener(vec![endless]).await;
        let error = transport
            .send(request(&host, Method::Put, path), Duration::from_secs(5))
            .await
            .unwrap_err();
        let limit = ANSWER_CAP;
        assert_eq!(error, TransportError::TooLarge { host, limit });
    }
}

#[tokio::test]
async fn silence_ends_at_the_deadline_and_nobody_there_is_unreachable() {
    let transport = HttpTransport::new().unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = silent.local_addr().unwrap().to_string();
    let error = transport
        .send(request(&host, Method::Get, "/"), Duration::from_millis(100))
        .await
        .unwrap_err();
    assert!(
        matches!(error, TransportError::Deadline { .. }),
        "{error:?}"
    );

    drop(silent);
    for path in ["/ordinary", "/exact/../path"] {
        let error = transport
            .send(request(&host, Method::Get, path), Duration::from_secs(5))
            .await
            .unwrap_err();
        assert!(
            matches!(error, TransportError::Unreachable { .. }),
            "{error:?}"
        );
    }
}

#[test]
fn signatures_and_tokens_are_marked_sensitive() {
    let mut request = request("h", Method::Get, "/");
    for name in [
        "authorization",
        "x-amz-security-token",
        "x-cos-security-token",
        "x-obs-security-token",
        "x-amz-server-side-encryption-customer-key",
        "content-type",
    ] {
        request.headers.push((name.to_owned(), "value".to_owned()));
    }
    let map = header_map(&request).unwrap();
    for (name, value) in &map {
        let open = ["content-type", "host", "user-agent"].contains(&name.as_str());
        assert_eq!(value.is_sensitive(), !open, "{name}");
    }
    assert!(!format!("{map:?}").contains("authorization: \"value\""));
}

/// Answers on connections that are alive. Those that were open when it was told to forget them
/// hear nothing any more, and are not told.
async fn forgetful(forget: Arc<std::sync::atomic::AtomicBool>) -> String {
    use std::sync::atomic::Ordering;

    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = socket.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = socket.accept().await.unwrap();
            let (forget, late) = (Arc::clone(&forget), forget.load(Ordering::SeqCst));
            tokio::spawn(async move {
                let mut chunk = [0; 4096];
                while let Ok(1..) = stream.read(&mut chunk).await {
                    if forget.load(Ordering::SeqCst) && !late {
                        std::future::pending::<()>().await;
                    }
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    let answer = b"HTTP/1.1 204 No Content\r\n\r\n";
                    stream.write_all(answer).await.unwrap();
                }
            });
        }
    });
    host
}

#[tokio::test]
async fn after_two_dead_connections_none_of_the_others_is_tried() {
    for path in ["/plain", "/past/../the/url/type"] {
        let forget = Arc::<std::sync::atomic::AtomicBool>::default();
        let host = forgetful(Arc::clone(&forget)).await;
        let transport = HttpTransport::new().unwrap();
        let send = |seconds| {
            let request = request(&host, Method::Head, path);
            transport.send(request, Duration::from_secs_f64(seconds))
        };
        let answers = futures::future::join_all([5.0; 5].map(send)).await;
        for answer in answers {
            assert_eq!(answer.unwrap().status, 204, "five connections are open");
        }
        forget.store(true, std::sync::atomic::Ordering::SeqCst);
        for _ in 0..DEATHS {
            let died = send(0.4).await;
            assert!(
                matches!(died, Err(TransportError::Deadline { .. })),
                "{died:?}"
            );
        }
        assert_eq!(send(5.0).await.unwrap().status, 204, "{path}");
    }
}

/// Where TLS is asked for, nothing else is sent, whatever the host makes of it.
#[tokio::test]
async fn a_host_that_speaks_no_tls_hears_no_secret() {
    let transport = HttpTransport::new().unwrap();
    for path in ["/plain", "/past/../the/url/type"] {
        let answer = "HTTP/1.1 301 Moved\r\nlocation: http://127.0.0.1/\r\n\r\n";
        let (host, mut heard) = bytes_before(answer).await;
        let sending = Request {
            scheme: "https".to_owned(),
            headers: vec![("x-amz-security-token".to_owned(), "CANARY".to_owned())],
            ..request(&host, Method::Get, path)
        };
        let refused = transport.send(sending, Duration::from_secs(5)).await;
        assert!(
            matches!(refused, Err(TransportError::Tls { .. })),
            "{refused:?}"
        );
        let bytes = heard.recv().await.unwrap();
        assert_eq!(bytes.first(), Some(&0x16), "a handshake");
        assert!(!bytes.windows(6).any(|window| window == b"CANARY"));
        let again = tokio::time::timeout(Duration::from_millis(200), heard.recv()).await;
        assert!(again.is_err(), "it came back without TLS");
    }
}

/// Says `answer` to the first bytes of each connection, and hands those back.
async fn bytes_before(
    answer: &'static str,
) -> (String, tokio::sync::mpsc::UnboundedReceiver<Vec<u8>>) {
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = socket.local_addr().unwrap().to_string();
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = socket.accept().await.unwrap();
            let mut first = vec![0; 4096];
            let count = stream.read(&mut first).await.unwrap();
            first.truncate(count);
            let _ = sender.send(first);
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    (host, receiver)
}
