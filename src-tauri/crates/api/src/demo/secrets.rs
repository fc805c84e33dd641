//! Credentials of the demo accounts: public constants that never reach the keyring.

use std::sync::Arc;

use partway_domain::AccountId;
use partway_engine::secret::{Kept, SecretError, SecretStore};
use partway_protocol::credential::Credential;

use super::Demo;

/// Another store with the demo accounts laid over it.
#[derive(Debug)]
pub(crate) struct DemoSecrets {
    below: Arc<dyn SecretStore>,
    demo: Demo,
}

impl DemoSecrets {
    pub(crate) fn new(below: Arc<dyn SecretStore>, demo: Demo) -> Self {
        Self { below, demo }
    }
}

impl SecretStore for DemoSecrets {
    fn load(&self, account: &AccountId) -> Result<Option<Credential>, SecretError> {
        match self.demo.endpoint(account) {
            Some(endpoint) => Ok(Some(Credential {
                access_key: endpoint.access_key,
                secret_key: endpoint.secret_key,
                token: None,
            })),
            None => self.below.load(account),
        }
    }

    fn save(&self, account: &AccountId, credential: &Credential) -> Result<Kept, SecretError> {
        self.below.save(account, credential)
    }

    fn remove(&self, account: &AccountId) -> Result<(), SecretError> {
        self.below.remove(account)
    }
}
