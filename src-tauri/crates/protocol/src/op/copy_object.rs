use partway_domain::{Bucket, ETag, Key};

use super::answer::Answer;
use super::properties::{with_class, with_source};
use super::{Attributes, Copied, CopySource, Operation, Target, Traits};
use crate::error::{RequestError, WireError};
use crate::wire::{Method, Request, Response};

/// Copies a whole object of at most 5 GiB in one request ("PUT Object - Copy" on COS, "Copying
/// an Object" on OBS, S3 `CopyObject`).
///
/// The new object may have another tag than its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyObject {
    /// Destination bucket.
    pub bucket: Bucket,
    /// Destination key.
    pub key: Key,
    /// Where the bytes come from.
    pub source: CopySource,
    /// Refuse (412) when the source has another tag by now.
    pub source_etag: Option<ETag>,
    /// Bytes of the source; the deadline grows with them.
    pub size: u64,
    /// `None`: the server copies headers, metadata and tags. Otherwise these instead, all of
    /// them; only tags are still copied when there are none here. Copying an object onto
    /// itself needs it.
    pub replace: Option<Attributes>,
    /// Storage class in the provider's word; `None` is the provider's default for the
    /// destination, never the source's.
    pub storage_class: Option<String>,
}

impl Operation for CopyObject {
    type Output = Copied;
    const NAME: &'static str = "CopyObject";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), Some(&self.key))
    }

    fn traits(&self) -> Traits {
        Traits {
            copied_bytes: self.size,
            ..Traits::PLAIN
        }
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        let dialect = target.dialect;
        let request = target.object_request(Method::Put, &self.bucket, &self.key)?;
        let request = with_source(target, request, &self.source, self.source_etag.as_ref())?
            .with_header(
                target.vendor("metadata-directive"),
                dialect.directive(self.replace.is_some()),
            );
        let class = self.storage_class.as_deref();
        let mut request = match (&self.replace, class) {
            (Some(attributes), class) => attributes.write(target, request, class)?,
            (None, Some(class)) => with_class(target, request, class)?,
            (None, None) => request,
        };
        let new_tags = request.header(&target.vendor("tagging")).is_some();
        if new_tags || dialect.tags_need_a_directive() {
            request = request.with_header(
                target.vendor("tagging-directive"),
                dialect.directive(new_tags),
            );
        }
        Ok(request)
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<Copied, WireError> {
        Answer::changing(Self::NAME, target, response).copied("CopyObjectResult")
    }
}
