//! Who may do what with an object.

use std::fmt::Write as _;

use partway_domain::{Access, Grantee};
use partway_protocol::dialect::dialect;
use partway_protocol::op::{GetObjectAcl, NewAcl, PutObjectAcl as PutAcl};
use partway_protocol::wire::Request;

use super::Subject;
use crate::api::Api;
use crate::contract::{GrantView, ObjectAcl, ObjectRef, PutObjectAcl, RequestPreview};
use crate::error::ApiError;

impl Api {
    /// Reads the grants of an object.
    pub async fn object_acl(&self, object: ObjectRef) -> Result<ObjectAcl, ApiError> {
        let subject = self.subject(object).await?;
        let operation = GetObjectAcl {
            bucket: subject.bucket.clone(),
            key: subject.key.clone(),
            version: subject.version.clone(),
        };
        let policy = self
            .engine()
            .call(&subject.account, subject.region(), &operation)
            .await?
            .output;
        let canned = dialect(subject.account.dialect).object_acls();
        Ok(ObjectAcl {
            owner: policy.owner,
            grants: policy
                .grants
                .into_iter()
                .map(|grant| GrantView {
                    permission: grant.permission.as_str().to_owned(),
                    grantee: word(grant.grantee),
                })
                .collect(),
            canned: canned.iter().map(|&acl| acl.to_owned()).collect(),
        })
    }

    /// The request that would set a canned ACL, as it would be sent but for its signature.
    pub async fn preview_acl(&self, put: PutObjectAcl) -> Result<RequestPreview, ApiError> {
        let subject = self.subject(put.object).await?;
        let operation = operation(&subject, put.canned);
        let request = self
            .engine()
            .unsigned(&subject.account, subject.region(), &operation)?;
        Ok(RequestPreview {
            text: in_lines(&request),
        })
    }

    /// Sets a canned ACL and answers what the server then has.
    pub async fn put_object_acl(&self, put: PutObjectAcl) -> Result<ObjectAcl, ApiError> {
        let subject = self.subject(put.object.clone()).await?;
        let operation = operation(&subject, put.canned);
        self.engine()
            .call(&subject.account, subject.region(), &operation)
            .await?;
        self.object_acl(put.object).await
    }
}

fn operation(subject: &Subject, canned: String) -> PutAcl {
    PutAcl {
        bucket: subject.bucket.clone(),
        key: subject.key.clone(),
        version: subject.version.clone(),
        acl: NewAcl::Access(Access::Canned(canned)),
    }
}

fn word(grantee: Grantee) -> String {
    match grantee {
        Grantee::Everyone => "everyone".to_owned(),
        Grantee::SignedIn => "signed-in".to_owned(),
        Grantee::Id(id) => id,
        Grantee::Uri(uri) => uri,
    }
}

/// The request's first line and its headers.
fn in_lines(request: &Request) -> String {
    let mut text = format!(
        "{} {} HTTP/1.1\nhost: {}",
        request.method.as_str(),
        request.target(),
        request.host
    );
    for (name, value) in &request.headers {
        if name != "host" {
            // Writing to a string cannot fail.
            let _ = write!(text, "\n{name}: {value}");
        }
    }
    text
}
