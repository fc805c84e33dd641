//! How an object is encrypted at rest, as far as anybody can see from outside.

use serde::{Deserialize, Serialize};

/// What was asked for when the object, or its upload, was made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Encryption {
    /// `AES256`, or the native word for a managed key: `cos/kms`, `kms`, `aws:kms`, `aws:kms:dsse`.
    #[serde(rename = "encryption", skip_serializing_if = "Option::is_none")]
    pub(crate) algorithm: Option<String>,
    /// The managed key, when one was named.
    #[serde(rename = "kms_key", skip_serializing_if = "Option::is_none")]
    pub(crate) key_id: Option<String>,
    /// Base64 of a JSON object.
    #[serde(rename = "kms_context", skip_serializing_if = "Option::is_none")]
    pub(crate) context: Option<String>,
    /// S3: one data key for the whole bucket.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) bucket_key: bool,
    /// The customer's own key, which has no algorithm of ours beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) customer_key: Option<CustomerKey>,
}

/// What is kept of a customer's key: enough to know it again, too little to decrypt anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CustomerKey {
    /// Base64 of the MD5, which every answer repeats.
    pub(crate) md5: String,
    /// Hex of the SHA-256.
    pub(crate) sha256: String,
}

impl Encryption {
    /// Nothing was asked for.
    pub(crate) fn is_none(&self) -> bool {
        *self == Encryption::default()
    }

    /// Whether the `ETag` of bytes kept this way says nothing about their MD5.
    pub(crate) fn hides_md5(&self) -> bool {
        self.customer_key.is_some() || self.algorithm.as_deref().is_some_and(|a| a != "AES256")
    }
}
