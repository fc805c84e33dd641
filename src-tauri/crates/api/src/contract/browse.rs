//! Buckets and listings.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::ApiError;

/// What the window keeps for its next start, in parts so that one that cannot be read does not
/// take the others along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SessionPart {
    /// Tabs and how the panes share the window.
    Panes,
    /// Bookmarks and recent places.
    Places,
    /// Which columns are shown, and how wide, by bucket.
    Columns,
}

value! {
pub struct BucketView {
    pub name: String,
    pub region: Option<String>,
    /// ISO 8601 as sent.
    pub created: Option<String>,
}

/// A bucket and prefix seen through an account.
pub struct Place {
    pub account: String,
    pub bucket: String,
    pub region: Option<String>,
    pub prefix: String,
}

/// Opens a listing of one level of a place; rows stream into Rust and are asked for by window.
pub struct OpenListing {
    pub place: Place,
    /// Load on without being asked; otherwise stops after the first 10,000 entries.
    pub load_all: bool,
}

/// Opens a listing of what starts with a text at one level of a place: the server chooses, so
/// nothing else has to be loaded.
pub struct SearchPlace {
    pub place: Place,
    /// What names begin with, after the place's prefix.
    pub starts_with: String,
}

pub struct ListingRef { pub listing: u32 }

/// How far a listing is.
pub struct ListingStatus {
    pub listing: u32,
    /// Rows loaded so far.
    pub rows: u32,
    /// Rows that pass the filter; all of them without one. Windows and intervals count these.
    pub shown: u32,
    /// Storage classes that occur, in the provider's words.
    pub classes: Vec<String>,
    /// Everything is loaded.
    pub complete: bool,
    /// Pages are being fetched at the moment.
    pub loading: bool,
    pub error: Option<ApiError>,
}

pub struct RowsRequest {
    pub listing: u32,
    pub start: u32,
    pub count: u32,
}

pub struct RowWindow {
    pub status: ListingStatus,
    pub start: u32,
    pub rows: Vec<Row>,
}

pub struct SortListing {
    pub listing: u32,
    /// `name`, `size`, `modified` or `class`
    pub by: String,
    pub descending: bool,
}

/// Shows only the rows that pass, those that come later included. Without any wish all rows are
/// shown again.
pub struct FilterListing {
    pub listing: u32,
    /// Somewhere in what follows the listed prefix, without regard to case.
    pub text: String,
    /// One of these storage classes; any if empty. Prefixes have none and do not pass.
    pub classes: Vec<String>,
    /// Bytes, inclusive.
    pub min_size: Option<f64>,
    /// Bytes, exclusive.
    pub max_size: Option<f64>,
    /// Changed at this time or later, in milliseconds since 1970.
    pub since_ms: Option<f64>,
}

/// One line of the browser: a common prefix or an object.
pub struct Row {
    /// Full prefix or key.
    pub key: String,
    /// What follows the listed prefix.
    pub name: String,
    pub is_prefix: bool,
    pub size: Option<f64>,
    /// ISO 8601 as sent.
    pub modified: Option<String>,
    pub storage_class: Option<String>,
    pub etag: Option<String>,
}

/// Keys of rows by index intervals, for selections (end exclusive).
pub struct KeysOfRows {
    pub listing: u32,
    pub intervals: Vec<(u32, u32)>,
}

/// How much a selection is, without its keys.
pub struct RowSums {
    pub objects: u32,
    pub prefixes: u32,
    /// Of the objects; nobody knows it of the prefixes yet.
    pub bytes: f64,
}

/// Looks for the first shown row whose name starts with a text: as written if there is one,
/// else in any case.
pub struct FindRow {
    pub listing: u32,
    pub text: String,
}

pub struct FoundRow { pub row: Option<u32> }

/// What is selected: keys of objects, and whole prefixes.
pub struct SelectedKeys {
    pub keys: Vec<String>,
    pub prefixes: Vec<String>,
    /// Of the objects; nobody knows it of the prefixes yet.
    pub bytes: f64,
}

pub struct SessionRef { pub part: SessionPart }

/// A part of the window's session as JSON text; `null` if nothing was kept.
pub struct Session {
    pub part: SessionPart,
    pub json: Option<String>,
}
}
