//! Signing cases in the format `signing-vectors/1`: read one, sign it, show every step.
//!
//! A case says exactly what takes part in its signature, so nothing is left out or added here
//! that a dialect would choose for itself; only what a presigned URL cannot do without is.
//!
//! ```
//! use partway_protocol::sign::case;
//!
//! let cases = case::read(
//!     r#"{"dialect": "cos", "name": "list", "method": "GET", "host": "b-1.example.com",
//!         "path": "/", "query": [["prefix", "a/"]], "headers": [["Host", "b-1.example.com"]],
//!         "credentials": {"secret_id": "ID", "secret_key": "KEY"},
//!         "time": {"sign_start": 1, "sign_end": 2}}"#,
//!     None,
//! )?;
//! let signed = cases[0].sign()?;
//! assert_eq!(signed.url_param_list.as_deref(), Some("prefix"));
//! # Ok::<(), case::CaseError>(())
//! ```

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use serde::Serialize;
use thiserror::Error;

use super::v2::{self, Flavour};
use super::{SignError, Unsigned, cos, time, v4};
use crate::encode;

mod check;
mod format;

pub use format::{Addressing, Case, CaseDialect, Kind, read};

/// Why a case cannot be read or signed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CaseError {
    /// The text is not in the format.
    #[error("this is not a signing case: {0}")]
    Format(String),
    /// Neither the file nor the case nor the caller says which signature is wanted.
    #[error(
        "the case {case:?} names no dialect; add \"dialect\" to it or choose one of cos, \
         obs-native, obs-v2, aws-v2 and sigv4"
    )]
    NoDialect {
        /// Name of the case.
        case: String,
    },
    /// The case lacks something its signature needs.
    #[error("the case {case:?} lacks {what}")]
    Lacks {
        /// Name of the case.
        case: String,
        /// What it lacks, by the format's name.
        what: &'static str,
    },
    /// A field is there, but no request could be made of it.
    #[error("the case {case:?}: the field {field} {problem}")]
    Unusable {
        /// Name of the case.
        case: String,
        /// The field, by the format's name.
        field: String,
        /// What is wrong with it; the end of a sentence.
        problem: String,
    },
    /// The signer refuses.
    #[error("the case {case:?}: {error}")]
    Sign {
        /// Name of the case.
        case: String,
        /// Why.
        error: SignError,
    },
}

/// A signed case. Fields that its dialect does not have are left out when written as JSON; the
/// others have the names they have under `expected`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(default)]
pub struct Signed {
    /// Name of the case.
    pub name: String,
    /// COS: the decoded path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri_pathname: Option<String>,
    /// COS: names of the signed headers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header_list: Option<String>,
    /// COS: names of the signed parameters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_param_list: Option<String>,
    /// COS: what is digested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format_string: Option<String>,
    /// COS: the key of that time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_key: Option<String>,
    /// S3: digest of the body or a literal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload_hash: Option<String>,
    /// S3: what is digested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canonical_request: Option<String>,
    /// S3: names of the signed headers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_headers: Option<String>,
    /// What the key signs.
    pub string_to_sign: String,
    /// The signature: hex with COS and S3, base64 with version 2.
    pub signature: String,
    /// The value of the `Authorization` header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization: Option<String>,
    /// The presigned URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Case {
    /// Signs the case, unless one of its fields could not be part of any request.
    pub fn sign(&self) -> Result<Signed, CaseError> {
        self.check()?;
        match self.dialect {
            CaseDialect::Cos => self.sign_cos(),
            CaseDialect::ObsNative => self.sign_v2(Flavour::Obs),
            CaseDialect::ObsV2 => self.sign_v2(Flavour::ObsV2),
            CaseDialect::AwsV2 => self.sign_v2(Flavour::Aws),
            CaseDialect::SigV4 => self.sign_v4(),
        }
    }

    fn sign_cos(&self) -> Result<Signed, CaseError> {
        let start = self.sign_start.ok_or(self.lacks("time.sign_start"))?;
        let end = self.sign_end.ok_or(self.lacks("time.sign_end"))?;
        let presigned = self.kind == Kind::Presign;
        let query = self.query_with_token("x-cos-security-token", presigned);
        let unsigned = self.unsigned(&query, &self.headers);
        let signed = cos::sign(&unsigned, &self.credential, start, end)
            .map_err(|error| self.refused(error))?;
        let steps = signed.clone();
        Ok(Signed {
            name: self.name.clone(),
            uri_pathname: Some(steps.uri_pathname),
            header_list: Some(steps.header_list),
            url_param_list: Some(steps.url_param_list),
            format_string: Some(steps.format_string),
            sign_key: Some(steps.sign_key),
            string_to_sign: steps.string_to_sign,
            signature: steps.signature,
            authorization: Some(steps.authorization),
            url: presigned.then(|| self.url(query.iter().cloned().chain(signed.query()))),
            ..Signed::default()
        })
    }

    fn sign_v2(&self, flavour: Flavour) -> Result<Signed, CaseError> {
        let presigned = self.kind == Kind::Presign;
        let expires = match (presigned, self.expires) {
            (true, None) => return Err(self.lacks("time.expires")),
            (true, expires) => expires,
            (false, _) => None,
        };
        let token_name = format!("{}security-token", flavour.vendor_prefix());
        let query = self.query_with_token(&token_name, presigned && flavour != Flavour::Aws);
        // The signer picks from all headers that are sent, signed or not.
        let headers: Vec<(String, String)> = self
            .headers
            .iter()
            .chain(&self.unsigned_headers)
            .cloned()
            .collect();
        let canonical = v2::Canonical {
            flavour,
            request: self.unsigned(&query, &headers),
            resource: self.resource(),
            expires,
        };
        let signed = v2::sign(&canonical, &self.credential).map_err(|error| self.refused(error))?;
        let url = expires.map(|expires| {
            let added = signed.clone().query(flavour, &self.credential, expires);
            self.url(query.iter().cloned().chain(added))
        });
        Ok(Signed {
            name: self.name.clone(),
            string_to_sign: signed.string_to_sign,
            signature: signed.signature,
            authorization: (!presigned).then_some(signed.authorization),
            url,
            ..Signed::default()
        })
    }

    fn sign_v4(&self) -> Result<Signed, CaseError> {
        let presigned = self.kind == Kind::Presign;
        let amz_date = self.amz_date()?;
        let scope = v4::Scope {
            amz_date: &amz_date,
            region: &self.region,
            service: &self.service,
        };
        let unsigned = self.unsigned(&self.query, &self.headers);
        let signed = if presigned {
            let lifetime = self
                .expires
                .and_then(|seconds| u32::try_from(seconds).ok())
                .ok_or(self.lacks("time.expires"))?;
            v4::presign(&unsigned, &self.credential, &scope, lifetime)
        } else {
            let payload_hash = self.payload_hash()?;
            v4::sign(&unsigned, &self.credential, &scope, &payload_hash)
        };
        let signed = signed.map_err(|error| self.refused(error))?;
        Ok(Signed {
            name: self.name.clone(),
            payload_hash: Some(signed.payload_hash),
            canonical_request: Some(signed.canonical_request),
            signed_headers: Some(signed.signed_headers),
            string_to_sign: signed.string_to_sign,
            signature: signed.signature,
            authorization: (!presigned).then_some(signed.authorization),
            url: presigned.then(|| self.url(signed.query.into_iter())),
            ..Signed::default()
        })
    }

    fn unsigned<'a>(
        &'a self,
        query: &'a [(String, Option<String>)],
        headers: &'a [(String, String)],
    ) -> Unsigned<'a> {
        Unsigned {
            method: &self.method,
            host: &self.host,
            path: &self.path,
            query,
            headers,
        }
    }

    /// A presigned URL carries the token of its credential itself.
    fn query_with_token(&self, name: &str, wanted: bool) -> Vec<(String, Option<String>)> {
        let mut query = self.query.clone();
        let there = query
            .iter()
            .any(|(have, _)| have.eq_ignore_ascii_case(name))
            || self.header(name).is_some();
        if let (true, false, Some(token)) = (wanted, there, &self.credential.token) {
            query.push((name.to_owned(), Some(token.clone())));
        }
        query
    }

    fn resource(&self) -> v2::Resource<'_> {
        let bucket = self.bucket.as_deref().filter(|bucket| !bucket.is_empty());
        match (self.addressing, bucket) {
            (Some(Addressing::Cname), _) => v2::Resource::CustomDomain,
            (Some(Addressing::Virtual), Some(bucket)) => v2::Resource::Bucket(bucket),
            (None, Some(bucket)) if self.host.starts_with(&format!("{bucket}.")) => {
                v2::Resource::Bucket(bucket)
            }
            _ => v2::Resource::WirePath,
        }
    }

    fn amz_date(&self) -> Result<String, CaseError> {
        let given = self.amz_date.as_deref().or(self.header("x-amz-date"));
        match (given, &self.clock) {
            (Some(date), _) => Ok(date.to_owned()),
            (None, Some(clock)) => {
                let moment: jiff::Timestamp = clock
                    .parse()
                    .map_err(|_| self.lacks("a time.clock of the form 2026-03-14T09:26:53Z"))?;
                time::basic_iso(moment.as_second()).map_err(|error| self.refused(error))
            }
            (None, None) => Err(self.lacks("time.amz_date")),
        }
    }

    fn payload_hash(&self) -> Result<String, CaseError> {
        if let Some(hash) = self.header("x-amz-content-sha256") {
            return Ok(hash.to_owned());
        }
        if let Some(hash) = &self.payload_hash {
            return Ok(hash.clone());
        }
        let body = BASE64
            .decode(self.body_base64.as_deref().unwrap_or(""))
            .map_err(|_| self.lacks("a body_base64 that is base64"))?;
        Ok(v4::payload_hash(&body))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(have, _)| have.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    fn url(&self, query: impl Iterator<Item = (String, Option<String>)>) -> String {
        let parameters: Vec<String> = query
            .map(|(name, value)| match value {
                Some(value) => {
                    format!("{}={}", encode::component(&name), encode::component(&value))
                }
                None => encode::component(&name),
            })
            .collect();
        format!(
            "{}://{}{}?{}",
            self.scheme,
            self.host,
            self.path,
            parameters.join("&")
        )
    }

    fn lacks(&self, what: &'static str) -> CaseError {
        CaseError::Lacks {
            case: self.name.clone(),
            what,
        }
    }

    fn refused(&self, error: SignError) -> CaseError {
        CaseError::Sign {
            case: self.name.clone(),
            error,
        }
    }
}
