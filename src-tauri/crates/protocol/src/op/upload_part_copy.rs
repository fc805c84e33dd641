use partway_domain::{Bucket, ByteRange, Key, PartNumber, UploadId};

use super::answer::Answer;
use super::encryption::with_customer_key;
use super::properties::with_source;
use super::{Conditions, Copied, CopySource, CustomerKey, Operation, Target, Traits};
use crate::error::{RequestError, WireError};
use crate::wire::{Method, Request, Response};

/// Copies a range of an object into a part ("Upload Part - Copy" on COS and OBS, S3
/// `UploadPartCopy`).
///
/// Sending a number again replaces the part, and the last to finish wins: never two requests
/// for one number at a time. Nothing but source, range, conditions
/// and keys may travel with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadPartCopy {
    /// Destination bucket.
    pub bucket: Bucket,
    /// Destination key.
    pub key: Key,
    /// The upload.
    pub upload_id: UploadId,
    /// 1 to 10,000; COS wants no gaps.
    pub number: PartNumber,
    /// Where the bytes come from.
    pub source: CopySource,
    /// Refuse (412) when the source is not as it should be.
    pub conditions: Conditions,
    /// Which bytes, at most 5 GiB.
    pub range: ByteRange,
    /// The key the upload was opened with, if it was one of the user's own.
    pub customer_key: Option<CustomerKey>,
}

impl Operation for UploadPartCopy {
    type Output = Copied;
    const NAME: &'static str = "UploadPartCopy";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), Some(&self.key))
    }

    fn traits(&self) -> Traits {
        Traits {
            copied_bytes: self.range.len(),
            ..Traits::PLAIN
        }
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        let request = target
            .object_request(Method::Put, &self.bucket, &self.key)?
            .with_query("partNumber", self.number.to_string())
            .with_query("uploadId", self.upload_id.as_str());
        let request = with_source(target, request, &self.source, &self.conditions)?
            .with_header(target.vendor("copy-source-range"), self.range.to_string());
        with_customer_key(target, request, self.customer_key.as_ref())
    }

    /// The tag is that of the new part, not of the source.
    fn response(&self, target: Target<'_>, response: &Response) -> Result<Copied, WireError> {
        Answer::changing(Self::NAME, target, response).copied_from("CopyPartResult", &self.source)
    }
}
