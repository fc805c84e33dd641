//! A dialect is one file of differences; operations and XML live once.

use partway_domain::{DialectName, FailureKind, Key, Limits};

use crate::credential::Credential;
use crate::encode;
use crate::endpoint::Endpoint;
use crate::error::RequestError;
use crate::op::{
    CopySource, Directive, Grantee, GroupWord, KeyServiceWords, PolicyWords, RestoreWords,
};
use crate::sign::SignError;
use crate::wire::Request;

mod common;
pub mod cos;
pub mod meaning;
pub mod obs;
pub mod s3;

pub use cos::Cos;
pub use obs::Obs;
pub use s3::S3;

/// What differs between providers. Implemented by unit structs in `dialect/`.
pub trait Dialect: Send + Sync + std::fmt::Debug {
    /// Which one.
    fn name(&self) -> DialectName;
    /// The provider as users know it: `Tencent COS`, `Huawei OBS`, `S3`.
    fn provider(&self) -> &'static str;
    /// Sizes and counts.
    fn limits(&self) -> Limits;
    /// Prefix of the vendor's headers: `x-cos-`, `x-obs-`, `x-amz-`.
    fn vendor_prefix(&self) -> &'static str;
    /// The value of `copy-source` for a source at `endpoint`.
    fn copy_source(&self, endpoint: &Endpoint, source: &CopySource) -> String;
    /// Signs for sending now: adds date, token, host and authorization.
    /// `seconds` is Unix time by the server's clock.
    fn sign(
        &self,
        request: &mut Request,
        endpoint: &Endpoint,
        credential: &Credential,
        seconds: i64,
    ) -> Result<(), SignError>;
    /// Moves the signature into the query, valid for `lifetime` seconds from `seconds` on.
    /// Headers the request already has are signed where the dialect signs headers, and must
    /// then be sent with exactly these values.
    fn presign(
        &self,
        request: &mut Request,
        endpoint: &Endpoint,
        credential: &Credential,
        seconds: i64,
        lifetime: u32,
    ) -> Result<(), SignError>;
    /// What a provider's code and status mean.
    fn classify(&self, status: u16, code: Option<&str>) -> FailureKind {
        meaning::of(self.name(), status, code)
    }

    /// Host of the service itself, for `ListBuckets`.
    fn service_host(&self, endpoint: &Endpoint) -> String {
        endpoint.host.clone()
    }

    /// Refuses a key the provider cannot hold or that cannot be sent to it exactly.
    fn check_key(&self, key: &Key) -> Result<(), RequestError> {
        common::check_key_length(self.provider(), self.limits().max_key_bytes, key)
    }

    /// The key as it stands in the wire path, without the leading `/`.
    fn wire_key(&self, key: &Key) -> String {
        encode::path(key.as_str())
    }

    /// The word of `metadata-directive` and `tagging-directive`.
    fn directive(&self, directive: Directive) -> &'static str {
        match directive {
            Directive::Copy => "COPY",
            Directive::Replace => "REPLACE",
        }
    }

    /// Canned ACLs an object can be given.
    fn object_acls(&self) -> &'static [&'static str];

    /// A grantee as the value of a grant header.
    fn grantee(&self, grantee: &Grantee) -> Result<String, RequestError>;

    /// How an access policy names groups, and whether it names the kind of each grantee.
    fn policy_words(&self) -> PolicyWords {
        PolicyWords {
            everyone: GroupWord::Uri(common::AMAZON_EVERYONE),
            signed_in: Some(common::AMAZON_SIGNED_IN),
            typed: true,
        }
    }

    /// An account id as a policy writes it; headers have it plain.
    fn policy_id(&self, id: &str) -> String {
        id.to_owned()
    }

    /// The id out of a policy as headers write it.
    fn plain_id(&self, id: &str) -> String {
        id.to_owned()
    }

    /// How a restore is asked for.
    fn restore_words(&self) -> RestoreWords;

    /// How the key service is spoken of in headers.
    fn key_service_words(&self) -> KeyServiceWords;

    /// Whether an object can carry a website redirect.
    fn has_website_redirect(&self) -> bool {
        true
    }

    /// Whether an object can be given a number of days to live.
    fn has_expiry(&self) -> bool {
        false
    }

    /// Whether tags are copied only when `tagging-directive` says so.
    fn tags_need_a_directive(&self) -> bool {
        false
    }

    /// Whether `ListObjects` has its second version (`list-type=2`) here by default.
    fn lists_v2(&self) -> bool {
        false
    }

    /// Whether listings are asked for with `encoding-type=url`.
    fn url_encodes_listings(&self) -> bool {
        true
    }

    /// Decodes a name of a listing that came with `EncodingType` `url`.
    fn decode_listed(&self, name: &str) -> Option<String> {
        encode::decode(name)
    }

    /// The class to name when an object has none: only where leaving it out would mean the
    /// bucket's default class instead of the standard one.
    fn unnamed_storage_class(&self) -> Option<&'static str> {
        None
    }

    /// The classes a user is offered, hottest first. Others are passed through unchanged.
    fn storage_classes(&self) -> &'static [&'static str];

    /// Why user metadata of that name cannot be carried; `None` when it can.
    fn metadata_name_fault(&self, name: &str) -> Option<&'static str> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        (name.is_empty() || !name.bytes().all(fits))
            .then_some("a header name has only ASCII letters, digits and -_.!#$%&'*+^`|~")
    }

    /// Most bytes of user metadata, names and values together as they travel.
    fn max_metadata_bytes(&self) -> usize {
        2 << 10
    }

    /// The metadata value as it travels in a header.
    fn metadata_value(&self, value: &str) -> String {
        value.to_owned()
    }

    /// Seconds the server asks us to wait, apart from `Retry-After`.
    fn delay(&self, header: &dyn Fn(&str) -> Option<String>) -> Option<u64> {
        let _ = header;
        None
    }
}

/// The dialect of that name.
pub fn dialect(name: DialectName) -> &'static dyn Dialect {
    match name {
        DialectName::Cos => &Cos,
        DialectName::Obs => &Obs::NATIVE,
        DialectName::ObsV2 => &Obs::V2,
        DialectName::S3 => &S3,
    }
}
