//! One pass over a job: every transfer that wants it gets a turn, as many at once as the job
//! allows, while its prefixes are still being listed.

use std::pin::pin;
use std::sync::Arc;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use partway_domain::{ConflictPolicy, FailureKind, JobId, Method, State, TransferId};
use partway_journal::table::transfer::{ToDo, TransferRow};
use partway_journal::{Change, Durability, JournalError};

use super::route::Route;
use super::run::Run;
use super::{Handle, restoring};
use crate::engine::Shared;
use crate::order::Order;
use crate::queue::Pace;
use crate::scan;
use crate::signal::Signal;

/// Transfers read from the journal at once.
const PAGE: u32 = 200;

/// Giving uploads back is quick work and does not wait for a turn.
const CANCELS_AT_ONCE: usize = 16;

/// Who gets a turn in a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whom {
    /// Everyone who wants it.
    Everyone,
    /// Only those whose archived source was asked back: the others wait for a person, not
    /// for time.
    Restoring,
}

/// Gives every transfer that wants it a turn, as many at once as the job allows.
pub(super) async fn pass(
    shared: &Arc<Shared>,
    handle: &Arc<Handle>,
    order: Order,
    whom: Whom,
) -> Result<(), JournalError> {
    let Some(mut queue) = Page::new(handle.job, order) else {
        return Ok(());
    };
    if matches!(order, Order::Cancel { .. }) {
        let job = handle.job;
        let cancelled = vec![shared.held(job), Change::QueuedCancelled { job }];
        shared.record.write(cancelled, Durability::Durable).await?;
    }
    let orders = handle.orders();
    let found = Signal::new(0);
    let mut lists = whom == Whom::Everyone;
    let mut listing = pin!(scan::list(shared, handle, order, &found));
    let mut running = FuturesUnordered::new();
    let mut load = Load::default();
    loop {
        let pace = handle.pace.now();
        let seen = found.now();
        while orders.now() == order {
            let Some(row) = queue.peek(shared)? else {
                break;
            };
            if !wants(row, order) || whom == Whom::Restoring && !restoring::waits(row) {
                queue.take();
                continue;
            }
            let weight = Weight::of(row, &handle.route, order, pace);
            if !load.has_room(weight, order, pace) {
                break;
            }
            let Some(row) = queue.take() else { break };
            load.add(weight);
            let run = Run::new(shared, handle, row)?.weighing(weight);
            running.push(async move { (weight, run.run().await) });
        }
        if running.is_empty() && !lists {
            return Ok(());
        }
        // Never none: who has begun is not left waiting for a large one to end.
        handle.slots.set_most(load.room(pace).max(1));
        tokio::select! {
            biased;
            listed = &mut listing, if lists => {
                listed?;
                lists = false;
                queue.look_again();
            }
            Some((weight, outcome)) = running.next() => {
                load.remove(weight);
                outcome?;
            }
            () = found.until(|now| now != seen), if lists => queue.look_again(),
            () = handle.pace.until(|now| now != pace) => {}
        }
    }
}

/// Whether a transfer in this state has something to do under this order.
fn wants(row: &TransferRow, order: Order) -> bool {
    match (order, row.state) {
        (_, State::Done | State::Skipped) => false,
        // What has no place would take that of another object.
        (
            Order::Run { .. },
            State::Failed {
                kind: FailureKind::Impossible,
            },
        ) => false,
        (Order::Run { retry_failed }, State::Failed { .. } | State::Cancelled) => retry_failed,
        (Order::Run { .. }, _) => true,
        (Order::Cancel { keep_parts }, State::Failed { .. } | State::Cancelled) => row
            .upload
            .as_ref()
            .is_some_and(|upload| upload.aborting || !keep_parts),
        (Order::Cancel { .. }, _) => true,
        (Order::Pause | Order::Hold { .. } | Order::Leave | Order::Drop, _) => false,
    }
}

/// How much of the job's pace a transfer takes up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Weight {
    /// One of the job's transfers, with all the parts that belong to it.
    #[default]
    Whole,
    /// One request, for an object among many.
    Light,
    /// The same, and it relies on no look at the destination, so that it may wait for its slot
    /// with everything prepared.
    Ahead,
}

impl Weight {
    /// Where objects come in bulk the small ones fill the requests that parts would have had:
    /// three at once would wait for answers most of the time.
    fn of(row: &TransferRow, route: &Route, order: Order, pace: Pace) -> Self {
        let plan = row.pin.as_ref().map(|pin| pin.plan);
        let small = plan.is_some_and(|plan| plan.method == Method::Single);
        let bulk = route.in_bulk && order.runs() && pace.parts > 1;
        if !(bulk && small) {
            return Self::Whole;
        }
        let in_place = route.is_in_place(&row.source_key, &row.destination_key);
        let blind = route.options.on_conflict == ConflictPolicy::Overwrite;
        if blind && !in_place && !route.moves() {
            Self::Ahead
        } else {
            Self::Light
        }
    }
}

/// What is in hand.
#[derive(Debug, Default)]
struct Load {
    whole: usize,
    small: usize,
}

impl Load {
    /// Requests that are left for small objects.
    fn room(&self, pace: Pace) -> usize {
        (pace.transfers * pace.parts).saturating_sub(self.whole * pace.parts)
    }

    /// Of small objects that rely on no look, twice as many are in hand as may be on their way:
    /// while one half waits for answers, the other is read and written down.
    fn has_room(&self, weight: Weight, order: Order, pace: Pace) -> bool {
        if !order.runs() {
            return self.whole + self.small < CANCELS_AT_ONCE;
        }
        let room = self.room(pace);
        match weight {
            Weight::Whole => {
                let free = room.saturating_sub(self.small);
                self.whole < pace.transfers && (free >= pace.parts || self.whole == 0)
            }
            Weight::Light => self.small < room,
            Weight::Ahead => self.small < 2 * room,
        }
    }

    fn add(&mut self, weight: Weight) {
        *self.count(weight) += 1;
    }

    fn remove(&mut self, weight: Weight) {
        *self.count(weight) -= 1;
    }

    fn count(&mut self, weight: Weight) -> &mut usize {
        match weight {
            Weight::Whole => &mut self.whole,
            Weight::Light | Weight::Ahead => &mut self.small,
        }
    }
}

/// Walks over what a job has to do, page by page.
struct Page {
    job: JobId,
    which: ToDo,
    rows: std::iter::Peekable<std::vec::IntoIter<TransferRow>>,
    last: Option<TransferId>,
    exhausted: bool,
}

impl Page {
    /// `None` under an order that gives nobody a turn.
    fn new(job: JobId, order: Order) -> Option<Self> {
        let which = match order {
            Order::Run {
                retry_failed: false,
            } => ToDo::Unsettled,
            Order::Run { retry_failed: true } => ToDo::AndGivenUp,
            Order::Cancel { .. } => ToDo::AndHolding,
            Order::Pause | Order::Hold { .. } | Order::Leave | Order::Drop => return None,
        };
        Some(Self {
            job,
            which,
            rows: Vec::new().into_iter().peekable(),
            last: None,
            exhausted: false,
        })
    }

    fn peek(&mut self, shared: &Shared) -> Result<Option<&TransferRow>, JournalError> {
        if self.rows.peek().is_none() && !self.exhausted {
            let journal = shared.record.journal();
            let rows = journal.transfers_to_do(self.job, self.last, PAGE, self.which)?;
            self.exhausted = rows.len() < PAGE as usize;
            self.last = rows.last().map(|row| row.id).or(self.last);
            self.rows = rows.into_iter().peekable();
        }
        Ok(self.rows.peek())
    }

    fn take(&mut self) -> Option<TransferRow> {
        self.rows.next()
    }

    /// More was added behind the last page.
    fn look_again(&mut self) {
        self.exhausted = false;
    }
}

#[cfg(test)]
mod tests;
