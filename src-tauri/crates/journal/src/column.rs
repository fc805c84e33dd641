//! How the domain's words stand in columns.

use partway_domain::{ETag, Key, Prefix, VersionId};
use rusqlite::Row;
use rusqlite::types::Type;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The word a fieldless enum has in JSON: one spelling for the journal, the CLI and the UI.
pub(crate) fn word(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => unreachable!("only enums without fields are words, not {other:?}"),
    }
}

/// The way back from [`word`].
pub(crate) fn from_word<T: DeserializeOwned>(row: &Row, column: &str) -> rusqlite::Result<T> {
    let word: String = row.get(column)?;
    serde_json::from_value(word.into()).map_err(|error| unreadable(column, error))
}

/// A JSON document kept as text.
pub(crate) fn json(value: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// The way back from [`json`].
pub(crate) fn from_json<T: DeserializeOwned>(row: &Row, column: &str) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| unreadable(column, error))
}

/// A key, kept as a BLOB so that nothing ever compares or converts it as text.
pub(crate) fn key(row: &Row, column: &str) -> rusqlite::Result<Key> {
    Key::parse(bytes_as_text(row, column)?).map_err(|error| unreadable(column, error))
}

/// A prefix, kept as a BLOB like a key.
pub(crate) fn prefix(row: &Row, column: &str) -> rusqlite::Result<Prefix> {
    Prefix::parse(bytes_as_text(row, column)?).map_err(|error| unreadable(column, error))
}

/// A tag.
pub(crate) fn etag(row: &Row, column: &str) -> rusqlite::Result<ETag> {
    let text: String = row.get(column)?;
    // Through JSON, because parsing would trim what was stored.
    serde_json::from_value(text.into()).map_err(|error| unreadable(column, error))
}

/// A version, where there is one.
pub(crate) fn version(row: &Row, column: &str) -> rusqlite::Result<Option<VersionId>> {
    row.get::<_, Option<String>>(column)?
        .map(|text| VersionId::parse(text).map_err(|error| unreadable(column, error)))
        .transpose()
}

fn bytes_as_text(row: &Row, column: &str) -> rusqlite::Result<String> {
    String::from_utf8(row.get(column)?).map_err(|error| unreadable(column, error))
}

/// A column that holds what this program cannot have written.
pub(crate) fn unreadable(
    column: &str,
    error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> rusqlite::Error {
    let reason = format!("column {column}: {}", error.into());
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, reason.into())
}
