//! Signature Version 2: OBS in its native form, OBS in its S3-compatible form, and AWS.
//!
//! Only chosen headers and parameters enter the string to sign; everything else passes by.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;

use super::{SignError, Unsigned, hmac_sha1};
use crate::credential::Credential;

/// Whose version of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// `OBS` before the signature, `x-obs-` headers ("User Signature Authentication").
    Obs,
    /// `AWS` before the signature, `x-amz-` headers, the sub-resources of OBS.
    ObsV2,
    /// As Amazon had it ("Signing and authenticating REST requests").
    Aws,
}

impl Flavour {
    /// Prefix of headers that are always signed.
    pub fn vendor_prefix(self) -> &'static str {
        match self {
            Self::Obs => "x-obs-",
            Self::ObsV2 | Self::Aws => "x-amz-",
        }
    }

    /// The word before the access key in `Authorization`.
    fn scheme(self) -> &'static str {
        match self {
            Self::Obs => "OBS",
            Self::ObsV2 | Self::Aws => "AWS",
        }
    }

    /// The parameter that carries the access key id in a presigned URL.
    fn access_key_parameter(self) -> &'static str {
        match self {
            Self::Obs => "AccessKeyId",
            Self::ObsV2 | Self::Aws => "AWSAccessKeyId",
        }
    }

    fn signs_parameter(self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        match self {
            Self::Aws => AWS.contains(&name.as_str()) || BOTH.contains(&name.as_str()),
            Self::Obs | Self::ObsV2 => {
                OBS.contains(&name.as_str())
                    || BOTH.contains(&name.as_str())
                    || name.starts_with(self.vendor_prefix())
            }
        }
    }
}

/// What the canonical resource begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource<'a> {
    /// The wire path as it is: path style and requests to the service itself.
    WirePath,
    /// The bucket named in the host, then the wire path.
    Bucket(&'a str),
    /// The host without its port, then the wire path: the domain is the bucket.
    CustomDomain,
}

/// A request with all that version 2 looks at.
#[derive(Debug, Clone, Copy)]
pub struct Canonical<'a> {
    /// Whose version.
    pub flavour: Flavour,
    /// The request.
    pub request: Unsigned<'a>,
    /// Where the resource begins.
    pub resource: Resource<'a>,
    /// Unix seconds at which a presigned URL ends; `None` for a header signature.
    pub expires: Option<i64>,
}

/// A signature and what was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Method, digest, type, date, vendor headers and resource.
    pub string_to_sign: String,
    /// Base64 of HMAC-SHA1.
    pub signature: String,
    /// The value of the `Authorization` header.
    pub authorization: String,
}

impl Signed {
    /// The same signature as parameters of a URL that ends at `expires` (Unix seconds).
    pub fn query(
        self,
        flavour: Flavour,
        credential: &Credential,
        expires: i64,
    ) -> [(String, Option<String>); 3] {
        [
            ("Expires".to_owned(), Some(expires.to_string())),
            (
                flavour.access_key_parameter().to_owned(),
                Some(credential.access_key.clone()),
            ),
            ("Signature".to_owned(), Some(self.signature)),
        ]
    }
}

/// Signs a request.
pub fn sign(canonical: &Canonical<'_>, credential: &Credential) -> Result<Signed, SignError> {
    let string_to_sign = string_to_sign(canonical);
    let digest = hmac_sha1(credential.secret_key.as_bytes(), string_to_sign.as_bytes())?;
    let signature = BASE64.encode(digest);
    let authorization = format!(
        "{} {}:{signature}",
        canonical.flavour.scheme(),
        credential.access_key
    );
    Ok(Signed {
        string_to_sign,
        signature,
        authorization,
    })
}

fn string_to_sign(canonical: &Canonical<'_>) -> String {
    let request = &canonical.request;
    let line = |name: &str| without_blanks(request.header(name).unwrap_or(""));
    let vendor_date = format!("{}date", canonical.flavour.vendor_prefix());
    let date = match canonical.expires {
        Some(expires) => expires.to_string(),
        // The vendor's date stands among the vendor's headers and empties this line.
        None if request.header(&vendor_date).is_some() => String::new(),
        None => line("date").to_owned(),
    };
    format!(
        "{}\n{}\n{}\n{date}\n{}{}",
        request.method,
        line("content-md5"),
        line("content-type"),
        vendor_headers(canonical),
        resource(canonical),
    )
}

/// Without the blanks that HTTP drops around a value; other white space is part of it.
fn without_blanks(value: &str) -> &str {
    value.trim_matches([' ', '\t'])
}

fn vendor_headers(canonical: &Canonical<'_>) -> String {
    let mut headers: Vec<(String, &str)> = canonical
        .request
        .headers
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), without_blanks(value)))
        .filter(|(name, _)| name.starts_with(canonical.flavour.vendor_prefix()))
        .collect();
    // Stable: values of a repeated header stay in their order.
    headers.sort_by(|(a, _), (b, _)| a.cmp(b));
    let lines: Vec<String> = headers
        .chunk_by(|(a, _), (b, _)| a == b)
        .map(|same| {
            let values: Vec<&str> = same.iter().map(|(_, value)| *value).collect();
            format!("{}:{}\n", same[0].0, values.join(","))
        })
        .collect();
    lines.concat()
}

fn resource(canonical: &Canonical<'_>) -> String {
    let request = &canonical.request;
    let path = if request.path.is_empty() {
        "/"
    } else {
        request.path
    };
    let mut resource = match canonical.resource {
        Resource::WirePath => path.to_owned(),
        Resource::Bucket(bucket) => format!("/{bucket}{path}"),
        Resource::CustomDomain => {
            format!("/{}{path}", without_port(request.host).to_ascii_lowercase())
        }
    };
    let mut signed: Vec<&(String, Option<String>)> = request
        .query
        .iter()
        .filter(|(name, _)| canonical.flavour.signs_parameter(name))
        .collect();
    signed.sort_by(|(a, _), (b, _)| a.cmp(b));
    for (index, (name, value)) in signed.into_iter().enumerate() {
        resource.push(if index == 0 { '?' } else { '&' });
        resource.push_str(name);
        if let Some(value) = value {
            resource.push('=');
            resource.push_str(value);
        }
    }
    resource
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Sub-resources that all flavours sign, in lower case.
const BOTH: &[&str] = &[
    "acl",
    "cors",
    "delete",
    "inventory",
    "lifecycle",
    "location",
    "logging",
    "notification",
    "object-lock",
    "partnumber",
    "policy",
    "replication",
    "requestpayment",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "restore",
    "storageclass",
    "tagging",
    "torrent",
    "uploadid",
    "uploads",
    "versionid",
    "versioning",
    "versions",
    "website",
];

/// Sub-resources that only Amazon signs, in lower case.
const AWS: &[&str] = &[
    "accelerate",
    "analytics",
    "defaultobjectacl",
    "metrics",
    "select",
    "select-type",
];

/// Sub-resources that only OBS signs, in lower case: what its page and its clients list.
const OBS: &[&str] = &[
    "append",
    "attname",
    "backtosource",
    "bucketstatus",
    "cdnnotifyconfiguration",
    "customdomain",
    "deletebucket",
    "directcoldaccess",
    "dispolicy",
    "encryption",
    "fileinterface",
    "length",
    "metadata",
    "mirrorbacktosource",
    "modify",
    "name",
    "obsalias",
    "obsbucketalias",
    "obscompresspolicy",
    "policystatus",
    "position",
    "publicaccessblock",
    "quota",
    "rename",
    "retention",
    "storageinfo",
    "storagepolicy",
    "truncate",
    "x-image-process",
    "x-image-save-bucket",
    "x-image-save-object",
    "x-oss-process",
];
