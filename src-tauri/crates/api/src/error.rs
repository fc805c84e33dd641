//! The one error the UI knows.

use partway_domain::{Failure, FailureKind};
use partway_journal::JournalError;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What went wrong, in the anatomy every screen shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ApiError {
    /// Meaning as a stable word (`access_denied`, `no_such_bucket`, …); the UI translates it.
    pub kind: String,
    /// Plain English: what, where and what to do.
    pub message: String,
    /// The form field it is about, for input errors.
    pub field: Option<String>,
    /// API operation, when one was sent.
    pub operation: Option<String>,
    /// Bucket it was about.
    pub bucket: Option<String>,
    /// Key it was about.
    pub key: Option<String>,
    /// HTTP status.
    pub status: Option<u16>,
    /// Provider's code.
    pub code: Option<String>,
    /// Provider's request id.
    pub request_id: Option<String>,
    /// How often the request was sent.
    pub attempts: u32,
}

impl ApiError {
    /// An error of ours: nothing was sent.
    pub fn new(kind: &str, message: impl Into<String>) -> Self {
        Self {
            kind: kind.to_owned(),
            message: message.into(),
            field: None,
            operation: None,
            bucket: None,
            key: None,
            status: None,
            code: None,
            request_id: None,
            attempts: 0,
        }
    }

    /// What the user typed cannot be used; `field` is the form field it stands in.
    pub fn input(field: &str, message: impl Into<String>) -> Self {
        Self {
            field: Some(field.to_owned()),
            ..Self::new("invalid", message)
        }
    }

    /// With the bucket it is about.
    #[must_use]
    pub fn about_bucket(mut self, bucket: &str) -> Self {
        self.bucket = Some(bucket.to_owned());
        self
    }

    /// With the key it is about.
    #[must_use]
    pub fn about_key(mut self, key: &str) -> Self {
        self.key = Some(key.to_owned());
        self
    }
}

/// Message first, then what support will ask for.
impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)?;
        let details: Vec<String> = [
            self.operation.clone(),
            self.status.map(|status| format!("HTTP {status}")),
            self.code.clone(),
            self.request_id
                .as_ref()
                .map(|id| format!("request id {id}")),
            (self.attempts > 1).then(|| format!("sent {} times", self.attempts)),
        ]
        .into_iter()
        .flatten()
        .collect();
        if details.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", details.join(", "))
    }
}

impl std::error::Error for ApiError {}

impl From<JournalError> for ApiError {
    fn from(error: JournalError) -> Self {
        let kind = match error {
            JournalError::NotFound { .. } => "not_found",
            JournalError::Leased { .. } => "leased",
            JournalError::Newer { .. } => "journal_newer",
            JournalError::Unwritable { .. } => "journal_unwritable",
            _ => "journal",
        };
        Self::new(kind, error.to_string())
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        Self {
            kind: kind_word(failure.kind),
            message: failure.message,
            field: None,
            operation: (!failure.operation.is_empty()).then_some(failure.operation),
            bucket: failure.bucket,
            key: failure.key,
            status: failure.status,
            code: failure.code,
            request_id: failure.request_id,
            attempts: failure.attempts,
        }
    }
}

fn kind_word(kind: FailureKind) -> String {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(word)) => word,
        _ => "unknown".to_owned(),
    }
}
