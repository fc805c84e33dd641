//! History: searching it, copying again, taking it along, and how long it is kept.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CopyRequest, JobView, ManifestFormat};

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HistoryResult {
    /// Nothing failed.
    Done,
    /// Something failed, or everything did.
    Failures,
    Cancelled,
}

/// Where the text that was looked for stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MatchedIn {
    /// Bucket or prefix.
    Place,
    Key,
    RequestId,
}

value! {
/// Which ended jobs; all conditions hold together.
pub struct HistoryFilter {
    /// Part of a key, a bucket, a prefix or a request id; upper and lower case are the same.
    /// Empty for no such condition.
    pub text: String,
    /// Ended at or after.
    pub since_ms: Option<f64>,
    /// Ended before.
    pub until_ms: Option<f64>,
    /// Source or destination is seen through this account.
    pub account: Option<String>,
    pub result: Option<HistoryResult>,
    /// At least as many bytes in all.
    pub min_bytes: Option<f64>,
}

pub struct SearchHistory {
    pub filter: HistoryFilter,
    /// Page: jobs older than this one.
    pub before: Option<u32>,
    pub limit: u32,
}

pub struct HistoryPage {
    /// Newest first.
    pub found: Vec<HistoryFound>,
    /// What the next page comes after; `null` when there is nothing more.
    pub next: Option<u32>,
}

pub struct HistoryFound {
    pub job: JobView,
    /// What was found in it; `null` when no text was looked for.
    pub matched: Option<HistoryMatch>,
}

pub struct HistoryMatch { pub what: MatchedIn, pub text: String }

/// A job to be asked for once more, whole or only what failed.
pub struct CopyAgain { pub job: u32, pub only_failed: bool }

/// The request that asks for the same as an earlier job.
pub struct CopiedAgain {
    pub request: CopyRequest,
    /// Of the objects named one by one, as they were then.
    pub bytes: f64,
    /// The job had more objects than one request names; the rest is left out.
    pub more: bool,
}

/// A job as a command for a POSIX shell.
pub struct CommandLine {
    pub text: String,
    /// What it does not say, because it is secret, was renamed, or is too much: stable words
    /// `key_file`, `source_key_file`, `names`, `more`.
    pub lacks: Vec<String>,
}

pub struct ExportHistory {
    pub filter: HistoryFilter,
    pub format: ManifestFormat,
    /// Keys are replaced by their SHA-256, so that the same key stays recognisable.
    pub hash_keys: bool,
}

/// A file that was written.
pub struct Exported {
    pub path: String,
    /// Lines without the head.
    pub rows: u32,
}

/// How long ended jobs are kept. Unfinished ones always are.
pub struct HistoryRetention {
    /// Days after their end; 0 keeps them for ever.
    pub days: u32,
    /// Objects of all jobs together, the newest kept; 0 for no bound.
    pub objects: u32,
}
}
