//! One suite for every dialect: what the servers' pages promise, as the engine meets it.
//!
//! Each case is one `async fn(DialectName)` and runs once per dialect; where dialects differ
//! the case says so by their declared limits, never by skipping.

mod desk;
mod listing;
mod multipart;
mod objects;
mod planning;
mod refusals;
