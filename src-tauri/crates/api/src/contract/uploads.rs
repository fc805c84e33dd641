//! Open uploads on the servers: found, summed up, given back.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::ApiError;

/// Whose an open upload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum UploadOwnership {
    /// A copy of this program writes into it.
    Ours,
    /// A copy of this program opened one for this key and never learned its id.
    Perhaps,
    /// Another program's or another computer's; or it was forgotten by all.
    Foreign,
}

value! {
/// Where to look; `null` means everywhere.
pub struct SearchUploads {
    pub account: Option<String>,
    /// Only with an account.
    pub bucket: Option<String>,
    /// Only with a bucket.
    pub region: Option<String>,
}

pub struct UploadSearchRef { pub search: u32 }

/// How far a search is.
pub struct UploadSearchStatus {
    pub search: u32,
    /// Uploads found so far.
    pub found: u32,
    /// Buckets looked through so far, and those known of.
    pub buckets_done: u32,
    pub buckets: u32,
    pub complete: bool,
    /// What could not be looked at, and why.
    pub problems: Vec<UploadProblem>,
}

pub struct UploadProblem {
    pub account: String,
    /// `null`: the account's buckets could not be listed.
    pub bucket: Option<String>,
    pub error: ApiError,
}

pub struct UploadsRequest {
    pub search: u32,
    pub start: u32,
    pub count: u32,
    /// Only uploads opened before this time; those of unknown age are always told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub opened_before_ms: Option<f64>,
}

pub struct UploadsWindow {
    pub status: UploadSearchStatus,
    /// Uploads found so far that are as old as asked for.
    pub matching: u32,
    pub start: u32,
    /// In the order in which they were found.
    pub uploads: Vec<UploadView>,
}

/// An upload by what names it on its server.
pub struct UploadRef {
    pub account: String,
    pub bucket: String,
    pub region: Option<String>,
    pub key: String,
    pub upload_id: String,
}

pub struct UploadView {
    pub upload: UploadRef,
    /// ISO 8601 as sent.
    pub initiated: String,
    pub initiated_ms: Option<f64>,
    /// Who opened it, in the provider's words.
    pub initiator: Option<String>,
    pub ownership: UploadOwnership,
    /// The job it belongs to, or may belong to.
    pub job: Option<u32>,
    pub transfer: Option<u32>,
    /// Its job is being driven, here or elsewhere.
    pub driven: bool,
    /// It is being given back already.
    pub aborting: bool,
    /// Why it may not be aborted; `null` if it may.
    pub must_stay: Option<String>,
}

/// What an upload holds.
pub struct UploadSize { pub parts: u32, pub bytes: f64 }

pub struct AbortUploads { pub uploads: Vec<UploadRef> }

/// An abort that is owed until the server says the upload is gone.
pub struct OwedAbort {
    pub upload: UploadRef,
    pub requested_ms: f64,
    pub attempts: u32,
    /// Why the last attempt did not do.
    pub error: Option<ApiError>,
}
}
