//! Accounts: kept in the journal, their secrets in the keyring.

use std::collections::BTreeSet;

use partway_domain::{Account, AccountId, Failure, FailureKind, JobId};
use partway_engine::secret::{Kept, SecretError};
use partway_journal::table::job::JobRow;
use partway_journal::{Change, Durability, Journal, JournalError};
use partway_protocol::credential::{Credential, mask};
use partway_protocol::op;

use crate::api::{Api, blocking};
use crate::contract::{
    AccountDraft, AccountRef, AccountView, BucketView, Nothing, SavedAccount, SecretPlace,
};
use crate::error::ApiError;
use crate::view;

mod check;
mod draft;
mod notes;

pub(crate) use check::{Checks, Tested};
pub(crate) use notes::{Note, Notes};

/// No list of buckets is read further: they are shown at once, and nobody has as many.
const MOST_BUCKETS: usize = 100_000;

/// Some servers send few at a time; these many pages of a thousand hold ten times as many.
const MOST_BUCKET_PAGES: usize = 1_000;

impl From<SecretError> for ApiError {
    fn from(error: SecretError) -> Self {
        Self::new("keyring", error.to_string())
    }
}

impl Api {
    /// All accounts by name.
    pub async fn accounts(&self, _: Nothing) -> Result<Vec<AccountView>, ApiError> {
        let accounts = self.journal(Journal::accounts).await?;
        let mut views = Vec::with_capacity(accounts.len());
        for account in accounts {
            views.push(self.view_of(account).await?);
        }
        Ok(views)
    }

    async fn view_of(&self, account: Account) -> Result<AccountView, ApiError> {
        let place = if account.demo {
            SecretPlace::Demo
        } else {
            self.secret_place(&account.id).await
        };
        let note = self.note_of(&account.id).await?;
        Ok(view::account(account, place, note))
    }

    /// Adds an account, or changes the one of that id. Does not test it.
    pub async fn save_account(&self, draft: AccountDraft) -> Result<SavedAccount, ApiError> {
        let existing = self.journal(Journal::accounts).await?;
        let (expires_ms, secret_of) = (draft.expires_ms, draft.secret_of.clone());
        let prepared = draft::parse(draft, &existing).map_err(draft::first)?;
        let (mut account, mut credential) = (prepared.account, prepared.credential);
        let before = existing.iter().find(|old| old.id == account.id);
        if before.is_some_and(|before| speaks_to_another(before, &account)) {
            let id = account.id.clone();
            let open = self.journal(move |journal| Open::of(journal, &id)).await?;
            open.refuse("its uploads stay at the server they were opened at")?;
        }
        if let (None, Some(other)) = (&credential, secret_of) {
            let copied = self.stored(&AccountId(other)).await?;
            let copied = copied.ok_or_else(check::secret_is_missing)?;
            account.masked_key_id = mask(&copied.access_key);
            credential = Some(copied);
        }
        if credential.is_some() {
            self.note_expiry(&account.id, expires_ms).await?;
        }
        let mut this_run_only = None;
        if let Some(credential) = credential {
            if let Kept::ThisRunOnly { reason } = self.keep(&account.id, credential).await? {
                this_run_only = Some(reason);
            }
        } else if let Some(old) = existing.iter().find(|old| old.id == account.id) {
            account.masked_key_id.clone_from(&old.masked_key_id);
        }
        self.keyring_problem().clone_from(&this_run_only);
        let row = account.clone();
        let learned = self
            .tested()
            .as_ref()
            .and_then(|tested| tested.of(&account));
        self.journal(move |journal| {
            journal.put_account(&row)?;
            let Some(learned) = learned else {
                return Ok(());
            };
            let change = Change::CapabilitiesLearned {
                account: row.id,
                bucket: None,
                learned,
            };
            journal.write(vec![change], Durability::Durable)
        })
        .await?;
        Ok(SavedAccount {
            account: self.view_of(account).await?,
            this_run_only,
        })
    }

    /// Removes an account and its secret; its settled jobs stay in the history.
    pub async fn remove_account(&self, account: AccountRef) -> Result<Nothing, ApiError> {
        let id = AccountId(account.account);
        let row = id.clone();
        let in_use = self
            .journal(move |journal| remove_unless_used(journal, &row))
            .await?;
        in_use.refuse("without the account nobody could give those uploads back")?;
        let secrets = std::sync::Arc::clone(self.secrets());
        let forgotten = id.clone();
        blocking(move || secrets.remove(&forgotten)).await?;
        self.engine().forget_credential(&id);
        self.known_secrets().remove(&id);
        self.forget_notes(&id).await?;
        Ok(Nothing {})
    }

    /// Buckets an account may list, and those named by the user.
    pub async fn buckets(&self, account: AccountRef) -> Result<Vec<BucketView>, ApiError> {
        let account = self.account(&account.account).await?;
        let mut buckets = match self.list_buckets(&account).await {
            Ok(listed) => listed,
            Err(failure)
                if failure.kind == FailureKind::AccessDenied
                    && !account.named_buckets.is_empty() =>
            {
                Vec::new()
            }
            Err(failure) => return Err(failure.into()),
        };
        for name in account.named_buckets {
            if buckets.iter().all(|bucket| bucket.name != name) {
                buckets.push(BucketView {
                    name,
                    region: None,
                    created: None,
                });
            }
        }
        Ok(buckets)
    }

    async fn list_buckets(&self, account: &Account) -> Result<Vec<BucketView>, Failure> {
        let mut buckets = Vec::new();
        let mut cursor = None;
        let mut trail = op::Trail::default();
        for _ in 0..MOST_BUCKET_PAGES {
            let page = self
                .engine()
                .call(account, None, &op::ListBuckets { cursor })
                .await?
                .output;
            trail
                .follow(&page)
                .map_err(|endless| Failure::local(FailureKind::BadResponse, endless.to_string()))?;
            buckets.extend(page.buckets.into_iter().map(bucket));
            cursor = page.next;
            if cursor.is_none() {
                return Ok(buckets);
            }
            if buckets.len() > MOST_BUCKETS {
                break;
            }
        }
        Err(Failure::local(
            FailureKind::BadResponse,
            format!(
                "the list of buckets does not end; at most {MOST_BUCKETS} on {MOST_BUCKET_PAGES} pages are read: add the ones you need to the account by name"
            ),
        ))
    }

    async fn keep(&self, id: &AccountId, credential: Credential) -> Result<Kept, ApiError> {
        let secrets = std::sync::Arc::clone(self.secrets());
        let account = id.clone();
        let kept = blocking(move || secrets.save(&account, &credential)).await?;
        self.engine().forget_credential(id);
        let place = match kept {
            Kept::Keyring => SecretPlace::Keyring,
            Kept::ThisRunOnly { .. } => SecretPlace::ThisRun,
        };
        self.known_secrets().insert(id.clone(), place);
        Ok(kept)
    }

    /// The stored credential of an account.
    async fn stored(&self, id: &AccountId) -> Result<Option<Credential>, ApiError> {
        let secrets = std::sync::Arc::clone(self.secrets());
        let account = id.clone();
        blocking(move || secrets.load(&account)).await
    }

    /// Where the secret is. The keyring is asked once per account and run.
    async fn secret_place(&self, id: &AccountId) -> SecretPlace {
        let known = self.known_secrets().get(id).copied();
        if let Some(known) = known {
            return known;
        }
        match self.stored(id).await {
            Ok(stored) => {
                let place = match stored {
                    Some(_) => SecretPlace::Keyring,
                    None => SecretPlace::Missing,
                };
                self.known_secrets().insert(id.clone(), place);
                place
            }
            Err(error) => {
                *self.keyring_problem() = Some(error.message);
                SecretPlace::Missing
            }
        }
    }
}

/// Whether requests go to another server, or in another language, than before.
fn speaks_to_another(before: &Account, after: &Account) -> bool {
    before.endpoint != after.endpoint || before.dialect != after.dialect
}

/// What still needs an account.
#[derive(Debug, Default)]
struct Open {
    /// Jobs that are unfinished, or have uploads to give back.
    jobs: BTreeSet<JobId>,
    /// Uploads that were to be aborted and are not gone yet.
    aborts: usize,
}

impl Open {
    /// Uploads that are open because of the account.
    fn of(journal: &Journal, id: &AccountId) -> Result<Self, JournalError> {
        let mut jobs = BTreeSet::new();
        for open in journal.open_uploads()? {
            let job = journal.job(open.job)?;
            jobs.extend(uses(&job, id).then_some(job.id));
        }
        let owed = journal.aborts()?;
        let aborts = owed.iter().filter(|row| row.upload.account == *id).count();
        Ok(Self { jobs, aborts })
    }

    fn refuse(&self, why: &str) -> Result<(), ApiError> {
        let mut users = Vec::new();
        if !self.jobs.is_empty() {
            let jobs: Vec<String> = self.jobs.iter().map(JobId::to_string).collect();
            users.push(format!(
                "copies that are unfinished or have uploads open on the server (job {}): finish or cancel them first",
                jobs.join(", ")
            ));
        }
        if self.aborts > 0 {
            users.push(format!(
                "uploads that are still to be aborted ({}): wait until the server says that they are gone",
                self.aborts
            ));
        }
        if users.is_empty() {
            return Ok(());
        }
        let users = users.join("; and by ");
        Err(ApiError::new(
            "in_use",
            format!("the account is used by {users}; {why}"),
        ))
    }
}

fn uses(job: &JobRow, id: &AccountId) -> bool {
    job.source_account == *id || job.destination_account == *id
}

/// What still needs the account; it is removed only if nothing does.
fn remove_unless_used(journal: &Journal, id: &AccountId) -> Result<Open, JournalError> {
    let mut in_use = Open::of(journal, id)?;
    let unfinished = journal.unfinished_jobs()?;
    let unfinished = unfinished.iter().filter(|job| uses(job, id));
    in_use.jobs.extend(unfinished.map(|job| job.id));
    if !in_use.jobs.is_empty() || in_use.aborts > 0 {
        return Ok(in_use);
    }
    let account = journal.accounts()?.into_iter().find(|have| have.id == *id);
    let Some(account) = account else {
        return Err(JournalError::NotFound {
            what: format!("account {id}"),
        });
    };
    let dialect = serde_json::Value::String(account.dialect.as_str().to_owned());
    journal.put_setting(&view::dialect_setting(id), &dialect)?;
    journal.put_setting(&view::name_setting(id), &account.name.into())?;
    journal.remove_account(id)?;
    Ok(in_use)
}

fn bucket(entry: op::BucketEntry) -> BucketView {
    BucketView {
        name: entry.name.as_str().to_owned(),
        region: entry.region,
        created: entry.created,
    }
}
