//! Whether the key is accepted, and which buckets it opens.

use partway_domain::{Account, Bucket, Capability, Failure, FailureKind, Support};
use partway_protocol::credential::Credential;
use partway_protocol::dialect::dialect;
use partway_protocol::endpoint::Endpoint;
use partway_protocol::op::{self, Operation as _};

use super::reach::{REACH, REFUSED, clock_differs};
use super::report::{Test, says_no};
use crate::accounts::bucket;
use crate::api::Api;
use crate::error::ApiError;

impl Api {
    /// `None`: the key was not accepted. Otherwise whether it may list buckets.
    pub(super) async fn list(
        &self,
        account: &Account,
        credential: &Credential,
        skew_ms: i64,
        test: &mut Test,
    ) -> Option<bool> {
        let mut listed = self.first_buckets(account, credential, 0).await;
        if skew_ms != 0 && listed.as_ref().is_err_and(Refused::may_be_the_clock) {
            listed = self.first_buckets(account, credential, skew_ms).await;
        }
        if let Err(Refused { failure, .. }) = &listed {
            test.undecided(Some(Capability::ListBuckets), failure);
        }
        match listed {
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
            Err(Refused { failure, .. })
                if skew_ms != 0 && failure.kind == FailureKind::ClockSkew =>
            {
                let error = ApiError {
                    message: clock_differs(skew_ms, REFUSED).message,
                    ..failure.into()
                };
                test.worsened("clock", error);
                None
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
        skew_ms: i64,
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
        let now = (jiff::Timestamp::now().as_millisecond() + skew_ms).div_euclid(1000);
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

    pub(super) async fn head(
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

impl Refused {
    /// Not every server says that it is about the time of the signature.
    fn may_be_the_clock(&self) -> bool {
        matches!(
            self.failure.kind,
            FailureKind::ClockSkew | FailureKind::AccessDenied
        )
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
