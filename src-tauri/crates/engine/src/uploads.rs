//! Open uploads: what the servers have, whose it is, and how it is given back.
//!
//! Parts of an upload that nobody completes cost storage for as long as nobody aborts it. An
//! abort is owed from the moment it is written into the journal until the server says that the
//! upload is gone; the [`sweep`] tries again and again, also after a restart and after the
//! network was away.

use partway_domain::{
    Account, Bucket, Failure, FailureKind, JobId, Key, Prefix, State, TransferId, UploadId,
};
use partway_journal::table::abort::{AbortChange, AbortRow, UploadName};
use partway_journal::table::transfer::TransferRow;
use partway_journal::{Change, Durability, Journal, JournalError};
use partway_protocol::op::{ListMultipartUploads, ListParts, ListedUpload, Trail};

use crate::engine::{Engine, Shared};
use crate::lease::is_gone;
use crate::record::journal_failure;

pub(crate) mod abort;
pub(crate) mod sweep;

/// An upload a server has, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenUpload {
    /// The key it was opened for.
    pub key: Key,
    /// Its id.
    pub upload_id: UploadId,
    /// When it was opened: ISO 8601 as sent; without a zone it is UTC.
    pub initiated: String,
    /// The same in milliseconds since 1970; `None` if it cannot be read.
    pub initiated_ms: Option<i64>,
    /// Who opened it, in the provider's words.
    pub initiator: Option<String>,
    /// Whose it is, as far as this journal knows.
    pub ownership: Ownership,
    /// An abort is owed already.
    pub abort_owed: bool,
}

/// Whose an upload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership {
    /// A transfer of ours writes into it.
    Ours(Owner),
    /// A transfer of ours opened one for this key and never learned its id: this may be it.
    Perhaps(Owner),
    /// Nobody in this journal: another program's, another computer's, or a lost one.
    Foreign,
}

/// The transfer an upload belongs to.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, and any of them may hold beside the others"
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// Its job.
    pub job: JobId,
    /// The transfer.
    pub transfer: TransferId,
    /// Some living process drives the job.
    pub driven: bool,
    /// Complete was sent and its outcome is not known: nobody may abort this.
    pub completing: bool,
    /// It is being given back.
    pub aborting: bool,
    /// The transfer came to its end and left it behind.
    pub settled: bool,
}

/// What an upload holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UploadSize {
    /// Parts.
    pub parts: u32,
    /// Their bytes.
    pub bytes: u64,
}

impl Engine {
    /// Reads all open uploads of a bucket, page by page. `heard` is told of each page and says
    /// whether to go on.
    pub async fn open_uploads(
        &self,
        account: &Account,
        region: Option<&str>,
        bucket: &Bucket,
        heard: &(dyn Fn(Vec<OpenUpload>) -> bool + Send + Sync),
    ) -> Result<(), Failure> {
        let mut trail = Trail::default();
        let mut cursor = None;
        loop {
            let operation = ListMultipartUploads {
                bucket: bucket.clone(),
                prefix: Prefix::root(),
                cursor,
                encoded: false,
            };
            let page = self.call(account, region, &operation).await?.output;
            trail
                .follow(&page)
                .map_err(|endless| Failure::local(FailureKind::BadResponse, endless.to_string()))?;
            cursor = page.next;
            let known = self.known(account, bucket, page.uploads).await?;
            if !heard(known) || cursor.is_none() {
                return Ok(());
            }
        }
    }

    /// Sums up the parts of an upload.
    pub async fn upload_size(
        &self,
        account: &Account,
        region: Option<&str>,
        bucket: &Bucket,
        key: &Key,
        upload_id: &UploadId,
    ) -> Result<UploadSize, Failure> {
        let mut trail = Trail::default();
        let (mut size, mut after) = (UploadSize::default(), None);
        loop {
            let operation = ListParts {
                bucket: bucket.clone(),
                key: key.clone(),
                upload_id: upload_id.clone(),
                after,
            };
            let page = self.call(account, region, &operation).await?.output;
            trail
                .follow(&page)
                .map_err(|endless| Failure::local(FailureKind::BadResponse, endless.to_string()))?;
            size.parts += u32::try_from(page.parts.len()).unwrap_or(u32::MAX);
            size.bytes += page.parts.iter().map(|part| part.size).sum::<u64>();
            after = page.next;
            if after.is_none() {
                return Ok(size);
            }
        }
    }

    /// Whose an upload is, by what the journal knows now.
    pub fn ownership(&self, upload: &UploadName) -> Result<Ownership, Failure> {
        ownership(&self.shared, &upload.bucket, &upload.key, &upload.upload_id)
            .map_err(journal_failure)
    }

    /// Wants uploads gone, whoever opened them: from here on the journal owes their aborts. All
    /// or none: one that must stay refuses them all.
    pub async fn abort_uploads(&self, uploads: Vec<UploadName>) -> Result<(), Failure> {
        for upload in &uploads {
            if let Some(reason) = must_stay(self.ownership(upload)?) {
                return Err(Failure {
                    bucket: Some(upload.bucket.as_str().to_owned()),
                    key: Some(upload.key.as_str().to_owned()),
                    ..Failure::local(FailureKind::Invalid, reason)
                });
            }
        }
        let wanted = uploads
            .into_iter()
            .map(|upload| Change::Abort(AbortChange::Wanted(upload)))
            .collect();
        self.shared
            .record
            .write(wanted, Durability::Durable)
            .await
            .map_err(journal_failure)?;
        self.shared.sweeper.stir();
        Ok(())
    }

    /// Aborts that are owed, the longest wanted first.
    pub async fn owed_aborts(&self) -> Result<Vec<AbortRow>, Failure> {
        self.shared
            .record
            .blocking(Journal::aborts)
            .await
            .map_err(journal_failure)
    }

    async fn known(
        &self,
        account: &Account,
        bucket: &Bucket,
        listed: Vec<ListedUpload>,
    ) -> Result<Vec<OpenUpload>, Failure> {
        let owed = self.owed_aborts().await?;
        let is_owed = |upload: &ListedUpload| {
            owed.iter().any(|row| {
                row.upload.account == account.id
                    && row.upload.bucket == *bucket
                    && row.upload.key == upload.key
                    && row.upload.upload_id == upload.upload_id
            })
        };
        listed
            .into_iter()
            .map(|upload| {
                Ok(OpenUpload {
                    ownership: ownership(&self.shared, bucket, &upload.key, &upload.upload_id)
                        .map_err(journal_failure)?,
                    abort_owed: is_owed(&upload),
                    initiated_ms: partway_protocol::time::parse_ms(&upload.initiated),
                    key: upload.key,
                    upload_id: upload.upload_id,
                    initiated: upload.initiated,
                    initiator: upload.initiator,
                })
            })
            .collect()
    }
}

/// Why an upload may not be aborted; `None` if it may.
pub fn must_stay(ownership: Ownership) -> Option<String> {
    let (Ownership::Ours(owner) | Ownership::Perhaps(owner)) = ownership else {
        return None;
    };
    let job = owner.job;
    if owner.completing {
        return Some(format!(
            "job {job} may have completed this upload, which nobody knows yet; resume the job, it finds out"
        ));
    }
    (owner.driven && !owner.settled).then(|| {
        format!("job {job} is copying with this upload; cancel the job to give the upload back")
    })
}

pub(crate) fn ownership(
    shared: &Shared,
    bucket: &Bucket,
    key: &Key,
    upload_id: &UploadId,
) -> Result<Ownership, JournalError> {
    let journal = shared.record.journal();
    for row in journal.transfers_with_upload(upload_id)? {
        if row.destination_key == *key
            && let Some(owner) = owner(shared, bucket, &row)?
        {
            return Ok(Ownership::Ours(owner));
        }
    }
    for row in journal.transfers_missing_upload(key)? {
        if let Some(owner) = owner(shared, bucket, &row)? {
            return Ok(Ownership::Perhaps(owner));
        }
    }
    Ok(Ownership::Foreign)
}

fn owner(
    shared: &Shared,
    bucket: &Bucket,
    row: &TransferRow,
) -> Result<Option<Owner>, JournalError> {
    let job = shared.record.journal().job(row.job)?;
    if job.destination_bucket != *bucket {
        return Ok(None);
    }
    let Some(upload) = &row.upload else {
        return Ok(None);
    };
    let lives = |holder: &str| !is_gone(holder, &shared.holder);
    Ok(Some(Owner {
        job: row.job,
        transfer: row.id,
        driven: job.lease.is_some_and(|lease| lives(&lease.holder)),
        completing: upload.completing || row.state == State::Completing,
        aborting: upload.aborting,
        settled: row.state.is_settled(),
    }))
}
