//! AWS Signature Version 4 for S3.

mod streamed;

use sha2::{Digest, Sha256};

use super::{anonymous, expired, hmac_sha256, known, skewed, wrong_signature};
use crate::call::Call;
use crate::options::Endpoint;
use crate::percent;
use crate::refusal::Refusal;
use crate::text::{hex, iso_seconds, parse_basic_iso, parse_http_date};

pub(super) use streamed::unwrap_body;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// A week, in seconds: no presigned URL lives longer.
const LONGEST: i64 = 604_800;

pub(super) fn check(call: &Call, endpoint: &Endpoint, now: i64) -> Result<(), Refusal> {
    let claim = Claim::read(call)?;
    known(&claim.scope.access_key, endpoint)?;
    in_time(call, &claim, now)?;
    covers(call, &claim)?;
    payload(call, &claim)?;

    let canonical = canonical_request(
        call.method.as_str(),
        &call.path,
        &canonical_query(&call.query),
        &signed_headers(call, &claim.signed),
        &claim.payload_hash,
    );
    let string = string_to_sign(&claim.stamp, &claim.scope, &canonical);
    if sign(&endpoint.secret_key, &claim.scope, &string) != claim.signature {
        return Err(wrong_signature(&string).with_element("CanonicalRequest", canonical));
    }
    Ok(())
}

/// Bodies that come in pieces: signed one by one, the same with signed trailers, or not signed.
const STREAMED: [&str; 3] = [
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
];

/// The region in the credential of a request, signed or presigned.
pub(crate) fn scope_region(call: &Call) -> Option<String> {
    Claim::read(call).ok().map(|claim| claim.scope.region)
}

struct Scope {
    access_key: String,
    day: String,
    region: String,
}

struct Claim {
    scope: Scope,
    /// Lower-case names, in the order given.
    signed: Vec<String>,
    signature: String,
    /// `20260314T092653Z`
    stamp: String,
    payload_hash: String,
    /// Seconds of validity; only of a presigned URL.
    lifetime: Option<i64>,
}

impl Claim {
    fn read(call: &Call) -> Result<Claim, Refusal> {
        match call.header("authorization") {
            Some(text) => Claim::from_header(call, &text),
            None if call.has("X-Amz-Signature") => Claim::from_query(call),
            None => Err(anonymous()),
        }
    }

    fn from_header(call: &Call, text: &str) -> Result<Claim, Refusal> {
        let fields = text
            .strip_prefix(ALGORITHM)
            .ok_or_else(|| Refusal::invalid_argument("Only AWS4-HMAC-SHA256 is accepted."))?;
        let field = |wanted: &str| {
            let mut pairs = fields
                .split(',')
                .filter_map(|piece| piece.trim().split_once('='));
            let found = pairs.find(|(name, _)| *name == wanted);
            found
                .map(|(_, value)| value.to_owned())
                .ok_or_else(|| malformed(&format!("The authorization lacks {wanted}.")))
        };
        let stamp = match call.header("x-amz-date") {
            Some(stamp) => stamp,
            None => call
                .header("date")
                .and_then(|date| parse_http_date(&date))
                .map(|ms| iso_seconds(ms).replace(['-', ':'], ""))
                .ok_or_else(|| Refusal::access_denied("The request has no date."))?,
        };
        let payload_hash = call.header("x-amz-content-sha256").ok_or_else(|| {
            Refusal::invalid_request(
                "Missing required header for this request: x-amz-content-sha256",
            )
        })?;
        Ok(Claim {
            scope: Scope::parse(&field("Credential")?)?,
            signed: names(&field("SignedHeaders")?),
            signature: field("Signature")?,
            stamp,
            payload_hash,
            lifetime: None,
        })
    }

    fn from_query(call: &Call) -> Result<Claim, Refusal> {
        let field = |name: &str| {
            let wrong = || {
                let message = format!("The query lacks {name}.");
                Refusal::new(400, "AuthorizationQueryParametersError", message)
            };
            call.param(name).map(str::to_owned).ok_or_else(wrong)
        };
        if field("X-Amz-Algorithm")? != ALGORITHM {
            return Err(Refusal::invalid_argument(
                "Only AWS4-HMAC-SHA256 is accepted.",
            ));
        }
        let lifetime = field("X-Amz-Expires")?
            .parse()
            .ok()
            .filter(|seconds| (1..=LONGEST).contains(seconds))
            .ok_or_else(|| {
                let message = "X-Amz-Expires is a number of seconds from 1 to 604800.";
                Refusal::new(400, "AuthorizationQueryParametersError", message)
            })?;
        Ok(Claim {
            scope: Scope::parse(&field("X-Amz-Credential")?)?,
            signed: names(&field("X-Amz-SignedHeaders")?),
            signature: field("X-Amz-Signature")?,
            stamp: field("X-Amz-Date")?,
            payload_hash: "UNSIGNED-PAYLOAD".to_owned(),
            lifetime: Some(lifetime),
        })
    }
}

impl Scope {
    fn text(&self) -> String {
        let Scope { day, region, .. } = self;
        format!("{day}/{region}/s3/aws4_request")
    }

    fn parse(credential: &str) -> Result<Scope, Refusal> {
        let mut fields = credential.rsplitn(5, '/');
        let last = (fields.next(), fields.next());
        if last != (Some("aws4_request"), Some("s3")) {
            return Err(malformed("The credential must end in /s3/aws4_request."));
        }
        match (fields.next(), fields.next(), fields.next()) {
            (Some(region), Some(day), Some(access_key)) => Ok(Scope {
                access_key: access_key.to_owned(),
                day: day.to_owned(),
                region: region.to_owned(),
            }),
            _ => Err(malformed(
                "The credential is <key>/<day>/<region>/s3/aws4_request.",
            )),
        }
    }
}

fn malformed(message: &str) -> Refusal {
    Refusal::new(400, "AuthorizationHeaderMalformed", message)
}

fn names(list: &str) -> Vec<String> {
    list.split(';').map(str::to_owned).collect()
}

fn in_time(call: &Call, claim: &Claim, now: i64) -> Result<(), Refusal> {
    let ms = parse_basic_iso(&claim.stamp)
        .ok_or_else(|| Refusal::access_denied("The date is not like 20260314T092653Z."))?;
    if !claim.stamp.starts_with(&claim.scope.day) {
        return Err(malformed(
            "The day of the credential is not the day of the request.",
        ));
    }
    match claim.lifetime {
        None => skewed(ms, now),
        Some(seconds) if ms + seconds * 1000 < now => {
            Err(expired(now)
                .with_element("X-Amz-Expires", call.param("X-Amz-Expires").unwrap_or("")))
        }
        Some(_) if ms > now => skewed(ms, now),
        Some(_) => Ok(()),
    }
}

/// `host`, every `x-amz-*` header and a content type must be signed.
fn covers(call: &Call, claim: &Claim) -> Result<(), Refusal> {
    let must = |name: &str| matches!(name, "host" | "content-type") || name.starts_with("x-amz-");
    let loose = call
        .headers
        .keys()
        .map(http::HeaderName::as_str)
        .find(|name| must(name) && !claim.signed.iter().any(|signed| signed == name));
    match loose {
        None => Ok(()),
        Some(name) => Err(Refusal::access_denied(
            "There were headers present in the request which were not signed",
        )
        .with_element("HeadersNotSigned", name)),
    }
}

fn payload(call: &Call, claim: &Claim) -> Result<(), Refusal> {
    let hash = claim.payload_hash.as_str();
    if hash == "UNSIGNED-PAYLOAD" {
        return Ok(());
    }
    if STREAMED.contains(&hash) {
        return Ok(());
    }
    if hash.starts_with("STREAMING-") {
        return Err(Refusal::not_implemented("This kind of streamed signature"));
    }
    let actual = hex(&Sha256::digest(&call.body));
    if actual == hash {
        return Ok(());
    }
    let message = "The x-amz-content-sha256 header is not the hash of the body.";
    Err(Refusal::new(400, "XAmzContentSHA256Mismatch", message)
        .with_element("ClientComputedContentSHA256", hash)
        .with_element("S3ComputedContentSHA256", actual))
}

fn signed_headers(call: &Call, names: &[String]) -> Vec<(String, String)> {
    names
        .iter()
        .map(|name| {
            let values: Vec<String> = call
                .headers
                .get_all(name)
                .iter()
                .map(|value| collapse(&String::from_utf8_lossy(value.as_bytes())))
                .collect();
            (name.clone(), values.join(","))
        })
        .collect()
}

/// Trimmed, and inner runs of spaces made one.
fn collapse(value: &str) -> String {
    let words: Vec<&str> = value.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn canonical_query(query: &[(String, Option<String>)]) -> String {
    let mut pairs: Vec<(String, String)> = query
        .iter()
        .filter(|(name, _)| name != "X-Amz-Signature")
        .map(|(name, value)| {
            let value = value.as_deref().unwrap_or("");
            (percent::encode(name), percent::encode(value))
        })
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs.iter().map(|(n, v)| format!("{n}={v}")).collect();
    pairs.join("&")
}

fn canonical_request(
    method: &str,
    path: &str,
    query: &str,
    headers: &[(String, String)],
    payload_hash: &str,
) -> String {
    let mut headers: Vec<_> = headers.iter().collect();
    headers.sort();
    let lines: Vec<String> = headers.iter().map(|(n, v)| format!("{n}:{v}\n")).collect();
    let lines = lines.concat();
    let names: Vec<&str> = headers.iter().map(|(n, _)| n.as_str()).collect();
    format!(
        "{method}\n{path}\n{query}\n{lines}\n{}\n{payload_hash}",
        names.join(";")
    )
}

fn string_to_sign(stamp: &str, scope: &Scope, canonical: &str) -> String {
    let digest = hex(&Sha256::digest(canonical));
    format!("{ALGORITHM}\n{stamp}\n{}\n{digest}", scope.text())
}

fn sign(secret_key: &str, scope: &Scope, string_to_sign: &str) -> String {
    let key = signing_key(secret_key, scope);
    hex(&hmac_sha256(&key, string_to_sign.as_bytes()))
}

fn signing_key(secret_key: &str, scope: &Scope) -> Vec<u8> {
    let key = hmac_sha256(format!("AWS4{secret_key}").as_bytes(), scope.day.as_bytes());
    let key = hmac_sha256(&key, scope.region.as_bytes());
    let key = hmac_sha256(&key, b"s3");
    hmac_sha256(&key, b"aws4_request")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::vectors;

    #[test]
    fn the_vendors_own_signer_agrees() {
        let cases = vectors::read(include_str!("../../tests/vectors/sigv4.json"));
        for case in &cases {
            let headers: Vec<_> = case
                .headers
                .iter()
                .map(|(n, v)| (n.to_ascii_lowercase(), collapse(v)))
                .collect();
            let canonical = canonical_request(
                &case.method,
                &case.path,
                &canonical_query(&case.query),
                &headers,
                &case.payload_hash,
            );
            assert_eq!(canonical, case.string, "{}", case.name);
            let scope = Scope {
                access_key: String::new(),
                day: case.time[..8].to_owned(),
                region: case.region.clone(),
            };
            let string = string_to_sign(&case.time, &scope, &canonical);
            assert_eq!(
                sign(&case.secret, &scope, &string),
                case.signature,
                "{}",
                case.name
            );
        }
        assert!(cases.len() > 80);
    }
}
