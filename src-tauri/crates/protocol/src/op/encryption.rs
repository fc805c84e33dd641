//! How an object is encrypted at rest, written into headers and read from them.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use partway_domain::KeyService;
use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::properties::check_value;
use super::{CustomerKey, Target};
use crate::error::RequestError;
use crate::wire::Request;

/// How a new object shall be encrypted ("Server-Side Encryption" on COS, OBS and S3).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Encryption {
    /// As the bucket has it; no header is sent.
    #[default]
    BucketDefault,
    /// AES-256 with keys the provider manages (SSE-COS, SSE-OBS, SSE-S3).
    Provider,
    /// A key of the provider's key service.
    KeyService(KeyService),
    /// A key of one's own, sent with every request (SSE-C). Over `https` only, or loopback.
    Customer(CustomerKey),
}

/// Header names and words of the key service in one dialect.
#[derive(Debug, Clone, Copy)]
pub struct KeyServiceWords {
    /// Value of `server-side-encryption`.
    pub algorithm: &'static str,
    /// The same for two layers; `None` where there is no such thing.
    pub dual_layer: Option<&'static str>,
    /// Header of the key id, without the vendor's prefix.
    pub key_id: &'static str,
    /// Header of the context, without the vendor's prefix; `None` where there is none.
    pub context: Option<&'static str>,
}

/// How an object is encrypted, as a HEAD shows it. Shown, never judged: the words differ by
/// provider and age.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Encrypted {
    /// `AES256`, `cos/kms`, `kms`, `aws:kms` or a word of tomorrow.
    pub algorithm: String,
    /// The key of the key service.
    pub key_id: Option<String>,
    /// With a key of one's own: the MD5 of that key in base64.
    pub customer_key_md5: Option<String>,
}

const ALGORITHM: &str = "server-side-encryption";
const CUSTOMER: &str = "server-side-encryption-customer-";
const CUSTOMER_ALGORITHM: &str = "server-side-encryption-customer-algorithm";
const CUSTOMER_KEY_MD5: &str = "server-side-encryption-customer-key-md5";
const SOURCE_CUSTOMER: &str = "copy-source-server-side-encryption-customer-";

impl Encryption {
    /// Adds the headers for PUT, Create and a single copy.
    pub(super) fn write(
        &self,
        target: Target<'_>,
        request: Request,
    ) -> Result<Request, RequestError> {
        match self {
            Self::BucketDefault => Ok(request),
            Self::Provider => Ok(request.with_header(target.vendor(ALGORITHM), "AES256")),
            Self::KeyService(key) => with_key_service(target, request, key),
            Self::Customer(key) => with_customer_key(target, request, Some(key)),
        }
    }

    /// The key that every part and HEAD must then carry too.
    pub fn customer_key(&self) -> Option<&CustomerKey> {
        match self {
            Self::Customer(key) => Some(key),
            Self::BucketDefault | Self::Provider | Self::KeyService(_) => None,
        }
    }
}

fn with_key_service(
    target: Target<'_>,
    request: Request,
    key: &KeyService,
) -> Result<Request, RequestError> {
    let words = target.dialect.key_service_words();
    let refuse = |what: &str| RequestError::Refused {
        what: what.to_owned(),
        reason: format!(
            "{} does not have it; leave it out",
            target.dialect.provider()
        ),
    };
    let algorithm = if key.dual_layer {
        let dual = words.dual_layer;
        dual.ok_or_else(|| refuse("encryption in two layers"))?
    } else {
        words.algorithm
    };
    let mut request = request.with_header(target.vendor(ALGORITHM), algorithm);
    if let Some(id) = &key.key_id {
        check_value("the id of the encryption key", id)?;
        request = request.with_header(target.vendor(words.key_id), id);
    }
    if !key.context.is_empty() {
        let name = words
            .context
            .ok_or_else(|| refuse("an encryption context"))?;
        // Sorted, so that the same context is the same header each time.
        let json = serde_json::to_string(&key.context).unwrap_or_default();
        request = request.with_header(target.vendor(name), BASE64.encode(json));
    }
    Ok(request)
}

/// Adds the key with which the object itself is encrypted: HEAD, GET, parts, Complete.
pub(super) fn with_customer_key(
    target: Target<'_>,
    request: Request,
    key: Option<&CustomerKey>,
) -> Result<Request, RequestError> {
    with_key(target, request, CUSTOMER, key)
}

/// Adds the key with which the source of a copy is encrypted.
pub(super) fn with_source_key(
    target: Target<'_>,
    request: Request,
    key: Option<&CustomerKey>,
) -> Result<Request, RequestError> {
    with_key(target, request, SOURCE_CUSTOMER, key)
}

fn with_key(
    target: Target<'_>,
    request: Request,
    prefix: &str,
    key: Option<&CustomerKey>,
) -> Result<Request, RequestError> {
    let Some(key) = key else {
        return Ok(request);
    };
    if request.scheme != "https" && !is_loopback(&request.host) {
        return Err(RequestError::Refused {
            what: format!(
                "sending your encryption key to {} over plain http",
                request.host
            ),
            reason: "anyone on the way could read it; use an https endpoint".to_owned(),
        });
    }
    let name = |rest: &str| target.vendor(&format!("{prefix}{rest}"));
    Ok(request
        .with_header(name("algorithm"), "AES256")
        .with_header(name("key"), key.base64())
        .with_header(name("key-md5"), key.md5()))
}

/// Whether a `Host` header names this very machine.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(""),
        None => host.split(':').next().unwrap_or(""),
    };
    name == "localhost"
        || name.ends_with(".localhost")
        || name
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

impl Encrypted {
    /// Reads it from a HEAD; `None` when no header tells of any.
    pub(super) fn of(answer: &Answer<'_>) -> Option<Self> {
        let vendor = |name: &str| answer.vendor_header(name).map(str::to_owned);
        let customer_key_md5 = vendor(CUSTOMER_KEY_MD5);
        let algorithm = vendor(ALGORITHM).or_else(|| vendor(CUSTOMER_ALGORITHM))?;
        Some(Self {
            algorithm,
            key_id: vendor(answer.target.dialect.key_service_words().key_id),
            customer_key_md5,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        for host in [
            "127.0.0.1:9000",
            "127.9.9.9",
            "localhost:1",
            "b.localhost",
            "[::1]:9000",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "127.0.0.1.example.com",
            "localhost.example.com",
            "10.0.0.1",
            "[::2]",
            "",
            "notlocalhost",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
