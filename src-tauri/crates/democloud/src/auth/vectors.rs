//! Reads `tests/vectors`: what the vendors' own SDKs sign.

use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Case {
    pub(super) name: String,
    pub(super) method: String,
    /// As on the wire.
    pub(super) path: String,
    /// COS signs the decoded path.
    pub(super) path_decoded: String,
    /// V2: the resource where it differs from the path.
    pub(super) resource: String,
    /// Decoded.
    pub(super) query: Vec<(String, Option<String>)>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) secret: String,
    /// The time as it enters the signature.
    pub(super) time: String,
    pub(super) region: String,
    pub(super) payload_hash: String,
    /// The canonical text.
    pub(super) string: String,
    pub(super) signature: String,
}

pub(super) fn read(text: &str) -> Vec<Case> {
    serde_json::from_str(text).expect("a list of cases")
}
