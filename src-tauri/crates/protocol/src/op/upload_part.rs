use partway_domain::{Bucket, Key, PartNumber, UploadId};

use super::answer::Answer;
use super::encryption::with_customer_key;
use super::{Copied, CustomerKey, Operation, Target, Traits};
use crate::error::{RequestError, WireError};
use crate::wire::{Method, Request, Response};

/// Writes a part from memory ("Upload Part" on COS and OBS, S3 `UploadPart`). For tests and
/// probing, which need multipart objects with bytes of their own; copies never pass here.
#[derive(Clone, PartialEq, Eq)]
pub struct UploadPart {
    /// Destination bucket.
    pub bucket: Bucket,
    /// Destination key.
    pub key: Key,
    /// The upload.
    pub upload_id: UploadId,
    /// 1 to 10,000; COS wants no gaps.
    pub number: PartNumber,
    /// The bytes; every part but the last has the provider's smallest size at least.
    pub body: Vec<u8>,
    /// The key the upload was opened with, if it was one of the user's own.
    pub customer_key: Option<CustomerKey>,
}

/// Without the bytes.
impl std::fmt::Debug for UploadPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UploadPart")
            .field("bucket", &self.bucket)
            .field("key", &self.key)
            .field("upload_id", &self.upload_id)
            .field("number", &self.number)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Operation for UploadPart {
    type Output = Copied;
    const NAME: &'static str = "UploadPart";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), Some(&self.key))
    }

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        let request = target
            .object_request(Method::Put, &self.bucket, &self.key)?
            .with_query("partNumber", self.number.to_string())
            .with_query("uploadId", self.upload_id.as_str())
            .with_body(self.body.clone());
        with_customer_key(target, request, self.customer_key.as_ref())
    }

    /// The tag stands in a header; the body is empty.
    fn response(&self, target: Target<'_>, response: &Response) -> Result<Copied, WireError> {
        let answer = Answer::changing(Self::NAME, target, response);
        answer.succeeded()?;
        answer.copied_with(answer.single("etag")?.unwrap_or(""))
    }
}
