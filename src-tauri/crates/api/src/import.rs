//! Taking over accounts of other programs on this computer.
//!
//! Files are found by their usual names and opened only when one is asked for. A secret goes from
//! file to keyring within this process; answers hold masked key ids.

use std::path::{Path, PathBuf};

use partway_domain::Account;
use partway_journal::Journal;
use partway_protocol::credential::mask;

use crate::api::{Api, blocking};
use crate::contract::{
    AccountDraft, CredentialDraft, ImportAccount, ImportFile, ImportFound, ImportKind,
    ImportObstacle, ImportRef, ImportRequest, Imported, Nothing,
};
use crate::error::ApiError;

mod aws;
mod coscli;
mod coscmd;
mod found;
mod obsutil;
mod rclone;
mod sections;

use found::{Contents, Found};

/// A larger file is no configuration.
const LARGEST_FILE: u64 = 1 << 20;

/// A second account of a name becomes `name 2`, up to here.
const MOST_ALIKE: u32 = 100;

const KINDS: [ImportKind; 5] = [
    ImportKind::Aws,
    ImportKind::Coscli,
    ImportKind::Coscmd,
    ImportKind::Obsutil,
    ImportKind::Rclone,
];

impl ImportKind {
    /// Below the home folder, the first that exists counts.
    fn paths(self) -> &'static [&'static str] {
        match self {
            Self::Aws => &[".aws/credentials"],
            Self::Coscli => &[".cos.yaml"],
            Self::Coscmd => &[".cos.conf"],
            Self::Obsutil => &[".obsutilconfig"],
            Self::Rclone => &[
                ".config/rclone/rclone.conf",
                ".rclone.conf",
                "AppData/Roaming/rclone/rclone.conf",
            ],
        }
    }

    fn read(self, text: &str, home: &Path) -> Contents {
        match self {
            Self::Aws => {
                let config = text_of(&home.join(".aws/config")).unwrap_or_default();
                Contents::open(aws::read(text, &config))
            }
            Self::Coscli => Contents::open(coscli::read(text)),
            Self::Coscmd => Contents::open(coscmd::read(text)),
            Self::Obsutil => Contents::open(obsutil::read(text)),
            Self::Rclone => rclone::read(text),
        }
    }
}

impl Api {
    /// Files of other programs that may hold accounts. None of them is opened for it.
    pub async fn import_files(&self, _: Nothing) -> Result<Vec<ImportFile>, ApiError> {
        let Some(home) = home() else {
            return Ok(Vec::new());
        };
        blocking::<_, ApiError>(move || Ok(files_in(&home))).await
    }

    /// What one of the files holds, without its secrets.
    pub async fn read_import(&self, file: ImportRef) -> Result<ImportFound, ApiError> {
        let contents = contents(file.kind).await?;
        let existing = self.journal(Journal::accounts).await?;
        let accounts = contents
            .found
            .into_iter()
            .map(|found| shown(found, &existing))
            .collect();
        Ok(ImportFound {
            kind: file.kind,
            accounts,
            encrypted: contents.encrypted,
        })
    }

    /// Takes over the chosen accounts; those with an obstacle are left out.
    pub async fn import_accounts(&self, request: ImportRequest) -> Result<Imported, ApiError> {
        let contents = contents(request.kind).await?;
        let mut imported = Imported {
            accounts: Vec::new(),
            this_run_only: None,
        };
        for found in contents.found {
            let existing = self.journal(Journal::accounts).await?;
            let wanted = request.names.contains(&found.name);
            if !wanted || obstacle(&found, &existing).is_some() {
                continue;
            }
            let saved = self.save_account(draft(found, &existing)).await?;
            imported.accounts.push(saved.account);
            imported.this_run_only = imported.this_run_only.or(saved.this_run_only);
        }
        Ok(imported)
    }
}

async fn contents(kind: ImportKind) -> Result<Contents, ApiError> {
    let gone = || {
        ApiError::new(
            "not_found",
            "the file is not there any more, or cannot be read",
        )
    };
    let home = home().ok_or_else(gone)?;
    blocking(move || {
        let path = existing_path(kind, &home).ok_or_else(gone)?;
        let text = text_of(&path).ok_or_else(gone)?;
        Ok::<_, ApiError>(kind.read(&text, &home))
    })
    .await
}

fn home() -> Option<PathBuf> {
    directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_owned())
}

fn files_in(home: &Path) -> Vec<ImportFile> {
    let file = |kind: ImportKind| {
        let path = existing_path(kind, home)?;
        let below = path.strip_prefix(home).unwrap_or(&path);
        Some(ImportFile {
            kind,
            path: format!("~/{}", below.display()),
        })
    };
    KINDS.into_iter().filter_map(file).collect()
}

fn existing_path(kind: ImportKind, home: &Path) -> Option<PathBuf> {
    let paths = kind.paths().iter().map(|path| home.join(path));
    paths.into_iter().find(|path| path.is_file())
}

fn text_of(path: &Path) -> Option<String> {
    let small = std::fs::metadata(path).is_ok_and(|about| about.len() <= LARGEST_FILE);
    let bytes = std::fs::read(path).ok().filter(|_| small)?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn obstacle(found: &Found, existing: &[Account]) -> Option<ImportObstacle> {
    if found.obstacle.is_some() {
        return found.obstacle;
    }
    let Some(credential) = &found.credential else {
        return Some(ImportObstacle::NoKey);
    };
    if found.endpoint.is_empty() {
        return Some(ImportObstacle::NoEndpoint);
    }
    let masked = mask(&credential.access_key);
    let known = existing
        .iter()
        .any(|account| account.masked_key_id == masked && account.endpoint == found.endpoint);
    known.then_some(ImportObstacle::Known)
}

fn shown(found: Found, existing: &[Account]) -> ImportAccount {
    let obstacle = obstacle(&found, existing);
    let credential = found.credential.as_ref();
    ImportAccount {
        masked_key_id: credential.map_or_else(String::new, |held| mask(&held.access_key)),
        temporary: credential.is_some_and(|held| held.token.is_some()),
        name: found.name,
        dialect: found.dialect.into(),
        endpoint: found.endpoint,
        region: found.region,
        addressing: found.addressing.into(),
        named_buckets: found.named_buckets,
        obstacle,
    }
}

fn draft(found: Found, existing: &[Account]) -> AccountDraft {
    AccountDraft {
        id: None,
        name: free_name(&found.name, existing),
        dialect: found.dialect.into(),
        endpoint: found.endpoint,
        region: found.region,
        addressing: found.addressing.into(),
        named_buckets: found.named_buckets,
        fallback_domain: false,
        credential: found.credential.map(|held| CredentialDraft {
            access_key: held.access_key,
            secret_key: held.secret_key,
            token: held.token,
        }),
        expires_ms: None,
        secret_of: None,
    }
}

/// The name without what has a meaning in addresses, and with a number if it is taken.
fn free_name(name: &str, existing: &[Account]) -> String {
    let clean: String = name
        .chars()
        .filter(|c| !c.is_control())
        .map(|c| if matches!(c, '@' | '/') { '-' } else { c })
        .take(50)
        .collect();
    let taken = |name: &str| {
        existing
            .iter()
            .any(|account| account.name.to_lowercase() == name.to_lowercase())
    };
    let numbered = (2..MOST_ALIKE).map(|number| format!("{clean} {number}"));
    std::iter::once(clean.clone())
        .chain(numbered)
        .find(|name| !taken(name))
        .unwrap_or(clean)
}

/// Whether an endpoint text leads anywhere, with the scheme it lacks.
fn endpoint_of(text: &str) -> String {
    let text = text.trim().trim_end_matches('/');
    if text.is_empty() || text.contains("://") {
        return text.to_owned();
    }
    format!("https://{text}")
}

#[cfg(test)]
mod tests;
