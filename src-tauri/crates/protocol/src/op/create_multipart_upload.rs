use partway_domain::{Bucket, DialectName, Key, UploadId};

use super::answer::Answer;
use super::{Attributes, Operation, Target, Terms, Traits};
use crate::error::{RequestError, WireError};
use crate::wire::{Method, Request, Response};
use crate::xml;

/// Opens a multipart upload (COS and OBS "Initiate Multipart Upload", S3
/// `CreateMultipartUpload`).
///
/// Everything the object will have besides its bytes goes in here: part copies bring bytes
/// only. Sent twice it opens two uploads, of which one is orphaned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateMultipartUpload {
    /// Destination bucket.
    pub bucket: Bucket,
    /// Destination key.
    pub key: Key,
    /// Headers, metadata, class and tags of the future object.
    pub attributes: Attributes,
    /// S3 only: ask for a CRC-64/NVME of the whole object. Some compatible servers refuse it.
    pub checksum: bool,
    /// Encryption, access and lifetime of the future object.
    pub terms: Terms,
}

impl Operation for CreateMultipartUpload {
    type Output = UploadId;
    const NAME: &'static str = "CreateMultipartUpload";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), Some(&self.key))
    }

    fn traits(&self) -> Traits {
        Traits {
            idempotent: false,
            ..Traits::PLAIN
        }
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        let request = target
            .object_request(Method::Post, &self.bucket, &self.key)?
            .with_subresource("uploads");
        let request = self.attributes.write(target, request, None)?;
        let mut request = self.terms.write(target, request)?;
        match target.dialect.name() {
            // Its page calls the header required; this is the value an object without one has.
            DialectName::Cos if request.header("content-type").is_none() => {
                request = request.with_header("content-type", "application/octet-stream");
            }
            DialectName::S3 if self.checksum => {
                request = request
                    .with_header("x-amz-checksum-algorithm", "CRC64NVME")
                    .with_header("x-amz-checksum-type", "FULL_OBJECT");
            }
            _ => {}
        }
        Ok(request)
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<UploadId, WireError> {
        let answer = Answer::changing(Self::NAME, target, response);
        answer
            .root_beside_key("InitiateMultipartUploadResult", xml::SMALL)?
            .value("UploadId")
            .and_then(|id| UploadId::parse(id).ok())
            .ok_or_else(|| answer.unreadable("the answer has no UploadId".to_owned()))
    }
}
