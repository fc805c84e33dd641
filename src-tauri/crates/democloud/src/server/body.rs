//! Bodies in and out.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Frame, Incoming, SizeHint};

use crate::answer::Payload;
use crate::content::{Segment, total};
use crate::operate::LARGEST_BODY;
use crate::request::Received;
use crate::world::World;

/// Reads a body; `None` when it broke off.
pub(super) async fn receive(mut incoming: Incoming) -> Option<Received> {
    let mut whole = BytesMut::new();
    while let Some(frame) = incoming.frame().await {
        if let Ok(data) = frame.ok()?.into_data() {
            whole.extend_from_slice(&data);
        }
        if whole.len() as u64 > LARGEST_BODY {
            return Some(Received::TooLarge);
        }
    }
    Some(Received::Whole(whole.freeze()))
}

/// A body on its way out: text at once, objects piece by piece from the content.
pub(super) struct Body {
    world: Arc<World>,
    rest: Rest,
    /// Bytes still to come, as promised in `Content-Length`.
    length: u64,
    /// The connection breaks after this many more bytes.
    breaks_after: Option<u64>,
}

enum Rest {
    Text(Bytes),
    Object { segments: Vec<Segment>, at: u64 },
}

impl Body {
    pub(super) fn new(world: Arc<World>, payload: Payload) -> Self {
        let rest = match payload {
            Payload::Nothing => Rest::Text(Bytes::new()),
            Payload::Text(text) => Rest::Text(text),
            Payload::Object(segments) => Rest::Object { segments, at: 0 },
        };
        let length = match &rest {
            Rest::Text(text) => text.len() as u64,
            Rest::Object { segments, .. } => total(segments),
        };
        Body {
            world,
            rest,
            length,
            breaks_after: None,
        }
    }

    /// Promises everything and brings half.
    pub(super) fn halve(&mut self) {
        self.breaks_after = Some(self.length / 2);
    }

    fn piece(&mut self) -> io::Result<Bytes> {
        let mut piece = match &mut self.rest {
            Rest::Text(text) => std::mem::take(text),
            Rest::Object { segments, at } => {
                let piece = self.world.library.piece(segments, *at)?;
                *at += piece.len() as u64;
                piece
            }
        };
        if let Some(left) = &mut self.breaks_after {
            if *left == 0 {
                return Err(io::Error::other("half of the body is all there is"));
            }
            let keep = usize::try_from(*left).unwrap_or(usize::MAX);
            piece.truncate(keep);
            *left -= piece.len() as u64;
        }
        Ok(piece)
    }
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.length == 0 {
            return Poll::Ready(None);
        }
        let piece = self.piece();
        if let Ok(piece) = &piece {
            self.length = self.length.saturating_sub(piece.len() as u64);
        }
        Poll::Ready(Some(piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.length == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}
