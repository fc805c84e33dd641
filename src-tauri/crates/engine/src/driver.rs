//! Drives one job: holds its lease, gives its transfers their turn, obeys orders.

use std::collections::{BTreeSet, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use partway_domain::{JobId, JobIntent, TransferId};
use partway_journal::{Change, Durability, JournalError};

use crate::engine::{EngineEvent, Shared};
use crate::event;
use crate::lease::{LEASE, RENEW};
use crate::limiter::Limiter;
use crate::live::LiveJob;
use crate::order::{Order, Orders};
use crate::queue::{self, Pace};
use crate::signal::Signal;

mod pass;
mod restoring;
pub(crate) mod route;
pub(crate) mod run;
mod slots;

use pass::{Whom, pass};
use route::Route;
use slots::Slots;

/// How often speed is sampled and the journal asked for the will of other processes.
const TICK: Duration = Duration::from_millis(500);

/// A job this process drives, as the engine's front door sees it.
#[derive(Debug)]
pub(crate) struct Handle {
    pub(crate) job: JobId,
    pub(crate) route: Arc<Route>,
    pub(crate) live: LiveJob,
    order: Signal<Order>,
    /// Rises with every order, so that none is overlooked at the end of a pass.
    orders_given: AtomicU64,
    /// How fast it may go, as the journal last said.
    pub(crate) pace: Signal<Pace>,
    /// Requests of its small objects.
    slots: Slots,
    /// It has its turn.
    has_turn: AtomicBool,
    ended: Signal<bool>,
    /// Transfers whose source was found changed since the last order: whoever gave it has not seen
    /// that question, and cannot have answered it.
    unseen: Mutex<HashSet<TransferId>>,
}

impl Handle {
    pub(crate) fn new(job: JobId, order: Order, route: Route) -> Arc<Self> {
        Arc::new(Self {
            job,
            pace: Signal::new(Pace::of(&route.options)),
            slots: Slots::default(),
            has_turn: AtomicBool::new(false),
            route: Arc::new(route),
            live: LiveJob::default(),
            order: Signal::new(order),
            orders_given: AtomicU64::new(0),
            ended: Signal::new(false),
            unseen: Mutex::default(),
        })
    }

    /// An order of the user, who has seen what there was to see.
    pub(crate) fn give_anew(&self, order: Order) {
        self.unseen().clear();
        self.give(order);
    }

    /// A question that the standing order is no answer to.
    pub(crate) fn raise(&self, transfer: TransferId) {
        self.unseen().insert(transfer);
    }

    /// Whether a question is older than the standing order.
    pub(crate) fn has_seen(&self, transfer: TransferId) -> bool {
        !self.unseen().contains(&transfer)
    }

    fn unseen(&self) -> MutexGuard<'_, HashSet<TransferId>> {
        self.unseen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn give(&self, order: Order) {
        self.orders_given.fetch_add(1, Ordering::SeqCst);
        self.order.set(order);
    }

    pub(crate) fn orders(&self) -> Orders {
        Orders::new(self.order.clone())
    }

    /// Whether the server of either side slowed us down not long ago.
    pub(crate) fn is_throttled(&self, shared: &Shared) -> bool {
        self.limiters(shared)
            .iter()
            .any(|limiter| limiter.is_throttled())
    }

    /// Seconds that are left of the time the server of either side asked for.
    pub(crate) fn asked_seconds(&self, shared: &Shared) -> Option<u64> {
        let left = self.limiters(shared).map(|limiter| limiter.asked_left());
        left.into_iter()
            .flatten()
            .max()
            .map(|left| left.as_secs() + u64::from(left.subsec_nanos() > 0))
    }

    fn limiters(&self, shared: &Shared) -> [Arc<Limiter>; 2] {
        [&self.route.destination, &self.route.source]
            .map(|side| shared.caller.limiter(&side.home, Some(&side.bucket)))
    }

    /// Whether it has its turn in the queue.
    pub(crate) fn has_turn(&self) -> bool {
        self.has_turn.load(Ordering::SeqCst)
    }

    /// Its turn has come, or is over.
    pub(crate) fn turned(&self, has_turn: bool) {
        self.has_turn.store(has_turn, Ordering::SeqCst);
    }

    pub(crate) fn set_pace(&self, pace: Pace) {
        if self.pace.now() != pace {
            self.pace.set(pace);
        }
    }

    fn orders_given(&self) -> u64 {
        self.orders_given.load(Ordering::SeqCst)
    }

    /// Waits until the job is no longer driven.
    pub(crate) async fn end(&self) {
        self.ended.until(|ended| ended).await;
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
        self.shared.left(&self.handle);
        self.shared.queue.stir();
        self.shared.sweeper.stir();
        self.handle.ended.set(true);
        self.shared
            .announce(EngineEvent::JobChanged(self.handle.job));
    }
}

async fn passes(shared: &Arc<Shared>, handle: &Arc<Handle>) {
    let orders = handle.orders();
    let mut patience = restoring::Patience::default();
    let mut whom = Whom::Everyone;
    let mut answered = BTreeSet::new();
    loop {
        let seen = handle.orders_given();
        let order = orders.now();
        if let Order::Hold { retry_failed } = order {
            queue::turn_over(shared, handle).await;
            shared.give_instead(handle, order, Order::Run { retry_failed });
            continue;
        }
        let turn = async {
            if order.runs() && !handle.has_turn() {
                queue::take_turn(shared, handle).await
            } else {
                Ok(())
            }
        };
        let passed = tokio::select! {
            biased;
            turn = turn => match turn {
                Ok(()) => pass(shared, handle, order, whom).await,
                Err(error) => Err(error),
            },
            () = orders.until_not(order) => continue,
        };
        if let Err(error) = passed {
            tracing::error!(job = %handle.job, %error, "the job stops: its journal failed");
            shared.forget(handle);
            return;
        }
        whom = Whom::Everyone;
        if order.runs() && is_answered(shared, handle, &mut answered) {
            continue;
        }
        if handle.orders_given() == seen && patience.outlast(shared, handle, order).await {
            whom = Whom::Restoring;
            continue;
        }
        // Under the lock that hands out orders: either the order came before and is seen
        // here, or it finds the job no longer driven.
        if shared.forget_if(handle, || handle.orders_given() == seen) {
            return;
        }
    }
}

/// Whether another process gave answers that no pass has seen: this one carries them out, for it
/// drives the job. Each answer counts once.
fn is_answered(shared: &Shared, handle: &Handle, seen: &mut BTreeSet<TransferId>) -> bool {
    match shared.record.journal().decided(handle.job) {
        Ok(decided) => {
            seen.retain(|one| decided.contains(one));
            decided.into_iter().filter(|one| seen.insert(*one)).count() > 0
        }
        Err(error) => {
            tracing::warn!(job = %handle.job, %error, "the answers could not be read");
            false
        }
    }
}

/// Renews the lease, samples speed and listens to what other processes write into the
/// journal: the CLI may pause a job the app drives. Returns when the lease is lost.
async fn watch_over(shared: &Arc<Shared>, handle: &Arc<Handle>) {
    let mut renewed = tokio::time::Instant::now();
    let mut naps = shared.caller.naps();
    loop {
        let ticked = tokio::time::Instant::now();
        tokio::time::sleep(TICK).await;
        shared
            .caller
            .look_for_sleep(ticked.elapsed().saturating_sub(TICK));
        if shared.caller.naps() != naps {
            naps = shared.caller.naps();
            note_sleep(shared, handle);
        }
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
        match shared.record.journal().watched(handle.job) {
            Ok(row) => {
                handle.live.sample(row.bytes_done);
                // An order given here meanwhile is newer than the row.
                if handle.orders_given() == seen {
                    obey(handle, row.intent);
                }
                handle.set_pace(Pace::new(row.transfers_at_once, row.parts_at_once));
                queue::keep_hours(shared, handle, row.schedule);
            }
            Err(error) => tracing::warn!(%error, "the job's row could not be read"),
        }
    }
}

fn note_sleep(shared: &Shared, handle: &Handle) {
    let now_ms = shared.clock.now_ms();
    shared.note(event::of_job(now_ms, handle.job, event::COMPUTER_SLEPT));
}

/// What another process wrote as the user's will becomes our order.
fn obey(handle: &Handle, intent: JobIntent) {
    let order = handle.orders().now();
    match intent {
        JobIntent::Pause if order.may_run() => handle.give(Order::Pause),
        // Uploads to be aborted are marked in their own rows.
        JobIntent::Cancel if order.may_run() || order == Order::Pause => {
            handle.give(Order::Cancel { keep_parts: true });
        }
        _ => {}
    }
}
