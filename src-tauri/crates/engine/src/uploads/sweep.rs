//! Gives back what is owed, for as long as the program runs.
//!
//! Two lists are owed: uploads the user named, and those that transfers of ours left behind when
//! they were given up. Aborting is repeatable, so no lease is needed, and two processes may be at
//! the same upload.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use partway_domain::{Failure, FailureKind, Key, TransferId, UploadId};
use partway_journal::table::abort::{AbortChange, AbortRow};
use partway_journal::table::transfer::TransferRow;
use partway_journal::table::upload::UploadRow;
use partway_journal::{Change, Durability, Journal, JournalError};

use super::abort::{abort_once, is_over};
use super::{Ownership, must_stay, ownership};
use crate::call::{CallError, Listener};
use crate::driver::Handle;
use crate::driver::route::{self, Route, Side};
use crate::driver::run::Run;
use crate::effect::Obstacle;
use crate::engine::{EngineEvent, Shared};
use crate::event::{self, Told as _};
use crate::lease::is_gone;
use crate::order::{Order, Orders};
use crate::signal::Signal;

/// How often a server may still list an upload right after its abort: parts in flight land late.
const MOST_LOOKS: u32 = 4;

/// How long between an abort and the next look.
const LOOK: Duration = Duration::from_secs(1);

/// How often other processes' wishes are looked for.
const IDLE: Duration = Duration::from_secs(30);

/// The first pause after an attempt in vain; then twice as long each time.
const FIRST_PAUSE: Duration = Duration::from_secs(5);

/// No pause is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);

/// No pause is longer while only the network is away: it may be back at any moment.
const LONGEST_ABSENCE: Duration = Duration::from_secs(60);

/// What others tell the sweep.
#[derive(Debug)]
pub(crate) struct Sweeper {
    wishes: Signal<u64>,
    order: Signal<Order>,
}

impl Default for Sweeper {
    fn default() -> Self {
        Self {
            wishes: Signal::new(0),
            order: Signal::new(Order::Run {
                retry_failed: false,
            }),
        }
    }
}

impl Sweeper {
    /// There may be something to do.
    pub(crate) fn stir(&self) {
        self.wishes.set(self.wishes.now().wrapping_add(1));
    }

    /// The program ends: what is under way is dropped and stays owed.
    pub(crate) fn leave(&self) {
        self.order.set(Order::Leave);
        self.stir();
    }
}

/// Sweeps until the engine is gone. Between two rounds it holds no part of the engine.
pub(crate) async fn run(engine: Weak<Shared>) {
    let mut round = Round::default();
    loop {
        let Some(shared) = engine.upgrade() else {
            return;
        };
        let wishes = shared.sweeper.wishes.clone();
        let seen = wishes.now();
        if shared.sweeper.order.now().leaves() {
            return;
        }
        let rest = round.go(&shared).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "what is owed could not be read");
            IDLE
        });
        drop(shared);
        tokio::select! {
            biased;
            () = wishes.until(|now| now != seen) => {}
            () = tokio::time::sleep(rest) => {}
        }
    }
}

/// What one process remembers between its rounds.
#[derive(Default)]
struct Round {
    /// Not the first: due times of an earlier run say nothing about this one's network.
    begun: bool,
    /// Uploads that transfers left: attempts in vain, and when to try again.
    tried: BTreeMap<TransferId, (u32, i64)>,
}

impl Round {
    /// Tries all that is due; how long nothing more is.
    async fn go(&mut self, shared: &Arc<Shared>) -> Result<Duration, JournalError> {
        let now_ms = shared.clock.now_ms();
        let first = !std::mem::replace(&mut self.begun, true);
        let wanted = shared.record.blocking(Journal::aborts).await?;
        for row in &wanted {
            if first || row.due_ms <= now_ms {
                settle(shared, row).await?;
            }
        }
        let left = shared.record.blocking(Journal::abort_queue).await?;
        self.tried
            .retain(|id, _| left.iter().any(|row| row.id == *id));
        for row in left {
            let due = self.tried.get(&row.id).is_none_or(|(_, at)| *at <= now_ms);
            if due && !is_driven(shared, &row)? {
                self.give_back(shared, row).await?;
            }
        }
        let next_ms = shared
            .record
            .blocking(Journal::aborts)
            .await?
            .iter()
            .map(|row| row.due_ms)
            .chain(self.tried.values().map(|(_, at)| *at))
            .min();
        Ok(next_ms.map_or(IDLE, |at| until(at, shared.clock.now_ms()).min(IDLE)))
    }

    /// Gives back what a transfer of ours left.
    async fn give_back(
        &mut self,
        shared: &Arc<Shared>,
        row: TransferRow,
    ) -> Result<(), JournalError> {
        let (id, job) = (row.id, row.job);
        let Ok(route) = Route::of(shared.record.journal(), &shared.record.journal().job(job)?)
        else {
            // Without its account nothing can be asked; it may be added again.
            self.put_off(shared, id, FailureKind::MissingCredential);
            return Ok(());
        };
        let outcome = return_left(shared, route, row).await;
        match outcome {
            Ok(()) => {
                self.tried.remove(&id);
            }
            Err(Obstacle::Failure(failure)) => {
                tracing::warn!(transfer = %id, %failure, "an upload could not be given back yet");
                self.put_off(shared, id, failure.kind);
            }
            Err(Obstacle::Held) => {}
            Err(Obstacle::Journal(error)) => return Err(error),
        }
        Ok(())
    }

    fn put_off(&mut self, shared: &Shared, id: TransferId, kind: FailureKind) {
        let attempts = self.tried.get(&id).map_or(0, |(attempts, _)| *attempts);
        let due_ms = shared.clock.now_ms() + pause_ms(attempts, kind);
        self.tried.insert(id, (attempts + 1, due_ms));
    }
}

/// Gives one upload back and forgets it. No lease is held, so nothing else of the row is touched.
async fn return_left(shared: &Arc<Shared>, route: Route, row: TransferRow) -> Result<(), Obstacle> {
    let Some(upload) = row.upload.clone() else {
        return Ok(());
    };
    let side = route.destination.clone();
    let upload_id = if upload.upload_id.is_some() {
        upload.upload_id.clone()
    } else {
        // Not among the driven jobs: nobody can give it orders.
        let order = Order::Run {
            retry_failed: false,
        };
        let handle = Handle::new(row.job, order, route);
        let run = Run::new(shared, &handle, row.clone())?;
        let found = run.lost_upload(upload.intended_ms).await?;
        // Begun again meanwhile, what was found may be the new upload.
        if is_driven(shared, &row)? {
            return Ok(());
        }
        found
    };
    if let Some(upload_id) = &upload_id {
        let key = &row.destination_key;
        // What was completed is not to be aborted.
        if !(upload.completing && has_ended(shared, &side, key, upload_id).await?) {
            until_gone(shared, &side, key, upload_id).await?;
        }
    }
    returned(shared, &row, upload).await?;
    Ok(())
}

async fn has_ended(
    shared: &Shared,
    side: &Side,
    key: &Key,
    upload_id: &UploadId,
) -> Result<bool, CallError> {
    is_over(&shared.caller, side, key, upload_id, &listener(shared)).await
}

fn listener(shared: &Shared) -> Listener<'static> {
    Listener {
        hold: Some((Orders::new(shared.sweeper.order.clone()), Order::leaves)),
        ..Listener::default()
    }
}

/// Tries one abort the user asked for, and writes down what came of it.
async fn settle(shared: &Shared, row: &AbortRow) -> Result<(), JournalError> {
    let upload = &row.upload;
    let owner = ownership(shared, &upload.bucket, &upload.key, &upload.upload_id)?;
    // A job between the intent to begin an upload and the answer may mean any of them.
    let for_now = matches!(owner, Ownership::Perhaps(_));
    match must_stay(owner) {
        Some(reason) if for_now => {
            let soon = AbortChange::Tried {
                id: row.id,
                due_ms: shared.clock.now_ms() + pause_ms(0, FailureKind::Invalid),
                failure: Failure::local(FailureKind::Invalid, reason),
            };
            return write(shared, soon).await;
        }
        Some(reason) => {
            // The job was resumed since, and uses the upload again.
            tracing::warn!(key = ?upload.key.as_str(), reason, "an abort is not wanted any more");
            return write(shared, AbortChange::Settled { id: row.id }).await;
        }
        None => {}
    }
    let change = match abort_named(shared, row).await {
        Ok(()) => AbortChange::Settled { id: row.id },
        // The program ends: it stays as it is.
        Err(_) if shared.sweeper.order.now().leaves() => return Ok(()),
        Err(failure) => AbortChange::Tried {
            id: row.id,
            due_ms: shared.clock.now_ms() + pause_ms(row.attempts, failure.kind),
            failure,
        },
    };
    write(shared, change).await
}

async fn abort_named(shared: &Shared, row: &AbortRow) -> Result<(), Failure> {
    let upload = &row.upload;
    let account = route::account(shared.record.journal(), &upload.account)?;
    let side = Side::new(account, upload.bucket.clone(), Some(upload.region.clone()))?;
    match until_gone(shared, &side, &upload.key, &upload.upload_id).await {
        // With its bucket every upload went.
        Err(failure) if failure.kind == FailureKind::NoSuchBucket => Ok(()),
        outcome => outcome,
    }
}

/// Aborts until the server says that the upload is gone, or for long enough.
async fn until_gone(
    shared: &Shared,
    side: &Side,
    key: &Key,
    upload_id: &UploadId,
) -> Result<(), Failure> {
    let listener = listener(shared);
    for look in 0..MOST_LOOKS {
        if look > 0 {
            tokio::time::sleep(LOOK).await;
        }
        match abort_once(&shared.caller, side, key, upload_id, &listener).await {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(CallError::Failed { failure, .. }) => return Err(*failure),
            Err(CallError::Held | CallError::LookAgain { .. }) => {
                return Err(Failure::local(
                    FailureKind::Network,
                    "the program ended before the upload was gone",
                ));
            }
        }
    }
    Err(Failure {
        bucket: Some(side.bucket.as_str().to_owned()),
        key: Some(key.as_str().to_owned()),
        ..Failure::local(
            FailureKind::ServerTrouble,
            "the upload was aborted but the server still lists it; it is aborted again",
        )
    })
}

/// Forgets an upload a transfer left, unless the transfer has another by now.
async fn returned(
    shared: &Shared,
    row: &TransferRow,
    upload: UploadRow,
) -> Result<(), JournalError> {
    let forgotten = Change::UploadReturned {
        transfer: row.id,
        upload,
    };
    let aborted = event::event(shared.clock.now_ms(), row.job, row.id, event::ABORTED);
    let changes = vec![
        forgotten,
        Change::Event(aborted.saying("given back after the transfer had ended")),
    ];
    shared.record.write(changes, Durability::Durable).await?;
    shared.announce(EngineEvent::EventRecorded(row.job));
    shared.announce(EngineEvent::TransferChanged(row.job, row.id));
    Ok(())
}

/// Whoever drives the job gives its uploads back.
fn is_driven(shared: &Shared, row: &TransferRow) -> Result<bool, JournalError> {
    let job = shared.record.journal().job(row.job)?;
    let elsewhere = job
        .lease
        .is_some_and(|lease| !is_gone(&lease.holder, &shared.holder));
    Ok(shared.handle(row.job).is_some() || elsewhere)
}

async fn write(shared: &Shared, change: AbortChange) -> Result<(), JournalError> {
    shared
        .record
        .write(vec![Change::Abort(change)], Durability::Durable)
        .await
}

fn pause_ms(attempts: u32, kind: FailureKind) -> i64 {
    let longest = match kind {
        FailureKind::Network => LONGEST_ABSENCE,
        _ => LONGEST_PAUSE,
    };
    let pause = FIRST_PAUSE
        .saturating_mul(1 << attempts.min(16))
        .min(longest);
    i64::try_from(pause.as_millis()).unwrap_or(i64::MAX)
}

fn until(at_ms: i64, now_ms: i64) -> Duration {
    let rest = u64::try_from(at_ms.saturating_sub(now_ms)).unwrap_or(0);
    // Never a loop without a pause, whatever the clock says.
    Duration::from_millis(rest.max(100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_and_a_lost_network_is_looked_for_more_often() {
        let pause = |attempts, kind| pause_ms(attempts, kind) / 1000;
        assert_eq!(pause(0, FailureKind::ServerTrouble), 5);
        assert_eq!(pause(3, FailureKind::ServerTrouble), 40);
        assert_eq!(pause(40, FailureKind::AccessDenied), 600);
        assert_eq!(pause(40, FailureKind::Network), 60);
    }
}
