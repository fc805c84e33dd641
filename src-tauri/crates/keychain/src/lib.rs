//! The operating system's keyring behind the engine's `SecretStore`.
//!
//! Secret Service on Linux, Keychain on macOS, Credential Manager on Windows. Where none of
//! them answers a credential is kept in memory until the program ends, and the caller is told
//! why; it is never written anywhere in plain.

mod keyring_entry;
mod sealed;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use partway_domain::AccountId;
use partway_engine::secret::{Kept, SecretError, SecretStore};
use partway_protocol::credential::Credential;

use crate::keyring_entry::Refusal;
use crate::sealed::Sealed;

/// The keyring, and what it would not take.
///
/// Every call may block, even until the user has unlocked the keyring: use it from
/// `spawn_blocking`. Dropping it wipes what was kept in memory.
#[derive(Default)]
pub struct Keychain {
    /// Wins over the keyring, which may still hold what was saved before it was locked.
    this_run: Mutex<HashMap<AccountId, Sealed>>,
}

impl Keychain {
    /// Nothing is asked of the keyring before the first call.
    pub fn new() -> Self {
        Self::default()
    }

    fn this_run(&self) -> MutexGuard<'_, HashMap<AccountId, Sealed>> {
        self.this_run.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SecretStore for Keychain {
    fn load(&self, account: &AccountId) -> Result<Option<Credential>, SecretError> {
        if let Some(held) = self.this_run().get(account) {
            return held.open().map(Some);
        }
        match keyring_entry::read(account) {
            Ok(Some(sealed)) => sealed.open().map(Some),
            Ok(None) => Ok(None),
            Err(refusal) => Err(SecretError(refusal.reason())),
        }
    }

    fn save(&self, account: &AccountId, credential: &Credential) -> Result<Kept, SecretError> {
        let sealed = Sealed::close(credential)?;
        match keyring_entry::write(account, &sealed) {
            Ok(()) => {
                self.this_run().remove(account);
                Ok(Kept::Keyring)
            }
            Err(refusal) => {
                let reason = refusal.reason();
                tracing::warn!(%account, reason, "a secret is kept for this run only");
                self.this_run().insert(account.clone(), sealed);
                Ok(Kept::ThisRunOnly { reason })
            }
        }
    }

    fn remove(&self, account: &AccountId) -> Result<(), SecretError> {
        let held = self.this_run().remove(account).is_some();
        match keyring_entry::delete(account) {
            Ok(()) => Ok(()),
            // An account must stay removable on a computer that never had a keyring.
            Err(Refusal::NoKeyring(_)) => Ok(()),
            Err(_) if held => Ok(()),
            Err(refusal) => Err(SecretError(format!(
                "{}; the secret of the account may still be there",
                refusal.reason()
            ))),
        }
    }
}

/// Only how many are held.
impl fmt::Debug for Keychain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keychain")
            .field("this_run", &self.this_run().len())
            .finish_non_exhaustive()
    }
}
