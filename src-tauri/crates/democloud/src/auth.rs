//! Who asks? Signatures are checked strictly, in headers and in presigned form.

mod chunked;
mod cos;
mod lease;
mod v2;
mod v4;
#[cfg(test)]
mod vectors;

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;

use crate::call::{Call, Form};
use crate::options::Endpoint;
use crate::refusal::Refusal;
use crate::text::{http_date, iso_seconds};
pub(crate) use lease::Lease;
use lease::Worth;

/// How far a signer's clock may be off, in milliseconds.
const SKEW: i64 = 15 * 60 * 1000;

/// Lets a request pass that `endpoint`'s key pair signed.
pub(crate) fn check(call: &Call, endpoint: &Endpoint, now: i64) -> Result<(), Refusal> {
    match call.form {
        Form::Cos => cos::check(call, endpoint, now),
        Form::Obs | Form::ObsAmz => v2::check(call, endpoint, now),
        Form::S3 => v4::check(call, endpoint, now),
    }
}

/// The key pair that a request claims to be signed with: the temporary one when it names that, and
/// brings the token that belongs to it; otherwise the endpoint's own.
pub(crate) fn claimed(
    call: &Call,
    endpoint: &Endpoint,
    lease: &Lease,
    now: i64,
) -> Result<(Endpoint, bool), Refusal> {
    let temporary = endpoint.temporary();
    let named = |text: &str| text.contains(&temporary.access_key);
    let is_temporary = call
        .header("authorization")
        .is_some_and(|text| named(&text))
        || call
            .query
            .iter()
            .any(|(_, value)| value.as_deref().is_some_and(named));
    if !is_temporary {
        return Ok((endpoint.clone(), false));
    }
    let name = format!("{}security-token", call.form.prefix());
    let in_query = call
        .query
        .iter()
        .find(|(param, _)| param.eq_ignore_ascii_case(&name))
        .and_then(|(_, value)| value.clone());
    let token = call.header(&name).or(in_query);
    let worth = token
        .as_ref()
        .map(|token| lease.judge(&temporary.token, token, now));
    match worth {
        Some(Worth::Good) => {
            let pair = Endpoint {
                access_key: temporary.access_key,
                secret_key: temporary.secret_key,
                ..endpoint.clone()
            };
            Ok((pair, true))
        }
        Some(Worth::Expired) => Err(Refusal::expired_token()),
        Some(Worth::Nothing) if call.form == Form::S3 => {
            let message = "The token does not belong to the access key.";
            Err(Refusal::new(400, "InvalidToken", message))
        }
        _ => {
            let message = "The access key is a temporary one and needs its token.";
            Err(Refusal::new(403, "InvalidAccessKeyId", message))
        }
    }
}

/// Takes off the pieces that an S3 body may travel in, checking their signatures. To be called
/// after [`check`]; any other body stays as it is.
pub(crate) fn unwrap_body(call: &mut Call, endpoint: &Endpoint) -> Result<(), Refusal> {
    match call.form {
        Form::S3 => v4::unwrap_body(call, endpoint),
        Form::Cos | Form::Obs | Form::ObsAmz => Ok(()),
    }
}

/// Whether a request carries no sign of who sent it.
pub(crate) fn is_anonymous(call: &Call) -> bool {
    let signed = ["q-signature", "sign", "Signature", "X-Amz-Signature"];
    !call.headers.contains_key("authorization") && !signed.iter().any(|name| call.has(name))
}

/// The region an S3 request was signed for.
pub(crate) use v4::scope_region;

fn hmac_sha1(key: &[u8], message: &[u8]) -> Vec<u8> {
    // An HMAC takes a key of any length, so this never fails.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

fn hmac_sha256(key: &[u8], message: &[u8]) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

fn anonymous() -> Refusal {
    Refusal::access_denied("Anonymous requests are refused.")
}

fn known(access_key: &str, endpoint: &Endpoint) -> Result<(), Refusal> {
    if access_key == endpoint.access_key {
        return Ok(());
    }
    let message = "The access key is not known here.";
    Err(Refusal::new(403, "InvalidAccessKeyId", message))
}

/// The string that was signed is told, so that a client's author can compare.
fn wrong_signature(string_to_sign: &str) -> Refusal {
    let message = "The signature does not match: check the key, the method and what was signed.";
    Refusal::new(403, "SignatureDoesNotMatch", message).with_element("StringToSign", string_to_sign)
}

fn skewed(request_ms: i64, now: i64) -> Result<(), Refusal> {
    if (request_ms - now).abs() <= SKEW {
        return Ok(());
    }
    let message = "The time of the request is too far from the time of the server.";
    Err(Refusal::new(403, "RequestTimeTooSkewed", message)
        .with_element("RequestTime", http_date(request_ms))
        .with_element("ServerTime", iso_seconds(now)))
}

fn expired(now: i64) -> Refusal {
    Refusal::access_denied("Request has expired").with_element("ServerTime", iso_seconds(now))
}
