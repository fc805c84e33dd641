use partway_domain::{Bucket, DialectName};

use super::answer::Answer;
use super::{Operation, Target, Traits, paging};
use crate::endpoint::is_region;
use crate::error::{RequestError, WireError};
use crate::wire::{Method, Request, Response};
use crate::xml::{self, Element};

/// Lists the buckets of the account ("GET Service" on COS, "Listing Buckets" on OBS, S3
/// `ListBuckets`). A key without the right gets `AccessDenied`: buckets are then named by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListBuckets {
    /// Where the page begins; `None` for the first.
    pub cursor: Option<String>,
}

/// One page of buckets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketPage {
    /// Buckets in the server's order.
    pub buckets: Vec<BucketEntry>,
    /// Where the next page begins; `None` after the last one.
    pub next: Option<String>,
}

/// A bucket of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketEntry {
    /// Its name; on COS with `-APPID`.
    pub name: Bucket,
    /// Its region, where the server says so.
    pub region: Option<String>,
    /// When it was made: ISO 8601 as sent.
    pub created: Option<String>,
}

impl Operation for ListBuckets {
    type Output = BucketPage;
    const NAME: &'static str = "ListBuckets";

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        let location = target.endpoint.service(target.dialect);
        let mut request = Request::new(Method::Get, &target.endpoint.scheme, location);
        let cursor_name = match target.dialect.name() {
            DialectName::Cos => {
                request = request.with_query("max-keys", "2000");
                "marker"
            }
            DialectName::Obs => "marker",
            DialectName::ObsV2 => {
                request = request.with_header("x-amz-location", "true");
                "marker"
            }
            DialectName::S3 => {
                // Only a paged request is answered with the regions.
                request = request.with_query("max-buckets", "1000");
                "continuation-token"
            }
        };
        Ok(match &self.cursor {
            Some(cursor) => request.with_query(cursor_name, cursor),
            None => request,
        })
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<BucketPage, WireError> {
        let answer = Answer::reading(Self::NAME, target, response);
        let result = answer.root("ListAllMyBucketsResult", xml::LIST)?;
        let buckets = result
            .child("Buckets")
            .into_iter()
            .flat_map(|buckets| buckets.all("Bucket"))
            // Names from before today's rules cannot be addressed by anyone.
            .filter_map(bucket_entry)
            .collect();
        let next = match target.dialect.name() {
            DialectName::S3 => result.value("ContinuationToken"),
            _ if result.flag("IsTruncated") => result.value("NextMarker"),
            _ => None,
        };
        let next = match next {
            None => None,
            Some(next) => {
                let further = |next: &_| self.cursor.as_ref() != Some(next);
                let next = Some(next.to_owned());
                Some(paging::advance(&answer, "buckets", next, further)?)
            }
        };
        Ok(BucketPage { buckets, next })
    }
}

fn bucket_entry(bucket: &Element<'_>) -> Option<BucketEntry> {
    let region = bucket
        .value("Location")
        .or_else(|| bucket.value("BucketRegion"))
        .map(|region| region.strip_prefix("cos.").unwrap_or(region).to_owned())
        .filter(|region| is_region(region));
    Some(BucketEntry {
        name: Bucket::parse(bucket.value("Name")?).ok()?,
        region,
        created: bucket.value("CreationDate").map(str::to_owned),
    })
}
