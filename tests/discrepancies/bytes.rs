//! What goes over the socket and comes back, seen from a bare listener: no server library that
//! might tidy up first.

use std::time::Duration;

use partway_domain::{DialectName, UploadId};
use partway_engine::transport::TransportError;
use partway_protocol::dialect::dialect;
use partway_protocol::endpoint::Endpoint;
use partway_protocol::op::{Operation as _, Target, UploadPartCopy};
use partway_protocol::wire::{Request, Response};
use partway_tests::machine::transport;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::desk::Desk;

const RESULT: &str = "<?xml version=\"1.0\"?>\n<CopyPartResult><ETag>\"ab12\"</ETag>\
                      <LastModified>2017-09-04T04:45:45</LastModified></CopyPartResult>";

/// Sends one request to a listener that gives this answer; returns the head it read and what
/// became of the answer.
async fn exchange(request: Request, answer: String) -> (String, Result<Response, TransportError>) {
    let socket = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
    let host = socket.local_addr().expect("its address").to_string();
    let serving = tokio::spawn(async move {
        let (mut stream, _) = socket.accept().await.expect("a connection");
        let mut read = Vec::new();
        let mut chunk = [0; 1024];
        while !read.windows(4).any(|window| window == b"\r\n\r\n") {
            match stream.read(&mut chunk).await.expect("bytes") {
                0 => break,
                count => read.extend_from_slice(&chunk[..count]),
            }
        }
        stream
            .write_all(answer.as_bytes())
            .await
            .expect("it is sent");
        String::from_utf8_lossy(&read).into_owned()
    });
    let request = Request {
        scheme: "http".to_owned(),
        host,
        ..request
    };
    let response = transport().send(request, Duration::from_secs(10)).await;
    (serving.await.expect("the listener"), response)
}

fn part_copy(desk: &Desk) -> UploadPartCopy {
    let upload = UploadId::parse("u").expect("an id");
    desk.part("k", &upload, desk.source("datasets", "s", None), 10)
}

fn request(desk: &Desk, operation: &UploadPartCopy) -> Request {
    let endpoint = Endpoint::of(&desk.account).expect("an endpoint");
    let target = Target {
        dialect: dialect(desk.dialect),
        endpoint: &endpoint,
    };
    operation.request(target).expect("a request")
}

fn read(desk: &Desk, operation: &UploadPartCopy, response: &Response) -> String {
    let endpoint = Endpoint::of(&desk.account).expect("an endpoint");
    let target = Target {
        dialect: dialect(desk.dialect),
        endpoint: &endpoint,
    };
    let copied = operation.response(target, response).expect("a copied part");
    copied.etag.to_string()
}

fn fixed(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// In chunks, the keep-alive blanks apart from the result.
fn chunked(parts: &[&str]) -> String {
    use std::fmt::Write as _;
    let mut answer = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_owned();
    for part in parts {
        // Writing into a string cannot fail.
        let _ = write!(answer, "{:x}\r\n{part}\r\n", part.len());
    }
    answer.push_str("0\r\n\r\n");
    answer
}

#[tokio::test]
async fn d2_18_a_request_without_elements_has_the_length_zero() {
    for dialect in DialectName::ALL {
        let desk = Desk::new(dialect).await;
        let operation = part_copy(&desk);
        let (head, _) = exchange(request(&desk, &operation), fixed(RESULT)).await;
        let head = head.to_ascii_lowercase();
        assert!(head.starts_with("put "), "{head}");
        assert_eq!(head.matches("content-length:").count(), 1, "{head}");
        assert!(head.contains("\r\ncontent-length: 0\r\n"), "{head}");
        assert!(!head.contains("transfer-encoding"), "{head}");
        assert!(head.ends_with("\r\n\r\n"), "nothing follows: {head}");
    }
}

#[tokio::test]
async fn d4_9_the_framing_of_the_connection_is_what_counts() {
    let desk = Desk::new(DialectName::Cos).await;
    let operation = part_copy(&desk);
    let halves = RESULT.split_at(40);
    for answer in [
        fixed(RESULT),
        chunked(&[RESULT]),
        chunked(&["  \n", " \n", halves.0, halves.1, "\n"]),
        format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{RESULT}"),
    ] {
        let (_, response) = exchange(request(&desk, &operation), answer.clone()).await;
        let response = response.unwrap_or_else(|error| panic!("{answer}: {error}"));
        assert_eq!(read(&desk, &operation, &response), "ab12", "{answer}");
    }
    // A body shorter than announced, as in the pages' samples, is no answer at all.
    let short = format!("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{RESULT}");
    let (_, response) = exchange(request(&desk, &operation), short).await;
    assert!(response.is_err());
}

#[tokio::test]
async fn d2_3_every_header_line_is_legal_http() {
    for dialect in DialectName::ALL {
        let desk = Desk::new(dialect).await;
        let (head, _) = exchange(request(&desk, &part_copy(&desk)), fixed(RESULT)).await;
        for line in head.trim_end().lines().skip(1) {
            let (name, value) = line.split_once(": ").unwrap_or_else(|| panic!("{line:?}"));
            let token = |c: char| c.is_ascii_alphanumeric() || c == '-';
            assert!(name.chars().all(token), "{line:?}");
            assert_eq!(value, value.trim(), "{line:?}");
        }
    }
}
