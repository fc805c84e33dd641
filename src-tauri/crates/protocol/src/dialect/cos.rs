//! Tencent COS, native XML API.

use partway_domain::{DialectName, Key, Limits, limits::MIB};

use super::{Dialect, common};
use crate::credential::Credential;
use crate::encode;
use crate::endpoint::Endpoint;
use crate::error::RequestError;
use crate::op::{
    CopySource, Directive, Grantee, GroupWord, KeyServiceWords, PolicyWords, RestoreTier,
    RestoreWords,
};
use crate::sign::{self, SignError};
use crate::wire::Request;

/// Tencent COS, native XML API, signed with `q-sign-algorithm=sha1` ("Request Signature").
#[derive(Debug, Clone, Copy)]
pub struct Cos;

const TOKEN: &str = "x-cos-security-token";

/// Seconds a signature is valid before the given time: the server's clock may be behind.
const TOLERANCE: i64 = 60;

/// Seconds a signature for sending now is valid. It only has to hold when the request starts.
const VALIDITY: i64 = 900;

/// Headers worth signing beside `host` and the vendor's own. Others (user-agent, connection)
/// may be rewritten on the way.
const SIGNED: [&str; 10] = [
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-md5",
    "content-type",
    "expires",
    "if-match",
    "if-none-match",
    "origin",
    "range",
];

impl Dialect for Cos {
    fn name(&self) -> DialectName {
        DialectName::Cos
    }

    fn provider(&self) -> &'static str {
        "Tencent COS"
    }

    fn limits(&self) -> Limits {
        common::limits(MIB, 850)
    }

    fn vendor_prefix(&self) -> &'static str {
        "x-cos-"
    }

    /// `<bucket>.<endpoint host>/<key>`, also where requests are addressed by path: the server
    /// finds bucket and region of the source in this host.
    fn copy_source(&self, endpoint: &Endpoint, source: &CopySource) -> String {
        let key = encode::path(source.key.as_str());
        let text = format!("{}.{}/{key}", source.bucket, endpoint.source_host());
        common::with_version(text, source)
    }

    fn sign(
        &self,
        request: &mut Request,
        _endpoint: &Endpoint,
        credential: &Credential,
        seconds: i64,
    ) -> Result<(), SignError> {
        common::check_credential(credential)?;
        common::unsign(request, &[TOKEN]);
        let host = request.host.clone();
        request.headers.push(("host".to_owned(), host));
        if let Some(token) = &credential.token {
            request.headers.push((TOKEN.to_owned(), token.clone()));
        }
        let signed = signature(request, credential, seconds, VALIDITY)?;
        request
            .headers
            .push(("authorization".to_owned(), signed.authorization));
        Ok(())
    }

    fn presign(
        &self,
        request: &mut Request,
        _endpoint: &Endpoint,
        credential: &Credential,
        seconds: i64,
        lifetime: u32,
    ) -> Result<(), SignError> {
        common::check_credential(credential)?;
        common::unsign(request, &[TOKEN]);
        let host = request.host.clone();
        request.headers.push(("host".to_owned(), host));
        if let Some(token) = &credential.token {
            // Among the signed parameters, or buckets in strict-signature mode refuse it.
            request.query.push((TOKEN.to_owned(), Some(token.clone())));
        }
        let signed = signature(request, credential, seconds, i64::from(lifetime))?;
        request.query.extend(signed.query());
        Ok(())
    }

    /// `service.cos.myqcloud.com` lists the buckets of all regions; a regional host only its
    /// own. Hosts of other installations are their own service.
    fn service_host(&self, endpoint: &Endpoint) -> String {
        endpoint.cos_service_host()
    }

    fn check_key(&self, key: &Key) -> Result<(), RequestError> {
        let refuse = |reason: &str| {
            Err(RequestError::Key {
                key: key.to_string(),
                provider: self.provider(),
                reason: reason.to_owned(),
            })
        };
        let text = key.as_str();
        if text.starts_with(['/', '\\']) {
            return refuse("it may not begin with / or \\; choose another name");
        }
        if text.chars().any(|c| ('\u{18}'..='\u{1b}').contains(&c)) {
            return refuse(
                "it contains a control character (0x18 to 0x1B) that COS does not allow; \
                 choose another name",
            );
        }
        if matches!(text, "." | "..") {
            return refuse("it would be read as a folder above, not as a key; choose another name");
        }
        common::check_key_length(self.provider(), self.limits().max_key_bytes, key)
    }

    /// Keys with a `.` or `..` segment are sent with their slashes as `%2F`: the server decodes
    /// the path before it verifies the signature, and nothing on the way resolves the segments.
    fn wire_key(&self, key: &Key) -> String {
        let text = key.as_str();
        if text.split('/').any(|segment| matches!(segment, "." | "..")) {
            encode::component(text)
        } else {
            encode::path(text)
        }
    }

    fn directive(&self, directive: Directive) -> &'static str {
        match directive {
            Directive::Copy => "Copy",
            Directive::Replace => "Replaced",
        }
    }

    /// Without `public-read-write`, which only buckets have.
    fn object_acls(&self) -> &'static [&'static str] {
        &[
            "default",
            "private",
            "public-read",
            "authenticated-read",
            "bucket-owner-read",
            "bucket-owner-full-control",
        ]
    }

    fn grantee(&self, grantee: &Grantee) -> Result<String, RequestError> {
        common::grantee_by_id(self.provider(), "\"", grantee)
    }

    fn policy_words(&self) -> PolicyWords {
        PolicyWords {
            everyone: GroupWord::Uri("http://cam.qcloud.com/groups/global/AllUsers"),
            signed_in: Some("http://cam.qcloud.com/groups/global/AuthenticatedUsers"),
            typed: true,
        }
    }

    /// Owner and user of a root account are the same number.
    fn policy_id(&self, id: &str) -> String {
        if id.bytes().all(|byte| byte.is_ascii_digit()) {
            format!("qcs::cam::uin/{id}:uin/{id}")
        } else {
            id.to_owned()
        }
    }

    /// Sub-accounts keep the long form: it is the only one that names them. Old pages show it
    /// with blanks and back-slashes inside.
    fn plain_id(&self, id: &str) -> String {
        let id: String = id
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '\\')
            .collect();
        let pair = id
            .strip_prefix("qcs::cam::uin/")
            .and_then(|rest| rest.split_once(":uin/"));
        match pair {
            Some((owner, user)) if owner == user => owner.to_owned(),
            _ => id,
        }
    }

    fn restore_words(&self) -> RestoreWords {
        RestoreWords {
            job: "CASJobParameters",
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
            algorithm: "cos/kms",
            dual_layer: None,
            key_id: "server-side-encryption-cos-kms-key-id",
            context: Some("server-side-encryption-context"),
        }
    }

    /// Only the bucket's website settings redirect.
    fn has_website_redirect(&self) -> bool {
        false
    }

    fn storage_classes(&self) -> &'static [&'static str] {
        &[
            "STANDARD",
            "INTELLIGENT_TIERING",
            "STANDARD_IA",
            "ARCHIVE",
            "DEEP_ARCHIVE",
            "MAZ_STANDARD",
            "MAZ_INTELLIGENT_TIERING",
            "MAZ_STANDARD_IA",
        ]
    }

    fn metadata_name_fault(&self, name: &str) -> Option<&'static str> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (name.is_empty() || !name.bytes().all(fits))
            .then_some("with COS the name has only ASCII letters, digits and -")
    }
}

fn signature(
    request: &Request,
    credential: &Credential,
    seconds: i64,
    validity: i64,
) -> Result<sign::cos::Signed, SignError> {
    let headers: Vec<(String, String)> = request
        .headers
        .iter()
        .filter(|(name, _)| {
            name == "host" || name.starts_with("x-cos-") || SIGNED.contains(&name.as_str())
        })
        .cloned()
        .collect();
    sign::cos::sign(
        &sign::Unsigned {
            method: request.method.as_str(),
            host: &request.host,
            path: &request.path,
            query: &request.query,
            headers: &headers,
        },
        credential,
        seconds - TOLERANCE,
        seconds + validity,
    )
}
