//! Amazon S3 and compatible servers.

use partway_domain::{DialectName, Limits, limits::MIB};

use super::{Dialect, common};
use crate::credential::Credential;
use crate::encode;
use crate::endpoint::Endpoint;
use crate::error::RequestError;
use crate::op::{CopySource, Grantee, KeyServiceWords, RestoreTier, RestoreWords, check_grantee};
use crate::sign::{SignError, Unsigned, time, v4};
use crate::wire::Request;

/// Amazon S3 and compatible servers, Signature Version 4 ("Authenticating Requests (AWS
/// Signature Version 4)").
#[derive(Debug, Clone, Copy)]
pub struct S3;

const TOKEN: &str = "x-amz-security-token";
const DATE: &str = "x-amz-date";
const PAYLOAD: &str = "x-amz-content-sha256";

/// Region of servers that have none.
const NO_REGION: &str = "us-east-1";

/// Longest life of a presigned URL, in seconds: seven days.
const MAX_LIFETIME: u32 = 604_800;

impl Dialect for S3 {
    fn name(&self) -> DialectName {
        DialectName::S3
    }

    fn provider(&self) -> &'static str {
        "S3"
    }

    fn limits(&self) -> Limits {
        common::limits(5 * MIB, 1024)
    }

    fn vendor_prefix(&self) -> &'static str {
        "x-amz-"
    }

    fn copy_source(&self, _endpoint: &Endpoint, source: &CopySource) -> String {
        common::bucket_key_version(source)
    }

    fn sign(
        &self,
        request: &mut Request,
        endpoint: &Endpoint,
        credential: &Credential,
        seconds: i64,
    ) -> Result<(), SignError> {
        common::check_credential(credential)?;
        common::unsign(request, &[TOKEN, DATE, PAYLOAD]);
        let amz_date = time::basic_iso(seconds)?;
        let payload_hash = v4::payload_hash(&request.body);
        for (name, value) in [
            ("host", request.host.clone()),
            (PAYLOAD, payload_hash.clone()),
            (DATE, amz_date.clone()),
        ] {
            request.headers.push((name.to_owned(), value));
        }
        if let Some(token) = &credential.token {
            request.headers.push((TOKEN.to_owned(), token.clone()));
        }
        let signed = v4::sign(
            &unsigned(request, &v4::signable(&request.headers)),
            credential,
            &scope(endpoint, &amz_date),
            &payload_hash,
        )?;
        request
            .headers
            .push(("authorization".to_owned(), signed.authorization));
        Ok(())
    }

    fn presign(
        &self,
        request: &mut Request,
        endpoint: &Endpoint,
        credential: &Credential,
        seconds: i64,
        lifetime: u32,
    ) -> Result<(), SignError> {
        common::check_credential(credential)?;
        if !(1..=MAX_LIFETIME).contains(&lifetime) {
            return Err(SignError(format!(
                "a presigned S3 URL lives 1 to {MAX_LIFETIME} seconds, not {lifetime}"
            )));
        }
        common::unsign(request, &[TOKEN, DATE, PAYLOAD]);
        let host = request.host.clone();
        request.headers.push(("host".to_owned(), host));
        let amz_date = time::basic_iso(seconds)?;
        let signed = v4::presign(
            &unsigned(request, &v4::signable(&request.headers)),
            credential,
            &scope(endpoint, &amz_date),
            lifetime,
        )?;
        request.query = signed.query;
        Ok(())
    }

    fn object_acls(&self) -> &'static [&'static str] {
        &[
            "private",
            "public-read",
            "public-read-write",
            "authenticated-read",
            "aws-exec-read",
            "bucket-owner-read",
            "bucket-owner-full-control",
        ]
    }

    fn grantee(&self, grantee: &Grantee) -> Result<String, RequestError> {
        let (name, value) = match grantee {
            Grantee::Id(id) => ("id", id.as_str()),
            Grantee::Uri(uri) => ("uri", uri.as_str()),
            Grantee::Everyone => ("uri", common::AMAZON_EVERYONE),
            Grantee::SignedIn => ("uri", common::AMAZON_SIGNED_IN),
        };
        check_grantee(value)?;
        Ok(format!("{name}=\"{value}\""))
    }

    fn restore_words(&self) -> RestoreWords {
        RestoreWords {
            job: "GlacierJobParameters",
            tiers: &[
                RestoreTier::Expedited,
                RestoreTier::Standard,
                RestoreTier::Bulk,
            ],
            max_days: None,
        }
    }

    fn key_service_words(&self) -> KeyServiceWords {
        KeyServiceWords {
            algorithm: "aws:kms",
            dual_layer: Some("aws:kms:dsse"),
            key_id: "server-side-encryption-aws-kms-key-id",
            context: Some("server-side-encryption-context"),
        }
    }

    fn lists_v2(&self) -> bool {
        true
    }

    fn decode_listed(&self, name: &str) -> Option<String> {
        encode::decode_plus(name)
    }

    fn storage_classes(&self) -> &'static [&'static str] {
        &[
            "STANDARD",
            "INTELLIGENT_TIERING",
            "STANDARD_IA",
            "ONEZONE_IA",
            "GLACIER_IR",
            "GLACIER",
            "DEEP_ARCHIVE",
        ]
    }
}

fn unsigned<'a>(request: &'a Request, headers: &'a [(String, String)]) -> Unsigned<'a> {
    Unsigned {
        method: request.method.as_str(),
        host: &request.host,
        path: &request.path,
        query: &request.query,
        headers,
    }
}

fn scope<'a>(endpoint: &'a Endpoint, amz_date: &'a str) -> v4::Scope<'a> {
    v4::Scope {
        amz_date,
        region: if endpoint.region.is_empty() {
            NO_REGION
        } else {
            &endpoint.region
        },
        service: "s3",
    }
}
