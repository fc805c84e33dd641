use partway_domain::{Bucket, DialectName, Key, UploadId};

use super::answer::Answer;
use super::{Attributes, Operation, Target, Traits};
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
        let mut request = self.attributes.write(target, request, None)?;
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

    /// A key that XML cannot hold makes the answers of COS ill-formed, and some S3-compatible
    /// servers repeat it in the same way: the id is then taken from the text.
    fn response(&self, target: Target<'_>, response: &Response) -> Result<UploadId, WireError> {
        const ROOT: &str = "InitiateMultipartUploadResult";
        let answer = Answer::changing(Self::NAME, target, response);
        let id = match answer.root(ROOT, xml::SMALL) {
            Ok(result) => result.value("UploadId").map(str::to_owned),
            Err(error) if error.outcome_unknown => {
                Some(xml::salvage(&response.body, ROOT, "UploadId").ok_or(error)?)
            }
            Err(error) => return Err(error),
        };
        id.and_then(|id| UploadId::parse(id).ok())
            .ok_or_else(|| answer.unreadable("the answer has no UploadId".to_owned()))
    }
}
