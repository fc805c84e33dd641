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

/// What a [`DeleteObject`] did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deletion {
    /// Without a version: a marker was made. With one: what was removed was a marker.
    pub is_delete_marker: bool,
    /// The version of the marker, or the one removed.
    pub version: Option<VersionId>,
}

impl Operation for DeleteObject {
    type Output = Deletion;
    const NAME: &'static str = "DeleteObject";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), Some(&self.key))
    }

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        Ok(target
            .object_request(Method::Delete, &self.bucket, &self.key)?
            .of_version(self.version.as_ref()))
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<Deletion, WireError> {
        let answer = Answer::changing(Self::NAME, target, response);
        answer.succeeded()?;
        Ok(Deletion {
            is_delete_marker: answer.says_true("delete-marker"),
            version: answer.version("version-id"),
        })
    }
}
