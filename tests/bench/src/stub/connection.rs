//! One connection: requests in, answers out, each in its time.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::answer;
use super::request::Request;
use super::state::{Luck, State};

/// Serves until the client goes, or luck has it so.
pub(super) async fn serve(mut stream: TcpStream, state: Arc<State>) {
    let mut buffer = Vec::with_capacity(8 << 10);
    while let Ok(Some((request, body))) = receive(&mut stream, &mut buffer).await {
        let arrived = Instant::now();
        if request.path.starts_with("/-/") {
            let said = answer::control(&request, &body, &state);
            if stream.write_all(&said).await.is_err() {
                return;
            }
            continue;
        }
        let (luck, latency) = {
            let mut inner = state.lock();
            (
                inner.arrived(request.has("partNumber")),
                inner.terms.latency_ms,
            )
        };
        if latency > 0 {
            tokio::time::sleep_until(arrived + Duration::from_millis(latency)).await;
        }
        let said = match luck {
            Luck::Fair => Some(answer::answer(&request, &mut state.lock())),
            Luck::Throttled => Some(answer::slow_down(&request)),
            Luck::Reset => None,
        };
        state.lock().left();
        let Some(said) = said else { return };
        if stream.write_all(&said).await.is_err() {
            return;
        }
    }
}

/// A whole request; what follows it stays in the buffer.
async fn receive(
    stream: &mut TcpStream,
    buffer: &mut Vec<u8>,
) -> std::io::Result<Option<(Request, Vec<u8>)>> {
    let head = loop {
        if let Some(at) = find(buffer, b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    };
    let Some(request) = std::str::from_utf8(&buffer[..head])
        .ok()
        .and_then(Request::parse)
    else {
        return Ok(None);
    };
    buffer.drain(..head + 4);
    if request.expects {
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
    }
    let end = loop {
        let end = match request.length {
            Some(length) => (buffer.len() >= length).then_some(length),
            // Chunks end with an empty one and, perhaps, trailers.
            None => find(buffer, b"0\r\n")
                .and_then(|empty| find(&buffer[empty..], b"\r\n\r\n").map(|more| empty + more + 4)),
        };
        if let Some(end) = end {
            break end;
        }
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    };
    Ok(Some((request, buffer.drain(..end).collect())))
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window == word)
}
