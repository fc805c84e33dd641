//! The native signature of OBS.

use jiff::fmt::rfc2822;
use partway_domain::DialectName;
use partway_protocol::wire::Request;
use reqsign_huaweicloud_obs::{Credential, RequestSigner};

use super::{header, parameter, parts, repeats, sign};
use crate::case::{Case, Taste, cases};
use crate::pair::{Signatures, compare};

const TASTE: Taste = Taste {
    dialect: DialectName::Obs,
    wide_headers: false,
};

const TOKEN: &str = "x-obs-security-token";

#[test]
fn headers_are_signed_as_reqsign_signs_them() {
    compare("obs header, reqsign", 4_000, cases(TASTE), |case| {
        let mut request = request(case);
        if let Some(token) = &case.credential.token {
            request.headers.push((TOKEN.to_owned(), token.clone()));
        }
        let mut parts = parts(&request, &request.headers);
        sign(&signer(case), &credential(case), &mut parts, None);
        let date = rfc2822::parse(&header(&parts, "date")).unwrap();
        let ours = case.signed(date.timestamp().as_second());
        Signatures {
            ours: ours.header("authorization").unwrap().to_owned(),
            theirs: header(&parts, "authorization"),
            apart: apart(case, &request),
        }
    });
}

#[test]
fn urls_are_presigned_as_reqsign_presigns_them() {
    compare("obs presigned, reqsign", 3_000, cases(TASTE), |case| {
        let mut request = request(case);
        if let Some(token) = &case.credential.token {
            request = request.with_query(TOKEN, token.clone());
        }
        let mut parts = parts(&request, &request.headers);
        let lifetime = Some(case.lifetime);
        sign(&signer(case), &credential(case), &mut parts, lifetime);
        let expires: i64 = parameter(&parts, "Expires").parse().unwrap();
        let ours = case.presigned(expires - i64::from(case.lifetime), case.lifetime);
        let signature = ours.query.last().unwrap();
        assert_eq!(signature.0, "Signature");
        Signatures {
            ours: signature.1.clone().unwrap(),
            theirs: parameter(&parts, "Signature"),
            apart: apart(case, &request),
        }
    });
}

/// The request with the bucket taken out of the path: `reqsign` puts it there itself.
fn request(case: &Case) -> Request {
    let mut request = case.request();
    if case.by_path() {
        let bucket = format!("/{}", case.bucket);
        request.path = request.path.strip_prefix(&bucket).unwrap().to_owned();
    }
    request
}

fn signer(case: &Case) -> RequestSigner {
    RequestSigner::new(case.bucket.as_str())
}

/// Without the token: it goes with the request.
fn credential(case: &Case) -> Credential {
    Credential {
        access_key_id: case.credential.access_key.clone(),
        secret_access_key: case.credential.secret_key.clone(),
        security_token: None,
    }
}

/// Sub-resources of the generator that the vendor's clients sign and `reqsign` does not know.
const UNKNOWN: &[&str] = &["ACL", "uploadid", "versionid", "bucketstatus"];

/// Those that both sign.
const KNOWN: &[&str] = &[
    "acl",
    "attname",
    "delete",
    "location",
    "partNumber",
    "policy",
    "position",
    "quota",
    "response-content-disposition",
    "response-content-type",
    "restore",
    "storageClass",
    "storagePolicy",
    "tagging",
    "uploadId",
    "uploads",
    "versionId",
    "versioning",
    "versions",
    "x-image-process",
];

fn apart(case: &Case, request: &Request) -> Option<&'static str> {
    let known = |name: &str| KNOWN.contains(&name);
    let query = &request.query;
    if case.by_path() && case.key.is_none() {
        // We sign what we send, as the vendor's clients do, and that has no slash.
        Some("a bucket addressed by path is signed with a slash at its end")
    } else if query
        .iter()
        .any(|(name, _)| UNKNOWN.contains(&name.as_str()))
    {
        Some("sub-resources that are new, or in another case, are not signed")
    } else if query
        .iter()
        .any(|(name, value)| known(name) && value.as_deref() == Some(""))
    {
        Some("a sub-resource with an empty value is signed without its =")
    } else if out_of_order(query, known) {
        Some("values of a repeated sub-resource are sorted")
    } else if repeats(&request.headers, |name| name.starts_with("x-obs-")) {
        Some("values of a repeated header are not joined")
    } else if padded(request) {
        Some("blanks around a header value are signed, though HTTP drops them")
    } else {
        None
    }
}

/// Whether a value that is signed has blanks around it. Of a type or a digest that is the first.
fn padded(request: &Request) -> bool {
    let vendor = request
        .headers
        .iter()
        .filter(|(name, _)| name.starts_with("x-obs-"))
        .map(|(_, value)| value.as_str());
    let lines = ["content-md5", "content-type"].map(|name| request.header(name).unwrap_or(""));
    vendor
        .chain(lines)
        .any(|value| value.trim_matches(' ') != value)
}

/// Whether a parameter is repeated with values that sorting would move.
fn out_of_order(query: &[(String, Option<String>)], concerned: impl Fn(&str) -> bool) -> bool {
    let as_sent: Vec<_> = query.iter().filter(|(name, _)| concerned(name)).collect();
    let mut by_name = as_sent.clone();
    by_name.sort_by_key(|(name, _)| name);
    let mut by_value = as_sent;
    by_value.sort();
    by_name != by_value
}
