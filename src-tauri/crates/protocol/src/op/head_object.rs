use partway_domain::{Bucket, DialectName, ETag, Key, UploadId, VersionId};

use super::answer::Answer;
use super::encryption::with_customer_key;
use super::{Attributes, CustomerKey, Encrypted, ObjectHead, Operation, Target, Traits};
use crate::error::{RequestError, WireError};
use crate::wire::{Method, Request, Response};

/// Reads what an object has besides its bytes ("HEAD Object" on COS, "Querying Object
/// Metadata" on OBS, S3 `HeadObject`).
///
/// Errors have no body: a 404 may be a missing object, version or bucket, or a delete marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadObject {
    /// Bucket.
    pub bucket: Bucket,
    /// Key.
    pub key: Key,
    /// Version; `None` for the current one.
    pub version: Option<VersionId>,
    /// The key it is encrypted with, if it is one of the user's own; without it the answer is
    /// 400.
    pub customer_key: Option<CustomerKey>,
}

impl Operation for HeadObject {
    type Output = ObjectHead;
    const NAME: &'static str = "HeadObject";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), Some(&self.key))
    }

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        let mut request = target
            .object_request(Method::Head, &self.bucket, &self.key)?
            .of_version(self.version.as_ref());
        if target.dialect.name() == DialectName::S3 {
            request = request.with_header("x-amz-checksum-mode", "ENABLED");
        }
        with_customer_key(target, request, self.customer_key.as_ref())
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<ObjectHead, WireError> {
        let answer = Answer::reading(Self::NAME, target, response);
        if response.status != 200 {
            return Err(answer.refused_object());
        }
        let header = |name: &str| response.header(name).map(str::to_owned);
        let etag = answer
            .single("etag")?
            .and_then(ETag::parse)
            .ok_or_else(|| answer.unreadable("the answer has no ETag".to_owned()))?;
        let size = answer
            .single("content-length")?
            .and_then(|text| text.trim().parse().ok())
            .ok_or_else(|| answer.unreadable("the answer has no Content-Length".to_owned()))?;
        let upload_id = answer
            .vendor_header("uploadid")
            .or_else(|| response.header("x-obs-uploadid"))
            .and_then(|id| UploadId::parse(id).ok());
        Ok(ObjectHead {
            size,
            etag,
            last_modified: header("last-modified").unwrap_or_default(),
            version: answer.version("version-id"),
            attributes: Attributes::of(target, response),
            tag_count: answer
                .vendor_header("tagging-count")
                .and_then(|count| count.parse().ok()),
            crc64_xz: header("x-cos-hash-crc64ecma"),
            // With a dash it would be the sum of sums of parts, not of the bytes.
            crc64_nvme: header("x-amz-checksum-crc64nvme").filter(|sum| !sum.contains('-')),
            upload_id,
            restore: answer.vendor_header("restore").map(str::to_owned),
            encrypted: Encrypted::of(&answer),
            website_redirect: answer
                .vendor_header("website-redirect-location")
                .map(str::to_owned),
            not_carried: not_carried(&answer),
        })
    }
}

/// What the headers show that a copy through this program leaves behind. ACLs are never among
/// them: a HEAD does not show whether there is one.
fn not_carried(answer: &Answer<'_>) -> Vec<String> {
    let has = |name: &str| answer.vendor_header(name).is_some();
    let starts = |name: &str, with: &str| {
        answer
            .vendor_header(name)
            .is_some_and(|value| value.contains(with))
    };
    let rows = [
        (
            has("server-side-encryption-customer-algorithm"),
            "encryption with a key of your own",
        ),
        (
            starts("server-side-encryption", "kms") || has("server-side-encryption-aws-kms-key-id"),
            "encryption with a key of the key service",
        ),
        (
            has("object-lock-mode")
                || has("object-lock-retain-until-date")
                || starts("object-lock-legal-hold", "ON")
                || starts("object-lock-legal-hold-status", "ON"),
            "object lock",
        ),
        (has("website-redirect-location"), "website redirect"),
        (
            // On COS and S3 it tells of a rule of the bucket, which stays with the bucket.
            has("expiration")
                && matches!(
                    answer.target.dialect.name(),
                    DialectName::Obs | DialectName::ObsV2
                ),
            "expiry after days",
        ),
        (starts("object-type", "ppendable"), "being appendable"),
    ];
    rows.into_iter()
        .filter(|(shown, _)| *shown)
        .map(|(_, what)| what.to_owned())
        .collect()
}
