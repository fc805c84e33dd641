use partway_domain::{Bucket, DialectName};

use super::answer::Answer;
use super::head_bucket::bucket_error;
use super::{Operation, Target, Traits};
use crate::endpoint::is_region;
use crate::error::{RequestError, WireError};
use crate::wire::{Method, Request, Response};
use crate::xml;

/// Asks for the region of a bucket ("GET Bucket location" on COS, "Obtaining Bucket Location"
/// on OBS, S3 `GetBucketLocation`). Often only the owner may; [`HeadBucket`] tells more people.
///
/// [`HeadBucket`]: super::HeadBucket
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetBucketLocation {
    /// Bucket.
    pub bucket: Bucket,
}

impl Operation for GetBucketLocation {
    /// The region; `None` when the server names none.
    type Output = Option<String>;
    const NAME: &'static str = "GetBucketLocation";

    fn subject(&self) -> (Option<&Bucket>, Option<&partway_domain::Key>) {
        (Some(&self.bucket), None)
    }

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        Ok(target
            .bucket_request(Method::Get, &self.bucket)
            .with_subresource("location"))
    }

    /// OBS calls the root `Location`, and its S3-compatible form may nest the constraint once
    /// more.
    fn response(
        &self,
        target: Target<'_>,
        response: &Response,
    ) -> Result<Option<String>, WireError> {
        let answer = Answer::reading(Self::NAME, target, response);
        let root = answer
            .root_among(
                &[
                    "LocationConstraint",
                    "Location",
                    "CreateBucketConfiguration",
                ],
                xml::SMALL,
            )
            .map_err(bucket_error)?;
        let nested = root
            .value("LocationConstraint")
            .or_else(|| root.value("Location"));
        let text = nested.unwrap_or(root.text.trim());
        Ok(region(target.dialect.name(), text))
    }
}

/// The region as endpoints spell it; `None` for what could not stand in a host name.
fn region(dialect: DialectName, text: &str) -> Option<String> {
    let region = match (dialect, text) {
        // Amazon's first region has no name here, and its second an old one.
        (DialectName::S3, "") => "us-east-1",
        (DialectName::S3, "EU") => "eu-west-1",
        (DialectName::Cos, text) => text.strip_prefix("cos.").unwrap_or(text),
        (_, text) => text,
    };
    is_region(region).then(|| region.to_owned())
}
