//! Testing an account: small checks in order, each with its own remedy.

use std::time::{Duration, Instant};

use jiff::fmt::rfc2822::DateTimeParser;
use partway_domain::{
    Account, AccountId, Bucket, Capabilities, Capability, Failure, FailureKind, Prefix, Support,
};
use partway_engine::transport::TransportError;
use partway_journal::Journal;
use partway_protocol::credential::Credential;
use partway_protocol::dialect::dialect;
use partway_protocol::endpoint::Endpoint;
use partway_protocol::op::{self, Operation as _};
use partway_protocol::wire::{Method, Request};

use self::report::Test;
use super::{bucket, draft};
use crate::api::Api;
use crate::contract::{AccountCheckup, AccountDraft, AccountTest};
use crate::error::ApiError;

mod look;
mod permission;
mod probe;
mod removal;
mod report;
mod shape;

/// How long a server may take to say anything at all.
const REACH: Duration = Duration::from_secs(15);

/// Signatures are refused from 15 minutes on; 5 are already a clock nobody sets.
const CLOCK_MAY_DIFFER_MS: i64 = 5 * 60 * 1000;

/// What a draft's test learned, until the draft is saved.
#[derive(Debug, Clone)]
pub(crate) struct Tested {
    account: Account,
    learned: Capabilities,
}

impl Tested {
    /// What was learned, if it was learned from the server of this account.
    pub(super) fn of(&self, account: &Account) -> Option<Capabilities> {
        let same = self.account.dialect == account.dialect
            && self.account.endpoint == account.endpoint
            && self.account.region == account.region;
        same.then(|| self.learned.clone())
    }
}

/// Where to look, and whether something may be written there.
#[derive(Debug, Clone, Default)]
struct Wanted {
    bucket: Option<String>,
    probe: Option<Prefix>,
}

impl Api {
    /// Tries an account before it is saved. Writes nothing. Failed checks stand in the answer,
    /// not in the error.
    pub async fn test_account(&self, draft: AccountDraft) -> Result<AccountTest, ApiError> {
        let existing = self.journal(Journal::accounts).await?;
        let dialect = draft.dialect.into();
        let nothing = Capabilities::default();
        let mut test = Test::default();
        let prepared = match draft::parse(draft, &existing) {
            Ok(prepared) => prepared,
            Err(errors) => {
                for error in errors {
                    test.failed("input", error);
                }
                return Ok(test.answer(false, dialect, &nothing));
            }
        };
        let credential = match prepared.credential {
            Some(given) => Some(given),
            None => self.stored(&prepared.account.id).await?,
        };
        let Some(credential) = credential else {
            test.failed("input", secret_is_missing());
            return Ok(test.answer(false, dialect, &nothing));
        };
        test.passed("input", "The form is complete.");
        let account = prepared.account;
        let ok = self
            .try_out(&account, &credential, &Wanted::default(), &mut test)
            .await;
        let learned = test.learned.clone();
        *self.tested() = Some(Tested {
            account,
            learned: learned.clone(),
        });
        Ok(test.answer(ok, dialect, &learned))
    }

    /// Tries a saved account, in a bucket of one's choice, and keeps what it learns about the
    /// server. Only with `probe` something is written: it is removed again, also when a check
    /// fails or nobody waits for the answer any more.
    pub async fn check_account(&self, checkup: AccountCheckup) -> Result<AccountTest, ApiError> {
        let wanted = Wanted::of(&checkup)?;
        let account = self.account(&checkup.account).await?;
        let mut test = Test::default();
        let Some(credential) = self.stored(&account.id).await? else {
            test.failed("input", secret_is_missing());
            let known = self.known(&account.id).await?;
            return Ok(test.answer(false, account.dialect, &known));
        };
        test.passed("input", "The account is complete.");
        let (api, whole) = (self.clone(), account.clone());
        let tried = tokio::spawn(async move {
            let ok = api.try_out(&whole, &credential, &wanted, &mut test).await;
            (ok, test)
        });
        let (ok, test) = tried
            .await
            .map_err(|gone| ApiError::new("internal", format!("the test ended early: {gone}")))?;
        let known = self.remember(&account.id, test.learned.clone()).await?;
        Ok(test.answer(ok, account.dialect, &known))
    }

    async fn known(&self, account: &AccountId) -> Result<Capabilities, ApiError> {
        let account = account.clone();
        self.journal(move |journal| journal.capabilities(&account, None))
            .await
    }

    /// Whether the account can be used for anything.
    async fn try_out(
        &self,
        account: &Account,
        credential: &Credential,
        wanted: &Wanted,
        test: &mut Test,
    ) -> bool {
        if !self.reach(account, test).await {
            return false;
        }
        let Some(may_list) = self.list(account, credential, test).await else {
            return false;
        };
        let mut usable = may_list;
        for name in &account.named_buckets {
            usable |= self.head(account, credential, name, test).await;
        }
        let bucket = wanted.bucket.as_deref();
        let Some(mut look) = self.choose(account, credential, bucket, test).await else {
            return usable;
        };
        usable |= look.read_only(test).await;
        match &wanted.probe {
            Some(prefix) => look.probe(prefix, test).await,
            None => look.no_object(test),
        }
        usable
    }

    /// An unsigned request: any answer means that the server is there, and brings its time.
    async fn reach(&self, account: &Account, test: &mut Test) -> bool {
        let endpoint = match Endpoint::of(account) {
            Ok(endpoint) => endpoint,
            Err(error) => {
                test.failed("reach", ApiError::input("endpoint", error.to_string()));
                return false;
            }
        };
        let location = endpoint.service(dialect(account.dialect));
        let host = location.host.clone();
        let request = Request::new(Method::Get, &endpoint.scheme, location);
        let begun = Instant::now();
        let response = match self.transport().send(request, REACH).await {
            Ok(response) => response,
            Err(error) => {
                test.failed("reach", unreachable(&error));
                return false;
            }
        };
        let took = begun.elapsed().as_millis();
        test.passed("reach", format!("Reached {host} in {took} ms."));

        let Some(offset_ms) = response.header("date").and_then(offset) else {
            test.unknown("clock", "The server does not tell the time.");
            return true;
        };
        if offset_ms.abs() > CLOCK_MAY_DIFFER_MS {
            test.failed("clock", clock_differs(offset_ms));
            return false;
        }
        let seconds = offset_ms.abs() as f64 / 1000.0;
        test.passed("clock", format!("The clocks differ by {seconds:.0} s."));
        true
    }

    /// `None`: the key was not accepted. Otherwise whether it may list buckets.
    async fn list(
        &self,
        account: &Account,
        credential: &Credential,
        test: &mut Test,
    ) -> Option<bool> {
        match self.first_buckets(account, credential).await {
            Ok(page) => {
                test.passed("key", "The key is accepted.");
                test.learn(
                    Some(Capability::ListBuckets),
                    Support::Present,
                    "ListBuckets answered",
                );
                test.buckets = page.buckets.into_iter().map(bucket).collect();
                let more = if page.next.is_some() {
                    "more than "
                } else {
                    ""
                };
                let count = test.buckets.len();
                test.passed(
                    "list_buckets",
                    format!("It may list buckets: {more}{count}."),
                );
                Some(true)
            }
            Err(Refused {
                failure,
                region: Some(right),
            }) if failure.kind == FailureKind::WrongRegion => {
                test.failed("region", elsewhere(account, failure, &right));
                None
            }
            Err(Refused { failure, .. }) if failure.kind == FailureKind::AccessDenied => {
                test.passed("key", "The key is accepted.");
                let advice = if account.named_buckets.is_empty() {
                    "add the names of the buckets you use"
                } else {
                    "only the buckets named below are shown"
                };
                let error = ApiError {
                    message: format!("This key may not list buckets; {advice}."),
                    field: Some("named_buckets".to_owned()),
                    ..failure.into()
                };
                test.failed("list_buckets", error);
                test.needs(account.dialect);
                Some(false)
            }
            Err(Refused { failure, .. }) if says_no(&failure) => {
                test.passed("key", "The server answers.");
                test.refused(
                    account.dialect,
                    "list_buckets",
                    Some(Capability::ListBuckets),
                    failure,
                );
                Some(false)
            }
            Err(Refused { failure, .. }) => {
                test.failed("key", refused(failure));
                None
            }
        }
    }

    /// Sent past the engine, which would mend a wrong region and go on: here it is to be told.
    async fn first_buckets(
        &self,
        account: &Account,
        credential: &Credential,
    ) -> Result<op::BucketPage, Refused> {
        let operation = op::ListBuckets { cursor: None };
        let invalid = |error: String| Refused {
            failure: Failure::local(FailureKind::Invalid, error),
            region: None,
        };
        let endpoint = Endpoint::of(account).map_err(|error| invalid(error.to_string()))?;
        let target = op::Target {
            dialect: dialect(account.dialect),
            endpoint: &endpoint,
        };
        let mut request = operation
            .request(target)
            .map_err(|error| invalid(error.to_string()))?;
        let now = jiff::Timestamp::now().as_second();
        target
            .dialect
            .sign(&mut request, &endpoint, credential, now)
            .map_err(|error| invalid(error.to_string()))?;
        let sent = self.transport().send(request, REACH).await;
        let response = sent.map_err(|error| Refused {
            failure: Failure::local(FailureKind::Network, error.to_string()),
            region: None,
        })?;
        operation
            .response(target, &response)
            .map_err(|error| Refused {
                failure: error.failure(None, None),
                region: error.region,
            })
    }

    async fn head(
        &self,
        account: &Account,
        credential: &Credential,
        name: &str,
        test: &mut Test,
    ) -> bool {
        let Ok(bucket) = Bucket::parse(name) else {
            return false;
        };
        let operation = op::HeadBucket { bucket };
        let sent = self
            .engine()
            .call_once(account, credential, None, &operation)
            .await;
        match sent {
            Ok(_) => {
                test.passed("named_bucket", format!("Bucket {name} can be used."));
                true
            }
            Err(failure) => {
                let error = ApiError {
                    field: Some("named_buckets".to_owned()),
                    ..refused(failure)
                };
                test.failed("named_bucket", error.about_bucket(name));
                false
            }
        }
    }
}

/// Why buckets could not be listed, and where the server said to go instead.
struct Refused {
    failure: Failure,
    region: Option<String>,
}

impl Wanted {
    fn of(checkup: &AccountCheckup) -> Result<Self, ApiError> {
        if let Some(bucket) = &checkup.bucket {
            Bucket::parse(bucket.clone())
                .map_err(|error| ApiError::input("bucket", error.to_string()))?;
        }
        let probe = match &checkup.probe {
            Some(prefix) if checkup.bucket.is_some() => Some(
                Prefix::parse(prefix.clone())
                    .map_err(|error| ApiError::input("probe", error.to_string()))?,
            ),
            Some(_) => {
                return Err(ApiError::input(
                    "bucket",
                    "name the bucket in which a probe object may be written",
                ));
            }
            None => None,
        };
        Ok(Self {
            bucket: checkup.bucket.clone(),
            probe,
        })
    }
}

/// The server does not have the operation: nothing a key could change.
fn says_no(failure: &Failure) -> bool {
    failure.kind == FailureKind::NotSupported
}

fn secret_is_missing() -> ApiError {
    ApiError::input(
        "access_key",
        "there is no secret for this account; enter it again",
    )
}

fn unreachable(error: &TransportError) -> ApiError {
    let (kind, advice) = match error {
        TransportError::Tls { .. } => (
            "tls",
            "check the endpoint, and whether this computer trusts the server's certificate",
        ),
        _ => (
            "network",
            "check the endpoint's spelling, its port and the network",
        ),
    };
    ApiError {
        kind: kind.to_owned(),
        ..ApiError::input("endpoint", format!("{error}; {advice}"))
    }
}

/// The field to look at, by what the server said.
fn refused(failure: Failure) -> ApiError {
    let field = match failure.kind {
        FailureKind::WrongCredential
            if failure
                .code
                .as_deref()
                .is_some_and(|code| code.contains("AccessKey")) =>
        {
            Some("access_key")
        }
        FailureKind::WrongCredential => Some("secret_key"),
        FailureKind::ExpiredCredential => Some("token"),
        FailureKind::WrongRegion => Some("region"),
        FailureKind::Network | FailureKind::Tls | FailureKind::BadResponse => Some("endpoint"),
        _ => None,
    };
    ApiError {
        field: field.map(str::to_owned),
        ..failure.into()
    }
}

fn elsewhere(account: &Account, failure: Failure, right: &str) -> ApiError {
    ApiError {
        message: format!(
            "The server at {} is in the region {right}, the account says {:?}; \
             change the region to {right}.",
            account.endpoint, account.region
        ),
        field: Some("region".to_owned()),
        ..failure.into()
    }
}

/// The server's clock minus ours in milliseconds.
fn offset(date: &str) -> Option<i64> {
    let theirs = DateTimeParser::new().parse_timestamp(date).ok()?;
    Some(theirs.as_millisecond() - jiff::Timestamp::now().as_millisecond())
}

fn clock_differs(offset_ms: i64) -> ApiError {
    let seconds = offset_ms.abs() / 1000;
    let direction = if offset_ms > 0 { "behind" } else { "ahead of" };
    ApiError::new(
        "clock_skew",
        format!(
            "This computer's clock is {} min {} s {direction} the server's; set it right, \
             for the server refuses signatures of another time.",
            seconds / 60,
            seconds % 60
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_clock_is_told_in_minutes_and_direction() {
        let text = clock_differs(7 * 60_000 + 12_000).message;
        assert!(text.contains("7 min 12 s behind the server's"), "{text}");
        let text = clock_differs(-3_600_000).message;
        assert!(text.contains("60 min 0 s ahead of"), "{text}");
    }

    #[test]
    fn the_servers_date_is_read() {
        let offset = offset("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        assert!(offset < -800_000_000_000, "{offset}");
        assert_eq!(super::offset("yesterday"), None);
    }
}
