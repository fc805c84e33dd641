//! What the window needs first, and what it may change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AccountView, ConflictPolicy, JobView, OnClose};

/// Language, theme and the like. `language: null` and `theme: "system"` follow the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    System,
    Light,
    Dark,
}

/// How high the rows of lists are: 24, 28 or 32 pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Density {
    Compact,
    #[default]
    Normal,
    Roomy,
}

/// Powers of 1024 (MiB) or of 1000 (MB).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Units {
    #[default]
    Iec,
    Decimal,
}

/// What the window shows first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StartScreen {
    #[default]
    Browse,
    Transfers,
}

/// Which tradition the shortcuts follow: F5 reloads, or it copies to the other pane.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    #[default]
    Explorer,
    Commander,
}

value! {
/// What the program finds out about itself.
pub struct Diagnostics {
    pub version: String,
    /// `linux x86_64`
    pub system: String,
    pub data_folder: String,
    /// The newest form of the journal this program knows.
    pub journal_version: u32,
    pub checks: Vec<SelfCheck>,
}

pub struct SelfCheck {
    /// `journal`, `folder`, `keyring`
    pub name: String,
    pub ok: bool,
    /// Plain English: what was found, or what is wrong.
    pub detail: String,
}

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

/// Kept in the journal; applied at once. What an older version stored lacks the later ones.
pub struct Settings {
    /// `en`, `zh-CN`, `de` or `null` for the system's.
    pub language: Option<String>,
    pub theme: Theme,
    /// Defaults of the copy dialog.
    pub transfers_at_once: u32,
    /// 0: as many as make a copy faster, found out by measuring.
    pub parts_at_once: u32,
    /// Jobs running at once.
    pub jobs_at_once: u32,
    /// What closing the window does while jobs run.
    #[serde(default)]
    pub on_close: OnClose,
    #[serde(default)]
    pub density: Density,
    #[serde(default)]
    pub units: Units,
    #[serde(default)]
    pub start_screen: StartScreen,
    #[serde(default)]
    pub preset: Preset,
    /// Shortcuts chosen instead of the preset's, by action.
    #[serde(default)]
    pub shortcuts: BTreeMap<String, Vec<String>>,
    /// What the copy dialog starts with.
    #[serde(default = "ask")]
    pub on_conflict: ConflictPolicy,
    /// From where on pasting shows the copy dialog first.
    #[serde(default)]
    pub ask_above: AskAbove,
    /// Bytes of a part the copy dialog starts with; `null` chooses by the object.
    #[serde(default)]
    pub part_size: Option<f64>,
    /// How often a request is repeated while its server is in trouble.
    #[serde(default = "retries")]
    pub retries: u32,
    /// `null`: as the system has it, `direct`: none, else its address, without a password.
    #[serde(default)]
    pub proxy: Option<String>,
    /// File with certificates (PEM) of authorities that are trusted beside the system's.
    #[serde(default)]
    pub ca_file: Option<String>,
    /// Which ends of jobs the desktop is told of.
    #[serde(default)]
    pub notify: Notify,
    /// What providers charge, by account; none where the user entered none.
    #[serde(default)]
    pub prices: Vec<PriceTable>,
}

/// Settings as a file holds them.
pub struct SettingsText { pub text: String }

/// A part of the program that others wrote.
pub struct Licence { pub name: String, pub version: String, pub licence: String }

/// A copy of more than this is not started by pasting alone. Zero of either always asks.
pub struct AskAbove {
    pub objects: u32,
    /// Gibibytes.
    pub gib: u32,
}

/// Which notifications there are.
pub struct Notify { pub done: bool, pub failed: bool, pub needs_you: bool }

/// What the provider of an account charges, as the user entered it.
pub struct PriceTable {
    pub account: String,
    /// As shown before amounts: `¥`, `EUR`.
    pub currency: String,
    /// The day the prices were looked up: `2026-11-01`.
    pub dated: String,
    /// Per 10,000 requests that write or list.
    pub writes: f64,
    /// Per 10,000 requests that read.
    pub reads: f64,
    /// Per GiB stored for a month.
    pub storage: f64,
    /// Per GiB copied into another region.
    pub transfer: f64,
}
}

impl Default for AskAbove {
    fn default() -> Self {
        Self {
            objects: 10_000,
            gib: 100,
        }
    }
}

impl Default for Notify {
    fn default() -> Self {
        Self {
            done: true,
            failed: true,
            needs_you: true,
        }
    }
}

fn retries() -> u32 {
    7
}

fn ask() -> ConflictPolicy {
    ConflictPolicy::Ask
}

impl Default for Settings {
    fn default() -> Self {
        let copy = partway_domain::CopyOptions::default();
        Self {
            language: None,
            theme: Theme::System,
            transfers_at_once: copy.transfers_at_once,
            parts_at_once: copy.parts_at_once,
            jobs_at_once: 3,
            on_close: OnClose::default(),
            density: Density::default(),
            units: Units::default(),
            start_screen: StartScreen::default(),
            preset: Preset::default(),
            shortcuts: BTreeMap::new(),
            on_conflict: ask(),
            ask_above: AskAbove::default(),
            part_size: None,
            retries: retries(),
            proxy: None,
            ca_file: None,
            notify: Notify::default(),
            prices: Vec::new(),
        }
    }
}
