use std::fmt::Write as _;

use partway_domain::{Bucket, DialectName, ETag, FailureKind, Key, PartNumber, UploadId, limits};

use super::answer::Answer;
use super::encryption::with_customer_key;
use super::{Copied, CustomerKey, Operation, Target, Traits};
use crate::error::{RequestError, WireError};
use crate::wire::{Method, Request, Response};
use crate::xml;

/// Makes the object out of its parts ("Complete Multipart Upload" on COS and OBS, S3
/// `CompleteMultipartUpload`).
///
/// Not every server takes it twice: after a lost answer `NoSuchUpload` may mean success, and
/// the destination must be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompleteMultipartUpload {
    /// Destination bucket.
    pub bucket: Bucket,
    /// Destination key.
    pub key: Key,
    /// The upload.
    pub upload_id: UploadId,
    /// Every part with the tag the server gave it, in any order.
    pub parts: Vec<(PartNumber, ETag)>,
    /// Bytes of the whole object; S3 refuses if its parts have other.
    pub size: u64,
    /// The key the upload was opened with, if it was one of the user's own: S3 wants it again
    /// where it computes checksums.
    pub customer_key: Option<CustomerKey>,
}

impl Operation for CompleteMultipartUpload {
    type Output = Copied;
    const NAME: &'static str = "CompleteMultipartUpload";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), Some(&self.key))
    }

    fn traits(&self) -> Traits {
        Traits {
            idempotent: false,
            // Servers take minutes to join the parts, but do not copy them again: no longer
            // than the largest single copy.
            copied_bytes: self.size.min(5 * limits::GIB),
        }
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        let mut request = target
            .object_request(Method::Post, &self.bucket, &self.key)?
            .with_query("uploadId", self.upload_id.as_str())
            .with_xml(self.body());
        if target.dialect.name() == DialectName::S3 {
            request = request.with_header("x-amz-mp-object-size", self.size.to_string());
            request = with_customer_key(target, request, self.customer_key.as_ref())?;
        }
        Ok(request)
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<Copied, WireError> {
        let answer = Answer::changing(Self::NAME, target, response);
        answer
            .copied("CompleteMultipartUploadResult")
            .map_err(|error| WireError {
                // No source is involved here.
                kind: match error.kind {
                    FailureKind::SourceChanged => FailureKind::DestinationConflict,
                    FailureKind::NoSuchSource => FailureKind::NoSuchUpload,
                    kind => kind,
                },
                ..error
            })
    }
}

impl CompleteMultipartUpload {
    /// Ascending, as the servers demand, with the tags in quotes.
    fn body(&self) -> String {
        let mut parts: Vec<_> = self.parts.iter().collect();
        parts.sort_by_key(|(number, _)| *number);
        let mut body = String::from("<CompleteMultipartUpload>");
        for (number, etag) in parts {
            let etag = xml::escape(&etag.quoted());
            // Writing to a string cannot fail.
            let _ = write!(
                body,
                "<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>"
            );
        }
        body.push_str("</CompleteMultipartUpload>");
        body
    }
}
