//! Settings, and what the window needs before anything else.

use partway_journal::{Journal, JournalError};

use crate::api::Api;
use crate::contract::{AppState, JobState, Nothing, Settings};
use crate::error::ApiError;
use crate::view;

/// Under this name they stand in the journal.
const NAME: &str = "settings";

/// What the settings dialog and the copy dialog allow.
const TRANSFERS_AT_ONCE: std::ops::RangeInclusive<u32> = 1..=64;
const PARTS_AT_ONCE: std::ops::RangeInclusive<u32> = 1..=256;
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
        Ok(settings)
    }
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
