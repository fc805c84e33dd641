//! Requests that somebody else sends: as a link, or only to be looked at.

use std::borrow::Cow;
use std::time::Duration;

use partway_domain::{Account, Failure};
use partway_protocol::dialect::dialect;
use partway_protocol::endpoint::Endpoint;
use partway_protocol::op::{self, Operation, Target};
use partway_protocol::wire::Request;

use super::{Caller, request_failure};

impl Caller {
    /// The address that does `operation` for whoever has it, for `lifetime`; and until when, in
    /// milliseconds since 1970. Signed with the server's clock as far as that is known.
    pub(crate) async fn link<O: Operation>(
        &self,
        account: &Account,
        region: Option<&str>,
        operation: &O,
        lifetime: Duration,
    ) -> Result<(String, i64), Failure> {
        let credential = self.credentials.of(account).await?;
        let (home, endpoint) = self.whereabouts(account, region, operation)?;
        let now_ms = self.clock.now_ms();
        let seconds = (now_ms + self.clock_offset_ms(&home)).div_euclid(1000);
        let lifetime = u32::try_from(lifetime.as_secs()).unwrap_or(u32::MAX);
        let target = Target {
            dialect: dialect(account.dialect),
            endpoint: &endpoint,
        };
        let request = op::presign(operation, target, &credential, seconds, lifetime)
            .map_err(|error| request_failure(O::NAME, &error))?;
        Ok((request.url(), now_ms + i64::from(lifetime) * 1000))
    }

    /// The request as it would be sent, before it is signed.
    pub(crate) fn unsigned<O: Operation>(
        &self,
        account: &Account,
        region: Option<&str>,
        operation: &O,
    ) -> Result<Request, Failure> {
        let (_, endpoint) = self.whereabouts(account, region, operation)?;
        let target = Target {
            dialect: dialect(account.dialect),
            endpoint: &endpoint,
        };
        operation
            .request(target)
            .map_err(|error| request_failure(O::NAME, &error))
    }

    fn whereabouts<O: Operation>(
        &self,
        account: &Account,
        region: Option<&str>,
        operation: &O,
    ) -> Result<(Endpoint, Endpoint), Failure> {
        let home = Endpoint::of(account).map_err(|error| request_failure(O::NAME, &error))?;
        let endpoint = self.endpoint(account, Cow::Borrowed(&home), region, operation.subject().0);
        Ok((home.clone(), endpoint.into_owned()))
    }
}
