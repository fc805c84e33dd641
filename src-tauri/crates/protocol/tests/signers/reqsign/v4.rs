//! Version 4.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use partway_domain::DialectName;
use partway_protocol::sign::v4::{payload_hash, signable};
use reqsign_aws_v4::{Credential, RequestSigner};

use super::{header, parameter, parts, repeats, sign};
use crate::case::{Case, Taste, cases};
use crate::pair::{Signatures, compare};

const TASTE: Taste = Taste {
    dialect: DialectName::S3,
    wide_headers: false,
};

#[test]
fn headers_are_signed_as_reqsign_signs_them() {
    compare("v4 header, reqsign", 3_000, cases(TASTE), |case| {
        let request = case.request();
        let mut headers = signable(&request.headers).into_owned();
        headers.push((
            "x-amz-content-sha256".to_owned(),
            payload_hash(&request.body),
        ));
        let mut parts = parts(&request, &headers);
        sign(&signer(case), &credential(case), &mut parts, None);
        let ours = case.signed(seconds(&header(&parts, "x-amz-date")));
        Signatures {
            ours: ours.header("authorization").unwrap().to_owned(),
            theirs: header(&parts, "authorization"),
            apart: apart(&headers),
        }
    });
}

#[test]
fn urls_are_presigned_as_reqsign_presigns_them() {
    compare("v4 presigned, reqsign", 2_000, cases(TASTE), |case| {
        let request = case.request();
        let headers = signable(&request.headers);
        let mut parts = parts(&request, &headers);
        let lifetime = Some(case.lifetime);
        sign(&signer(case), &credential(case), &mut parts, lifetime);
        let ours = case.presigned(seconds(&parameter(&parts, "X-Amz-Date")), case.lifetime);
        let signature = ours.query.last().unwrap();
        assert_eq!(signature.0, "X-Amz-Signature");
        Signatures {
            ours: signature.1.clone().unwrap(),
            theirs: parameter(&parts, "X-Amz-Signature"),
            apart: apart(&headers),
        }
    });
}

fn signer(case: &Case) -> RequestSigner {
    RequestSigner::new("s3", &case.endpoint.region)
}

fn credential(case: &Case) -> Credential {
    Credential {
        access_key_id: case.credential.access_key.clone(),
        secret_access_key: case.credential.secret_key.clone(),
        session_token: case.credential.token.clone(),
        expires_in: None,
    }
}

fn seconds(amz_date: &str) -> i64 {
    let time = DateTime::strptime("%Y%m%dT%H%M%SZ", amz_date).unwrap();
    time.to_zoned(TimeZone::UTC)
        .unwrap()
        .timestamp()
        .as_second()
}

/// `aws-sigv4` and the documentation do each of them as we do.
fn apart(headers: &[(String, String)]) -> Option<&'static str> {
    if repeats(headers, |_| true) {
        Some("of a repeated header only the first value is signed")
    } else if headers
        .iter()
        .any(|(_, value)| value.trim_matches(' ').contains("  "))
    {
        Some("runs of blanks inside a header value are not made one")
    } else if headers
        .iter()
        .any(|(_, value)| !value.is_empty() && value.trim_matches(' ').is_empty())
    {
        Some("a header value of blanks alone is not trimmed")
    } else {
        None
    }
}
