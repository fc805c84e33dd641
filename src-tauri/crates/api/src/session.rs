//! What the window keeps for its next start: tabs, bookmarks, columns. The core does not read it.

use crate::api::Api;
use crate::contract::{Nothing, Session, SessionPart, SessionRef};
use crate::error::ApiError;

/// Bytes of one part. A hundred tabs and a thousand bookmarks are far below.
const LARGEST: usize = 1 << 20;

/// The name a part stands under in the journal.
fn name(part: SessionPart) -> &'static str {
    match part {
        SessionPart::Panes => "session.panes",
        SessionPart::Places => "session.places",
        SessionPart::Columns => "session.columns",
    }
}

impl Api {
    /// What was kept, as it was given to [`Self::put_session`].
    pub async fn session(&self, SessionRef { part }: SessionRef) -> Result<Session, ApiError> {
        let kept = self
            .journal(move |journal| journal.setting(name(part)))
            .await?;
        Ok(Session {
            part,
            json: kept.map(|value| value.to_string()),
        })
    }

    /// Keeps a part in place of what was kept before. Refuses what is not JSON, and more than a
    /// megabyte.
    pub async fn put_session(&self, session: Session) -> Result<Nothing, ApiError> {
        let json = session.json.unwrap_or_else(|| "null".to_owned());
        if json.len() > LARGEST {
            return Err(ApiError::input(
                "json",
                format!(
                    "{} bytes are more than the {LARGEST} a part may have",
                    json.len()
                ),
            ));
        }
        let value = serde_json::from_str(&json)
            .map_err(|error| ApiError::input("json", format!("not JSON: {error}")))?;
        self.journal(move |journal| journal.put_setting(name(session.part), &value))
            .await?;
        Ok(Nothing {})
    }
}
