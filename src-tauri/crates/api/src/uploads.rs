//! Open uploads on the servers: whose they are, what they hold, and giving them back.

use partway_domain::{AccountId, Bucket, Key, UploadId};
use partway_engine::uploads::{OpenUpload, Ownership};
use partway_journal::Journal;
use partway_journal::table::abort::UploadName;

use crate::api::{Api, lock};
use crate::contract::{
    AbortUploads, Nothing, OwedAbort, SearchUploads, UploadOwnership, UploadRef, UploadSearchRef,
    UploadSearchStatus, UploadSize, UploadView, UploadsRequest, UploadsWindow,
};
use crate::error::ApiError;
use crate::view;

mod search;

pub(crate) use search::Searches;

/// No window is larger, whatever is asked for.
const LARGEST_WINDOW: u32 = 2_000;

/// What a job has open on the servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptUploads {
    /// Number of the job.
    pub job: u32,
    /// How many uploads.
    pub uploads: u32,
    /// Their confirmed parts together.
    pub parts: u32,
}

impl Api {
    /// Uploads of our own that are, or may be, open on the servers: by the journal alone.
    pub async fn kept_uploads(&self) -> Result<Vec<KeptUploads>, ApiError> {
        let rows = self.journal(Journal::open_uploads).await?;
        let count = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        let kept = rows.into_iter().map(|row| KeptUploads {
            job: view::number(row.job.0),
            uploads: count(row.uploads),
            parts: count(row.parts),
        });
        Ok(kept.collect())
    }

    /// Looks for open uploads: in one bucket, in all of an account, or everywhere. What is found
    /// is asked for by window while the search goes on.
    pub async fn search_uploads(
        &self,
        search: SearchUploads,
    ) -> Result<UploadSearchStatus, ApiError> {
        search::begin(self, search).await
    }

    /// What a search has found so far.
    #[expect(clippy::unused_async, reason = "a command like the others")]
    pub async fn uploads(&self, request: UploadsRequest) -> Result<UploadsWindow, ApiError> {
        let search = self.searches().find(request.search)?;
        let found = lock(&search.found);
        let count = request.count.min(LARGEST_WINDOW) as usize;
        let old_enough =
            |upload: &&UploadView| match (request.opened_before_ms, upload.initiated_ms) {
                (Some(before), Some(opened)) => opened < before,
                _ => true,
            };
        let matching = found.uploads.iter().filter(old_enough).count();
        Ok(UploadsWindow {
            status: search.status(&found),
            matching: u32::try_from(matching).unwrap_or(u32::MAX),
            start: request.start,
            uploads: found
                .uploads
                .iter()
                .filter(old_enough)
                .skip(request.start as usize)
                .take(count)
                .cloned()
                .collect(),
        })
    }

    /// Ends a search and forgets what it found.
    #[expect(clippy::unused_async, reason = "a command like the others")]
    pub async fn close_upload_search(&self, search: UploadSearchRef) -> Result<Nothing, ApiError> {
        self.searches().close(search.search);
        Ok(Nothing {})
    }

    /// Sums up the parts of an upload.
    pub async fn upload_size(&self, upload: UploadRef) -> Result<UploadSize, ApiError> {
        let account = self.account(&upload.account).await?;
        let name = named(upload)?;
        let region = Some(name.region.as_str()).filter(|region| !region.is_empty());
        let size = self
            .engine()
            .upload_size(&account, region, &name.bucket, &name.key, &name.upload_id)
            .await?;
        Ok(UploadSize {
            parts: size.parts,
            bytes: size.bytes as f64,
        })
    }

    /// Wants uploads gone: each is aborted until its server says so, also after a restart. All
    /// or none are taken on.
    pub async fn abort_uploads(&self, abort: AbortUploads) -> Result<Vec<OwedAbort>, ApiError> {
        let mut names = Vec::with_capacity(abort.uploads.len());
        for upload in abort.uploads {
            self.account(&upload.account).await?;
            names.push(named(upload)?);
        }
        self.engine().abort_uploads(names).await?;
        self.owed_aborts(Nothing {}).await
    }

    /// Uploads that are still to be given back because the user said so.
    pub async fn owed_aborts(&self, _: Nothing) -> Result<Vec<OwedAbort>, ApiError> {
        let rows = self.engine().owed_aborts().await?;
        Ok(rows
            .into_iter()
            .map(|row| OwedAbort {
                upload: reference(row.upload),
                requested_ms: row.requested_ms as f64,
                attempts: row.attempts,
                error: row.failure.map(Into::into),
            })
            .collect())
    }
}

fn named(upload: UploadRef) -> Result<UploadName, ApiError> {
    let wrong =
        |field: &str, error: partway_domain::NameError| ApiError::input(field, error.to_string());
    Ok(UploadName {
        account: AccountId(upload.account),
        bucket: Bucket::parse(upload.bucket).map_err(|error| wrong("bucket", error))?,
        region: upload.region.unwrap_or_default(),
        key: Key::parse(upload.key).map_err(|error| wrong("key", error))?,
        upload_id: UploadId::parse(upload.upload_id).map_err(|error| wrong("upload_id", error))?,
    })
}

fn reference(upload: UploadName) -> UploadRef {
    UploadRef {
        account: upload.account.0,
        bucket: upload.bucket.as_str().to_owned(),
        region: Some(upload.region).filter(|region| !region.is_empty()),
        key: upload.key.as_str().to_owned(),
        upload_id: upload.upload_id.as_str().to_owned(),
    }
}

fn shown(
    account: &AccountId,
    bucket: &Bucket,
    region: Option<&str>,
    found: OpenUpload,
) -> UploadView {
    let (ownership, owner) = match found.ownership {
        Ownership::Ours(owner) => (UploadOwnership::Ours, Some(owner)),
        Ownership::Perhaps(owner) => (UploadOwnership::Perhaps, Some(owner)),
        Ownership::Foreign => (UploadOwnership::Foreign, None),
    };
    UploadView {
        must_stay: partway_engine::uploads::must_stay(found.ownership),
        upload: UploadRef {
            account: account.0.clone(),
            bucket: bucket.as_str().to_owned(),
            region: region.map(str::to_owned),
            key: found.key.as_str().to_owned(),
            upload_id: found.upload_id.as_str().to_owned(),
        },
        initiated: found.initiated,
        initiated_ms: found.initiated_ms.map(|ms| ms as f64),
        initiator: found.initiator,
        ownership,
        job: owner.map(|owner| view::number(owner.job.0)),
        transfer: owner.map(|owner| view::number(owner.transfer.0)),
        driven: owner.is_some_and(|owner| owner.driven),
        aborting: found.abort_owed || owner.is_some_and(|owner| owner.aborting),
    }
}
