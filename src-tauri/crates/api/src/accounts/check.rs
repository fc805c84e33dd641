//! Testing an account: small checks in order, each with its own remedy.

use partway_domain::{Account, AccountId, Bucket, Capabilities, Prefix};
use partway_journal::Journal;
use partway_protocol::credential::Credential;

use self::report::Test;
use super::draft;
use crate::api::{Api, lock};
use crate::contract::{AccountCheck, AccountCheckup, AccountDraft, AccountTest, Nothing};
use crate::error::ApiError;

mod key;
mod look;
mod permission;
mod probe;
mod reach;
mod removal;
mod report;
mod shape;

pub(crate) use report::Checks;

/// What a draft's test learned, until the draft is saved.
#[derive(Debug, Clone)]
pub(crate) struct Tested {
    account: Account,
    learned: Capabilities,
}

impl Tested {
    /// What was learned, if it was learned from the server of this account.
    pub(super) fn of(&self, account: &Account) -> Option<Capabilities> {
        let same = self.account.dialect == account.dialect
            && self.account.endpoint == account.endpoint
            && self.account.region == account.region;
        same.then(|| self.learned.clone())
    }
}

/// Where to look, and whether something may be written there.
#[derive(Debug, Clone, Default)]
struct Wanted {
    bucket: Option<String>,
    probe: Option<Prefix>,
}

impl Api {
    /// Tries an account before it is saved. Writes nothing. Failed checks stand in the answer,
    /// not in the error.
    pub async fn test_account(&self, draft: AccountDraft) -> Result<AccountTest, ApiError> {
        let secret_of = draft.secret_of.clone().map(AccountId);
        let existing = self.journal(Journal::accounts).await?;
        let dialect = draft.dialect.into();
        let nothing = Capabilities::default();
        let mut test = Test::begin(self);
        let prepared = match draft::parse(draft, &existing) {
            Ok(prepared) => prepared,
            Err(errors) => {
                for error in errors {
                    test.failed("input", error);
                }
                return Ok(test.answer(false, dialect, &nothing));
            }
        };
        let credential = if prepared.credential.is_some() {
            prepared.credential
        } else {
            let owner = secret_of.as_ref().unwrap_or(&prepared.account.id);
            self.stored(owner).await?
        };
        let Some(credential) = credential else {
            test.failed("input", secret_is_missing());
            return Ok(test.answer(false, dialect, &nothing));
        };
        test.passed("input", "The form is complete.");
        let account = prepared.account;
        let ok = self
            .try_out(&account, &credential, &Wanted::default(), &mut test)
            .await;
        let learned = test.learned.clone();
        *self.tested() = Some(Tested {
            account,
            learned: learned.clone(),
        });
        Ok(test.answer(ok, dialect, &learned))
    }

    /// Tries a saved account, in a bucket of one's choice, and keeps what it learns about the
    /// server. Only with `probe` something is written: it is removed again, also when a check
    /// fails or nobody waits for the answer any more.
    pub async fn check_account(&self, checkup: AccountCheckup) -> Result<AccountTest, ApiError> {
        let wanted = Wanted::of(&checkup)?;
        let account = self.account(&checkup.account).await?;
        let mut test = Test::begin(self);
        let Some(credential) = self.stored(&account.id).await? else {
            test.failed("input", secret_is_missing());
            let known = self.known(&account.id).await?;
            return Ok(test.answer(false, account.dialect, &known));
        };
        test.passed("input", "The account is complete.");
        let (api, whole) = (self.clone(), account.clone());
        let tried = tokio::spawn(async move {
            let ok = api.try_out(&whole, &credential, &wanted, &mut test).await;
            (ok, test)
        });
        let (ok, test) = tried
            .await
            .map_err(|gone| ApiError::new("internal", format!("the test ended early: {gone}")))?;
        let known = self.remember(&account.id, test.learned.clone()).await?;
        Ok(test.answer(ok, account.dialect, &known))
    }

    /// What the test that was begun last has found, while it runs; nothing once it has answered.
    #[expect(clippy::unused_async, reason = "a command like the others")]
    pub async fn checks_so_far(&self, _: Nothing) -> Result<Vec<AccountCheck>, ApiError> {
        let running = self.running_test().upgrade();
        Ok(running.map_or_else(Vec::new, |checks| lock(&checks).clone()))
    }

    async fn known(&self, account: &AccountId) -> Result<Capabilities, ApiError> {
        let account = account.clone();
        self.journal(move |journal| journal.capabilities(&account, None))
            .await
    }

    /// Whether the account can be used for anything.
    async fn try_out(
        &self,
        account: &Account,
        credential: &Credential,
        wanted: &Wanted,
        test: &mut Test,
    ) -> bool {
        let Some(skew_ms) = self.reach(account, test).await else {
            return false;
        };
        let Some(may_list) = self.list(account, credential, skew_ms, test).await else {
            return false;
        };
        let mut usable = may_list;
        for name in &account.named_buckets {
            usable |= self.head(account, credential, name, test).await;
        }
        let bucket = wanted.bucket.as_deref();
        let Some(mut look) = self.choose(account, credential, bucket, test).await else {
            return usable && bucket.is_none();
        };
        let readable = look.read_only(test).await;
        // Whoever asks about one bucket wants to know about that one.
        usable = readable || (usable && bucket.is_none());
        match &wanted.probe {
            Some(prefix) => look.probe(prefix, test).await,
            None => look.no_object(test),
        }
        usable
    }
}

impl Wanted {
    fn of(checkup: &AccountCheckup) -> Result<Self, ApiError> {
        if let Some(bucket) = &checkup.bucket {
            Bucket::parse(bucket.clone())
                .map_err(|error| ApiError::input("bucket", error.to_string()))?;
        }
        let probe = match &checkup.probe {
            Some(prefix) if checkup.bucket.is_some() => Some(
                Prefix::parse(prefix.clone())
                    .map_err(|error| ApiError::input("probe", error.to_string()))?,
            ),
            Some(_) => {
                return Err(ApiError::input(
                    "bucket",
                    "name the bucket in which a probe object may be written",
                ));
            }
            None => None,
        };
        Ok(Self {
            bucket: checkup.bucket.clone(),
            probe,
        })
    }
}

pub(super) fn secret_is_missing() -> ApiError {
    ApiError::input(
        "access_key",
        "there is no secret for this account; enter it again",
    )
}
