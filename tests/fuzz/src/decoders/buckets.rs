//! Location, versioning, grants and heads of buckets.

use partway_protocol::endpoint::is_region;
use partway_protocol::op::{
    GetBucketAcl, GetBucketLocation, GetBucketVersioning, HeadBucket, PutBucketVersioning,
};

use super::subject::bucket;
use super::{Decoder, read, read_body};
use crate::answer::Answer;

pub(super) const ALL: &[Decoder] = &[
    ("GetBucketAcl", acl),
    ("GetBucketLocation", location),
    ("GetBucketVersioning", versioning),
    ("HeadBucket", head),
    ("PutBucketVersioning", put_versioning),
];

fn acl(answer: &Answer) {
    let operation = GetBucketAcl { bucket: bucket() };
    if let Some(policy) = read_body(answer, &operation) {
        assert!(policy.grants.len() <= answer.response.body.len() / 4);
    }
}

/// A region becomes part of a host name, so nothing else may pass for one.
fn location(answer: &Answer) {
    let operation = GetBucketLocation { bucket: bucket() };
    if let Some(Some(region)) = read_body(answer, &operation) {
        assert!(is_region(&region), "{region:?}");
    }
}

fn versioning(answer: &Answer) {
    let operation = GetBucketVersioning { bucket: bucket() };
    read_body(answer, &operation);
}

fn head(answer: &Answer) {
    let operation = HeadBucket { bucket: bucket() };
    if let Some(head) = read(answer, &operation)
        && let Some(region) = head.region
    {
        assert!(is_region(&region), "{region:?}");
    }
}

fn put_versioning(answer: &Answer) {
    let operation = PutBucketVersioning {
        bucket: bucket(),
        enabled: true,
    };
    read(answer, &operation);
}
