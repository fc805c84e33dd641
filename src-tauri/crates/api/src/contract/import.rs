//! Accounts of other programs on this computer. Their secrets go from file to keyring and are in
//! no answer.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AccountView, Addressing, Dialect};

/// Programs whose accounts can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportKind {
    /// `~/.aws/credentials` and `~/.aws/config`
    Aws,
    /// `~/.cos.yaml` of coscli
    Coscli,
    /// `~/.cos.conf` of coscmd
    Coscmd,
    /// `~/.obsutilconfig`
    Obsutil,
    /// `rclone.conf`
    Rclone,
}

/// Why an account that was found cannot be taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportObstacle {
    /// The program keeps the secret in a form that only it can read.
    Encrypted,
    /// There is no key in it: it comes from a role, a sign-on or the environment.
    NoKey,
    /// The place is missing: no region and no endpoint.
    NoEndpoint,
    /// An account with this key and endpoint exists.
    Known,
}

value! {
/// A file of another program that is there. Nothing has opened it yet.
pub struct ImportFile {
    pub kind: ImportKind,
    /// As one writes it: `~/.cos.yaml`.
    pub path: String,
}

pub struct ImportRef { pub kind: ImportKind }

pub struct ImportFound {
    pub kind: ImportKind,
    pub accounts: Vec<ImportAccount>,
    /// The whole file is encrypted: nothing in it can be read.
    pub encrypted: bool,
}

pub struct ImportAccount {
    /// Its name in the file; it can be chosen by it.
    pub name: String,
    pub dialect: Dialect,
    pub endpoint: String,
    pub region: String,
    pub addressing: Addressing,
    pub masked_key_id: String,
    pub named_buckets: Vec<String>,
    /// It has a session token, and may have expired.
    pub temporary: bool,
    pub obstacle: Option<ImportObstacle>,
}

pub struct ImportRequest {
    pub kind: ImportKind,
    /// Accounts by their names in the file.
    pub names: Vec<String>,
}

pub struct Imported {
    pub accounts: Vec<AccountView>,
    /// `null`: secrets are in the system keyring. Otherwise why only for this run.
    pub this_run_only: Option<String>,
}
}
