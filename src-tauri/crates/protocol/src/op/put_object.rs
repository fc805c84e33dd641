use partway_domain::{Bucket, Key};

use super::answer::Answer;
use super::{Attributes, Copied, Operation, Target, Terms, Traits};
use crate::error::{RequestError, WireError};
use crate::wire::{Method, Request, Response};

/// Writes a small object from memory ("PUT Object" on COS, "Uploading an Object - PUT" on OBS,
/// S3 `PutObject`). For the demo cloud's own objects and for tests; copies never pass here.
#[derive(Clone, PartialEq, Eq)]
pub struct PutObject {
    /// Bucket.
    pub bucket: Bucket,
    /// Key.
    pub key: Key,
    /// The bytes.
    pub body: Vec<u8>,
    /// Headers, metadata, class and tags.
    pub attributes: Attributes,
    /// Encryption, access and lifetime.
    pub terms: Terms,
}

impl std::fmt::Debug for PutObject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PutObject")
            .field("bucket", &self.bucket)
            .field("key", &self.key)
            .field("body_bytes", &self.body.len())
            .field("attributes", &self.attributes)
            .field("terms", &self.terms)
            .finish()
    }
}

impl Operation for PutObject {
    type Output = Copied;
    const NAME: &'static str = "PutObject";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), Some(&self.key))
    }

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        let request = target.object_request(Method::Put, &self.bucket, &self.key)?;
        let request = self.attributes.write(target, request, None)?;
        let request = self.terms.write(target, request)?;
        Ok(request.with_body(self.body.clone()))
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<Copied, WireError> {
        let answer = Answer::changing(Self::NAME, target, response);
        answer.succeeded()?;
        answer.copied_with(answer.single("etag")?.unwrap_or(""))
    }
}
