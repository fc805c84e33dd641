use partway_domain::{Bucket, FailureKind, Key};

use super::answer::{Answer, REGION_HEADERS};
use super::{Operation, Target, Traits};
use crate::endpoint::is_region;
use crate::error::{RequestError, WireError};
use crate::wire::{Method, Request, Response};

/// Asks whether a bucket is there and where ("HEAD Bucket" on COS, "Querying Bucket Metadata"
/// on OBS, S3 `HeadBucket`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadBucket {
    /// Bucket.
    pub bucket: Bucket,
}

/// The answer to [`HeadBucket`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketHead {
    /// Its region, where the server says so.
    pub region: Option<String>,
    /// COS: it is kept in several zones; its objects cannot be copied into a bucket of one.
    pub multi_az: bool,
}

impl Operation for HeadBucket {
    type Output = BucketHead;
    const NAME: &'static str = "HeadBucket";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), None)
    }

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        Ok(target.bucket_request(Method::Head, &self.bucket))
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<BucketHead, WireError> {
        let answer = Answer::reading(Self::NAME, target, response);
        answer.succeeded().map_err(bucket_error)?;
        let region = REGION_HEADERS
            .iter()
            .find_map(|name| response.header(name))
            .map(str::trim)
            .filter(|region| is_region(region))
            .map(str::to_owned);
        let multi_az = answer
            .vendor_header("bucket-az-type")
            .is_some_and(|kind| kind.eq_ignore_ascii_case("MAZ"));
        Ok(BucketHead { region, multi_az })
    }
}

/// Where no object is asked for, "not found" without a code can only mean the bucket.
pub(super) fn bucket_error(error: WireError) -> WireError {
    let kind = match error.kind {
        FailureKind::NoSuchSource => FailureKind::NoSuchBucket,
        kind => kind,
    };
    WireError { kind, ..error }
}
