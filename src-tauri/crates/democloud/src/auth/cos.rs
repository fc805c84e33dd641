//! Tencent COS `q-sign` with SHA-1.
//!
//! The rule for what must be signed is the strictest a bucket owner can set: `host`, every
//! `x-cos-*` header and every parameter. The list of buckets has no owner's rule: there the
//! vendor's own Python SDK leaves the parameters out.

use sha1::{Digest, Sha1};

use super::{anonymous, expired, hmac_sha1, known, skewed, wrong_signature};
use crate::call::Call;
use crate::options::Endpoint;
use crate::percent;
use crate::refusal::Refusal;
use crate::text::{hex, parse_http_date};

pub(super) fn check(call: &Call, endpoint: &Endpoint, now: i64) -> Result<(), Refusal> {
    let claim = Claim::read(call)?;
    if claim.field("q-sign-algorithm")? != "sha1" {
        return Err(Refusal::invalid_argument("q-sign-algorithm must be sha1."));
    }
    known(claim.field("q-ak")?, endpoint)?;
    let key_time = claim.field("q-key-time")?;
    within(key_time, now)?;
    within(claim.field("q-sign-time")?, now)?;
    if let Some(date) = call.header("date").and_then(|date| parse_http_date(&date)) {
        skewed(date, now)?;
    }

    let params = sent_params(call);
    let headers = sent_headers(call);
    let signed_params = list(claim.field("q-url-param-list")?);
    let signed_headers = list(claim.field("q-header-list")?);
    if call.bucket.is_some() {
        covers(&signed_params, params.iter().map(|(name, _)| name))?;
    }
    let must = |name: &&String| *name == "host" || name.starts_with("x-cos-");
    covers(
        &signed_headers,
        headers.iter().map(|(name, _)| name).filter(must),
    )?;

    let path = String::from_utf8_lossy(&percent::decode(&call.path)).into_owned();
    let format = format_string(
        call.method.as_str(),
        &path,
        &only(&params, &signed_params),
        &only(&headers, &signed_headers),
    );
    let to_sign = string_to_sign(claim.field("q-sign-time")?, &format);
    let signature = sign(&endpoint.secret_key, key_time, &to_sign);
    if signature != claim.field("q-signature")? {
        return Err(wrong_signature(&to_sign).with_element("FormatString", format));
    }
    Ok(())
}

/// The seven fields, from the header or from the query.
struct Claim(Vec<(String, String)>);

const FIELDS: [&str; 7] = [
    "q-sign-algorithm",
    "q-ak",
    "q-sign-time",
    "q-key-time",
    "q-header-list",
    "q-url-param-list",
    "q-signature",
];

impl Claim {
    fn read(call: &Call) -> Result<Claim, Refusal> {
        let in_one = call
            .header("authorization")
            .or_else(|| call.param("sign").map(str::to_owned));
        if let Some(text) = in_one {
            let fields = text.split('&').filter_map(|field| field.split_once('='));
            return Ok(Claim(
                fields.map(|(n, v)| (n.to_owned(), v.to_owned())).collect(),
            ));
        }
        if !call.has("q-signature") {
            return Err(anonymous());
        }
        let fields = FIELDS.iter().filter_map(|name| {
            let value = call.param(name)?;
            Some(((*name).to_owned(), value.to_owned()))
        });
        Ok(Claim(fields.collect()))
    }

    fn field(&self, name: &str) -> Result<&str, Refusal> {
        let found = self.0.iter().find(|(n, _)| n == name);
        let missing = || Refusal::invalid_argument(format!("The authorization lacks {name}."));
        found.map(|(_, value)| value.as_str()).ok_or_else(missing)
    }
}

/// `<start>;<end>` in seconds must span the present.
fn within(times: &str, now: i64) -> Result<(), Refusal> {
    let wrong = || Refusal::invalid_argument("A signing time is <start>;<end> in Unix seconds.");
    let (start, end) = times.split_once(';').ok_or_else(wrong)?;
    let seconds = |text: &str| text.parse::<i64>().map_err(|_| wrong());
    let (start, end) = (seconds(start)?, seconds(end)?);
    if end * 1000 < now {
        return Err(expired(now));
    }
    if start * 1000 > now {
        skewed(start * 1000, now)?;
    }
    if start > end {
        return Err(wrong());
    }
    Ok(())
}

fn list(text: &str) -> Vec<String> {
    text.split(';')
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

fn covers<'a>(signed: &[String], sent: impl Iterator<Item = &'a String>) -> Result<(), Refusal> {
    for name in sent {
        if !signed.contains(name) {
            return Err(Refusal::access_denied(format!(
                "Strict signature missing header/param that must be signed: {name}"
            )));
        }
    }
    Ok(())
}

fn only(pairs: &[(String, String)], names: &[String]) -> Vec<(String, String)> {
    pairs
        .iter()
        .filter(|(name, _)| names.contains(name))
        .cloned()
        .collect()
}

/// Parameters as they are signed: names encoded and then lower-cased, values encoded.
fn sent_params(call: &Call) -> Vec<(String, String)> {
    let own = |name: &str| FIELDS.contains(&name) || name == "sign";
    call.query
        .iter()
        .filter(|(name, _)| !own(name))
        .map(|(name, value)| coded(name, value.as_deref().unwrap_or("").as_bytes()))
        .collect()
}

fn sent_headers(call: &Call) -> Vec<(String, String)> {
    call.headers
        .iter()
        .map(|(name, value)| coded(name.as_str(), value.as_bytes()))
        .collect()
}

fn coded(name: &str, value: &[u8]) -> (String, String) {
    (
        percent::encode(name).to_ascii_lowercase(),
        percent::encode(value),
    )
}

/// Takes pairs that are encoded already; sorts them.
fn format_string(
    method: &str,
    path: &str,
    params: &[(String, String)],
    headers: &[(String, String)],
) -> String {
    let line = |pairs: &[(String, String)]| {
        let mut sorted: Vec<_> = pairs.iter().collect();
        sorted.sort();
        let joined: Vec<_> = sorted.iter().map(|(n, v)| format!("{n}={v}")).collect();
        joined.join("&")
    };
    let method = method.to_ascii_lowercase();
    format!("{method}\n{path}\n{}\n{}\n", line(params), line(headers))
}

fn string_to_sign(sign_time: &str, format: &str) -> String {
    format!("sha1\n{sign_time}\n{}\n", hex(&Sha1::digest(format)))
}

fn sign(secret_key: &str, key_time: &str, string_to_sign: &str) -> String {
    let sign_key = hex(&hmac_sha1(secret_key.as_bytes(), key_time.as_bytes()));
    hex(&hmac_sha1(sign_key.as_bytes(), string_to_sign.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::vectors::{self, Case};

    #[test]
    fn the_vendors_own_signer_agrees() {
        let cases = vectors::read(include_str!("../../tests/vectors/cos.json"));
        for Case {
            name,
            method,
            query,
            headers,
            secret,
            path_decoded,
            time,
            string,
            signature,
            ..
        } in &cases
        {
            let params: Vec<_> = query
                .iter()
                .map(|(n, v)| coded(n, v.as_deref().unwrap_or("").as_bytes()))
                .collect();
            let headers: Vec<_> = headers
                .iter()
                .map(|(n, v)| coded(n, v.as_bytes()))
                .collect();
            let format = format_string(method, path_decoded, &params, &headers);
            assert_eq!(&format, string, "{name}");
            let to_sign = string_to_sign(time, &format);
            assert_eq!(&sign(secret, time, &to_sign), signature, "{name}");
        }
        assert!(cases.len() > 80);
    }
}
