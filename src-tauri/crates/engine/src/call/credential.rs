//! Credentials while the program runs: loaded once, and never sent again and again once a
//! server has refused them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use partway_domain::{Account, AccountId, Failure, FailureKind};
use partway_protocol::credential::Credential;

use super::lock;
use crate::blocking::Blocking;
use crate::secret::SecretStore;

/// After a refusal the same credential is not tried again for so long, or every object of a
/// large job would ask once more.
const REFUSED_FOR: Duration = Duration::from_secs(10);

/// OBS shuts out who sends wrong signatures too often (`TooManyWrongSignature`); every further
/// one would prolong that.
const SHUT_OUT_FOR: Duration = Duration::from_secs(300);

#[derive(Debug)]
pub(super) struct Credentials {
    secrets: Arc<dyn SecretStore>,
    blocking: Blocking,
    known: Mutex<HashMap<AccountId, Arc<Credential>>>,
    refused: Mutex<HashMap<AccountId, Refusal>>,
    /// One question to the keyring at a time: it may ask a person.
    loading: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Refusal {
    credential: Credential,
    failure: Failure,
    until_ms: i64,
}

impl Credentials {
    pub(super) fn new(secrets: Arc<dyn SecretStore>, blocking: Blocking) -> Self {
        Self {
            secrets,
            blocking,
            known: Mutex::default(),
            refused: Mutex::default(),
            loading: tokio::sync::Mutex::default(),
        }
    }

    /// The stored credential of an account.
    pub(super) async fn of(&self, account: &Account) -> Result<Arc<Credential>, Failure> {
        let known = || lock(&self.known).get(&account.id).cloned();
        if let Some(known) = known() {
            return Ok(known);
        }
        let _loading = self.loading.lock().await;
        // Whoever asked before may have brought it.
        if let Some(known) = known() {
            return Ok(known);
        }
        let (secrets, id) = (Arc::clone(&self.secrets), account.id.clone());
        let missing = |why: String| {
            Failure::local(
                FailureKind::MissingCredential,
                format!(
                    "there is no secret for the account {:?}: {why}; enter it again",
                    account.name
                ),
            )
        };
        let loaded = self
            .blocking
            .run(move || secrets.load(&id))
            .await
            .map_err(|gone| missing(gone.to_string()))?
            .map_err(|error| missing(error.to_string()))?
            .ok_or_else(|| missing("the keyring does not have it".to_owned()))?;
        let loaded = Arc::new(loaded);
        lock(&self.known).insert(account.id.clone(), Arc::clone(&loaded));
        Ok(loaded)
    }

    /// Another one was stored, or the user wants it tried again.
    pub(super) fn forget(&self, account: &AccountId) {
        lock(&self.known).remove(account);
        lock(&self.refused).remove(account);
    }

    /// Remembers that a server refused a credential, if that is what the failure says.
    pub(super) fn note(
        &self,
        account: &AccountId,
        credential: &Credential,
        failure: &Failure,
        now_ms: i64,
    ) {
        if !matches!(
            failure.kind,
            FailureKind::WrongCredential | FailureKind::ExpiredCredential
        ) {
            return;
        }
        // The user may have stored another one meanwhile.
        lock(&self.known).remove(account);
        let shut_out = failure.code.as_deref() == Some("TooManyWrongSignature");
        let pause = if shut_out { SHUT_OUT_FOR } else { REFUSED_FOR };
        let refusal = Refusal {
            credential: credential.clone(),
            failure: failure.clone(),
            until_ms: now_ms + i64::try_from(pause.as_millis()).unwrap_or(i64::MAX),
        };
        lock(&self.refused).insert(account.clone(), refusal);
    }

    /// All are read from their store again when they are needed next.
    pub(super) fn reload(&self) {
        lock(&self.known).clear();
    }

    /// The refusal that still stands for a credential. Nothing was sent this time.
    pub(super) fn refusal(
        &self,
        account: &AccountId,
        credential: &Credential,
        now_ms: i64,
    ) -> Option<Failure> {
        let refused = lock(&self.refused);
        let refusal = refused.get(account)?;
        let stands = refusal.until_ms > now_ms && refusal.credential == *credential;
        stands.then(|| Failure {
            attempts: 0,
            ..refusal.failure.clone()
        })
    }
}
