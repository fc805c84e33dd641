//! Drives one job: holds its lease, gives its transfers their turn, obeys orders.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use partway_domain::{JobId, JobIntent, State, TransferId};
use partway_journal::table::transfer::TransferRow;
use partway_journal::{Change, Durability, JournalError};
use tokio::sync::watch;

use crate::engine::{EngineEvent, Shared};
use crate::lease::{LEASE, RENEW};
use crate::live::LiveJob;
use crate::order::{Order, Orders};

pub(crate) mod route;
pub(crate) mod run;

use route::Route;
use run::Run;

/// Transfers read from the journal at once.
const PAGE: u32 = 200;

/// How often speed is sampled and the journal asked for the will of other processes.
const TICK: Duration = Duration::from_millis(500);

/// Giving uploads back is quick work and does not wait for a turn.
const CANCELS_AT_ONCE: usize = 16;

/// A job this process drives, as the engine's front door sees it.
#[derive(Debug)]
pub(crate) struct Handle {
    pub(crate) job: JobId,
    pub(crate) route: Arc<Route>,
    pub(crate) live: LiveJob,
    order: watch::Sender<Order>,
    /// Rises with every order, so that none is overlooked at the end of a pass.
    orders_given: AtomicU64,
    ended: watch::Sender<bool>,
}

impl Handle {
    pub(crate) fn new(job: JobId, order: Order, route: Route) -> Arc<Self> {
        Arc::new(Self {
            job,
            route: Arc::new(route),
            live: LiveJob::default(),
            order: watch::Sender::new(order),
            orders_given: AtomicU64::new(0),
            ended: watch::Sender::new(false),
        })
    }

    pub(crate) fn give(&self, order: Order) {
        self.orders_given.fetch_add(1, Ordering::SeqCst);
        self.order.send_replace(order);
    }

    pub(crate) fn orders(&self) -> Orders {
        Orders::new(self.order.subscribe())
    }

    /// Whether one of the job's transfers was slowed down by its server not long ago.
    pub(crate) fn is_throttled(&self, shared: &Shared) -> bool {
        let home = &self.route.destination.home;
        shared.caller.limiter(home).is_throttled()
    }

    fn orders_given(&self) -> u64 {
        self.orders_given.load(Ordering::SeqCst)
    }

    /// Waits until the job is no longer driven.
    pub(crate) async fn end(&self) {
        let mut ended = self.ended.subscribe();
        // The sender lives in self.
        let _ = ended.wait_for(|ended| *ended).await;
    }
}

/// Drives a job whose lease is held until nothing more can be done without the user.
pub(crate) async fn drive(shared: Arc<Shared>, handle: Arc<Handle>) {
    // Also when something in here panics: nobody may wait for ever.
    let _ending = Ending {
        shared: Arc::clone(&shared),
        handle: Arc::clone(&handle),
    };
    let orders = handle.orders();
    tokio::select! {
        biased;
        () = orders.until(|order| order == Order::Drop) => shared.forget(&handle),
        () = passes(&shared, &handle) => {}
        () = watch_over(&shared, &handle) => {}
    }
    let job = handle.job;
    let released = Change::LeaseReleased {
        job,
        holder: shared.holder.clone(),
    };
    // Whether or not this can be written, the lease ends by itself.
    if let Err(error) = shared
        .record
        .write(vec![released], Durability::Grouped)
        .await
    {
        tracing::warn!(%job, %error, "the lease could not be given back");
    }
}

struct Ending {
    shared: Arc<Shared>,
    handle: Arc<Handle>,
}

impl Drop for Ending {
    fn drop(&mut self) {
        self.shared.forget(&self.handle);
        self.handle.ended.send_replace(true);
        self.shared
            .announce(EngineEvent::JobChanged(self.handle.job));
    }
}

async fn passes(shared: &Arc<Shared>, handle: &Arc<Handle>) {
    let orders = handle.orders();
    loop {
        let seen = handle.orders_given();
        let order = orders.now();
        let slot = if order.runs() {
            tokio::select! {
                slot = shared.job_slots.acquire() => slot.ok(),
                () = orders.until_not(order) => continue,
            }
        } else {
            None
        };
        if let Err(error) = pass(shared, handle, order).await {
            tracing::error!(job = %handle.job, %error, "the job stops: its journal failed");
            shared.forget(handle);
            return;
        }
        drop(slot);
        // Under the lock that hands out orders: either the order came before and is seen
        // here, or it finds the job no longer driven.
        if shared.forget_if(handle, || handle.orders_given() == seen) {
            return;
        }
    }
}

/// Gives every transfer that wants it a turn, as many at once as the job allows.
async fn pass(
    shared: &Arc<Shared>,
    handle: &Arc<Handle>,
    order: Order,
) -> Result<(), JournalError> {
    let orders = handle.orders();
    let at_once = match order {
        Order::Run { .. } => handle.route.options.transfers_at_once.max(1) as usize,
        Order::Cancel { .. } => CANCELS_AT_ONCE,
        Order::Pause | Order::Leave | Order::Drop => return Ok(()),
    };
    let mut running = FuturesUnordered::new();
    let mut page = Page::default();
    loop {
        while running.len() < at_once && orders.now() == order {
            let Some(row) = page.next(shared, handle.job)? else {
                break;
            };
            if wants(&row, order) {
                running.push(Run::new(shared, handle, row)?.run());
            }
        }
        match running.next().await {
            Some(outcome) => outcome?,
            None => return Ok(()),
        }
    }
}

/// Whether a transfer in this state has something to do under this order.
fn wants(row: &TransferRow, order: Order) -> bool {
    match (order, row.state) {
        (_, State::Done) => false,
        (Order::Run { retry_failed }, State::Failed { .. } | State::Cancelled) => retry_failed,
        (Order::Run { .. }, _) => true,
        (Order::Cancel { keep_parts }, State::Failed { .. } | State::Cancelled) => row
            .upload
            .as_ref()
            .is_some_and(|upload| upload.aborting || !keep_parts),
        (Order::Cancel { .. }, _) => true,
        (Order::Pause | Order::Leave | Order::Drop, _) => false,
    }
}

/// Walks over a job's transfers page by page.
#[derive(Default)]
struct Page {
    rows: std::vec::IntoIter<TransferRow>,
    last: Option<TransferId>,
    exhausted: bool,
}

impl Page {
    fn next(&mut self, shared: &Shared, job: JobId) -> Result<Option<TransferRow>, JournalError> {
        if let Some(row) = self.rows.next() {
            return Ok(Some(row));
        }
        if self.exhausted {
            return Ok(None);
        }
        let rows = shared.record.journal().transfers(job, self.last, PAGE)?;
        self.exhausted = rows.len() < PAGE as usize;
        self.last = rows.last().map(|row| row.id).or(self.last);
        self.rows = rows.into_iter();
        Ok(self.rows.next())
    }
}

/// Renews the lease, samples speed and listens to what other processes write into the
/// journal: the CLI may pause a job the app drives. Returns when the lease is lost.
async fn watch_over(shared: &Arc<Shared>, handle: &Arc<Handle>) {
    let mut renewed = tokio::time::Instant::now();
    loop {
        tokio::time::sleep(TICK).await;
        if renewed.elapsed() >= RENEW {
            renewed = tokio::time::Instant::now();
            let renewal = Change::LeaseRenewed {
                job: handle.job,
                holder: shared.holder.clone(),
                until_ms: shared.lease_until_ms(LEASE),
            };
            match shared
                .record
                .write(vec![renewal], Durability::Grouped)
                .await
            {
                Err(error @ (JournalError::Leased { .. } | JournalError::NotFound { .. })) => {
                    tracing::warn!(job = %handle.job, %error, "another process drives the job now");
                    shared.forget(handle);
                    return;
                }
                Err(error) => tracing::warn!(%error, "the lease could not be renewed"),
                Ok(()) => {}
            }
        }
        let seen = handle.orders_given();
        match shared.record.journal().job(handle.job) {
            Ok(row) => {
                handle.live.sample(row.bytes_done);
                // An order given here meanwhile is newer than the row.
                if handle.orders_given() == seen {
                    obey(handle, row.intent);
                }
            }
            Err(error) => tracing::warn!(%error, "the job's row could not be read"),
        }
    }
}

/// What another process wrote as the user's will becomes our order.
fn obey(handle: &Handle, intent: JobIntent) {
    let order = handle.orders().now();
    match intent {
        JobIntent::Pause if order.runs() => handle.give(Order::Pause),
        // Uploads to be aborted are marked in their own rows.
        JobIntent::Cancel if order.runs() || order == Order::Pause => {
            handle.give(Order::Cancel { keep_parts: true });
        }
        _ => {}
    }
}
