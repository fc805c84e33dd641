//! What a provider allows, in bytes. The numbers live with each dialect.

use serde::{Deserialize, Serialize};

/// One kibibyte in bytes.
pub const KIB: u64 = 1 << 10;
/// One mebibyte in bytes.
pub const MIB: u64 = 1 << 20;
/// One gibibyte in bytes.
pub const GIB: u64 = 1 << 30;
/// One tebibyte in bytes.
pub const TIB: u64 = 1 << 40;

/// Sizes a dialect allows. All "MB" and "GB" of the vendors' limits are binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Smallest part that is not the last, in bytes.
    pub min_part: u64,
    /// Largest part, in bytes.
    pub max_part: u64,
    /// Most parts in one upload.
    pub max_parts: u32,
    /// Largest object `CopyObject` takes, in bytes.
    pub max_single_copy: u64,
    /// Largest object at all, in bytes.
    pub max_object: u64,
    /// Longest key, in bytes of UTF-8.
    pub max_key_bytes: usize,
}
