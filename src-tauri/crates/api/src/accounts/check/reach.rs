//! Whether a server is there at all, and whether its clock agrees with ours.

use std::time::{Duration, Instant};

use jiff::fmt::rfc2822::DateTimeParser;
use partway_domain::Account;
use partway_engine::transport::TransportError;
use partway_engine::transport::http::is_this_computer;
use partway_protocol::dialect::dialect;
use partway_protocol::endpoint::Endpoint;
use partway_protocol::wire::{Method, Request};

use super::report::Test;
use crate::api::Api;
use crate::error::ApiError;
use crate::settings;

/// How long a server may take to say anything at all.
pub(super) const REACH: Duration = Duration::from_secs(15);

/// Signatures are refused from 15 minutes on; 5 are already a clock nobody sets.
const CLOCK_MAY_DIFFER_MS: i64 = 5 * 60 * 1000;

/// What a wrong clock means while the server's own time is accepted.
const WORKS_SO_FAR: &str =
    "What the server refuses for its time is meanwhile signed again with the server's time.";

/// What it means when that is refused as well.
pub(super) const REFUSED: &str =
    "The server refuses our signatures for their time, also those that bear its own.";

impl Api {
    /// An unsigned request: any answer means that the server is there, and brings its time.
    /// Answers how many milliseconds its clock is ahead of ours if that is too much for
    /// signatures, else 0; `None` if there is no server.
    pub(super) async fn reach(&self, account: &Account, test: &mut Test) -> Option<i64> {
        let endpoint = match Endpoint::of(account) {
            Ok(endpoint) => endpoint,
            Err(error) => {
                test.failed("reach", ApiError::input("endpoint", error.to_string()));
                return None;
            }
        };
        let location = endpoint.service(dialect(account.dialect));
        let host = location.host.clone();
        let request = Request::new(Method::Get, &endpoint.scheme, location);
        let begun = Instant::now();
        let response = match self.transport().send(request, REACH).await {
            Ok(response) => response,
            Err(error) => {
                let proxy = self.journal(settings::load).await.ok();
                let proxy = proxy.and_then(|settings| settings.proxy);
                let name = host.rsplit_once(':').map_or(&*host, |(name, _)| name);
                let proxy = proxy.filter(|_| !is_this_computer(name));
                test.failed("reach", unreachable(&error, proxy.as_deref()));
                return None;
            }
        };
        let took = begun.elapsed().as_millis();
        test.passed("reach", format!("Reached {host} in {took} ms."));

        let Some(offset_ms) = response.header("date").and_then(offset) else {
            test.unknown("clock", "The server does not tell the time.");
            return Some(0);
        };
        if offset_ms.abs() > CLOCK_MAY_DIFFER_MS {
            test.warned("clock", clock_differs(offset_ms, WORKS_SO_FAR));
            return Some(offset_ms);
        }
        let seconds = offset_ms.abs() as f64 / 1000.0;
        test.passed("clock", format!("The clocks differ by {seconds:.0} s."));
        Some(0)
    }
}

/// `proxy` as in the settings: with one of the user's own, that may be what is away.
fn unreachable(error: &TransportError, proxy: Option<&str>) -> ApiError {
    let own = proxy.filter(|proxy| !proxy.is_empty() && *proxy != "direct");
    let (kind, advice) = match (error, own) {
        (TransportError::Tls { .. }, _) => (
            "tls",
            "check the endpoint, and whether this computer trusts the server's certificate; \
             an authority of your own is named in the network settings"
                .to_owned(),
        ),
        (_, Some(proxy)) => (
            "network",
            format!(
                "check whether the proxy {proxy} of the network settings answers, and the \
                 endpoint's spelling and port"
            ),
        ),
        (_, None) => (
            "network",
            "check the endpoint's spelling, its port and the network".to_owned(),
        ),
    };
    ApiError {
        kind: kind.to_owned(),
        ..ApiError::input("endpoint", format!("{error}; {advice}"))
    }
}

/// The server's clock minus ours in milliseconds.
fn offset(date: &str) -> Option<i64> {
    let theirs = DateTimeParser::new().parse_timestamp(date).ok()?;
    Some(theirs.as_millisecond() - jiff::Timestamp::now().as_millisecond())
}

pub(super) fn clock_differs(offset_ms: i64, therefore: &str) -> ApiError {
    let seconds = offset_ms.abs() / 1000;
    let direction = if offset_ms > 0 { "behind" } else { "ahead of" };
    ApiError::new(
        "clock_skew",
        format!(
            "This computer's clock is {} min {} s {direction} the server's; set it right. \
             {therefore}",
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
        let text = clock_differs(7 * 60_000 + 12_000, WORKS_SO_FAR).message;
        assert!(text.contains("7 min 12 s behind the server's"), "{text}");
        let text = clock_differs(-3_600_000, REFUSED).message;
        assert!(text.contains("60 min 0 s ahead of"), "{text}");
    }

    #[test]
    fn the_servers_date_is_read() {
        let offset = offset("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        assert!(offset < -800_000_000_000, "{offset}");
        assert_eq!(super::offset("yesterday"), None);
    }
}
