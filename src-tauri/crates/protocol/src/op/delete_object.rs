use partway_domain::{Bucket, Key, VersionId};

use super::answer::Answer;
use super::{Operation, Target, Traits};
use crate::error::{RequestError, WireError};
use crate::wire::{Method, Request, Response};

/// Deletes an object or one version of it ("DELETE Object" on COS, "Deleting an Object" on OBS,
/// S3 `DeleteObject`).
///
/// Without a version a versioned bucket only gets a delete marker. An object that is not there
/// counts as deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteObject {
    /// Bucket.
    pub bucket: Bucket,
    /// Key; never empty, or this would delete the bucket.
    pub key: Key,
    /// Version; `None` for the current one.
    pub version: Option<VersionId>,
}

impl Operation for DeleteObject {
    type Output = ();
    const NAME: &'static str = "DeleteObject";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), Some(&self.key))
    }

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        let request = target.object_request(Method::Delete, &self.bucket, &self.key)?;
        Ok(match &self.version {
            Some(version) => request.with_query("versionId", version.as_str()),
            None => request,
        })
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<(), WireError> {
        Answer::reading(Self::NAME, target, response).succeeded()
    }
}
