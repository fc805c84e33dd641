//! Peculiarities seen on real servers: what some leave out, and what some answer in their own way.

mod text;

use serde::{Deserialize, Serialize};

use crate::options::Provider;
pub use text::{Quirk, QuirkSyntax};

/// Peculiarities of the three endpoints, all off by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Quirks {
    /// On the COS endpoint.
    pub cos: Switches,
    /// On the OBS endpoint.
    pub obs: Switches,
    /// On the S3 endpoint.
    pub s3: Switches,
}

impl Quirks {
    /// The same switches on all three endpoints.
    pub fn everywhere(switches: Switches) -> Self {
        Quirks {
            cos: switches,
            obs: switches,
            s3: switches,
        }
    }

    /// The switches of one provider.
    pub fn of(&self, provider: Provider) -> Switches {
        match provider {
            Provider::Cos => self.cos,
            Provider::Obs => self.obs,
            Provider::S3 => self.s3,
        }
    }

    /// Adds what one line of text asks for; a quirk that names no provider goes to all three.
    pub fn add(&mut self, quirk: &Quirk) {
        for provider in Provider::ALL {
            if quirk.provider.is_some_and(|only| only != provider) {
                continue;
            }
            match provider {
                Provider::Cos => quirk.turn(&mut self.cos),
                Provider::Obs => quirk.turn(&mut self.obs),
                Provider::S3 => quirk.turn(&mut self.s3),
            }
        }
    }
}

/// The peculiarities of one endpoint. The field names are the words of the text form ([`Quirk`]).
// Each switch is independent of the others, so an enum would only hide them.
#[allow(clippy::struct_excessive_bools)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// Copy as if no `copy-source-if-*` header had been sent.
    pub ignore_copy_conditions: bool,
    /// Write and complete as if no `If-Match`, `If-None-Match` or `forbid-overwrite` had been sent.
    pub ignore_write_conditions: bool,
    /// Every write of a part gets an `ETag` that no other has, whatever its bytes are.
    pub fresh_part_tags: bool,
    /// A part that comes after the Abort of its upload brings the upload back, as the S3 pages warn.
    pub late_parts_survive_abort: bool,
    /// The tag of an object made of parts never meets a `copy-source-if-match`, though HEAD shows
    /// it: such a copy always answers 412.
    pub part_tags_never_match: bool,
    /// HEAD and GET name no checksum of the whole object, as of objects from before there were any.
    pub no_checksums: bool,
    /// A second Complete of the same upload repeats the first answer instead of `NoSuchUpload`.
    pub complete_idempotent: bool,
    /// Answer part copies with `<ETag>` and `<LastModified>` side by side and no root, as the
    /// older COS page prints the schema.
    pub bare_part_result: bool,
    /// `X-Cos-Request-Id` instead of `x-cos-request-id`; read when a connection is accepted.
    pub title_case_headers: bool,
    /// Blanks and line ends before the XML declaration of copies and Complete, as keep-alive
    /// spaces leave them.
    pub leading_whitespace: bool,
    /// A part copy that carries headers of a Create (class, ACL, grants, metadata, tags) ignores
    /// them instead of refusing the request: the protocol allows either.
    pub lenient_part_copy: bool,
    /// `UploadPartCopy` answers 501 `NotImplemented`.
    pub no_part_copy: bool,
    /// Tagging requests and tagging headers answer 501 `NotImplemented`.
    pub no_tagging: bool,
    /// ACL requests, ACL headers and grants are refused: 400 `AccessControlListNotSupported` on S3,
    /// 501 elsewhere.
    pub no_acl: bool,
    /// Versioning state and version listings answer 501 `NotImplemented`.
    pub no_versioning: bool,
    /// `ListBuckets` answers 403, as for a sub-account that only knows its bucket by name.
    pub no_bucket_list: bool,
    /// Customer keys are refused: 403, as a bucket that blocks them answers.
    pub no_customer_keys: bool,
    /// Encryption that a write asks for is checked for its form and then forgotten: no answer tells
    /// of any, and customer keys are not needed again.
    pub forgets_encryption: bool,
    /// What `list-type=2` leads to.
    pub list_v2: ListV2,
    /// Every XML body needs a `Content-MD5`, as the COS pages say. Without the switch it is wanted
    /// only where the vendor's own SDKs send it.
    pub strict_content_md5: bool,
    /// Control characters of keys go into XML as raw bytes, which makes it ill-formed.
    pub raw_control_chars: bool,
    /// Errors are JSON: `{"code":…,"message":…,"request_id":…}`.
    pub json_errors: bool,
    /// What is refused after it was admitted answers 200 with `<Error>` for copies, part copies and
    /// Complete.
    pub errors_in_200: bool,
    /// Answers carry no request id header, as from a gateway that is not the provider's.
    pub no_request_id: bool,
    /// `ETag` and the request id come twice, the second time with another value.
    pub duplicate_headers: bool,
    /// When a listing repeats its first page for ever.
    pub repeated_page: RepeatedPage,
    /// Entries on a page of objects or versions, at most; 1,000 when not set.
    pub objects_page: Option<u32>,
    /// Entries on a page of parts, at most; 1,000 when not set.
    pub parts_page: Option<u32>,
    /// Entries on a page of uploads, at most; 1,000 when not set.
    pub uploads_page: Option<u32>,
    /// An upload this many seconds old is aborted by a rule of its bucket.
    pub upload_lifetime_secs: Option<u64>,
    /// Requests per second that this endpoint takes; the others get 503 `SlowDown`, on OBS 429.
    pub endpoint_qps: Option<u32>,
    /// The same for each bucket.
    pub bucket_qps: Option<u32>,
    /// The same for each key.
    pub key_qps: Option<u32>,
    /// OBS: what is over a limit waits for up to two seconds before it is refused, and both kinds
    /// of answer tell the milliseconds in `x-obs-qos-delay-time`.
    pub qos_delay: bool,
    /// What a request for a bucket of another region is told.
    pub elsewhere: Elsewhere,
    /// The server's clock is ahead of the real one by this many seconds; `Date`, `ServerTime` and
    /// the check of signatures go by it.
    pub clock_ahead_secs: i64,
    /// Milliseconds from a restore to readable bytes; 4,000 when not set.
    pub thaw_millis: Option<u64>,
}

/// What `list-type=2` leads to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListV2 {
    /// A listing of the second generation.
    #[default]
    Known,
    /// One of the first generation, as if the parameter were not there.
    Ignored,
    /// 501 `NotImplemented`.
    Refused,
    /// 400 `InvalidArgument`.
    Invalid,
}

/// When a listing forgets its marker.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepeatedPage {
    /// It does not.
    #[default]
    Never,
    /// With `encoding-type=url`, as OBS parallel file systems do.
    Encoded,
    /// Always.
    Always,
}

/// What a request for a bucket of another region is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Elsewhere {
    /// COS 404, OBS 301, S3 301 or 400 depending on the region that was signed.
    #[default]
    Usual,
    /// 301 `PermanentRedirect` with `<Endpoint>` and the region header.
    Permanent,
    /// 307 `TemporaryRedirect` with `Location` at the right endpoint.
    Temporary,
    /// 400 `AuthorizationHeaderMalformed` with `<Region>`.
    Malformed,
    /// 404 `NoSuchBucket`.
    Missing,
    /// 307 with a `Location` that has nothing to do with the provider.
    Foreign,
}
