//! One operation with everything around it: secret, region, signature, retries, limiter.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use partway_domain::planted::{self, Bug};
use partway_domain::{Account, AccountId, Bucket, Failure, FailureKind};
use partway_protocol::credential::Credential;
use partway_protocol::dialect::dialect;
use partway_protocol::endpoint::Endpoint;
use partway_protocol::error::RequestError;
use partway_protocol::op::{EndlessList, Operation, Target};
use tokio::sync::broadcast;
use tokio::time::Instant;

use crate::blocking::Blocking;
use crate::chance::Chance;
use crate::clock::Clock;
use crate::driver::route::in_region;
use crate::engine::EngineEvent;
use crate::limiter::{Budget, Limiter};
use crate::order::{Order, Orders};
use crate::retry::{self, ATTEMPTS, Policy, Trouble};
use crate::secret::SecretStore;
use crate::transport::Transport;

mod bare;
mod credential;
mod detour;
mod link;
mod once;
mod place;
mod stranger;
mod wake;

use credential::Credentials;
use once::Stumble;
use place::Places;
use wake::Wake;

/// How much longer than itself a look may be ago.
const FRESH: Duration = Duration::from_secs(1);

/// Pauses from here on are announced.
const TOLD_FROM: Duration = Duration::from_secs(2);

/// An operation's output with what support will ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<T> {
    /// What the operation brought.
    pub output: T,
    /// The provider's request id.
    pub request_id: Option<String>,
    /// How often it was sent.
    pub attempts: u32,
    /// The server's Date minus ours, in milliseconds, when it sent one.
    pub clock_offset_ms: Option<i64>,
}

/// Why there is no answer.
#[derive(Debug, Clone)]
pub(crate) enum CallError {
    /// The order changed before it was sent (again); nothing is wrong.
    Held,
    /// It was refused for now, or nobody knows, and the pause that follows is over: what it relies
    /// on must be looked at again before it is sent once more. Only where a [`Listener`] says that
    /// it relies on a look.
    LookAgain {
        /// How often it was sent.
        sendings: u32,
    },
    /// It failed for good.
    Failed {
        failure: Box<Failure>,
        /// The request may have been carried out.
        outcome_unknown: bool,
    },
}

impl CallError {
    pub(crate) fn local(failure: Failure) -> Self {
        Self::Failed {
            failure: Box::new(failure),
            outcome_unknown: false,
        }
    }

    /// A list that has no end.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "it stands where an error is turned into another"
    )]
    pub(crate) fn endless(list: EndlessList) -> Self {
        Self::local(Failure::local(FailureKind::BadResponse, list.to_string()))
    }
}

/// Orders to hear, and which of them mean that nothing is sent any more.
pub(crate) type Hold = (Orders, fn(Order) -> bool);

/// Who listens while a call is repeated, and may end the repeating.
#[derive(Clone, Default)]
pub(crate) struct Listener<'a> {
    /// Orders under which nothing is sent any more.
    pub(crate) hold: Option<Hold>,
    /// Hears of each sending.
    pub(crate) sending: Option<&'a (dyn Fn() + Send + Sync)>,
    /// Hears of each failure that will be repeated.
    pub(crate) retried: Option<&'a (dyn Fn(&Failure) + Send + Sync)>,
    /// Hears of each sending whose time was over before an answer came; whether that is
    /// enough, and nothing is repeated any more.
    pub(crate) overdue: Option<&'a (dyn Fn() -> bool + Send + Sync)>,
    /// The request relies on a look right before it: nothing is sent without one, and nothing is
    /// sent again without another.
    pub(crate) looked: Option<Looked>,
}

/// A look that a request relies on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Looked {
    /// How often the request was sent before it.
    pub(crate) sendings: u32,
    /// When it was answered.
    at: Instant,
    /// How long it took, the wait for a place among the requests included.
    took: Duration,
}

impl Looked {
    pub(crate) fn since(begun: Instant) -> Self {
        let at = Instant::now();
        Self {
            sendings: 0,
            at,
            took: at - begun,
        }
    }

    /// The same, for a request that was sent so often before.
    pub(crate) fn after(self, sendings: u32) -> Self {
        Self { sendings, ..self }
    }

    /// The program stood still since, or waited far longer than for the look.
    pub(crate) fn is_stale(&self) -> bool {
        self.at.elapsed() > FRESH + self.took
    }
}

impl Listener<'_> {
    async fn held(&self) {
        match &self.hold {
            Some((orders, unwanted)) => orders.until(*unwanted).await,
            None => std::future::pending().await,
        }
    }
}

/// Everything calls share: one for the whole engine.
#[derive(Debug)]
pub(crate) struct Caller {
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    requests_per_endpoint: usize,
    /// Sendings in all where a server is in trouble, the first included.
    attempts: AtomicU32,
    /// By what servers count requests by: the endpoint's host, then the bucket; an empty name for
    /// what is about no bucket.
    limiters: Mutex<HashMap<String, HashMap<String, Arc<Limiter>>>>,
    /// By the endpoint's host.
    budgets: Mutex<HashMap<String, Budget>>,
    /// The server's clock minus ours in milliseconds, by the endpoint's host; only learned
    /// from a refusal.
    offsets: Mutex<HashMap<String, i64>>,
    credentials: Credentials,
    places: Places,
    wake: Wake,
    events: broadcast::Sender<EngineEvent>,
}

impl Caller {
    pub(crate) fn new(
        transport: Arc<dyn Transport>,
        secrets: Arc<dyn SecretStore>,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
        blocking: Blocking,
        requests_per_endpoint: usize,
        events: broadcast::Sender<EngineEvent>,
    ) -> Self {
        Self {
            transport,
            clock,
            chance,
            requests_per_endpoint,
            attempts: AtomicU32::new(ATTEMPTS),
            limiters: Mutex::default(),
            budgets: Mutex::default(),
            offsets: Mutex::default(),
            credentials: Credentials::new(secrets, blocking),
            places: Places::default(),
            wake: Wake::default(),
            events,
        }
    }

    /// Looks whether this computer slept, being `late` itself; what is under way then ends and
    /// is sent anew, over new connections, with the credential as it is now.
    pub(crate) fn look_for_sleep(&self, late: Duration) {
        let now_ms = self.clock.now_ms();
        if !self.wake.slept(Instant::now(), now_ms, late) {
            return;
        }
        tracing::info!("this computer slept; connections are made anew");
        self.transport.forget_connections();
        self.credentials.reload();
        lock(&self.offsets).clear();
        self.wake.tell();
    }

    /// How often this computer slept while the engine ran.
    pub(crate) fn naps(&self) -> u64 {
        self.wake.naps()
    }

    /// Sends with the stored credential and all retries.
    pub(crate) async fn call<O: Operation>(
        &self,
        account: &Account,
        region: Option<&str>,
        operation: &O,
        listener: &Listener<'_>,
    ) -> Result<Answer<O::Output>, CallError> {
        self.look_for_sleep(Duration::ZERO);
        let credential = self
            .credentials
            .of(account)
            .await
            .map_err(CallError::local)?;
        let now_ms = self.clock.now_ms();
        if let Some(refusal) = self.credentials.refusal(&account.id, &credential, now_ms) {
            return Err(CallError::local(refusal));
        }
        let mut policy = Policy::of(operation.traits());
        policy.attempts = self.attempts.load(Ordering::Relaxed);
        if planted::is(Bug::CompleteTwice) && O::NAME == "CompleteMultipartUpload" {
            policy.idempotent = true;
        }
        let answer = self
            .repeat(account, &credential, region, operation, policy, listener)
            .await;
        if let Err(CallError::Failed { failure, .. }) = &answer {
            let now_ms = self.clock.now_ms();
            self.credentials
                .note(&account.id, &credential, failure, now_ms);
        }
        answer
    }

    /// How often from now on an operation is repeated while its server is in trouble.
    pub(crate) fn set_retries(&self, retries: u32) {
        let attempts = retries.saturating_add(1);
        self.attempts.store(attempts, Ordering::Relaxed);
    }

    /// Sends once with a credential that need not be stored.
    pub(crate) async fn call_once<O: Operation>(
        &self,
        account: &Account,
        credential: &Credential,
        region: Option<&str>,
        operation: &O,
    ) -> Result<Answer<O::Output>, CallError> {
        let policy = Policy::once(operation.traits());
        let listener = Listener::default();
        self.repeat(account, credential, region, operation, policy, &listener)
            .await
    }

    /// Another credential was stored, or the user wants the refused one tried again.
    pub(crate) fn forget_credential(&self, account: &AccountId) {
        if planted::is(Bug::OldCredentialStays) {
            return;
        }
        self.credentials.forget(account);
    }

    /// The region a bucket was found in when a request for it went to another.
    pub(crate) fn found_region(&self, home: &Endpoint, bucket: &Bucket) -> Option<String> {
        self.places.region(home, bucket)
    }

    /// The limiter of a bucket at an account's endpoint.
    pub(crate) fn limiter(&self, endpoint: &Endpoint, bucket: Option<&Bucket>) -> Arc<Limiter> {
        let bucket = bucket.map_or("", Bucket::as_str);
        let mut limiters = lock(&self.limiters);
        let known = limiters.get(&endpoint.host);
        if let Some(known) = known.and_then(|those| those.get(bucket)) {
            return Arc::clone(known);
        }
        let limiter = Limiter::new(self.requests_per_endpoint);
        let those = limiters.entry(endpoint.host.clone()).or_default();
        those.insert(bucket.to_owned(), Arc::clone(&limiter));
        limiter
    }

    fn budget<T>(&self, endpoint: &Endpoint, ask: impl FnOnce(&mut Budget) -> T) -> T {
        let mut budgets = lock(&self.budgets);
        if let Some(known) = budgets.get_mut(&endpoint.host) {
            return ask(known);
        }
        let host = endpoint.host.clone();
        ask(budgets
            .entry(host)
            .or_insert_with(|| Budget::new(Instant::now())))
    }

    /// The server's clock minus ours in milliseconds, as far as it is known.
    pub(crate) fn clock_offset_ms(&self, endpoint: &Endpoint) -> i64 {
        lock(&self.offsets)
            .get(&endpoint.host)
            .copied()
            .unwrap_or(0)
    }

    #[allow(
        clippy::too_many_lines,
        reason = "what follows from an answer is one story, told in the order in which it is decided"
    )]
    async fn repeat<O: Operation>(
        &self,
        account: &Account,
        credential: &Credential,
        region: Option<&str>,
        operation: &O,
        policy: Policy,
        listener: &Listener<'_>,
    ) -> Result<Answer<O::Output>, CallError> {
        let dialect = dialect(account.dialect);
        let home = Endpoint::of(account).map_err(|e| request_error(O::NAME, &e))?;
        let bucket = operation.subject().0;
        let mut endpoint = self.endpoint(account, Cow::Borrowed(&home), region, bucket);
        let limiter = self.limiter(&home, bucket);
        let sent_before = listener.looked.map_or(0, |looked| looked.sendings);
        let (mut attempt, mut once) = (sent_before, Once::default());
        let queued_ms = self.clock.now_ms();
        let mut detour =
            account.fallback_domain && self.places.is_on_fallback(&home, self.clock.now_ms());
        loop {
            let permit = tokio::select! {
                biased;
                () = listener.held() => return Err(CallError::Held),
                permit = limiter.acquire() => permit,
            };
            if listener.looked.is_some_and(|looked| looked.is_stale()) {
                return Err(CallError::LookAgain { sendings: attempt });
            }
            attempt += 1;
            if let Some(hear) = listener.sending {
                hear();
            }
            let sent_to = detour::way(&endpoint, detour);
            let target = Target {
                dialect,
                endpoint: &sent_to,
            };
            let mut offset_ms = self.clock_offset_ms(&home);
            if planted::is(Bug::SignEarly) {
                offset_ms -= self.clock.now_ms() - queued_ms;
            }
            let sent = self
                .send(target, credential, operation, policy.deadline, offset_ms)
                .await;
            let mut trouble = match sent {
                Ok(mut answer) => {
                    permit.taken();
                    self.budget(&home, |budget| budget.succeeded(attempt));
                    if let Some(bucket) = bucket {
                        self.places.answered(&home, bucket);
                    }
                    answer.attempts = attempt;
                    return Ok(answer);
                }
                Err(trouble) => {
                    let mut trouble = self
                        .explain(target, credential, bucket, trouble, offset_ms)
                        .await;
                    trouble.failure.attempts = attempt;
                    trouble
                }
            };
            tracing::debug!(
                operation = O::NAME,
                attempt,
                failure = %trouble.failure,
                "an attempt failed"
            );
            let asked = trouble.retry_after.map(Duration::from_secs);
            if trouble.failure.kind == FailureKind::Throttled {
                permit.refused(asked);
            } else if planted::is(Bug::LimiterLeaks) {
                std::mem::forget(permit);
            } else {
                drop(permit);
            }
            let pause = retry::next(&policy, attempt, rule(&trouble), self.chance.roll());
            if !detour && account.fallback_domain && detour::is_called_for(&trouble, policy, pause)
            {
                // Once per call: whoever cannot reach either domain has no network.
                if !once.detoured && endpoint.at_fallback_domain().is_some() {
                    once.detoured = true;
                    detour = true;
                    self.places.take_fallback(&home, self.clock.now_ms());
                    continue;
                }
            } else if detour && trouble.failure.kind == FailureKind::Network {
                detour = false;
                self.places.leave_fallback(&home);
            }
            if !once.moved {
                let moved = self
                    .relocate(account, credential, &home, &endpoint, bucket, &trouble)
                    .await;
                if let Some(moved) = moved {
                    once.moved = true;
                    endpoint = Cow::Owned(moved);
                    continue;
                }
            }
            if !once.set_clock
                && let Some(offset) = trouble.clock_offset_ms
                && may_be_the_clock(&trouble.failure, offset - offset_ms)
            {
                once.set_clock = true;
                lock(&self.offsets).insert(home.host.clone(), offset);
                continue;
            }
            let enough = trouble.too_long && listener.overdue.is_some_and(|hear| hear());
            if planted::is(Bug::SecretInFailure) {
                let said = &mut trouble.failure.message;
                *said = format!("{said} (signed with {})", credential.secret_key);
            }
            let Some(pause) = pause.filter(|_| !enough) else {
                return Err(CallError::Failed {
                    failure: Box::new(trouble.failure),
                    outcome_unknown: trouble.outcome_unknown,
                });
            };
            let unpaid = self.budget(&home, |budget| {
                budget.spend(Instant::now(), trouble.failure.kind)
            });
            let pause = if planted::is(Bug::RetryWithoutPause) {
                pause
            } else {
                pause.max(unpaid)
            };
            let mut failure = trouble.failure;
            if let Some(seconds) = trouble.retry_after.filter(|seconds| *seconds > 1) {
                failure.message = format!(
                    "{} The server asks to wait {seconds} s.",
                    failure.message.trim_end()
                );
            }
            if let Some(hear) = listener.retried {
                hear(&failure);
            }
            // Jobs have their own ways to say so.
            if listener.hold.is_none() {
                self.tell_of_pause(pause, failure);
            }
            tokio::select! {
                biased;
                () = listener.held() => return Err(CallError::Held),
                () = tokio::time::sleep(pause) => {}
            }
            if listener.looked.is_some() {
                return Err(CallError::LookAgain { sendings: attempt });
            }
        }
    }

    /// Nobody shall wonder why nothing happens.
    fn tell_of_pause(&self, pause: Duration, failure: Failure) {
        if pause < TOLD_FROM {
            return;
        }
        // Nobody may listen.
        let _ = self.events.send(EngineEvent::RequestWaits {
            seconds: pause.as_secs(),
            failure: Box::new(failure),
        });
    }

    /// Where a request goes first: to the region its bucket was found in during this run, the
    /// one that is given, or the account's own.
    fn endpoint<'a>(
        &self,
        account: &Account,
        home: Cow<'a, Endpoint>,
        region: Option<&str>,
        bucket: Option<&Bucket>,
    ) -> Cow<'a, Endpoint> {
        let found = || self.places.region(&home, bucket?);
        match found().or_else(|| region.map(str::to_owned)) {
            Some(region) if !region.is_empty() => {
                Cow::Owned(in_region(account.dialect, &home, &region))
            }
            _ => home,
        }
    }
}

/// What is done once per call and never twice.
#[derive(Debug, Default)]
struct Once {
    moved: bool,
    set_clock: bool,
    detoured: bool,
}

/// Whether a refusal is about the time of the signature. A HEAD says no more than 403; then it
/// is the clock if that is wrong by more than servers forgive (15 minutes, some less).
fn may_be_the_clock(failure: &Failure, wrong_by_ms: i64) -> bool {
    const FORGIVEN_MS: u64 = 4 * 60 * 1000;
    match failure.kind {
        FailureKind::ClockSkew => true,
        FailureKind::AccessDenied => {
            failure.code.is_none() && wrong_by_ms.unsigned_abs() > FORGIVEN_MS
        }
        _ => false,
    }
}

fn rule(trouble: &Stumble) -> Trouble {
    Trouble {
        kind: trouble.failure.kind,
        outcome_unknown: trouble.outcome_unknown,
        retry_after: trouble.retry_after,
    }
}

pub(crate) fn request_failure(operation: &str, error: &RequestError) -> Failure {
    Failure {
        operation: operation.to_owned(),
        ..Failure::local(FailureKind::Invalid, error.to_string())
    }
}

fn request_error(operation: &str, error: &RequestError) -> CallError {
    CallError::local(request_failure(operation, error))
}

/// The first pause after the network went away; then twice as long each time, up to a minute.
pub(crate) fn absence(times: u32) -> Duration {
    Duration::from_secs(1 << times.min(6)).min(Duration::from_secs(60))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
