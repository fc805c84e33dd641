//! One operation with everything around it: secret, region, signature, retries, limiter.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use partway_domain::{Account, AccountId, Bucket, Failure, FailureKind};
use partway_protocol::credential::Credential;
use partway_protocol::dialect::dialect;
use partway_protocol::endpoint::Endpoint;
use partway_protocol::error::RequestError;
use partway_protocol::op::{Operation, Target};

use crate::clock::Clock;
use crate::driver::route::in_region;
use crate::limiter::Limiter;
use crate::order::{Order, Orders};
use crate::retry::{self, Policy, Trouble};
use crate::secret::SecretStore;
use crate::transport::Transport;

mod once;

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
    secrets: Arc<dyn SecretStore>,
    clock: Arc<dyn Clock>,
    requests_per_endpoint: usize,
    /// By the endpoint's host.
    limiters: Mutex<HashMap<String, Arc<Limiter>>>,
    /// The server's clock minus ours in milliseconds, by the endpoint's host; only learned
    /// from a refusal.
    offsets: Mutex<HashMap<String, i64>>,
    credentials: Mutex<HashMap<AccountId, Credential>>,
    /// Regions that servers pointed to, by endpoint host and bucket.
    regions: Mutex<HashMap<(String, Bucket), String>>,
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
            secrets,
            clock,
            requests_per_endpoint,
            limiters: Mutex::default(),
            offsets: Mutex::default(),
            credentials: Mutex::default(),
            regions: Mutex::default(),
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
        let credential = self.credential(account).await.map_err(CallError::local)?;
        let policy = Policy::of(operation.traits());
        let answer = self
            .repeat(account, &credential, region, operation, policy, listener)
            .await;
        if let Err(CallError::Failed { failure, .. }) = &answer
            && matches!(
                failure.kind,
                FailureKind::WrongCredential | FailureKind::ExpiredCredential
            )
        {
            // The user may have stored another one meanwhile.
            self.forget_credential(&account.id);
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

    pub(crate) fn forget_credential(&self, account: &AccountId) {
        lock(&self.credentials).remove(account);
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
        let subject = operation.subject();
        let mut endpoint = match region
            .map(str::to_owned)
            .or_else(|| self.region(&home, subject.0))
        {
            Some(region) if !region.is_empty() => in_region(account.dialect, &home, &region),
            _ => home.clone(),
        };
        let limiter = self.limiter(&home);
        let (mut attempt, mut moved, mut reset_clock) = (0, false, false);
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
            let target = Target {
                dialect,
                endpoint: &endpoint,
            };
            let offset_ms = self.clock_offset_ms(&home);
            let sent = self
                .send(target, credential, operation, policy.deadline, offset_ms)
                .await;
            drop(permit);
            let mut trouble = match sent {
                Ok(mut answer) => {
                    limiter.succeeded();
                    answer.attempts = attempt;
                    return Ok(answer);
                }
                Err(trouble) => trouble,
            };
            trouble.failure.attempts = attempt;
            tracing::debug!(
                operation = O::NAME,
                attempt,
                failure = %trouble.failure,
                "an attempt failed"
            );
            match trouble.failure.kind {
                FailureKind::Throttled => limiter.throttled(),
                FailureKind::WrongRegion if !moved => {
                    if let Some(region) = trouble.region.take() {
                        moved = true;
                        endpoint = in_region(account.dialect, &home, &region);
                        self.learn_region(&home, subject.0, region);
                        continue;
                    }
                }
                FailureKind::ClockSkew if !reset_clock => {
                    if let Some(offset) = trouble.clock_offset_ms {
                        reset_clock = true;
                        lock(&self.offsets).insert(home.host.clone(), offset);
                        continue;
                    }
                }
                _ => {}
            }
            let pause = retry::next(
                &policy,
                attempt,
                Trouble {
                    kind: trouble.failure.kind,
                    outcome_unknown: trouble.outcome_unknown,
                    retry_after: trouble.retry_after,
                },
                roll(),
            );
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

    async fn credential(&self, account: &Account) -> Result<Credential, Failure> {
        if let Some(known) = lock(&self.credentials).get(&account.id) {
            return Ok(known.clone());
        }
        let (secrets, id) = (Arc::clone(&self.secrets), account.id.clone());
        let missing = |why: String| {
            Failure::local(
                FailureKind::MissingCredential,
                format!(
                    "there is no secret for the account {:?}: {why}; enter it again in the account's settings",
                    account.name
                ),
            )
        };
        let loaded = tokio::task::spawn_blocking(move || secrets.load(&id))
            .await
            .map_err(|gone| missing(gone.to_string()))?
            .map_err(|error| missing(error.to_string()))?
            .ok_or_else(|| missing("the keyring does not have it".to_owned()))?;
        lock(&self.credentials).insert(account.id.clone(), loaded.clone());
        Ok(loaded)
    }

    fn region(&self, home: &Endpoint, bucket: Option<&Bucket>) -> Option<String> {
        let place = (home.host.clone(), bucket?.clone());
        lock(&self.regions).get(&place).cloned()
    }

    fn learn_region(&self, home: &Endpoint, bucket: Option<&Bucket>, region: String) {
        if let Some(bucket) = bucket {
            lock(&self.regions).insert((home.host.clone(), bucket.clone()), region);
        }
    }
}

/// One sending that did not succeed.
#[derive(Debug)]
struct Stumble {
    failure: Failure,
    outcome_unknown: bool,
    retry_after: Option<u64>,
    region: Option<String>,
    clock_offset_ms: Option<i64>,
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
