use partway_domain::{Bucket, Key, UploadId};

use super::answer::Answer;
use super::{Operation, Target, Traits};
use crate::error::{RequestError, WireError};
use crate::wire::{Method, Request, Response};

/// Gives an upload and its parts back ("Abort Multipart Upload" on COS and OBS, S3
/// `AbortMultipartUpload`).
///
/// Parts still being copied may land afterwards: list the parts until the upload is gone.
/// An upload that is gone already is the error [`FailureKind::NoSuchUpload`]; whether that is
/// good news depends on whether it may have been completed.
///
/// [`FailureKind::NoSuchUpload`]: partway_domain::FailureKind::NoSuchUpload
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbortMultipartUpload {
    /// Destination bucket.
    pub bucket: Bucket,
    /// Destination key; never empty, or this would delete the bucket.
    pub key: Key,
    /// The upload; never empty, or this would delete the object.
    pub upload_id: UploadId,
}

impl Operation for AbortMultipartUpload {
    type Output = ();
    const NAME: &'static str = "AbortMultipartUpload";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), Some(&self.key))
    }

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        Ok(target
            .object_request(Method::Delete, &self.bucket, &self.key)?
            .with_query("uploadId", self.upload_id.as_str()))
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<(), WireError> {
        Answer::reading(Self::NAME, target, response).succeeded()
    }
}
