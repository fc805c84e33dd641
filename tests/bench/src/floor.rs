//! The floor: part copies sent by a bare HTTP client that neither signs, reads nor remembers.
//!
//! No client that does its work over the same number of connections can be faster, and what it
//! takes beyond this is the price of the work.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::Request;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::stub::PART;

type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// `floor URL PARTS AT_ONCE`
pub(crate) fn command(words: &[&str]) -> Result<(), String> {
    let [url, parts, at_once] = words else {
        return Err("floor wants URL, PARTS and AT_ONCE".to_owned());
    };
    let number = |text: &str| {
        text.parse::<u64>()
            .map_err(|error| format!("{text}: {error}"))
    };
    let (parts, at_once) = (number(parts)?, number(at_once)?);
    let host = url.trim_start_matches("http://").trim_end_matches('/');
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    runtime
        .block_on(send(host, parts, at_once))
        .map_err(|error| error.to_string())
}

async fn send(host: &str, parts: u64, at_once: u64) -> Result<(), Trouble> {
    let next = Arc::new(AtomicU64::new(0));
    let mut connections = JoinSet::new();
    for _ in 0..at_once {
        connections.spawn(connection(host.to_owned(), Arc::clone(&next), parts));
    }
    while let Some(ended) = connections.join_next().await {
        ended??;
    }
    Ok(())
}

async fn connection(host: String, next: Arc<AtomicU64>, parts: u64) -> Result<(), Trouble> {
    let stream = TcpStream::connect(&host).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    loop {
        let part = next.fetch_add(1, Ordering::Relaxed);
        if part >= parts {
            return Ok(());
        }
        let (from, to) = (part * PART, (part + 1) * PART - 1);
        let request = Request::put(format!(
            "/target/big?partNumber={}&uploadId=floor",
            part + 1
        ))
        .header("host", &host)
        .header("x-amz-copy-source", "/source/big")
        .header("x-amz-copy-source-range", format!("bytes={from}-{to}"))
        .header("content-length", "0")
        .body(Empty::<Bytes>::new())?;
        sender.ready().await?;
        let answer = sender.send_request(request).await?;
        answer.into_body().collect().await?;
    }
}
