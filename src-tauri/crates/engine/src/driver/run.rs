//! One transfer being driven: state, effects, events. Journal first, then act.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use partway_domain::planted::{self, Bug};
use partway_domain::{
    ETag, Effect, Event, Failure, FailureKind, JobId, Method, PartNumber, Plan, State, TransferId,
    Wait, owed, step,
};
use partway_journal::table::event::{Level, NewEvent};
use partway_journal::table::transfer::{Pin, TransferRow};
use partway_journal::{Change, Durability, JournalError};
use partway_protocol::op::Operation;
use tokio::time::Instant;

use super::Handle;
use super::pass::Weight;
use super::route::{Route, Side};
use crate::call::{Answer, CallError, Listener, Looked, absence};
use crate::claim::Claim;
use crate::effect::{Answered, Obstacle, Step, trouble};
use crate::engine::{EngineEvent, Shared};
use crate::event::{self, Told as _};
use crate::live::LiveTransfer;
use crate::order::{Order, Orders};

/// Retries are recorded at most this often for one transfer; all of them are counted.
const TELL_RETRIES_EVERY: Duration = Duration::from_millis(200);

/// Rounds of waiting for a server in trouble before the transfer fails: two minutes in all.
const MOST_TROUBLES: u32 = 7;

/// Looks in a row that may be too old.
const MOST_STALE_LOOKS: u32 = 3;

/// A transfer in the hands of its driver.
pub(crate) struct Run {
    pub(crate) shared: Arc<Shared>,
    pub(crate) handle: Arc<Handle>,
    pub(crate) route: Arc<Route>,
    pub(crate) row: TransferRow,
    pub(crate) orders: Orders,
    pub(crate) live: Option<Arc<LiveTransfer>>,
    /// Parts confirmed by the server, as far as this process knows.
    pub(crate) parts: BTreeMap<PartNumber, ETag>,
    pub(crate) tries: Tries,
    /// What the answer to a small copy said, until the verdict.
    pub(crate) answered: Option<Answered>,
    /// The destination is ours to write.
    pub(crate) claim: Option<Claim>,
    /// Changes that nothing depends on before the next write, and that go with it.
    deferred: Mutex<Vec<Change>>,
    told: Mutex<Option<Instant>>,
    /// The last look that a request relies on.
    look: Mutex<Option<Looked>>,
    weight: Weight,
}

/// What has been tried and must not be tried for ever. Begins anew with each drive.
#[derive(Debug, Default)]
pub(crate) struct Tries {
    /// The network was away, times in a row.
    pub(crate) absences: u32,
    /// Uploads that were lost.
    pub(crate) uploads_lost: u32,
    /// Small copies of which it was not known whether they happened.
    pub(crate) copies: u32,
    /// Small copies refused because of the destination, which had not changed.
    pub(crate) copy_refusals: u32,
    /// The server knows no condition on what a small copy replaces.
    pub(crate) copy_unguarded: bool,
    /// Completes that did not happen.
    pub(crate) completes: u32,
    /// Sendings of a request that relies on a look, in a row.
    pub(crate) sendings: u32,
    /// Looks in a row that were too long ago before it could be sent.
    pub(crate) stale_looks: u32,
    /// Completes refused because of their parts.
    pub(crate) refusals: u32,
    /// Conditions on the source refused although it had not changed.
    pub(crate) conditions_refused: u32,
    /// The upload could not be given back; the sweep tries again, with pauses.
    pub(crate) abort_refused: bool,
    /// Sendings of parts in a row whose time was over before an answer came.
    pub(crate) overdue: AtomicU32,
    /// The parts were made smaller.
    pub(crate) shrunk: bool,
}

impl Run {
    pub(crate) fn new(
        shared: &Arc<Shared>,
        handle: &Arc<Handle>,
        row: TransferRow,
    ) -> Result<Self, JournalError> {
        let parts = if row.upload.is_some() {
            let parts = shared.record.journal().parts(row.id)?;
            parts
                .into_iter()
                .map(|part| (part.number, part.etag))
                .collect()
        } else {
            BTreeMap::new()
        };
        Ok(Self {
            shared: Arc::clone(shared),
            handle: Arc::clone(handle),
            route: Arc::clone(&handle.route),
            row,
            orders: handle.orders(),
            live: None,
            parts,
            tries: Tries::default(),
            answered: None,
            claim: None,
            deferred: Mutex::default(),
            told: Mutex::new(None),
            look: Mutex::new(None),
            weight: Weight::default(),
        })
    }

    /// What it takes up of the job's pace.
    pub(super) fn weighing(self, weight: Weight) -> Self {
        Self { weight, ..self }
    }

    /// Drives the transfer until it is settled, held, or waits for the user.
    pub(crate) async fn run(mut self) -> Result<(), JournalError> {
        let outcome = self.drive().await;
        self.handle.live.leave(self.row.id);
        self.tell();
        outcome
    }

    async fn drive(&mut self) -> Result<(), JournalError> {
        let mut effects = self.begin().await?;
        loop {
            let order = self.orders.now();
            if let Some(event) = self.ordered(order) {
                effects = self.apply(event, Vec::new(), None).await?;
                continue;
            }
            if order.leaves() {
                return Ok(());
            }
            let Some(effect) = effects.pop_front() else {
                if self.row.state != WAITING_NETWORK {
                    return Ok(());
                }
                if self.outlast_absence(order).await {
                    effects = self.apply(Event::Resume, Vec::new(), None).await?;
                }
                continue;
            };
            let step = match self.perform(effect).await {
                Ok(Some(step)) => step,
                Ok(None) => continue,
                Err(Obstacle::Held) => {
                    if self.rests_under(self.orders.now()) {
                        return Ok(());
                    }
                    // The order is looked at again; if it stands, so does the effect.
                    effects.push_front(effect);
                    continue;
                }
                Err(Obstacle::Journal(error)) => return Err(error),
                Err(Obstacle::Failure(failure)) => self.hindered(*failure),
            };
            let blocked = matches!(step.event, Event::Block { .. });
            if blocked && !self.orders.now().runs() && self.ordered(self.orders.now()).is_some() {
                continue;
            }
            effects = self.apply(step.event, step.changes, step.failure).await?;
        }
    }

    /// A server in trouble, or something between it and us that answers in its stead, is waited
    /// for like a network that is away. Unlike that it may never mend, so not for ever.
    fn hindered(&self, failure: Failure) -> Step {
        let may_pass = matches!(
            failure.kind,
            FailureKind::ServerTrouble | FailureKind::BadResponse
        );
        if may_pass && self.tries.absences < MOST_TROUBLES {
            return Step::block(Wait::Network, failure);
        }
        trouble(failure)
    }

    /// Whether nothing is to be done while an order stands: a transfer that waits for a person has
    /// only its upload to give back. That stays marked, and is done when the transfer goes on.
    fn rests_under(&self, order: Order) -> bool {
        !order.runs() && !order.leaves() && self.ordered(order).is_none()
    }

    /// What is to be done first: the first effects of a new or resumed transfer, or those a
    /// crash left owing.
    async fn begin(&mut self) -> Result<VecDeque<Effect>, JournalError> {
        if !self.orders.now().runs() {
            return Ok(owed(self.row.state).into());
        }
        let event = match self.row.state {
            State::Queued => {
                let told = self.pin().map(|pin| self.tell_pin(pin, None));
                return self
                    .apply(Event::Begin, told.unwrap_or_default(), None)
                    .await;
            }
            State::Failed {
                kind: FailureKind::SourceChanged,
            }
            | State::Waiting {
                wait: Wait::Decision,
            } if self.starts_over(self.orders.now()) => {
                self.row.pin = None;
                self.parts.clear();
                Event::Resume
            }
            State::Paused | State::Waiting { .. } | State::Failed { .. } | State::Cancelled => {
                Event::Resume
            }
            // What is left out stays so, and only its upload is given back.
            State::Skipped => return Ok(owed(State::Skipped).into()),
            state => return Ok(owed(state).into()),
        };
        self.apply(event, Vec::new(), None).await
    }

    /// Retrying is an answer where only the source changed: it is taken as it is now. Not where
    /// that was found after the retry was asked for.
    fn starts_over(&self, order: Order) -> bool {
        let changed = self
            .row
            .failure
            .as_ref()
            .is_some_and(|failure| failure.kind == FailureKind::SourceChanged);
        changed && order == Order::Run { retry_failed: true } && self.handle.has_seen(self.row.id)
    }

    /// The event an order means for the present state.
    fn ordered(&self, order: Order) -> Option<Event> {
        use State as S;
        let marked = self
            .row
            .upload
            .as_ref()
            .is_some_and(|upload| upload.aborting);
        match (order, self.row.state) {
            (
                Order::Pause | Order::Hold { .. },
                S::Starting | S::Copying | S::Removing | WAITING_NETWORK,
            ) => Some(Event::Pause),
            (
                Order::Cancel { keep_parts },
                S::Queued | S::Starting | S::Copying | S::Removing | S::Paused | S::Waiting { .. },
            ) => Some(Event::Cancel {
                keep_parts: keep_parts && !marked,
            }),
            (Order::Cancel { keep_parts }, S::Failed { .. } | S::Cancelled)
                if self.row.upload.is_some()
                    && (marked || !keep_parts)
                    && !self.tries.abort_refused =>
            {
                Some(Event::Cancel { keep_parts: false })
            }
            _ => None,
        }
    }

    async fn perform(&mut self, effect: Effect) -> Result<Option<Step>, Obstacle> {
        match effect {
            // Whoever was copying has let go before the order was applied.
            Effect::Hold => Ok(None),
            Effect::Locate => self.locate().await.map(Some),
            Effect::Copy => self.copy().await.map(Some),
            Effect::Complete => self.complete().await.map(Some),
            Effect::Prove => self.prove().await.map(Some),
            Effect::Verify => self.verify().await.map(Some),
            Effect::Remove => self.remove().await.map(Some),
            Effect::Abort => self.abort().await,
        }
    }

    /// Journals what follows from an event, then hands out the effects.
    async fn apply(
        &mut self,
        event: Event,
        mut changes: Vec<Change>,
        failure: Option<Failure>,
    ) -> Result<VecDeque<Effect>, JournalError> {
        let (next, effects) = match step(self.row.state, event) {
            Ok(stepped) => stepped,
            Err(rejected) => {
                // A bug of ours must not become a guess about the user's objects.
                tracing::error!(transfer = %self.row.id, %rejected, "the transfer stops");
                return Ok(VecDeque::new());
            }
        };
        let mut effects = effects;
        if failure.as_ref().map(|failure| failure.kind) == Some(FailureKind::SourceChanged) {
            self.handle.raise(self.row.id);
            if self.row.upload.is_some() && !effects.contains(&Effect::Abort) {
                // The parts are of no use any more, whatever is decided.
                effects.push(Effect::Abort);
            }
        }
        if effects.contains(&Effect::Abort)
            && let Some(upload) = &mut self.row.upload
        {
            upload.aborting = true;
            changes.push(Change::AbortIntended {
                transfer: self.row.id,
            });
        }
        if self.may_be_passed_over(event) {
            self.deferred().extend(changes);
            self.row.state = next;
            self.row.failure = failure;
            return Ok(effects.into());
        }
        changes.push(Change::State {
            transfer: self.row.id,
            state: next,
            failure: failure.clone(),
        });
        changes.extend(self.word(event, next, failure.as_ref()).map(Change::Event));
        let verdict = changes.iter().find_map(|change| match change {
            Change::Verdict { verdict, .. } => Some(verdict.clone()),
            _ => None,
        });
        if !(planted::is(Bug::CompleteUnannounced) && next == State::Completing) {
            self.write(changes, durability(next)).await?;
        }
        self.row.verdict = verdict.or(self.row.verdict.take());
        self.row.state = next;
        self.row.failure = failure;
        self.tell();
        Ok(effects.into())
    }

    /// Where objects come in bulk, states that a small one only passes through are not
    /// journaled: a crash in them is met by the state before, which did the same or nothing.
    fn may_be_passed_over(&self, event: Event) -> bool {
        let passing = match event {
            Event::Begin => true,
            // Without another request in between: nobody else can tell what that copy made.
            Event::ObjectCopied => self.is_proven_by_answer(),
            _ => false,
        };
        passing && self.is_one_of_many()
    }

    /// A small object that was listed, not named.
    fn is_one_of_many(&self) -> bool {
        let plan = self.plan();
        self.route.in_bulk && plan.is_some_and(|plan| plan.method == Method::Single)
    }

    fn deferred(&self) -> MutexGuard<'_, Vec<Change>> {
        self.deferred.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nobody reads a million lines about small objects where all went well; their rows say as
    /// much. Of what went wrong, as many are told as a person reads.
    fn is_worth_telling(&self, event: &NewEvent) -> bool {
        !self.is_one_of_many() || event.level != Level::Normal && self.handle.live.tell_one_more()
    }

    /// Writes changes while the job is ours, and says so if events are among them.
    pub(crate) async fn write(
        &self,
        mut changes: Vec<Change>,
        durability: Durability,
    ) -> Result<(), JournalError> {
        changes.splice(0..0, self.deferred().drain(..));
        changes.retain(|change| match change {
            Change::Event(event) => self.is_worth_telling(event),
            _ => true,
        });
        let tells = changes
            .iter()
            .any(|change| matches!(change, Change::Event(_)));
        changes.insert(0, self.shared.held(self.job()));
        self.shared.record.write(changes, durability).await?;
        if tells {
            self.shared.announce(EngineEvent::EventRecorded(self.job()));
        }
        Ok(())
    }

    fn word(&self, event: Event, next: State, failure: Option<&Failure>) -> Option<NewEvent> {
        let what = match (event, next) {
            _ if failure.map(|failure| failure.kind) == Some(FailureKind::SourceChanged) => {
                event::SOURCE_CHANGED
            }
            (Event::Resume, _) => event::RESUMED,
            (Event::Cancel { .. }, _) => event::CANCELLED,
            (_, State::Paused) => event::PAUSED,
            (_, State::Waiting { wait }) => match wait {
                Wait::Network => event::WAITING_NETWORK,
                Wait::Credential => event::WAITING_CREDENTIAL,
                Wait::Restore => event::WAITING_RESTORE,
                Wait::Decision => event::WAITING_DECISION,
            },
            (_, State::Failed { .. }) => event::FAILED,
            _ => return None,
        };
        let level = match next {
            State::Failed { .. } => Level::Error,
            State::Waiting { .. } => Level::Warning,
            _ => Level::Normal,
        };
        let begun = self.event(what);
        Some(match failure {
            Some(failure) => begun.because(level, failure),
            None => begun,
        })
    }

    /// Waits a while for the network; `false` if the order changed meanwhile.
    async fn outlast_absence(&mut self, order: Order) -> bool {
        let pause = absence(self.tries.absences);
        self.tries.absences += 1;
        if planted::is(Bug::NetworkNeverReturns) {
            self.orders.until_not(order).await;
            return false;
        }
        tokio::select! {
            biased;
            () = self.orders.until_not(order) => false,
            () = tokio::time::sleep(pause) => true,
        }
    }

    /// Sends an operation to one side. What may not be left half known is only ended by the
    /// end of the program, everything else by any new order.
    pub(crate) async fn ask<O: Operation>(
        &self,
        side: &Side,
        operation: &O,
    ) -> Result<Answer<O::Output>, CallError> {
        self.ask_after_look(side, operation, None).await
    }

    /// As [`Self::ask`]. A request that relies on a look ends with [`CallError::LookAgain`] where it
    /// would be sent again, or the look is too long ago.
    pub(crate) async fn ask_after_look<O: Operation>(
        &self,
        side: &Side,
        operation: &O,
        looked: Option<Looked>,
    ) -> Result<Answer<O::Output>, CallError> {
        let retried = |failure: &Failure| self.heard(None, failure);
        let looked = looked.filter(|_| !planted::is(Bug::RepeatUnseen));
        let listener = Listener {
            hold: Some((self.orders.clone(), self.held_by())),
            sending: None,
            retried: Some(&retried),
            overdue: None,
            looked,
        };
        let _slot = match self.weight {
            Weight::Whole | Weight::Light => None,
            Weight::Ahead => Some(tokio::select! {
                biased;
                () = self.orders.until(self.held_by()) => return Err(CallError::Held),
                slot = self.handle.slots.take() => slot,
            }),
        };
        let region = side.region.as_deref();
        self.shared
            .caller
            .call(&side.account, region, operation, &listener)
            .await
    }

    /// A look that began then has its answer.
    pub(crate) fn note_look(&self, begun: Instant) {
        let mut look = self.look.lock().unwrap_or_else(PoisonError::into_inner);
        *look = Some(Looked::since(begun));
    }

    /// The last look, for the request that relies on it. Where each is too old by the time it is of
    /// use, be it for a slow disk, the last one has to do.
    pub(crate) fn looked(&self) -> Looked {
        let look = self.look.lock().unwrap_or_else(PoisonError::into_inner);
        let look = look.filter(|_| self.tries.stale_looks < MOST_STALE_LOOKS);
        look.unwrap_or_else(|| Looked::since(Instant::now()))
            .after(self.tries.sendings)
    }

    /// Counts what became of a request that relies on a look.
    pub(crate) fn count_look<T>(&mut self, answer: &Result<T, CallError>) {
        let tries = &mut self.tries;
        let sendings = match answer {
            Err(CallError::LookAgain { sendings }) => *sendings,
            _ => 0,
        };
        let looks_again = matches!(answer, Err(CallError::LookAgain { .. }));
        let is_stale = looks_again && sendings == tries.sendings;
        tries.stale_looks = if is_stale { tries.stale_looks + 1 } else { 0 };
        tries.sendings = sendings;
    }

    pub(crate) fn held_by(&self) -> fn(Order) -> bool {
        match self.row.state {
            State::Completing
            | State::Verifying
            | State::Removing
            | State::Aborting
            | State::Skipped
            | State::Failed { .. } => Order::leaves,
            _ => |order| !order.runs(),
        }
    }

    /// Counts a retry and, now and then, records it.
    pub(crate) fn heard(&self, part: Option<PartNumber>, failure: &Failure) {
        self.handle.live.retried();
        {
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            if told.is_some_and(|told| told.elapsed() < TELL_RETRIES_EVERY) {
                return;
            }
            *told = Some(Instant::now());
        }
        let what = match (failure.kind, part) {
            (FailureKind::Throttled, _) => event::THROTTLED,
            (_, Some(_)) => event::PART_RETRIED,
            (_, None) => event::REQUEST_RETRIED,
        };
        let event = self
            .event(what)
            .about(part)
            .because(Level::Warning, failure);
        if self.is_worth_telling(&event) {
            self.shared.note(event);
        }
    }

    pub(crate) fn event(&self, what: &str) -> NewEvent {
        event::event(self.shared.clock.now_ms(), self.job(), self.id(), what)
    }

    pub(crate) fn id(&self) -> TransferId {
        self.row.id
    }

    pub(crate) fn job(&self) -> JobId {
        self.row.job
    }

    pub(crate) fn pin(&self) -> Option<&Pin> {
        self.row.pin.as_ref()
    }

    pub(crate) fn plan(&self) -> Option<Plan> {
        self.pin().map(|pin| pin.plan)
    }

    pub(crate) fn is_multipart(&self) -> bool {
        self.plan()
            .is_some_and(|plan| plan.method == Method::Multipart)
    }

    pub(crate) fn tell(&self) {
        self.shared
            .announce(EngineEvent::TransferChanged(self.job(), self.id()));
        self.shared.announce(EngineEvent::JobChanged(self.job()));
    }
}

pub(crate) const WAITING_NETWORK: State = State::Waiting {
    wait: Wait::Network,
};

/// States that promise something about the server are on the disk before anything follows.
fn durability(next: State) -> Durability {
    match next {
        State::Completing if planted::is(Bug::CompleteNotSynced) => Durability::Grouped,
        State::Completing
        | State::Removing
        | State::Aborting
        | State::Failed { .. }
        | State::Cancelled => Durability::Durable,
        _ => Durability::Grouped,
    }
}
