//! The signature of COS.

use partway_domain::DialectName;
use partway_protocol::encode;
use partway_protocol::sign::{Unsigned, cos};
use partway_protocol::wire::Request;
use reqsign_tencent_cos::{Credential, RequestSigner};

use super::{header, parameter, parts, sign};
use crate::case::{Case, Taste, cases};
use crate::pair::{Signatures, compare};

const TASTE: Taste = Taste {
    dialect: DialectName::Cos,
    wide_headers: false,
};

/// Seconds by which our dialect lets a signature begin early.
const EARLY: u32 = 60;

const TOKEN: &str = "x-cos-security-token";

/// The signer itself: how long a header signature holds is the dialect's choice, and another one
/// than that of `reqsign`.
#[test]
fn headers_are_signed_as_reqsign_signs_them() {
    compare("cos header, reqsign", 4_000, cases(TASTE), |case| {
        let mut request = case.request();
        let host = request.host.clone();
        request.headers.push(("host".to_owned(), host));
        if let Some(token) = &case.credential.token {
            request.headers.push((TOKEN.to_owned(), token.clone()));
        }
        let mut parts = parts(&request, &request.headers);
        sign(&RequestSigner::new(), &credential(case), &mut parts, None);
        let theirs = header(&parts, "authorization");
        let (start, end) = key_time(&theirs);
        let unsigned = Unsigned {
            method: request.method.as_str(),
            host: &request.host,
            path: &request.path,
            query: &request.query,
            headers: &request.headers,
        };
        let ours = cos::sign(&unsigned, &case.credential, start, end).unwrap();
        Signatures {
            ours: ours.authorization,
            theirs,
            apart: apart(&request, &request.headers),
        }
    });
}

/// The dialect as a whole.
#[test]
fn urls_are_presigned_as_reqsign_presigns_them() {
    compare("cos presigned, reqsign", 3_000, cases(TASTE), |case| {
        let mut request = case.request();
        if let Some(token) = &case.credential.token {
            request = request.with_query(TOKEN, token.clone());
        }
        let headers = signed_headers(&request);
        let mut parts = parts(&request, &headers);
        let lifetime = case.lifetime + EARLY;
        let signer = RequestSigner::new();
        sign(&signer, &credential(case), &mut parts, Some(lifetime));
        let query = parts.uri.query().unwrap();
        let fields = &query[query.rfind("q-sign-algorithm").unwrap()..];
        let (start, _) = key_time(fields);
        let ours = case.presigned(start + i64::from(EARLY), case.lifetime);
        let ours = &ours.query[request.query.len()..];
        let ours: Vec<String> = ours
            .iter()
            .map(|(name, value)| format!("{name}={}", value.as_deref().unwrap()))
            .collect();
        assert_eq!(parameter(&parts, "q-ak"), case.credential.access_key);
        Signatures {
            ours: ours.join("&"),
            theirs: fields.to_owned(),
            apart: apart(&request, &headers),
        }
    });
}

/// Without the token: it goes with the request.
fn credential(case: &Case) -> Credential {
    Credential {
        secret_id: case.credential.access_key.clone(),
        secret_key: case.credential.secret_key.clone(),
        security_token: None,
        expires_in: None,
    }
}

/// What the dialect signs when it signs everything it should: all but headers of no meaning.
fn signed_headers(request: &Request) -> Vec<(String, String)> {
    let mut headers: Vec<_> = request
        .headers
        .iter()
        .filter(|(name, _)| name != "x-other")
        .cloned()
        .collect();
    headers.push(("host".to_owned(), request.host.clone()));
    headers
}

fn key_time(fields: &str) -> (i64, i64) {
    let (_, rest) = fields.split_once("q-key-time=").unwrap();
    let (start, rest) = rest.split_once(';').unwrap();
    let (end, _) = rest.split_once('&').unwrap();
    (start.parse().unwrap(), end.parse().unwrap())
}

/// The documentation encodes names first and lower-cases the result, header names too; the
/// vendor's own clients do it, and our vectors are theirs.
fn apart(request: &Request, headers: &[(String, String)]) -> Option<&'static str> {
    let ours = |name: &str| encode::component(name).to_ascii_lowercase();
    if request
        .query
        .iter()
        .any(|(name, _)| encode::component(&name.to_lowercase()) != ours(name))
    {
        Some("parameter names are lower-cased before they are encoded")
    } else if headers
        .iter()
        .any(|(name, _)| name.to_lowercase() != ours(name))
    {
        Some("header names are not encoded")
    } else {
        None
    }
}
