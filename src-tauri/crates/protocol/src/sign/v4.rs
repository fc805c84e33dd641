//! AWS Signature Version 4 for S3 ("Signature Calculations for the Authorization Header" and
//! "Authenticating Requests: Using Query Parameters").

use sha2::{Digest as _, Sha256};

use super::{SignError, Unsigned, hmac_sha256};
use crate::credential::Credential;
use crate::encode::{self, hex_lower};

/// The payload hash that says the body is not part of the signature.
pub const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// Headers that something on the way may change or drop.
const NEVER_SIGNED: [&str; 6] = [
    "authorization",
    "connection",
    "expect",
    "transfer-encoding",
    "user-agent",
    "x-amzn-trace-id",
];

/// What a signature is good for.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// `20260314T092653Z`.
    pub amz_date: &'a str,
    /// Region, e.g. `eu-west-1`.
    pub region: &'a str,
    /// `s3`.
    pub service: &'a str,
}

impl Scope<'_> {
    fn day(&self) -> Result<&str, SignError> {
        self.amz_date.get(..8).ok_or_else(|| {
            SignError(format!(
                "{:?} is not a date of the form 20260314T092653Z",
                self.amz_date
            ))
        })
    }

    fn text(&self) -> Result<String, SignError> {
        let day = self.day()?;
        Ok(format!(
            "{day}/{}/{}/aws4_request",
            self.region, self.service
        ))
    }
}

/// A signature and everything on the way to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Hex SHA-256 of the body, or a literal such as [`UNSIGNED_PAYLOAD`].
    pub payload_hash: String,
    /// Method, path, query, headers, header names and payload hash.
    pub canonical_request: String,
    /// Algorithm, date, scope and digest of the canonical request.
    pub string_to_sign: String,
    /// Names of the signed headers, joined with `;`.
    pub signed_headers: String,
    /// 64 lower-case hex digits.
    pub signature: String,
    /// The value of the `Authorization` header.
    pub authorization: String,
    /// All parameters of the request; for [`presign`] with the signature among them.
    pub query: Vec<(String, Option<String>)>,
}

/// Hex SHA-256 of a body.
pub fn payload_hash(body: &[u8]) -> String {
    hex_lower(&Sha256::digest(body))
}

/// The headers of a request that can be signed.
pub fn signable(headers: &[(String, String)]) -> Vec<(String, String)> {
    headers
        .iter()
        .filter(|(name, _)| {
            !NEVER_SIGNED
                .iter()
                .any(|never| name.eq_ignore_ascii_case(never))
        })
        .cloned()
        .collect()
}

/// Signs all given parameters and headers; `host` is taken from the request if it is not among
/// the headers.
pub fn sign(
    request: &Unsigned<'_>,
    credential: &Credential,
    scope: &Scope<'_>,
    payload_hash: &str,
) -> Result<Signed, SignError> {
    let headers = headers_with_host(request);
    let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
    let signed_headers = names.join(";");
    let header_lines: Vec<String> = headers
        .iter()
        .map(|(name, value)| format!("{name}:{value}\n"))
        .collect();
    let path = if request.path.is_empty() {
        "/"
    } else {
        request.path
    };
    let canonical_request = format!(
        "{}\n{path}\n{}\n{}\n{signed_headers}\n{payload_hash}",
        request.method,
        canonical_query(request.query),
        header_lines.concat(),
    );

    let scope_text = scope.text()?;
    let digest = hex_lower(&Sha256::digest(&canonical_request));
    let string_to_sign = format!("{ALGORITHM}\n{}\n{scope_text}\n{digest}", scope.amz_date);
    let key = signing_key(credential, scope)?;
    let signature = hex_lower(&hmac_sha256(&key, string_to_sign.as_bytes())?);
    let authorization = format!(
        "{ALGORITHM} Credential={}/{scope_text}, SignedHeaders={signed_headers}, \
         Signature={signature}",
        credential.access_key
    );
    Ok(Signed {
        payload_hash: payload_hash.to_owned(),
        canonical_request,
        string_to_sign,
        signed_headers,
        signature,
        authorization,
        query: request.query.to_vec(),
    })
}

/// Signs into the query, valid for `lifetime` seconds from the scope's date on. A token of the
/// credential becomes a signed parameter; the body is not signed.
pub fn presign(
    request: &Unsigned<'_>,
    credential: &Credential,
    scope: &Scope<'_>,
    lifetime: u32,
) -> Result<Signed, SignError> {
    let signed_headers = headers_with_host(request)
        .iter()
        .map(|(name, _)| name.as_str())
        .collect::<Vec<_>>()
        .join(";");
    let mut query = request.query.to_vec();
    let mut add = |name: &str, value: String| {
        if !query.iter().any(|(have, _)| have == name) {
            query.push((name.to_owned(), Some(value)));
        }
    };
    let credential_scope = format!("{}/{}", credential.access_key, scope.text()?);
    add("X-Amz-Algorithm", ALGORITHM.to_owned());
    add("X-Amz-Credential", credential_scope);
    add("X-Amz-Date", scope.amz_date.to_owned());
    add("X-Amz-Expires", lifetime.to_string());
    add("X-Amz-SignedHeaders", signed_headers);
    if let Some(token) = &credential.token {
        add("X-Amz-Security-Token", token.clone());
    }
    let unsigned = Unsigned {
        query: &query,
        ..*request
    };
    let mut signed = sign(&unsigned, credential, scope, UNSIGNED_PAYLOAD)?;
    let signature = signed.signature.clone();
    signed
        .query
        .push(("X-Amz-Signature".to_owned(), Some(signature)));
    Ok(signed)
}

/// Lower-cased, sorted, repeated ones joined, runs of blanks made one.
fn headers_with_host(request: &Unsigned<'_>) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = request
        .headers
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), one_blank(value)))
        .collect();
    if request.header("host").is_none() {
        headers.push(("host".to_owned(), request.host.to_owned()));
    }
    headers.sort_by(|(a, _), (b, _)| a.cmp(b));
    headers
        .chunk_by(|(a, _), (b, _)| a == b)
        .map(|same| {
            let values: Vec<&str> = same.iter().map(|(_, value)| value.as_str()).collect();
            (same[0].0.clone(), values.join(","))
        })
        .collect()
}

/// Only the blanks of HTTP count: a no-break or an ideographic space is part of the value.
fn one_blank(value: &str) -> String {
    let words: Vec<&str> = value
        .trim_matches([' ', '\t'])
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

fn canonical_query(query: &[(String, Option<String>)]) -> String {
    let mut pairs: Vec<(String, String)> = query
        .iter()
        .map(|(name, value)| {
            (
                encode::component(name),
                encode::component(value.as_deref().unwrap_or("")),
            )
        })
        .collect();
    pairs.sort();
    pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("&")
}

fn signing_key(credential: &Credential, scope: &Scope<'_>) -> Result<Vec<u8>, SignError> {
    let secret = format!("AWS4{}", credential.secret_key);
    let day = hmac_sha256(secret.as_bytes(), scope.day()?.as_bytes())?;
    let region = hmac_sha256(&day, scope.region.as_bytes())?;
    let service = hmac_sha256(&region, scope.service.as_bytes())?;
    hmac_sha256(&service, b"aws4_request")
}
