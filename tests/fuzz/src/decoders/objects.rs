//! Heads, bytes, tags, grants, deletions and restores of objects.

use partway_domain::ByteRange;
use partway_protocol::op::{
    Access, DeleteObject, DeleteObjectTagging, DeleteObjects, GetObject, GetObjectAcl,
    GetObjectTagging, HeadObject, NewAcl, PutObjectAcl, PutObjectTagging, RestoreObject,
};

use super::subject::{bucket, key};
use super::{Decoder, read, read_also, read_body};
use crate::answer::Answer;

pub(super) const ALL: &[Decoder] = &[
    ("DeleteObject", delete),
    ("DeleteObjects", delete_many),
    ("DeleteObjectTagging", untag),
    ("GetObject", get),
    ("GetObjectAcl", acl),
    ("GetObjectTagging", tags),
    ("HeadObject", head),
    ("PutObjectAcl", put_acl),
    ("PutObjectTagging", tag),
    ("RestoreObject", restore),
];

fn delete(answer: &Answer) {
    let operation = DeleteObject {
        bucket: bucket(),
        key: key(),
        version: None,
    };
    read(answer, &operation);
}

fn delete_many(answer: &Answer) {
    let operation = DeleteObjects {
        bucket: bucket(),
        objects: vec![(key(), None)],
    };
    if let Some(deletions) = read(answer, &operation) {
        let count = deletions.deleted.len() + deletions.refused.len();
        assert!(count <= answer.response.body.len() / 4);
    }
}

fn untag(answer: &Answer) {
    let operation = DeleteObjectTagging {
        bucket: bucket(),
        key: key(),
        version: None,
    };
    read(answer, &operation);
}

/// Bytes asked for are bytes of the answer, and never more than were asked for.
fn get(answer: &Answer) {
    let operation = GetObject {
        bucket: bucket(),
        key: key(),
        version: None,
        range: ByteRange::new(0, 10),
        overrides: Vec::new(),
        customer_key: None,
    };
    if let Some(fetched) = read(answer, &operation) {
        assert!(answer.response.body.starts_with(&fetched.body));
        assert!(fetched.body.len() <= 10, "{}", fetched.body.len());
    }
}

fn acl(answer: &Answer) {
    let operation = GetObjectAcl {
        bucket: bucket(),
        key: key(),
        version: None,
    };
    if let Some(policy) = read_body(answer, &operation) {
        assert!(policy.grants.len() <= answer.response.body.len() / 4);
    }
}

fn tags(answer: &Answer) {
    let operation = GetObjectTagging {
        bucket: bucket(),
        key: key(),
        version: None,
    };
    let status = answer.response.status;
    // Some answer with a refusal for an object without tags.
    if !(200..300).contains(&status) {
        let none = read_also(answer, &operation, &[status]);
        assert!(none.is_none_or(|tags| tags.is_empty()));
    } else if let Some(tags) = read_body(answer, &operation) {
        assert!(tags.len() <= answer.response.body.len() / 4);
    }
}

/// An object has a tag, or the copy could not be pinned to it.
fn head(answer: &Answer) {
    let operation = HeadObject {
        bucket: bucket(),
        key: key(),
        version: None,
        customer_key: None,
    };
    if let Some(head) = read(answer, &operation) {
        assert!(!head.etag.as_str().is_empty());
        assert!(head.attributes.metadata.len() <= answer.response.headers.len());
    }
}

fn put_acl(answer: &Answer) {
    let operation = PutObjectAcl {
        bucket: bucket(),
        key: key(),
        version: None,
        acl: NewAcl::Access(Access::Inherited),
    };
    read(answer, &operation);
}

fn tag(answer: &Answer) {
    let operation = PutObjectTagging {
        bucket: bucket(),
        key: key(),
        version: None,
        tags: Vec::new(),
    };
    read(answer, &operation);
}

fn restore(answer: &Answer) {
    let operation = RestoreObject {
        bucket: bucket(),
        key: key(),
        version: None,
        days: 1,
        tier: None,
    };
    // A restore that is under way already is refused, and all is well.
    read_also(answer, &operation, &[answer.response.status]);
}
