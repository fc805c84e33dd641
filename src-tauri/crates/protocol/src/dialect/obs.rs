//! Huawei OBS and Open Telekom Cloud, native and in S3-compatible form.

use partway_domain::{DialectName, Limits, limits::KIB};

use super::{Dialect, common};
use crate::credential::Credential;
use crate::encode;
use crate::endpoint::Endpoint;
use crate::error::RequestError;
use crate::op::{
    CopySource, Grantee, GroupWord, KeyServiceWords, PolicyWords, RestoreTier, RestoreWords,
};
use crate::sign::v2::{self, Flavour};
use crate::sign::{SignError, Unsigned, time};
use crate::wire::Request;

/// Huawei OBS. The two forms differ in the prefix of headers and the word before the
/// signature; prefixes are never mixed within a request.
#[derive(Debug, Clone, Copy)]
pub struct Obs {
    flavour: Flavour,
}

impl Obs {
    /// `x-obs-` headers and `OBS` signatures ("User Signature Authentication").
    pub const NATIVE: Self = Self {
        flavour: Flavour::Obs,
    };
    /// `x-amz-` headers and `AWS` (V2) signatures.
    pub const V2: Self = Self {
        flavour: Flavour::ObsV2,
    };

    fn token_name(self) -> String {
        format!("{}security-token", self.vendor_prefix())
    }

    /// What stands before the wire path in the canonical resource.
    fn resource_prefix<'a>(request: &'a Request, endpoint: &Endpoint) -> v2::Resource<'a> {
        if request.host == endpoint.host {
            return v2::Resource::WirePath;
        }
        request
            .host
            .strip_suffix(&endpoint.host)
            .and_then(|bucket| bucket.strip_suffix('.'))
            .map_or(v2::Resource::CustomDomain, v2::Resource::Bucket)
    }

    fn string_to_sign<'a>(
        self,
        request: &'a Request,
        endpoint: &Endpoint,
        expires: Option<i64>,
    ) -> v2::Canonical<'a> {
        v2::Canonical {
            flavour: self.flavour,
            request: Unsigned {
                method: request.method.as_str(),
                host: &request.host,
                path: &request.path,
                query: &request.query,
                headers: &request.headers,
            },
            resource: Self::resource_prefix(request, endpoint),
            expires,
        }
    }
}

impl Dialect for Obs {
    fn name(&self) -> DialectName {
        match self.flavour {
            Flavour::Obs => DialectName::Obs,
            Flavour::ObsV2 | Flavour::Aws => DialectName::ObsV2,
        }
    }

    fn provider(&self) -> &'static str {
        "Huawei OBS"
    }

    fn limits(&self) -> Limits {
        common::limits(100 * KIB, 1024)
    }

    fn vendor_prefix(&self) -> &'static str {
        self.flavour.vendor_prefix()
    }

    fn copy_source(&self, _endpoint: &Endpoint, source: &CopySource) -> String {
        format!("/{}", common::bucket_key_version(source))
    }

    fn sign(
        &self,
        request: &mut Request,
        endpoint: &Endpoint,
        credential: &Credential,
        seconds: i64,
    ) -> Result<(), SignError> {
        common::check_credential(credential)?;
        let token_name = self.token_name();
        common::unsign(request, &["date", &token_name]);
        let host = request.host.clone();
        request.headers.push(("host".to_owned(), host));
        let date = time::rfc1123(seconds)?;
        request.headers.push(("date".to_owned(), date));
        if let Some(token) = &credential.token {
            request.headers.push((token_name, token.clone()));
        }
        let signed = v2::sign(&self.string_to_sign(request, endpoint, None), credential)?;
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
        let token_name = self.token_name();
        common::unsign(request, &["date", &token_name]);
        if let Some(token) = &credential.token {
            // In the query it is a signed sub-resource, not a header.
            request.query.push((token_name, Some(token.clone())));
        }
        let expires = seconds + i64::from(lifetime);
        let canonical = self.string_to_sign(request, endpoint, Some(expires));
        let signed = v2::sign(&canonical, credential)?;
        let query = signed.query(self.flavour, credential, expires);
        request.query.extend(query);
        Ok(())
    }

    fn object_acls(&self) -> &'static [&'static str] {
        &[
            "private",
            "public-read",
            "public-read-write",
            "bucket-owner-full-control",
        ]
    }

    fn grantee(&self, grantee: &Grantee) -> Result<String, RequestError> {
        common::grantee_by_id(self.provider(), "", grantee)
    }

    /// The native form has no kinds and no addresses.
    fn policy_words(&self) -> PolicyWords {
        match self.flavour {
            Flavour::Obs => PolicyWords {
                everyone: GroupWord::Canned("Everyone"),
                signed_in: None,
                typed: false,
            },
            Flavour::ObsV2 | Flavour::Aws => PolicyWords {
                everyone: GroupWord::Uri(common::AMAZON_EVERYONE),
                signed_in: None,
                typed: true,
            },
        }
    }

    fn restore_words(&self) -> RestoreWords {
        RestoreWords {
            job: match self.flavour {
                Flavour::Obs => "RestoreJob",
                Flavour::ObsV2 | Flavour::Aws => "GlacierJobParameters",
            },
            tiers: &[RestoreTier::Expedited, RestoreTier::Standard],
            max_days: Some(30),
        }
    }

    fn key_service_words(&self) -> KeyServiceWords {
        let (algorithm, key_id) = match self.flavour {
            Flavour::Obs => ("kms", "server-side-encryption-kms-key-id"),
            Flavour::ObsV2 | Flavour::Aws => ("aws:kms", "server-side-encryption-aws-kms-key-id"),
        };
        KeyServiceWords {
            algorithm,
            dual_layer: None,
            key_id,
            context: None,
        }
    }

    fn has_expiry(&self) -> bool {
        true
    }

    /// Tags stay behind unless a copy says otherwise.
    fn tags_need_a_directive(&self) -> bool {
        true
    }

    /// Parallel file systems answer an encoded marker with the same page for ever.
    fn url_encodes_listings(&self) -> bool {
        false
    }

    /// Without a class OBS takes the default class of the destination bucket.
    fn unnamed_storage_class(&self) -> Option<&'static str> {
        Some("STANDARD")
    }

    fn storage_classes(&self) -> &'static [&'static str] {
        match self.flavour {
            Flavour::Obs => &[
                "STANDARD",
                "INTELLIGENT_TIERING",
                "WARM",
                "COLD",
                "DEEP_ARCHIVE",
            ],
            Flavour::ObsV2 | Flavour::Aws => &[
                "STANDARD",
                "INTELLIGENT_TIERING",
                "STANDARD_IA",
                "GLACIER",
                "DEEP_ARCHIVE",
            ],
        }
    }

    fn max_metadata_bytes(&self) -> usize {
        8 << 10
    }

    /// Percent-encoded as the vendor's clients do; the server hands it back as it came, so
    /// what is ASCII already stays untouched.
    fn metadata_value(&self, value: &str) -> String {
        encode::non_ascii(value)
    }

    /// `x-obs-qos-delay-time`, taken as milliseconds: the vendor names no unit, and waiting
    /// too short only costs one more refusal.
    fn delay(&self, header: &dyn Fn(&str) -> Option<String>) -> Option<u64> {
        let milliseconds: u64 = header("x-obs-qos-delay-time")?.trim().parse().ok()?;
        Some(milliseconds.div_ceil(1000))
    }
}
