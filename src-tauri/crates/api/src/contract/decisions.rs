//! What the user answers to waiting transfers, and what a finished one rests on.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An answer to a transfer that waits for a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    Replace,
    KeepBoth,
    Skip,
    StartOver,
    AcceptAsIs,
    AdoptUpload,
}

/// How quickly an archived source is brought back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RestoreTier {
    Expedited,
    Standard,
    Bulk,
}

/// How a manifest is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ManifestFormat {
    Csv,
    Jsonl,
}

value! {
pub struct Decide {
    pub job: u32,
    pub transfer: u32,
    /// Also every transfer of the job that waits for the same reason now.
    pub all_like_it: bool,
    pub choice: Choice,
    /// For `adopt_upload`.
    #[serde(default)]
    pub upload_id: Option<String>,
}

/// For every transfer of the job whose source is archived.
pub struct RestoreJob {
    pub job: u32,
    pub tier: RestoreTier,
    /// How long the restored bytes stay readable.
    pub days: u32,
}

/// What was asked for an archived source.
pub struct RestoreView {
    pub tier: RestoreTier,
    pub days: u32,
    pub asked_ms: f64,
}

/// One comparison of a verdict.
pub struct ComparisonView {
    /// `size`, `crc64_xz`, `crc64_nvme`, `plain_etag`, `composite_etag`, `upload_id`,
    /// `part_table`, `version`, `encryption`, `properties`, `tags`, `person`.
    pub compared: String,
    pub expected: String,
    pub expected_from: String,
    /// `null`: the server did not tell.
    pub found: Option<String>,
    pub found_from: String,
    pub agrees: bool,
    pub request_id: Option<String>,
}

pub struct ManifestRequest {
    pub job: u32,
    pub format: ManifestFormat,
    /// Where the page before ended; `null` for the first, which in CSV begins with the head.
    pub after: Option<u32>,
}

/// Some rows of a manifest as text: to be appended to a file as it is.
pub struct ManifestPage {
    pub text: String,
    /// `null` after the last page.
    pub next: Option<u32>,
}
}
