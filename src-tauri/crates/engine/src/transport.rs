//! Sending one signed request and reading one answer whole. No retries, no redirects.

use std::time::Duration;

use async_trait::async_trait;
use partway_protocol::wire::{Request, Response};
use thiserror::Error;

pub mod http;
pub mod network;

pub use http::HttpTransport;
pub use network::{Network, Proxy};

/// What kept an answer from coming.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TransportError {
    /// Nothing was sent: DNS, connect refused, unreachable.
    #[error("cannot reach {host}: {reason}")]
    Unreachable {
        /// Host and port.
        host: String,
        /// The system's words.
        reason: String,
    },
    /// TLS could not be established or trusted.
    #[error("no trusted TLS connection to {host}: {reason}")]
    Tls {
        /// Host and port.
        host: String,
        /// The system's words.
        reason: String,
    },
    /// The request may have been carried out.
    #[error("the connection to {host} broke before the answer was complete: {reason}")]
    Broken {
        /// Host and port.
        host: String,
        /// The system's words.
        reason: String,
    },
    /// The deadline passed; the request may have been carried out.
    #[error("{host} did not answer within {after:?}")]
    Deadline {
        /// Host and port.
        host: String,
        /// How long we waited.
        after: Duration,
    },
    /// The answer was larger than any honest one.
    #[error("the answer of {host} is larger than {limit} bytes")]
    TooLarge {
        /// Host and port.
        host: String,
        /// Bytes allowed.
        limit: usize,
    },
}

/// Sends a signed request exactly as it is.
#[async_trait]
pub trait Transport: Send + Sync + std::fmt::Debug {
    /// Sends and reads the whole answer within `deadline`.
    async fn send(&self, request: Request, deadline: Duration) -> Result<Response, TransportError>;

    /// Forgets every connection that waits for its next request: they may be dead without
    /// knowing. Requests under way are left alone.
    fn forget_connections(&self) {}

    /// Sends by another way from now on. Requests under way are left alone.
    fn set_network(&self, _network: &Network) -> Result<(), TransportError> {
        Ok(())
    }
}
