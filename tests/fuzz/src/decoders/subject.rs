//! What the operations are about; no decoder looks at more than the bucket and the key.

use partway_domain::{Bucket, Key, Prefix, UploadId};
use partway_protocol::op::CopySource;

use super::endpoint;
use crate::answer::Answer;

pub(super) fn bucket() -> Bucket {
    Bucket::parse("bucket-1250000000").unwrap()
}

pub(super) fn key() -> Key {
    Key::parse("a/b c").unwrap()
}

pub(super) fn prefix() -> Prefix {
    Prefix::parse("a/").unwrap()
}

pub(super) fn upload_id() -> UploadId {
    UploadId::parse("upload").unwrap()
}

pub(super) fn source(answer: &Answer) -> CopySource {
    CopySource {
        bucket: bucket(),
        key: key(),
        version: None,
        endpoint: endpoint(answer.dialect),
        customer_key: None,
    }
}
