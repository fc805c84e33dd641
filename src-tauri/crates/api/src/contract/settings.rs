//! What the window needs first, and what it may change.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AccountView, JobView};

/// Language, theme and the like. `language: null` and `theme: "system"` follow the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    System,
    Light,
    Dark,
}

value! {
/// What a command without arguments takes.
pub struct Nothing {}

/// What the window needs first.
pub struct AppState {
    pub version: String,
    /// Where the journal lies.
    pub data_folder: String,
    /// `null`: secrets go to the system keyring; otherwise why they are kept for this run only.
    pub keyring_problem: Option<String>,
    /// A corrupt journal was moved here.
    pub journal_set_aside: Option<String>,
    pub settings: Settings,
    pub accounts: Vec<AccountView>,
    /// Jobs an earlier run left unfinished, none of them running now.
    pub interrupted: Vec<JobView>,
}

/// Kept in the journal; applied at once.
pub struct Settings {
    /// `en`, `zh-CN` or `null` for the system's.
    pub language: Option<String>,
    pub theme: Theme,
    /// Defaults of the copy dialog.
    pub transfers_at_once: u32,
    pub parts_at_once: u32,
    /// Jobs running at once.
    pub jobs_at_once: u32,
}
}
