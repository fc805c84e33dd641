//! The port to wherever credentials live.

use partway_domain::AccountId;
use partway_protocol::credential::Credential;
use thiserror::Error;

/// Where credentials live. Calls may block (the keyring may ask the user): use them from
/// `spawn_blocking`.
pub trait SecretStore: Send + Sync + std::fmt::Debug {
    /// The credential of an account, if there is one.
    fn load(&self, account: &AccountId) -> Result<Option<Credential>, SecretError>;
    /// Keeps a credential and says where.
    fn save(&self, account: &AccountId, credential: &Credential) -> Result<Kept, SecretError>;
    /// Forgets a credential; one that is not there is no error.
    fn remove(&self, account: &AccountId) -> Result<(), SecretError>;
}

/// Where a credential was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// In the keyring of the operating system.
    Keyring,
    /// In memory only; gone when this program ends.
    ThisRunOnly {
        /// Why, in one sentence.
        reason: String,
    },
}

/// The keyring refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the keyring failed: {0}")]
pub struct SecretError(pub String);
