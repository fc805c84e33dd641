//! Settings, and what the window needs before anything else.

use std::io::Write as _;
use std::path::Path;

use partway_engine::transport::{Network, Proxy};
use partway_journal::{Journal, JournalError};
use serde::{Deserialize, Serialize};

use crate::api::Api;
use crate::contract::{AppState, Exported, JobState, Nothing, Settings, SettingsText};
use crate::error::ApiError;
use crate::exports::NewFile;
use crate::view;

/// Under this name they stand in the journal.
const NAME: &str = "settings";

/// What the settings dialog and the copy dialog allow.
const TRANSFERS_AT_ONCE: std::ops::RangeInclusive<u32> = 1..=64;
/// 0 finds out by measuring.
const PARTS_AT_ONCE: std::ops::RangeInclusive<u32> = 0..=256;
const RETRIES: std::ops::RangeInclusive<u32> = 0..=20;
const JOBS_AT_ONCE: std::ops::RangeInclusive<u32> = 1..=64;

/// `en-XA` is English with accents, made for tests; builds for users do not offer it.
const LANGUAGES: [&str; 4] = ["en", "zh-CN", "de", "en-XA"];

/// The stored settings, or the defaults if there are none (or ones this version cannot read).
pub(crate) fn load(journal: &Journal) -> Result<Settings, JournalError> {
    let stored = journal.setting(NAME)?;
    Ok(stored
        .and_then(|value| serde_json::from_value(value).ok())
        .unwrap_or_default())
}

impl Api {
    /// Version, settings, accounts and what an earlier run left unfinished.
    pub async fn app_state(&self, _: Nothing) -> Result<AppState, ApiError> {
        let accounts = self.accounts(Nothing {}).await?;
        let settings = self.journal(load).await?;
        let unfinished = self.journal(Journal::unfinished_jobs).await?;
        let mut interrupted = view::jobs(self, unfinished).await?;
        interrupted.retain(|job| job.state == JobState::Interrupted);
        Ok(AppState {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            data_folder: self.data_folder().display().to_string(),
            keyring_problem: self.keyring_problem().clone(),
            journal_set_aside: self.set_aside().map(|path| path.display().to_string()),
            settings,
            accounts,
            interrupted,
        })
    }

    /// Checks, stores and applies; answers what is now in force.
    pub async fn put_settings(&self, settings: Settings) -> Result<Settings, ApiError> {
        check(
            "transfers_at_once",
            settings.transfers_at_once,
            &TRANSFERS_AT_ONCE,
        )?;
        check("parts_at_once", settings.parts_at_once, &PARTS_AT_ONCE)?;
        check("jobs_at_once", settings.jobs_at_once, &JOBS_AT_ONCE)?;
        check("retries", settings.retries, &RETRIES)?;
        if settings.part_size.is_some_and(|bytes| bytes < 1.0) {
            let why = "a part has at least one byte; leave it out to let the plan choose";
            return Err(ApiError::input("part_size", why));
        }
        let network = network(&settings)?;
        if let Some(language) = settings.language.as_deref()
            && !LANGUAGES.contains(&language)
        {
            return Err(ApiError::input(
                "language",
                format!(
                    "there is no language {language:?}; use one of {} or null",
                    LANGUAGES.join(", ")
                ),
            ));
        }
        let value = serde_json::to_value(&settings)
            .map_err(|error| ApiError::new("internal", error.to_string()))?;
        self.journal(move |journal| journal.put_setting(NAME, &value))
            .await?;
        self.engine()
            .set_jobs_at_once(settings.jobs_at_once as usize)
            .await?;
        self.engine().set_retries(settings.retries);
        self.set_network(&network)?;
        Ok(settings)
    }

    /// Writes the settings into a new file. They hold no secrets.
    pub async fn export_settings(&self, _: Nothing) -> Result<Exported, ApiError> {
        let settings = self.journal(load).await?;
        let mut file = NewFile::create(self, "partway-settings", "json")?;
        let kept = KeptSettings {
            partway_settings: FORM,
            settings,
        };
        let text = serde_json::to_string_pretty(&kept)
            .map_err(|error| ApiError::new("internal", error.to_string()))?;
        writeln!(file.file, "{text}").map_err(|error| {
            ApiError::new(
                "file",
                format!("the settings could not be written: {error}"),
            )
        })?;
        Ok(Exported {
            path: file.path.display().to_string(),
            rows: 1,
        })
    }

    /// Puts the settings of such a file in force; what an older version did not know keeps its
    /// default.
    pub async fn import_settings(&self, file: SettingsText) -> Result<Settings, ApiError> {
        let kept: KeptSettings = serde_json::from_str(&file.text).map_err(|error| {
            let why = format!("this is no file of settings that Partway wrote: {error}");
            ApiError::input("text", why)
        })?;
        if kept.partway_settings > FORM {
            let why = "a newer Partway wrote this file; update this one first";
            return Err(ApiError::input("text", why));
        }
        self.put_settings(kept.settings).await
    }
}

/// The form of a file of settings.
const FORM: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
struct KeptSettings {
    partway_settings: u32,
    settings: Settings,
}

/// The way to other computers that these settings ask for.
pub(crate) fn network(settings: &Settings) -> Result<Network, ApiError> {
    let proxy = match settings.proxy.as_deref().map(str::trim) {
        None | Some("") => Proxy::System,
        Some("direct") => Proxy::Direct,
        Some(address) => Proxy::Own(address.to_owned()),
    };
    let ca_file = settings.ca_file.as_deref().map(str::trim);
    let ca_file = ca_file.filter(|file| !file.is_empty()).map(Path::new);
    let field = match Network::new(proxy.clone(), None) {
        Ok(_) => "ca_file",
        Err(_) => "proxy",
    };
    Network::new(proxy, ca_file).map_err(|why| ApiError::input(field, why))
}

fn check(field: &str, value: u32, allowed: &std::ops::RangeInclusive<u32>) -> Result<(), ApiError> {
    if allowed.contains(&value) {
        return Ok(());
    }
    Err(ApiError::input(
        field,
        format!(
            "{field} is {value}; use {} to {}",
            allowed.start(),
            allowed.end()
        ),
    ))
}
