//! Reading and changing who may do what.

use partway_domain::{Bucket, Key, VersionId};

use super::access::with_access;
use super::answer::Answer;
use super::head_bucket::bucket_error;
use super::{Access, AccessPolicy, Operation, Target, Traits};
use crate::error::{RequestError, WireError};
use crate::wire::{Method, Request, Response};
use crate::xml;

/// Reads who may do what with an object ("GET Object acl" on COS, "Obtaining an Object ACL" on
/// OBS, S3 `GetObjectAcl`). A bucket without ACLs answers `AccessControlListNotSupported`:
/// there is nothing to copy then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetObjectAcl {
    /// Bucket.
    pub bucket: Bucket,
    /// Key.
    pub key: Key,
    /// Version; `None` for the current one.
    pub version: Option<VersionId>,
}

/// Reads who may do what with a bucket ("GET Bucket acl" on COS, "Obtaining a Bucket ACL" on
/// OBS, S3 `GetBucketAcl`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetBucketAcl {
    /// Bucket.
    pub bucket: Bucket,
}

/// Changes who may do what with an object ("PUT Object acl" on COS, "Configuring an Object
/// ACL" on OBS, S3 `PutObjectAcl`). It replaces all that was granted before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutObjectAcl {
    /// Bucket.
    pub bucket: Bucket,
    /// Key.
    pub key: Key,
    /// Version; `None` for the current one.
    pub version: Option<VersionId>,
    /// The new access.
    pub acl: NewAcl,
}

/// New access settings: in headers or in the body, never both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewAcl {
    /// A canned ACL or grants, in headers.
    Access(Access),
    /// A whole policy, in the body.
    Policy(AccessPolicy),
}

impl Operation for GetObjectAcl {
    type Output = AccessPolicy;
    const NAME: &'static str = "GetObjectAcl";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), Some(&self.key))
    }

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        Ok(target
            .object_request(Method::Get, &self.bucket, &self.key)?
            .with_subresource("acl")
            .of_version(self.version.as_ref()))
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<AccessPolicy, WireError> {
        policy(&Answer::reading(Self::NAME, target, response))
    }
}

impl Operation for GetBucketAcl {
    type Output = AccessPolicy;
    const NAME: &'static str = "GetBucketAcl";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), None)
    }

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        Ok(target
            .bucket_request(Method::Get, &self.bucket)
            .with_subresource("acl"))
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<AccessPolicy, WireError> {
        policy(&Answer::reading(Self::NAME, target, response)).map_err(bucket_error)
    }
}

fn policy(answer: &Answer<'_>) -> Result<AccessPolicy, WireError> {
    let root = answer.root("AccessControlPolicy", xml::LIST)?;
    AccessPolicy::of(answer.target.dialect, &root)
        .ok_or_else(|| answer.unreadable("a grant names nobody or nothing we know".to_owned()))
}

impl Operation for PutObjectAcl {
    type Output = ();
    const NAME: &'static str = "PutObjectAcl";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), Some(&self.key))
    }

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        let request = target
            .object_request(Method::Put, &self.bucket, &self.key)?
            .with_subresource("acl")
            .of_version(self.version.as_ref());
        match &self.acl {
            // Without header and body a server may take it for "nobody".
            NewAcl::Access(Access::Inherited) => Err(RequestError::Refused {
                what: "changing the access to nothing in particular".to_owned(),
                reason: "choose a canned ACL, grants or a policy".to_owned(),
            }),
            NewAcl::Access(access) => with_access(target, request, access),
            NewAcl::Policy(policy) => Ok(request.with_xml(policy.xml(target)?)),
        }
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<(), WireError> {
        Answer::changing(Self::NAME, target, response).succeeded()
    }
}
