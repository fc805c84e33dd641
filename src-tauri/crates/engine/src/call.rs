//! One operation with everything around it: secret, region, signature, retries, limiter.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use partway_domain::{Account, AccountId, Bucket, Failure, FailureKind};
use partway_protocol::credential::Credential;
use partway_protocol::dialect::dialect;
use partway_protocol::endpoint::Endpoint;
use partway_protocol::error::RequestError;
use partway_protocol::op::{EndlessList, Operation, Target};

use crate::clock::Clock;
use crate::driver::route::in_region;
use crate::limiter::Limiter;
use crate::order::{Order, Orders};
use crate::retry::{self, Policy, Trouble};
use crate::secret::SecretStore;
use crate::transport::Transport;

mod credential;
mod detour;
mod once;
mod place;

use credential::Credentials;
use once::Stumble;
use place::Places;

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
    requests_per_endpoint: usize,
    /// By the endpoint's host.
    limiters: Mutex<HashMap<String, Arc<Limiter>>>,
    /// The server's clock minus ours in milliseconds, by the endpoint's host; only learned
    /// from a refusal.
    offsets: Mutex<HashMap<String, i64>>,
    credentials: Credentials,
    places: Places,
}

impl Caller {
    pub(crate) fn new(
        transport: Arc<dyn Transport>,
        secrets: Arc<dyn SecretStore>,
        clock: Arc<dyn Clock>,
        requests_per_endpoint: usize,
    ) -> Self {
        Self {
            transport,
            clock,
            requests_per_endpoint,
            limiters: Mutex::default(),
            offsets: Mutex::default(),
            credentials: Credentials::new(secrets),
            places: Places::default(),
        }
    }

    /// Sends with the stored credential and all retries.
    pub(crate) async fn call<O: Operation>(
        &self,
        account: &Account,
        region: Option<&str>,
        operation: &O,
        listener: &Listener<'_>,
    ) -> Result<Answer<O::Output>, CallError> {
        let credential = self
            .credentials
            .of(account)
            .await
            .map_err(CallError::local)?;
        let now_ms = self.clock.now_ms();
        if let Some(refusal) = self.credentials.refusal(&account.id, &credential, now_ms) {
            return Err(CallError::local(refusal));
        }
        let policy = Policy::of(operation.traits());
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
        self.credentials.forget(account);
    }

    /// The region a bucket was found in when a request for it went to another.
    pub(crate) fn found_region(&self, home: &Endpoint, bucket: &Bucket) -> Option<String> {
        self.places.region(home, bucket)
    }

    /// The limiter of an account's endpoint.
    pub(crate) fn limiter(&self, endpoint: &Endpoint) -> Arc<Limiter> {
        let mut limiters = lock(&self.limiters);
        Arc::clone(
            limiters
                .entry(endpoint.host.clone())
                .or_insert_with(|| Limiter::new(self.requests_per_endpoint)),
        )
    }

    /// The server's clock minus ours in milliseconds, as far as it is known.
    pub(crate) fn clock_offset_ms(&self, endpoint: &Endpoint) -> i64 {
        lock(&self.offsets)
            .get(&endpoint.host)
            .copied()
            .unwrap_or(0)
    }

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
        let mut endpoint = self.endpoint(account, &home, region, bucket);
        let limiter = self.limiter(&home);
        let (mut attempt, mut once) = (0, Once::default());
        let mut detour =
            account.fallback_domain && self.places.is_on_fallback(&home, self.clock.now_ms());
        loop {
            let permit = tokio::select! {
                biased;
                () = listener.held() => return Err(CallError::Held),
                permit = limiter.acquire() => permit,
            };
            attempt += 1;
            if let Some(hear) = listener.sending {
                hear();
            }
            let sent_to = detour::way(&endpoint, detour);
            let target = Target {
                dialect,
                endpoint: &sent_to,
            };
            let offset_ms = self.clock_offset_ms(&home);
            let sent = self
                .send(target, credential, operation, policy.deadline, offset_ms)
                .await;
            drop(permit);
            let trouble = match sent {
                Ok(mut answer) => {
                    limiter.succeeded();
                    if let Some(bucket) = bucket {
                        self.places.answered(&home, bucket);
                    }
                    answer.attempts = attempt;
                    return Ok(answer);
                }
                Err(mut trouble) => {
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
            if trouble.failure.kind == FailureKind::Throttled {
                limiter.throttled();
            }
            let pause = retry::next(&policy, attempt, rule(&trouble), roll());
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
                    endpoint = moved;
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
            let Some(pause) = pause else {
                return Err(CallError::Failed {
                    failure: Box::new(trouble.failure),
                    outcome_unknown: trouble.outcome_unknown,
                });
            };
            if let Some(hear) = listener.retried {
                hear(&trouble.failure);
            }
            tokio::select! {
                biased;
                () = listener.held() => return Err(CallError::Held),
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Where a request goes first: to the region its bucket was found in during this run, the
    /// one that is given, or the account's own.
    fn endpoint(
        &self,
        account: &Account,
        home: &Endpoint,
        region: Option<&str>,
        bucket: Option<&Bucket>,
    ) -> Endpoint {
        let found = || self.places.region(home, bucket?);
        match found().or_else(|| region.map(str::to_owned)) {
            Some(region) if !region.is_empty() => in_region(account.dialect, home, &region),
            _ => home.clone(),
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

/// A number in 0..1 that differs between clients.
fn roll() -> f64 {
    let bits = (uuid::Uuid::new_v4().as_u128() >> 96) as u32;
    f64::from(bits) / f64::from(u32::MAX)
}

/// The first pause after the network went away; then twice as long each time, up to a minute.
pub(crate) fn absence(times: u32) -> Duration {
    Duration::from_secs(1 << times.min(6)).min(Duration::from_secs(60))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
