//! What the program finds out about itself when somebody asks whether it is well.

use std::fs;
use std::path::Path;

use partway_domain::AccountId;
use partway_journal::Journal;
use partway_journal::migration::known_version;

use crate::api::{Api, blocking};
use crate::contract::{Diagnostics, Nothing, SelfCheck};
use crate::error::ApiError;

impl Api {
    /// Versions, and whether journal, data folder and keyring do what they are for.
    pub async fn diagnostics(&self, _: Nothing) -> Result<Diagnostics, ApiError> {
        let accounts = self.journal(Journal::accounts).await;
        let journal = check(
            "journal",
            accounts.map(|all| format!("It can be read; it knows {} accounts.", all.len())),
        );
        let folder = self.data_folder().to_owned();
        let folder = check("folder", blocking(move || writable(&folder)).await);
        let checks = vec![journal, folder, check("keyring", self.ask_keyring().await)];
        Ok(Diagnostics {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            data_folder: self.data_folder().display().to_string(),
            journal_version: u32::try_from(known_version()).unwrap_or_default(),
            checks,
        })
    }

    /// Looks for a secret nobody filed: an answer, even an empty one, says that somebody is there.
    async fn ask_keyring(&self) -> Result<String, ApiError> {
        let secrets = std::sync::Arc::clone(self.secrets());
        let nobody = AccountId("self-test".to_owned());
        blocking(move || secrets.load(&nobody)).await?;
        Ok("It answers.".to_owned())
    }
}

fn check(name: &str, found: Result<String, ApiError>) -> SelfCheck {
    let (ok, detail) = match found {
        Ok(detail) => (true, detail),
        Err(error) => (false, error.message),
    };
    SelfCheck {
        name: name.to_owned(),
        ok,
        detail,
    }
}

fn writable(folder: &Path) -> Result<String, ApiError> {
    let probe = folder.join(".self-test");
    fs::write(&probe, b"partway")
        .and_then(|()| fs::remove_file(&probe))
        .map_err(|error| {
            ApiError::new(
                "unwritable",
                format!("{} cannot be written: {error}", folder.display()),
            )
        })?;
    Ok(format!("{} can be written.", folder.display()))
}
