//! What is remembered beside an account: when it was last used, when its key expires.
//!
//! Not columns of the account: they change on their own, and losing them harms nothing.

use std::collections::HashMap;

use partway_domain::AccountId;
use partway_engine::clock::{Clock, SystemClock};
use partway_journal::Journal;
use serde::{Deserialize, Serialize};

use crate::api::Api;
use crate::error::ApiError;

/// Under this name they stand in the journal.
const NAME: &str = "account_notes";

/// Using an account again within this time is not written down again.
const FINE_ENOUGH_MS: i64 = 60_000;

/// What is known about one account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Note {
    #[serde(default)]
    pub(crate) used_ms: Option<i64>,
    #[serde(default)]
    pub(crate) expires_ms: Option<i64>,
}

/// All notes, once they were read.
#[derive(Debug, Default)]
pub(crate) struct Notes(tokio::sync::Mutex<Option<HashMap<String, Note>>>);

impl Api {
    /// The account is about to be asked something.
    pub(crate) async fn note_use(&self, id: &AccountId) -> Result<(), ApiError> {
        let now = SystemClock.now_ms();
        self.change_notes(|notes| {
            let note = notes.entry(id.0.clone()).or_default();
            let fresh = note.used_ms.is_some_and(|at| now - at < FINE_ENOUGH_MS);
            if !fresh {
                note.used_ms = Some(now);
            }
            !fresh
        })
        .await
    }

    pub(super) async fn note_of(&self, id: &AccountId) -> Result<Note, ApiError> {
        let mut note = Note::default();
        self.change_notes(|notes| {
            note = notes.get(&id.0).copied().unwrap_or_default();
            false
        })
        .await?;
        Ok(note)
    }

    #[allow(
        clippy::cast_possible_truncation,
        reason = "milliseconds since 1970 are whole and small"
    )]
    pub(super) async fn note_expiry(
        &self,
        id: &AccountId,
        at_ms: Option<f64>,
    ) -> Result<(), ApiError> {
        self.change_notes(|notes| {
            notes.entry(id.0.clone()).or_default().expires_ms = at_ms.map(|at| at as i64);
            true
        })
        .await
    }

    pub(super) async fn forget_notes(&self, id: &AccountId) -> Result<(), ApiError> {
        self.change_notes(|notes| notes.remove(&id.0).is_some())
            .await
    }

    /// Reads the notes if nobody has yet, and writes them down when `change` says so.
    async fn change_notes(
        &self,
        change: impl FnOnce(&mut HashMap<String, Note>) -> bool,
    ) -> Result<(), ApiError> {
        let mut held = self.notes().0.lock().await;
        let notes = match &mut *held {
            Some(notes) => notes,
            empty => {
                let stored = self
                    .journal(|journal: &Journal| journal.setting(NAME))
                    .await?;
                // One this version cannot read is as good as none.
                empty.insert(
                    stored
                        .and_then(|value| serde_json::from_value(value).ok())
                        .unwrap_or_default(),
                )
            }
        };
        if !change(notes) {
            return Ok(());
        }
        let value = serde_json::to_value(&*notes)
            .map_err(|error| ApiError::new("internal", error.to_string()))?;
        self.journal(move |journal| journal.put_setting(NAME, &value))
            .await
    }
}
