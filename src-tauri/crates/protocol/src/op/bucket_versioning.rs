//! Reading and setting whether a bucket keeps versions.

use partway_domain::{Bucket, Key};

use super::answer::Answer;
use super::head_bucket::bucket_error;
use super::{Operation, Target, Traits};
use crate::error::{RequestError, WireError};
use crate::wire::{Method, Request, Response};
use crate::xml;

/// Whether a bucket keeps versions of its objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Versioning {
    /// It never has.
    Never,
    /// Every write makes a version.
    Enabled,
    /// Older versions are kept, new writes have the version `null`.
    Suspended,
}

/// Reads whether a bucket keeps versions ("GET Bucket versioning" on COS, "Obtaining the
/// Versioning Status of a Bucket" on OBS, S3 `GetBucketVersioning`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetBucketVersioning {
    /// Bucket.
    pub bucket: Bucket,
}

impl Operation for GetBucketVersioning {
    type Output = Versioning;
    const NAME: &'static str = "GetBucketVersioning";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), None)
    }

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        Ok(target
            .bucket_request(Method::Get, &self.bucket)
            .with_subresource("versioning"))
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<Versioning, WireError> {
        let answer = Answer::reading(Self::NAME, target, response);
        let root = answer
            .root("VersioningConfiguration", xml::SMALL)
            .map_err(bucket_error)?;
        match root.value("Status") {
            None => Ok(Versioning::Never),
            Some(status) if status.eq_ignore_ascii_case("Enabled") => Ok(Versioning::Enabled),
            Some(status) if status.eq_ignore_ascii_case("Suspended") => Ok(Versioning::Suspended),
            Some(status) => Err(answer.unreadable(format!(
                "the versioning status is {status:?}, neither Enabled nor Suspended"
            ))),
        }
    }
}

/// Sets whether a bucket keeps versions ("PUT Bucket versioning" on COS, "Configuring
/// Versioning for a Bucket" on OBS, S3 `PutBucketVersioning`). For tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutBucketVersioning {
    /// Bucket.
    pub bucket: Bucket,
    /// Whether new writes make versions; nobody can go back to "never".
    pub enabled: bool,
}

impl Operation for PutBucketVersioning {
    type Output = ();
    const NAME: &'static str = "PutBucketVersioning";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), None)
    }

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        let status = if self.enabled { "Enabled" } else { "Suspended" };
        Ok(target
            .bucket_request(Method::Put, &self.bucket)
            .with_subresource("versioning")
            .with_xml(format!(
                "<VersioningConfiguration><Status>{status}</Status></VersioningConfiguration>"
            )))
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<(), WireError> {
        Answer::changing(Self::NAME, target, response)
            .succeeded()
            .map_err(bucket_error)
    }
}
