//! Objects outside of copies: links to them, requests to look at, changes onto themselves and
//! errands over many of them.

use std::time::Duration;

use partway_domain::{Account, Failure};
use partway_protocol::op::Operation;
use partway_protocol::wire::Request;

use crate::engine::Engine;

mod change;
pub mod errand;

pub use change::needs_restore;

impl Engine {
    /// The address that does `operation` for whoever has it, for `lifetime`; and until when, in
    /// milliseconds since 1970. Nothing is sent, and nothing of it is kept.
    pub async fn link<O: Operation>(
        &self,
        account: &Account,
        region: Option<&str>,
        operation: &O,
        lifetime: Duration,
    ) -> Result<(String, i64), Failure> {
        self.shared
            .caller
            .link(account, region, operation, lifetime)
            .await
    }

    /// The request of an operation as it would be sent, before it is signed.
    pub fn unsigned<O: Operation>(
        &self,
        account: &Account,
        region: Option<&str>,
        operation: &O,
    ) -> Result<Request, Failure> {
        self.shared.caller.unsigned(account, region, operation)
    }
}
