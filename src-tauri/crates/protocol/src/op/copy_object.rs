use partway_domain::{Bucket, Key};

use super::answer::Answer;
use super::properties::{with_class, with_source};
use super::{
    Attributes, Conditions, Copied, CopySource, Directive, Operation, Target, Terms, Traits,
};
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
    /// Refuse (412) when the source is not as it should be.
    pub conditions: Conditions,
    /// Bytes of the source; the deadline grows with them.
    pub size: u64,
    /// `None`: the server copies headers and metadata. Otherwise these instead, all of them:
    /// what is not among them is lost. Copying an object onto itself needs it.
    pub replace: Option<Attributes>,
    /// `None`: the tags of `replace` if there are any, else the source's. Replacing without
    /// tags leaves the new object without any.
    pub tagging: Option<Directive>,
    /// Storage class in the provider's word; `None` is the provider's default for the
    /// destination, never the source's.
    pub storage_class: Option<String>,
    /// Encryption, access and lifetime of the new object.
    pub terms: Terms,
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
        let metadata = match self.replace {
            Some(_) => Directive::Replace,
            None => Directive::Copy,
        };
        let request = with_source(target, request, &self.source, &self.conditions)?.with_header(
            target.vendor("metadata-directive"),
            dialect.directive(metadata),
        );
        let class = self.storage_class.as_deref();
        let mut request = match (&self.replace, class) {
            (Some(attributes), class) => attributes.write(target, request, class)?,
            (None, Some(class)) => with_class(target, request, class)?,
            (None, None) => request,
        };
        if let Some(directive) = self.tagging_directive(target)? {
            request = request.with_header(
                target.vendor("tagging-directive"),
                dialect.directive(directive),
            );
        }
        self.terms.write(target, request)
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<Copied, WireError> {
        Answer::changing(Self::NAME, target, response).copied_from("CopyObjectResult", &self.source)
    }
}

impl CopyObject {
    /// The directive, where it must be said. New tags that a directive would throw away are a
    /// mistake of the caller's.
    fn tagging_directive(&self, target: Target<'_>) -> Result<Option<Directive>, RequestError> {
        let new_tags = self
            .replace
            .as_ref()
            .is_some_and(|attributes| !attributes.tags.is_empty());
        match self.tagging {
            Some(Directive::Copy) if new_tags => Err(RequestError::Refused {
                what: "copying the source's tags and giving new ones".to_owned(),
                reason: "a copy has the one or the other; leave out the new tags or replace"
                    .to_owned(),
            }),
            None if new_tags => Ok(Some(Directive::Replace)),
            None if target.dialect.tags_need_a_directive() => Ok(Some(Directive::Copy)),
            said => Ok(said),
        }
    }
}
