//! Header names as the vendors' servers spell them: `ETag` and `Content-Length`, but `x-cos-…`.
//!
//! Names have no case in HTTP, yet programs of the vendors look for `ETag` and find no `etag`.
//! hyper writes every name in lower case, so the head of each answer is spelled on its way out;
//! no byte is added and none is lost.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

const END: &[u8] = b"\r\n\r\n";

/// Says that the next bytes written are the head of an answer.
#[derive(Debug, Clone, Default)]
pub(super) struct HeadDue(Arc<AtomicBool>);

impl HeadDue {
    pub(super) fn announce(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// How long the head is that was announced, if these bytes begin with it.
    fn head_length(&self, bytes: &[u8]) -> Option<usize> {
        if !self.0.load(Ordering::Acquire) || !bytes.starts_with(b"HTTP/") {
            return None;
        }
        let end = bytes.windows(END.len()).position(|window| window == END)?;
        self.0.store(false, Ordering::Release);
        Some(end + END.len())
    }
}

/// A connection whose answers are spelled.
#[derive(Debug)]
pub(super) struct Spelled<S> {
    stream: S,
    due: HeadDue,
    /// What is left of a head that the stream did not take in one go.
    rest: Vec<u8>,
}

impl<S> Spelled<S> {
    pub(super) fn new(stream: S, due: HeadDue) -> Self {
        Spelled {
            stream,
            due,
            rest: Vec::new(),
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Spelled<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        if this.rest.is_empty() {
            let Some(length) = this.due.head_length(bytes) else {
                return Pin::new(&mut this.stream).poll_write(cx, bytes);
            };
            this.rest = spell(&bytes[..length]);
        }
        let taken = ready!(Pin::new(&mut this.stream).poll_write(cx, &this.rest))?;
        this.rest.drain(..taken);
        Poll::Ready(Ok(taken))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Spelled<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

fn spell(head: &[u8]) -> Vec<u8> {
    let mut spelled = head.to_vec();
    for line in spelled.split_mut(|byte| *byte == b'\n').skip(1) {
        if let Some(colon) = line.iter().position(|byte| *byte == b':') {
            spell_name(&mut line[..colon]);
        }
    }
    spelled
}

fn spell_name(name: &mut [u8]) {
    if name.starts_with(b"x-") {
        // The two names of the vendors that have capitals of their own.
        for (ending, spelled) in [
            (&b"-key-md5"[..], &b"-key-MD5"[..]),
            (b"-uploadid", b"-uploadId"),
        ] {
            if name.ends_with(ending) {
                let start = name.len() - ending.len();
                name[start..].copy_from_slice(spelled);
            }
        }
        return;
    }
    let known: [&[u8]; 2] = [b"ETag", b"Content-MD5"];
    if let Some(known) = known.iter().find(|known| known.eq_ignore_ascii_case(name)) {
        name.copy_from_slice(known);
        return;
    }
    let mut first = true;
    for byte in name {
        if first {
            byte.make_ascii_uppercase();
        }
        first = *byte == b'-';
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    const HEAD: &[u8] =
        b"HTTP/1.1 200 OK\r\netag: \"a-b\"\r\ncontent-type: text/x-y\r\nx-obs-uploadid: q\r\nx-cos-acl: z\r\n\r\n";
    const SPELLED: &[u8] =
        b"HTTP/1.1 200 OK\r\nETag: \"a-b\"\r\nContent-Type: text/x-y\r\nx-obs-uploadId: q\r\nx-cos-acl: z\r\n\r\n";

    #[tokio::test]
    async fn heads_are_spelled_and_bodies_are_not() {
        // A pipe this narrow takes a head only in pieces.
        let (ours, mut theirs) = tokio::io::duplex(7);
        let due = HeadDue::default();
        let mut stream = Spelled::new(ours, due.clone());
        let writer = tokio::spawn(async move {
            for _ in 0..2 {
                due.announce();
                stream.write_all(&[HEAD, HEAD].concat()).await.unwrap();
                stream.write_all(HEAD).await.unwrap();
            }
        });
        let mut read = Vec::new();
        theirs.read_to_end(&mut read).await.unwrap();
        writer.await.unwrap();
        let answer = [SPELLED, HEAD, HEAD].concat();
        assert_eq!(read, [answer.as_slice(), &answer].concat());
    }
}
