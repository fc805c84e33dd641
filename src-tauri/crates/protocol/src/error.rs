//! Errors by meaning, with the provider's own words kept.

use partway_domain::{Failure, FailureKind};
use thiserror::Error;

mod sentence;

/// A request that cannot be built: nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RequestError {
    /// The endpoint text cannot be used.
    #[error("the endpoint {endpoint:?} cannot be used: {reason}")]
    Endpoint {
        /// As configured.
        endpoint: String,
        /// What is wrong and what it should look like.
        reason: String,
    },
    /// The provider cannot hold this key, or it cannot be sent to it exactly.
    #[error("the key {key:?} cannot be used with {provider}: {reason}")]
    Key {
        /// The key.
        key: String,
        /// The provider's name as users know it.
        provider: &'static str,
        /// What is wrong and what to do.
        reason: String,
    },
    /// What was asked for makes no sense, is not safe, or is nothing this provider has.
    #[error("{what} is refused: {reason}")]
    Refused {
        /// What was asked for.
        what: String,
        /// Why not, and what to do instead.
        reason: String,
    },
    /// A header value that no HTTP request can carry.
    #[error("{what} cannot be sent: {reason}")]
    Header {
        /// Which property of the object.
        what: String,
        /// Why not.
        reason: String,
    },
}

/// What came back was not success.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{operation}: {}", self.summary())]
pub struct WireError {
    /// The API operation.
    pub operation: &'static str,
    /// HTTP status; 200 when the error stood in the body of a success.
    pub status: u16,
    /// What it means.
    pub kind: FailureKind,
    /// The provider's code, verbatim; for HEAD taken from headers or absent.
    pub code: Option<String>,
    /// The provider's message, verbatim.
    pub message: Option<String>,
    /// Request id from the headers or the body.
    pub request_id: Option<String>,
    /// The region a wrong-region answer pointed to: one label, fit for a host name.
    pub region: Option<String>,
    /// A host outside the account's own that a redirect pointed to. Nothing is sent there.
    pub stranger: Option<String>,
    /// The server's time, where the body of the error tells it.
    pub server_time: Option<String>,
    /// `Retry-After` in seconds, or the dialect's own delay header.
    pub retry_after: Option<u64>,
    /// The request may have been carried out although no success was read
    /// (200 with an empty or cut-off body).
    pub outcome_unknown: bool,
}

impl WireError {
    fn summary(&self) -> String {
        let mut text = self
            .code
            .clone()
            .unwrap_or_else(|| format!("HTTP {}", self.status));
        if let Some(message) = &self.message {
            text.push_str(": ");
            text.push_str(message);
        }
        if let Some(id) = &self.request_id {
            text.push_str(" (request id ");
            text.push_str(id);
            text.push(')');
        }
        text
    }

    /// As a failure for the job: one plain sentence naming what and where. `attempts` is one;
    /// who repeated the request knows better.
    pub fn failure(&self, bucket: Option<&str>, key: Option<&str>) -> Failure {
        Failure {
            kind: self.kind,
            message: sentence::of(self, bucket, key),
            operation: self.operation.to_owned(),
            bucket: bucket.map(str::to_owned),
            key: key.map(str::to_owned),
            status: (self.status != 0).then_some(self.status),
            code: self.code.clone(),
            request_id: self.request_id.clone(),
            attempts: 1,
        }
    }
}
