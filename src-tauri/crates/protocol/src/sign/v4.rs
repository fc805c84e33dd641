//! AWS Signature Version 4 for S3 ("Signature Calculations for the Authorization Header" and
//! "Authenticating Requests: Using Query Parameters").

use std::borrow::Cow;
use std::cell::RefCell;

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

/// The headers of a request that can be signed; mostly all of them.
pub fn signable(headers: &[(String, String)]) -> Cow<'_, [(String, String)]> {
    let never = |(name, _): &&(String, String)| {
        NEVER_SIGNED
            .iter()
            .any(|never| name.eq_ignore_ascii_case(never))
    };
    if headers.iter().any(|header| never(&header)) {
        let kept = headers.iter().filter(|header| !never(header));
        return kept.cloned().collect();
    }
    headers.into()
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
    let signed_headers = names(&headers);
    let mut canonical_request = String::with_capacity(1_024);
    let path = if request.path.is_empty() {
        "/"
    } else {
        request.path
    };
    for line in [request.method, path, &canonical_query(request.query)] {
        canonical_request.push_str(line);
        canonical_request.push('\n');
    }
    for (name, value) in &headers {
        for piece in [name, ":", value, "\n"] {
            canonical_request.push_str(piece);
        }
    }
    for piece in ["\n", &signed_headers, "\n", payload_hash] {
        canonical_request.push_str(piece);
    }

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
    let signed_headers = names(&headers_with_host(request));
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

/// A header as it is signed; most are that already.
type Header<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Lower-cased, sorted, repeated ones joined, runs of blanks made one.
fn headers_with_host<'a>(request: &Unsigned<'a>) -> Vec<Header<'a>> {
    let mut headers: Vec<Header<'a>> = Vec::with_capacity(request.headers.len() + 1);
    for (name, value) in request.headers {
        headers.push((lower(name), one_blank(value)));
    }
    if request.header("host").is_none() {
        headers.push(("host".into(), request.host.into()));
    }
    // A stable sort: values of one name stay in their order.
    headers.sort_by(|(a, _), (b, _)| a.cmp(b));
    headers.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            let joined = kept.1.to_mut();
            joined.push(',');
            joined.push_str(&next.1);
        }
        same
    });
    headers
}

fn names(headers: &[Header<'_>]) -> String {
    let mut names = String::with_capacity(256);
    for (index, (name, _)) in headers.iter().enumerate() {
        if index > 0 {
            names.push(';');
        }
        names.push_str(name);
    }
    names
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        name.to_ascii_lowercase().into()
    } else {
        name.into()
    }
}

/// Only the blanks of HTTP count: a no-break or an ideographic space is part of the value.
fn one_blank(value: &str) -> Cow<'_, str> {
    let value = value.trim_matches([' ', '\t']);
    if !value.contains("  ") {
        return value.into();
    }
    let words: Vec<&str> = value.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ").into()
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
    let mut text = String::with_capacity(256);
    for (index, (name, value)) in pairs.iter().enumerate() {
        if index > 0 {
            text.push('&');
        }
        text.push_str(name);
        text.push('=');
        text.push_str(value);
    }
    text
}

/// What a day's requests of one key to one region are signed with. It depends on nothing else,
/// and a copy signs thousands of them: the last one is kept.
struct Derived {
    /// Not the secret itself: it stays where its owner can forget it.
    secret: [u8; 32],
    day: String,
    region: String,
    service: String,
    key: [u8; 32],
}

thread_local! {
    static LAST: RefCell<Option<Derived>> = const { RefCell::new(None) };
}

fn signing_key(credential: &Credential, scope: &Scope<'_>) -> Result<[u8; 32], SignError> {
    let day = scope.day()?;
    let secret = &credential.secret_key;
    let known_by: [u8; 32] = Sha256::digest(secret).into();
    LAST.with_borrow_mut(|last| {
        if let Some(last) = last
            && last.day == day
            && last.region == scope.region
            && last.service == scope.service
            && last.secret == known_by
        {
            return Ok(last.key);
        }
        let first = hmac_sha256(format!("AWS4{secret}").as_bytes(), day.as_bytes())?;
        let region = hmac_sha256(&first, scope.region.as_bytes())?;
        let service = hmac_sha256(&region, scope.service.as_bytes())?;
        let key = hmac_sha256(&service, b"aws4_request")?;
        *last = Some(Derived {
            secret: known_by,
            day: day.to_owned(),
            region: scope.region.to_owned(),
            service: scope.service.to_owned(),
            key,
        });
        Ok(key)
    })
}
