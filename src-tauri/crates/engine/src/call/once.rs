//! One sending: build, sign, send, read.

use std::time::Duration;

use partway_domain::{Bucket, Failure, FailureKind, Key};
use partway_protocol::credential::Credential;
use partway_protocol::op::{Operation, Target};
use partway_protocol::time;
use partway_protocol::wire::Response;

use super::{Answer, Caller, request_failure, stranger};
use crate::transport::TransportError;

/// A gateway gave up waiting for the server behind it.
const GATEWAY_TIMEOUT: u16 = 504;

impl Caller {
    pub(super) async fn send<O: Operation>(
        &self,
        target: Target<'_>,
        credential: &Credential,
        operation: &O,
        deadline: Duration,
        offset_ms: i64,
    ) -> Result<Answer<O::Output>, Stumble> {
        let mut request = operation
            .request(target)
            .map_err(|error| nothing_sent(request_failure(O::NAME, &error)))?;
        let seconds = (self.clock.now_ms() + offset_ms).div_euclid(1000);
        target
            .dialect
            .sign(&mut request, target.endpoint, credential, seconds)
            .map_err(|error| {
                nothing_sent(Failure {
                    operation: O::NAME.to_owned(),
                    ..Failure::local(FailureKind::Invalid, error.to_string())
                })
            })?;
        let subject = operation.subject();
        let host = request.host.clone();
        let naps = self.wake.naps();
        let answered = tokio::select! {
            biased;
            answered = self.transport.send(request, deadline) => answered,
            () = self.wake.after(naps) => Err(TransportError::Broken {
                host: host.clone(),
                reason: "this computer slept meanwhile".to_owned(),
            }),
        };
        let response = answered.map_err(|error| unanswered(O::NAME, subject, &error))?;
        if let Some(stranger) = stranger::look(&host, &response) {
            let outcome_unknown = stranger.outcome_unknown;
            let failure = about(subject, stranger.failure(O::NAME, response.status));
            return Err(Stumble {
                outcome_unknown,
                retry_after: seconds_asked(&response),
                too_long: response.status == GATEWAY_TIMEOUT,
                ..nothing_sent(failure)
            });
        }
        let clock_offset_ms = self.offset_of(&response);
        let read = operation.response(target, &response);
        let otherwise = match &read {
            Err(_) => operation.otherwise(target, &response),
            Ok(_) => None,
        };
        if let Some(other) = otherwise {
            drop(read);
            return Box::pin(self.send(target, credential, &other, deadline, offset_ms)).await;
        }
        match read {
            Ok(output) => Ok(Answer {
                output,
                request_id: request_id(&response),
                attempts: 1,
                clock_offset_ms,
            }),
            Err(error) => Err(Stumble {
                failure: error.failure(subject.0.map(Bucket::as_str), subject.1.map(Key::as_str)),
                outcome_unknown: error.outcome_unknown,
                retry_after: error.retry_after,
                clock_offset_ms: clock_offset_ms
                    .or_else(|| self.offset_in(error.server_time.as_deref()?)),
                region: error.region,
                stranger: error.stranger,
                by_provider: request_id(&response).is_some(),
                too_long: response.status == GATEWAY_TIMEOUT,
            }),
        }
    }

    /// The server's clock minus ours. An answer with an age comes from a cache and its date
    /// says nothing about now.
    fn offset_of(&self, response: &Response) -> Option<i64> {
        if response.header("age").is_some() {
            return None;
        }
        self.offset_in(response.header("date")?)
    }

    /// As `offset_of`, from a time in any of the forms servers write.
    fn offset_in(&self, server_time: &str) -> Option<i64> {
        Some(time::parse_ms(server_time)? - self.clock.now_ms())
    }
}

/// One sending that did not succeed.
#[derive(Debug)]
pub(super) struct Stumble {
    pub(super) failure: Failure,
    pub(super) outcome_unknown: bool,
    /// Seconds the server asked us to wait.
    pub(super) retry_after: Option<u64>,
    /// The region the server pointed to.
    pub(super) region: Option<String>,
    /// A host that is not the account's, to which the server pointed.
    pub(super) stranger: Option<String>,
    pub(super) clock_offset_ms: Option<i64>,
    /// The answer bears the provider's request id: nothing in between has made it up.
    pub(super) by_provider: bool,
    /// The time for the operation was over before an answer came, here or at a gateway.
    pub(super) too_long: bool,
}

fn nothing_sent(failure: Failure) -> Stumble {
    Stumble {
        failure,
        outcome_unknown: false,
        retry_after: None,
        region: None,
        stranger: None,
        clock_offset_ms: None,
        by_provider: false,
        too_long: false,
    }
}

fn unanswered(
    operation: &str,
    subject: (Option<&Bucket>, Option<&Key>),
    error: &TransportError,
) -> Stumble {
    let (kind, outcome_unknown) = match error {
        TransportError::Unreachable { .. } => (FailureKind::Network, false),
        TransportError::Tls { .. } => (FailureKind::Tls, false),
        TransportError::Broken { .. } | TransportError::Deadline { .. } => {
            (FailureKind::Network, true)
        }
        TransportError::TooLarge { .. } => (FailureKind::BadResponse, true),
    };
    let advice = match kind {
        FailureKind::Network => "check the network and the endpoint",
        FailureKind::Tls => "check the endpoint and the trusted certificates of this computer",
        _ => "check that the endpoint is one of the provider",
    };
    let failure = Failure {
        operation: operation.to_owned(),
        ..Failure::local(kind, format!("{error}; {advice}"))
    };
    Stumble {
        outcome_unknown,
        too_long: matches!(error, TransportError::Deadline { .. }),
        ..nothing_sent(about(subject, failure))
    }
}

fn about(subject: (Option<&Bucket>, Option<&Key>), failure: Failure) -> Failure {
    Failure {
        bucket: subject.0.map(|bucket| bucket.as_str().to_owned()),
        key: subject.1.map(|key| key.as_str().to_owned()),
        ..failure
    }
}

fn seconds_asked(response: &Response) -> Option<u64> {
    response.header("retry-after")?.trim().parse().ok()
}

fn request_id(response: &Response) -> Option<String> {
    ["x-cos-request-id", "x-obs-request-id", "x-amz-request-id"]
        .into_iter()
        .find_map(|name| response.header(name))
        .map(str::to_owned)
}
