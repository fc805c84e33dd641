//! Our signers against those of `reqsign`, which are written for many providers at once.
//!
//! `reqsign` takes the time from the clock, so it signs first and ours follow at its second. A
//! token is given to it as the header or parameter that it is, because it would sign tokens of COS
//! and OBS differently from the documentation: not at all, or under another name.

use std::pin::pin;
use std::task::{Context as Polling, Poll, Waker};
use std::time::Duration;

use http::request::Parts;
use partway_protocol::wire::Request;
use reqsign_core::{Context, SignRequest};

mod cos;
mod obs;
mod v4;

/// Signs with a signer of `reqsign`; with a lifetime in seconds into the query.
fn sign<S: SignRequest>(
    signer: &S,
    credential: &S::Credential,
    parts: &mut Parts,
    lifetime: Option<u32>,
) {
    let lifetime = lifetime.map(|seconds| Duration::from_secs(u64::from(seconds)));
    let context = Context::new();
    let signing = pin!(signer.sign_request(&context, parts, Some(credential), lifetime));
    // Signing is asynchronous for signers that ask others; these compute at once.
    match signing.poll(&mut Polling::from_waker(Waker::noop())) {
        Poll::Ready(done) => done.unwrap(),
        Poll::Pending => panic!("reqsign waits for something"),
    }
}

/// The request as the `http` crate has it, with the given headers.
fn parts(request: &Request, headers: &[(String, String)]) -> Parts {
    let mut built = http::Request::builder()
        .method(request.method.as_str())
        .uri(request.url());
    for (name, value) in headers {
        built = built.header(name, value);
    }
    built.body(()).unwrap().into_parts().0
}

/// A header of the signed request.
fn header(parts: &Parts, name: &str) -> String {
    parts.headers[name].to_str().unwrap().to_owned()
}

/// A decoded parameter of the signed request.
fn parameter(parts: &Parts, name: &str) -> String {
    let query = parts.uri.query().unwrap();
    let value = query
        .rsplit('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(have, _)| *have == name)
        .unwrap()
        .1;
    partway_protocol::encode::decode(value).unwrap()
}

/// Whether a header name occurs twice and only one value is looked at.
fn repeats(headers: &[(String, String)], concerned: impl Fn(&str) -> bool) -> bool {
    let mut names: Vec<String> = headers
        .iter()
        .map(|(name, _)| name.to_ascii_lowercase())
        .filter(|name| concerned(name))
        .collect();
    names.sort();
    names.windows(2).any(|pair| pair[0] == pair[1])
}
