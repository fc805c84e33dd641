//! Buckets and listings.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::ApiError;

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

pub struct ListingRef { pub listing: u32 }

/// How far a listing is.
pub struct ListingStatus {
    pub listing: u32,
    /// Rows loaded so far.
    pub rows: u32,
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

/// What is selected: keys of objects, and whole prefixes.
pub struct SelectedKeys {
    pub keys: Vec<String>,
    pub prefixes: Vec<String>,
    /// Of the objects; nobody knows it of the prefixes yet.
    pub bytes: f64,
}
}
