//! Versions of one object.

use partway_domain::Prefix;
use partway_protocol::op::{DeleteObject, ListObjectVersions, VersionEntry};

use crate::api::Api;
use crate::contract::{Nothing, ObjectRef, VersionView, VersionsPage, VersionsRequest};
use crate::copy::bad_name;
use crate::error::ApiError;

/// Versions in one answer, as far as other keys do not come between.
const PAGE: u32 = 200;

impl Api {
    /// A page of the versions of one key.
    pub async fn object_versions(
        &self,
        request: VersionsRequest,
    ) -> Result<VersionsPage, ApiError> {
        let subject = self.subject(request.object).await?;
        let operation = ListObjectVersions {
            bucket: subject.bucket.clone(),
            prefix: Prefix::parse(subject.key.as_str().to_owned())
                .map_err(|error| bad_name("key", &error))?,
            delimiter: None,
            cursor: request.after,
            max_keys: PAGE,
            encoded: false,
        };
        let page = self
            .engine()
            .call(&subject.account, subject.region(), &operation)
            .await?
            .output;
        // Longer keys with the same beginning follow this one's versions.
        let is_past = page.versions.iter().any(|one| one.key > subject.key);
        let of_key = page.versions.into_iter();
        Ok(VersionsPage {
            versions: of_key
                .filter(|one| one.key == subject.key)
                .map(view)
                .collect(),
            next: if is_past { None } else { page.next },
        })
    }

    /// Deletes one version for good. Deleting the newest delete marker brings the object back.
    pub async fn delete_version(&self, object: ObjectRef) -> Result<Nothing, ApiError> {
        let subject = self.subject(object).await?;
        if subject.version.is_none() {
            return Err(ApiError::input(
                "version",
                "name the version; without one the object itself would be deleted",
            ));
        }
        let operation = DeleteObject {
            bucket: subject.bucket.clone(),
            key: subject.key.clone(),
            version: subject.version.clone(),
        };
        self.engine()
            .call(&subject.account, subject.region(), &operation)
            .await?;
        Ok(Nothing {})
    }
}

fn view(entry: VersionEntry) -> VersionView {
    VersionView {
        version: entry.version.map(|version| version.as_str().to_owned()),
        is_latest: entry.is_latest,
        is_delete_marker: entry.is_delete_marker,
        size: entry.size as f64,
        modified: entry.last_modified,
        etag: entry.etag.map(|etag| etag.as_str().to_owned()),
        storage_class: entry.storage_class,
    }
}
