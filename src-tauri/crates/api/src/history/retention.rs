//! How long ended jobs are kept.

use partway_engine::clock::{Clock as _, SystemClock};
use partway_journal::{Journal, JournalError};

use crate::api::Api;
use crate::contract::{HistoryRetention, Nothing};
use crate::error::ApiError;

/// Under this name it stands in the journal.
const NAME: &str = "history_retention";

const DAY_MS: i64 = 86_400_000;

impl Default for HistoryRetention {
    fn default() -> Self {
        Self {
            days: 180,
            objects: 1_000_000,
        }
    }
}

impl Api {
    /// How long ended jobs are kept.
    pub async fn history_retention(&self, _: Nothing) -> Result<HistoryRetention, ApiError> {
        self.journal(load).await
    }

    /// Sets how long ended jobs are kept; what is too old by then goes at the next start.
    pub async fn put_history_retention(
        &self,
        retention: HistoryRetention,
    ) -> Result<HistoryRetention, ApiError> {
        let value = serde_json::to_value(&retention)
            .map_err(|error| ApiError::new("internal", error.to_string()))?;
        self.journal(move |journal| journal.put_setting(NAME, &value))
            .await?;
        Ok(retention)
    }

    /// Forgets what is kept no longer, one job after the other, so that nobody waits for all.
    /// For programs that stay.
    pub fn forget_old_jobs_in_background(&self) {
        let api = self.clone();
        tokio::spawn(async move {
            match api.forget_old_jobs().await {
                Ok(0) => {}
                Ok(jobs) => tracing::info!(jobs, "the oldest jobs were forgotten"),
                Err(error) => tracing::warn!(%error, "old jobs could not be forgotten"),
            }
        });
    }

    async fn forget_old_jobs(&self) -> Result<u32, ApiError> {
        let now_ms = SystemClock.now_ms();
        let expired = self
            .journal(move |journal| {
                let kept = load(journal)?;
                let ended = (kept.days > 0).then(|| now_ms - i64::from(kept.days) * DAY_MS);
                let objects = (kept.objects > 0).then(|| u64::from(kept.objects));
                journal.expired_jobs(ended, objects)
            })
            .await?;
        let mut forgotten = 0;
        for job in expired {
            let gone = self
                .journal(move |journal| match journal.forget_job(job) {
                    // Somebody took it up again, or was faster.
                    Err(JournalError::CannotForget { .. } | JournalError::NotFound { .. }) => Ok(0),
                    outcome => outcome.map(|()| 1),
                })
                .await?;
            forgotten += gone;
        }
        Ok(forgotten)
    }
}

fn load(journal: &Journal) -> Result<HistoryRetention, JournalError> {
    let stored = journal.setting(NAME)?;
    Ok(stored
        .and_then(|value| serde_json::from_value(value).ok())
        .unwrap_or_default())
}
