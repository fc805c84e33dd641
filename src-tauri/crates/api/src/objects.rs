//! Single objects: what is known about them.

use partway_domain::{Account, Bucket, Key, Method, VersionId};
use partway_engine::objects::needs_restore;
use partway_protocol::dialect::dialect;
use partway_protocol::op::{
    CustomerKey, GetBucketVersioning, GetObject, HeadObject, ObjectHead, RestoreState, Versioning,
};
use partway_protocol::time;

use crate::api::Api;
use crate::contract::{
    BucketVersions, EncryptionView, ObjectDetails, ObjectRef, Place, RestoreProgress,
};
use crate::copy::{bad_name, place, version_id};
use crate::error::ApiError;

mod access;
mod change;
mod errands;
mod link;
mod preview;
mod tags;
mod versions;

pub(crate) use errands::Errands;

/// An object with the account that reaches it.
#[derive(Debug, Clone)]
struct Subject {
    account: Account,
    region: Option<String>,
    bucket: Bucket,
    key: Key,
    version: Option<VersionId>,
    customer_key: Option<CustomerKey>,
}

impl Subject {
    fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    fn head(&self) -> HeadObject {
        HeadObject {
            bucket: self.bucket.clone(),
            key: self.key.clone(),
            version: self.version.clone(),
            customer_key: self.customer_key.clone(),
        }
    }

    fn get(&self) -> GetObject {
        GetObject {
            bucket: self.bucket.clone(),
            key: self.key.clone(),
            version: self.version.clone(),
            range: None,
            overrides: Vec::new(),
            customer_key: None,
        }
    }
}

impl Api {
    /// What a HEAD tells of an object.
    pub async fn object_details(&self, object: ObjectRef) -> Result<ObjectDetails, ApiError> {
        let subject = self.subject(object).await?;
        let answer = self
            .engine()
            .call(&subject.account, subject.region(), &subject.head())
            .await?;
        let url = self
            .engine()
            .unsigned(&subject.account, subject.region(), &subject.get())?
            .url();
        Ok(details(&subject, answer.output, answer.request_id, url))
    }

    /// Whether a bucket keeps versions.
    pub async fn bucket_versions(&self, bucket: Place) -> Result<BucketVersions, ApiError> {
        let account = self.account(&bucket.account).await?;
        let place = place(bucket)?;
        let operation = GetBucketVersioning {
            bucket: place.bucket,
        };
        let region = place.region.as_deref();
        let answer = self.engine().call(&account, region, &operation).await?;
        let word = match answer.output {
            Versioning::Never => "never",
            Versioning::Enabled => "enabled",
            Versioning::Suspended => "suspended",
        };
        Ok(BucketVersions {
            versioning: word.to_owned(),
        })
    }

    async fn subject(&self, object: ObjectRef) -> Result<Subject, ApiError> {
        let account = self.account(&object.place.account).await?;
        let place = place(object.place)?;
        let customer_key = match &object.key_md5 {
            Some(md5) => Some(self.engine().offered_key(md5)?),
            None => None,
        };
        Ok(Subject {
            account,
            region: place.region,
            bucket: place.bucket,
            key: Key::parse(object.key).map_err(|error| bad_name("key", &error))?,
            version: object.version.map(version_id).transpose()?,
            customer_key,
        })
    }
}

fn details(
    subject: &Subject,
    head: ObjectHead,
    request_id: Option<String>,
    url: String,
) -> ObjectDetails {
    let restore = head.restore_state().map(|state| match state {
        RestoreState::Ongoing => RestoreProgress {
            ongoing: true,
            until_ms: None,
        },
        RestoreState::Restored { until_ms } => RestoreProgress {
            ongoing: false,
            until_ms: until_ms.map(|ms| ms as f64),
        },
    });
    let limits = dialect(subject.account.dialect).limits();
    let plan = partway_domain::plan(head.size, None, &limits);
    let storage_class = class_of(&head).to_owned();
    ObjectDetails {
        key: subject.key.as_str().to_owned(),
        size: head.size as f64,
        etag: head.etag.as_str().to_owned(),
        modified_ms: time::parse_ms(&head.last_modified).map(|ms| ms as f64),
        last_modified: head.last_modified,
        version: head.version.map(|version| version.as_str().to_owned()),
        is_archived: needs_restore(&storage_class),
        storage_class,
        restore,
        crc64: head.crc64_xz.or(head.crc64_nvme),
        encryption: head.encrypted.map(|encrypted| EncryptionView {
            algorithm: encrypted.algorithm,
            kms_key: encrypted.key_id,
            key_md5: encrypted.customer_key_md5,
        }),
        headers: head.attributes.headers,
        metadata: head.attributes.metadata,
        tag_count: head.tag_count,
        website_redirect: head.website_redirect,
        url,
        needs_multipart: plan.is_ok_and(|plan| plan.method == Method::Multipart),
        request_id,
    }
}

/// Servers leave out the usual one.
fn class_of(head: &ObjectHead) -> &str {
    let class = head.attributes.storage_class.as_deref();
    class.unwrap_or("STANDARD")
}
