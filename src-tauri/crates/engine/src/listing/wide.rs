//! A listing read ahead: many pages in flight, one after the other for the reader.
//!
//! Reading ahead is a future of its own beside the reader's, so that what is in flight goes on
//! while the reader writes or asks for other things; both hold places in the same limiter.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::StreamExt as _;
use futures::future::{self, Either};
use futures::stream::FuturesUnordered;
use partway_domain::{Failure, FailureKind, Key, Prefix};
use partway_protocol::op::ObjectPage;
use tokio::sync::mpsc;

use super::level::Level;
use super::ranges::{Bounds, Broken, Question, Ranges, Start};
use crate::call::CallError;
use crate::driver::route::Side;
use crate::effect::pin::Ask;

/// Enough to be ten times as fast as one at a time; more would crowd out the copies.
const BOUNDS: Bounds = Bounds {
    at_once: 16,
    held: 48,
};

/// The pages of a listing in their order.
#[derive(Debug)]
pub(crate) struct Pages {
    pages: mpsc::Receiver<Found>,
    requests: Arc<AtomicU64>,
}

type Found = Result<ObjectPage, CallError>;

impl Pages {
    /// The next page that has a name on it; `None` behind the last. Fails as a [`Walk`] would,
    /// and has no further page then.
    ///
    /// [`Walk`]: super::Walk
    pub(crate) async fn next(&mut self) -> Result<Option<ObjectPage>, CallError> {
        self.pages.recv().await.transpose()
    }

    /// Pages asked for so far, retries not counted.
    pub(crate) fn asked(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}

/// Reads everything that begins with `prefix` behind `after` with `reader`, which is given the
/// pages. Dropping the future ends what is in flight.
pub(crate) async fn read<A: Ask, F: Future>(
    asker: &A,
    side: &Side,
    prefix: &Prefix,
    after: Option<&Key>,
    reader: impl FnOnce(Pages) -> F,
) -> F::Output {
    let level = Level::new(side.clone(), prefix.clone(), None);
    let start = Start {
        after: after.map(|key| key.as_str().to_owned()),
        ..Start::default()
    };
    read_level(asker, &level, start, reader).await
}

/// As [`read`], for any level and from anywhere.
pub(super) async fn read_level<A: Ask, F: Future>(
    asker: &A,
    level: &Level,
    start: Start,
    reader: impl FnOnce(Pages) -> F,
) -> F::Output {
    let (sender, receiver) = mpsc::channel(1);
    let ranges = Ranges::new(level.prefix().clone(), level.delimiter(), start, BOUNDS);
    let requests = Arc::new(AtomicU64::new(0));
    let pages = Pages {
        pages: receiver,
        requests: Arc::clone(&requests),
    };
    let ahead = pin!(async {
        ahead(asker, level, ranges, &sender, &requests).await;
        // The reader sees the end by this.
        drop(sender);
    });
    let reader = pin!(reader(pages));
    match future::select(reader, ahead).await {
        Either::Left((output, _)) => output,
        Either::Right(((), reader)) => reader.await,
    }
}

/// Asks for pages until all are listed, one cannot be had, or nobody reads any more.
async fn ahead<A: Ask>(
    asker: &A,
    level: &Level,
    mut ranges: Ranges,
    reader: &mpsc::Sender<Found>,
    requests: &AtomicU64,
) {
    let mut in_flight = FuturesUnordered::new();
    let failure = loop {
        while let Some(question) = ranges.next() {
            requests.fetch_add(1, Ordering::Relaxed);
            in_flight.push(answer(asker, level, question));
        }
        if ranges.is_over() {
            return;
        }
        let has_page = ranges.has_page();
        tokio::select! {
            biased;
            room = reader.reserve(), if has_page => match (room, ranges.take()) {
                (Ok(room), Some(page)) => room.send(Ok(page)),
                _ => return,
            },
            Some((range, answer)) = in_flight.next() => match answer {
                Ok(page) => match ranges.landed(range, page) {
                    Ok(()) => {}
                    Err(Broken::Disordered(name)) => break level.disordered(&name),
                    Err(Broken::Endless(list)) => break CallError::endless(list),
                },
                Err(CallError::Held) => break CallError::Held,
                Err(failure) => if ranges.failed(range) {
                    break failure;
                }
            },
            // A listing that looks whole and is not would be worse than any error.
            else => break CallError::local(Failure::local(
                FailureKind::BadResponse,
                "the listing came to a halt before its end; retry",
            )),
        }
    };
    // The reader may be about to ask for something himself: nothing here may hold his place.
    drop(in_flight);
    let _ = reader.send(Err(failure)).await;
}

async fn answer<A: Ask>(
    asker: &A,
    level: &Level,
    question: Question,
) -> (u64, Result<ObjectPage, CallError>) {
    let (after, cursor) = (question.after.as_deref(), question.cursor.as_deref());
    let answer = level.page(asker, after, cursor).await;
    (question.range, answer)
}
