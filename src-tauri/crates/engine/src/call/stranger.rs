//! Answers that are not the provider's: login pages of networks, proxies, gateways in between.
//!
//! Only what lacks every mark of the provider is looked at: no request id, no `ETag`.
//!
//! | answer without such a mark             | what it is                                    |
//! |----------------------------------------|-----------------------------------------------|
//! | 407, 511                               | a proxy or a network that wants a login       |
//! | a success that is a page               | a network's login page                        |
//! | 302, 303 or a redirect with a page     | the same, by way of another address           |
//! | 502 or 504 that is a page              | a gateway that did not reach the provider     |
//!
//! All of these mean that the provider was not reached, so the copy waits for the network. What
//! a gateway may have passed on before it stumbled stays unknown.

use partway_domain::{Failure, FailureKind};
use partway_protocol::wire::Response;

/// What kept the provider from answering, and whether it may have heard the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stranger {
    words: String,
    pub(super) outcome_unknown: bool,
}

/// Headers that only a provider or a server of the kind sends.
const MARKS: [&str; 8] = [
    "x-cos-request-id",
    "x-obs-request-id",
    "x-amz-request-id",
    "x-amz-id-2",
    "x-obs-id-2",
    "x-trans-id",
    "x-cos-trace-id",
    "etag",
];

/// Looks whether somebody else has answered in place of `host`.
pub(super) fn look(host: &str, response: &Response) -> Option<Stranger> {
    if MARKS.iter().any(|mark| response.header(mark).is_some()) {
        return None;
    }
    let page = is_page(response);
    let towards = response
        .header("location")
        .map(|to| format!(" and points to {}", place(to)))
        .unwrap_or_default();
    let login = "; log in to the network in a browser, or check the proxy settings";
    let (words, outcome_unknown) = match response.status {
        407 => (
            format!(
                "a proxy between this computer and {host} asks for a name and a password; enter \
                 them in the system's proxy settings"
            ),
            false,
        ),
        511 => (format!("this network asks for a login{login}"), false),
        status @ (502 | 504) if page => (
            format!("a gateway or proxy answered with HTTP {status} instead of {host}"),
            true,
        ),
        302 | 303 => (
            format!("something between this computer and {host} answers{towards}{login}"),
            false,
        ),
        200..=399 if page => (
            format!(
                "something between this computer and {host} answers with a web page{towards}{login}"
            ),
            true,
        ),
        _ => return None,
    };
    Some(Stranger {
        words,
        outcome_unknown,
    })
}

impl Stranger {
    /// The failure of the operation that was to reach the provider.
    pub(super) fn failure(self, operation: &str, status: u16) -> Failure {
        Failure {
            operation: operation.to_owned(),
            status: Some(status),
            ..Failure::local(FailureKind::Network, self.words)
        }
    }
}

fn is_page(response: &Response) -> bool {
    let typed = response
        .header("content-type")
        .is_some_and(|kind| kind.trim().to_ascii_lowercase().starts_with("text/html"));
    typed && !response.body.trim_ascii_start().starts_with(b"<?xml") || begins_as_page(response)
}

fn begins_as_page(response: &Response) -> bool {
    let body = response.body.trim_ascii_start();
    ["<!doctype html", "<html"].iter().any(|start| {
        body.get(..start.len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(start.as_bytes()))
    })
}

/// A redirect's host: its query may hold anything.
fn place(location: &str) -> String {
    let rest = location
        .split_once("://")
        .map_or(location, |(_, rest)| rest);
    rest.split(['/', '?', '#'])
        .next()
        .unwrap_or_default()
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || ".-:[]".contains(*letter))
        .take(100)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
        Response {
            status,
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: body.as_bytes().to_vec(),
        }
    }

    const HTML: (&str, &str) = ("Content-Type", "text/html; charset=utf-8");
    const TO: (&str, &str) = ("Location", "http://login.hotel.example/start?token=1");
    const PAGE: &str = "\n<!DOCTYPE HTML><title>Welcome</title>";

    #[test]
    fn the_table_above_holds() {
        // status, headers, body, taken for a stranger's, may have been done
        type Row = (
            u16,
            &'static [(&'static str, &'static str)],
            &'static str,
            Option<bool>,
        );
        let rows: &[Row] = &[
            (407, &[], "", Some(false)),
            (511, &[], "", Some(false)),
            (200, &[HTML], "", Some(true)),
            (200, &[], PAGE, Some(true)),
            (204, &[], "", None),
            (302, &[TO], "", Some(false)),
            (307, &[TO], PAGE, Some(true)),
            (307, &[TO], "<Error/>", None),
            (301, &[TO], "", None),
            (403, &[HTML], PAGE, None),
            (403, &[], "<Error><Code>AccessDenied</Code></Error>", None),
            (502, &[HTML], PAGE, Some(true)),
            (504, &[], PAGE, Some(true)),
            (502, &[], "", None),
            // A server in trouble that asks for less is heard, whatever it says it with.
            (503, &[HTML], PAGE, None),
            (200, &[HTML, ("ETag", "\"1\"")], PAGE, None),
            (302, &[TO, ("x-amz-request-id", "1")], "", None),
            (200, &[HTML], "<?xml version=\"1.0\"?><Result/>", None),
        ];
        for (status, headers, body, expected) in rows {
            let seen = look("bucket.example", &answer(*status, headers, body));
            let outcome = seen.map(|stranger| stranger.outcome_unknown);
            assert_eq!(outcome, *expected, "{status} {headers:?} {body:?}");
        }
    }

    #[test]
    fn it_says_who_and_where_but_no_more() {
        let redirect = answer(
            302,
            &[("location", "http://login.hotel.example/start?token=1")],
            "",
        );
        let failure = look("bucket.example", &redirect)
            .unwrap()
            .failure("HeadObject", 302);
        assert_eq!(failure.kind, FailureKind::Network);
        for word in ["bucket.example", "login.hotel.example", "log in"] {
            assert!(failure.message.contains(word), "{failure}");
        }
        assert!(!failure.message.contains("token"), "{failure}");
    }
}
