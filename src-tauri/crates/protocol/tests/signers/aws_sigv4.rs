//! Version 4 against `aws-sigv4`, the signer of Amazon's own SDK for Rust.

use std::time::{Duration, SystemTime};

use ::aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningSettings, UriPathNormalizationMode, sign,
};
use ::aws_sigv4::sign::v4;
use aws_credential_types::Credentials;
use partway_domain::DialectName;
use partway_protocol::sign::v4::signable;
use partway_protocol::wire::Request;

use crate::case::{Case, Taste, cases};
use crate::pair::{Signatures, compare};

/// 2026-03-14 09:26:53 UTC.
const SECONDS: u64 = 1_773_480_413;

const TASTE: Taste = Taste {
    dialect: DialectName::S3,
    wide_headers: true,
};

#[test]
fn headers_are_signed_as_amazon_signs_them() {
    compare("v4 header, aws-sigv4", 6_000, cases(TASTE), |case| {
        let ours = case.signed(SECONDS.cast_signed());
        let (headers, _) = theirs(case, SignatureLocation::Headers);
        Signatures {
            ours: ours.header("authorization").unwrap().to_owned(),
            theirs: value(&headers, "authorization"),
            apart: None,
        }
    });
}

#[test]
fn urls_are_presigned_as_amazon_presigns_them() {
    compare("v4 presigned, aws-sigv4", 4_000, cases(TASTE), |case| {
        let ours = case.presigned(SECONDS.cast_signed(), case.lifetime);
        let (_, parameters) = theirs(case, SignatureLocation::QueryParams);
        Signatures {
            ours: listed(added(&ours, case)),
            theirs: listed(parameters),
            apart: None,
        }
    });
}

type Pairs = Vec<(String, String)>;

/// Headers and parameters that Amazon's signer wants added.
fn theirs(case: &Case, location: SignatureLocation) -> (Pairs, Pairs) {
    let mut settings = SigningSettings::default();
    // What its documentation sets for S3: the path is signed as it is sent.
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    settings.signature_location = location;
    let body = match location {
        SignatureLocation::QueryParams => {
            settings.expires_in = Some(Duration::from_secs(u64::from(case.lifetime)));
            SignableBody::UnsignedPayload
        }
        SignatureLocation::Headers => SignableBody::Bytes(&case.body),
        _ => panic!("a new place for signatures"),
    };
    let credential = &case.credential;
    let identity = Credentials::new(
        &credential.access_key,
        &credential.secret_key,
        credential.token.clone(),
        None,
        "test",
    )
    .into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(&case.endpoint.region)
        .name("s3")
        .time(SystemTime::UNIX_EPOCH + Duration::from_secs(SECONDS))
        .settings(settings)
        .build()
        .unwrap()
        .into();
    let request = case.request();
    let headers = signable(&request.headers);
    let headers = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let request = SignableRequest::new(request.method.as_str(), request.url(), headers, body);
    let (added, _) = sign(request.unwrap(), &parameters).unwrap().into_parts();
    let headers = added.headers().map(owned).collect();
    let parameters = added.params().iter();
    let parameters = parameters
        .map(|(name, value)| owned((name, value)))
        .collect();
    (headers, parameters)
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// The parameters that our signer added.
fn added(signed: &Request, case: &Case) -> Pairs {
    let added = signed.query.iter().skip(case.query.len());
    added
        .map(|(name, value)| (name.clone(), value.clone().unwrap_or_default()))
        .collect()
}

fn listed(mut pairs: Pairs) -> String {
    pairs.sort();
    format!("{pairs:?}")
}

fn value(pairs: &Pairs, name: &str) -> String {
    let found = pairs.iter().find(|(have, _)| have == name);
    found.unwrap().1.clone()
}
