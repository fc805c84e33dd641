//! The loopback door, spoken to in plain HTTP.

use partway_api::bridge::{Bridge, Options, serve};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::open;

async fn door(folder: &std::path::Path) -> Bridge {
    let ui = folder.join("ui");
    std::fs::create_dir(&ui).unwrap();
    std::fs::write(ui.join("index.html"), "<title>here</title>").unwrap();
    std::fs::write(ui.join("app.js"), "export {}").unwrap();
    let options = Options {
        port: 0,
        token: "right".to_owned(),
        ui: Some(ui),
    };
    serve(open(folder).await, options).await.unwrap()
}

/// Sends a request with these headers and body; reads until the other side closes or, for a
/// stream, until `enough` is seen.
async fn ask(bridge: &Bridge, line: &str, headers: &str, body: &str, enough: &str) -> String {
    let address = bridge.url.trim_start_matches("http://");
    let host = if headers.contains("host:") {
        String::new()
    } else {
        format!("host: {address}\r\n")
    };
    let length = body.len();
    let request = format!(
        "{line} HTTP/1.1\r\n{host}{headers}connection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let (mut answer, mut buffer) = (String::new(), [0; 4096]);
    while enough.is_empty() || !answer.contains(enough) {
        let read = stream.read(&mut buffer).await.unwrap();
        if read == 0 {
            break;
        }
        answer.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
    answer
}

const TOKEN: &str = "x-partway-token: right\r\n";

#[tokio::test]
async fn commands_answer_json_and_errors_keep_their_anatomy() {
    let folder = tempfile::tempdir().unwrap();
    let bridge = door(folder.path()).await;
    let answer = ask(&bridge, "POST /ipc/accounts", TOKEN, "{}", "").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.ends_with("[]"), "{answer}");

    let answer = ask(&bridge, "POST /ipc/job", TOKEN, "{\"job\":7}", "").await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    let error: Value = serde_json::from_str(body).unwrap();
    assert_eq!(error["kind"], "not_found");
}

#[tokio::test]
async fn the_door_opens_only_from_here_and_with_the_token() {
    let folder = tempfile::tempdir().unwrap();
    let bridge = door(folder.path()).await;
    for headers in [
        "",
        "x-partway-token: wrong\r\n",
        "x-partway-token: righ\r\n",
    ] {
        let answer = ask(&bridge, "POST /ipc/accounts", headers, "{}", "").await;
        assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    }
    let answer = ask(&bridge, "GET /ipc/stream?token=wrong", "", "", "").await;
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    let rebound = format!("host: example.com\r\n{TOKEN}");
    let answer = ask(&bridge, "POST /ipc/accounts", &rebound, "{}", "").await;
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
}

#[tokio::test]
async fn the_stream_begins_with_a_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let bridge = door(folder.path()).await;
    let answer = ask(&bridge, "GET /ipc/stream?token=right", "", "", "snapshot").await;
    assert!(
        answer.contains("content-type: text/event-stream"),
        "{answer}"
    );
    assert!(answer.contains("data: {\"kind\":\"snapshot\""), "{answer}");
}

#[tokio::test]
async fn files_have_their_types_and_unknown_places_are_the_uis() {
    let folder = tempfile::tempdir().unwrap();
    let bridge = door(folder.path()).await;
    let script = ask(&bridge, "GET /app.js", "", "", "").await;
    assert!(script.contains("text/javascript"), "{script}");
    for place in ["/", "/transfers"] {
        let page = ask(&bridge, &format!("GET {place}"), "", "", "").await;
        assert!(page.contains("<title>here</title>"), "{page}");
    }
    let outside = ask(&bridge, "GET /../partway.sqlite3", "", "", "").await;
    assert!(outside.starts_with("HTTP/1.1 404"), "{outside}");
}
