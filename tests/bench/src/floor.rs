//! The floor: requests sent by a bare HTTP client that neither signs, reads nor remembers.
//!
//! No client that does its work over the same number of connections can be faster, and what it
//! takes beyond this is the price of the work.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1;
use hyper::{Request, http};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::stub::PART;

type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// `floor URL parts|pages REQUESTS AT_ONCE`
pub(crate) fn command(words: &[&str]) -> Result<(), String> {
    let [url, what, requests, at_once] = words else {
        return Err("floor wants URL, parts or pages, REQUESTS and AT_ONCE".to_owned());
    };
    let number = |text: &str| {
        text.parse::<u64>()
            .map_err(|error| format!("{text}: {error}"))
    };
    let (requests, at_once) = (number(requests)?, number(at_once)?);
    let host = url.trim_start_matches("http://").trim_end_matches('/');
    let make = match *what {
        "parts" => part,
        _ => page,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    runtime
        .block_on(send(host, make, requests, at_once))
        .map_err(|error| error.to_string())
}

/// The `at`th request.
type Make = fn(host: &str, at: u64) -> http::Result<Request<Empty<Bytes>>>;

fn part(host: &str, at: u64) -> http::Result<Request<Empty<Bytes>>> {
    let (from, to) = (at * PART, (at + 1) * PART - 1);
    Request::put(format!("/target/big?partNumber={}&uploadId=floor", at + 1))
        .header("host", host)
        .header("x-amz-copy-source", "/source/big")
        .header("x-amz-copy-source-range", format!("bytes={from}-{to}"))
        .header("content-length", "0")
        .body(Empty::new())
}

/// Somewhere among the keys: which is all the same to the server.
fn page(host: &str, at: u64) -> http::Result<Request<Empty<Bytes>>> {
    let after = at % 9;
    Request::get(format!(
        "/source?list-type=2&encoding-type=url&start-after={after}"
    ))
    .header("host", host)
    .body(Empty::new())
}

async fn send(host: &str, make: Make, requests: u64, at_once: u64) -> Result<(), Trouble> {
    let next = Arc::new(AtomicU64::new(0));
    let mut connections = JoinSet::new();
    for _ in 0..at_once {
        let next = Arc::clone(&next);
        connections.spawn(connection(host.to_owned(), make, next, requests));
    }
    while let Some(ended) = connections.join_next().await {
        ended??;
    }
    Ok(())
}

async fn connection(
    host: String,
    make: Make,
    next: Arc<AtomicU64>,
    requests: u64,
) -> Result<(), Trouble> {
    let stream = TcpStream::connect(&host).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        if at >= requests {
            return Ok(());
        }
        sender.ready().await?;
        let answer = sender.send_request(make(&host, at)?).await?;
        // Read, and not kept.
        let mut body = answer.into_body();
        while let Some(frame) = body.frame().await {
            frame?;
        }
    }
}
