//! What a verdict rests on: single comparisons, each with where its two sides came from.

use serde::{Deserialize, Serialize};

/// What was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compared {
    /// Bytes.
    Size,
    /// CRC-64/XZ of the whole object, decimal (COS).
    Crc64Xz,
    /// CRC-64/NVME of the whole object, base64 (S3).
    Crc64Nvme,
    /// Equal tags that are the MD5 of the bytes.
    PlainEtag,
    /// The tag computed here from the parts' tags: MD5 over their MD5s, a dash, their number.
    CompositeEtag,
    /// The upload that made the object (OBS).
    UploadId,
    /// Number and bytes of the parts, as the server confirmed each.
    PartTable,
    /// The version that the completing request said it made.
    Version,
    /// Encryption at rest, where it was asked for.
    Encryption,
    /// Headers and user metadata, where others than the source's were asked for.
    Properties,
    /// Tags, where others than the source's were asked for.
    Tags,
    /// A person looked and said so.
    Person,
}

/// One comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// Of what.
    pub compared: Compared,
    /// What it had to be.
    pub expected: String,
    /// Where that came from: an operation and its side, e.g. `HeadObject of the source`.
    pub expected_from: String,
    /// What it was; `None` where the server did not tell.
    pub found: Option<String>,
    /// Where that came from.
    pub found_from: String,
    /// Request id of what was found, where one request showed it.
    pub request_id: Option<String>,
}

impl Compared {
    /// Whether agreement shows that the bytes are the same, not only their number.
    pub fn proves(self) -> bool {
        matches!(
            self,
            Self::Crc64Xz
                | Self::Crc64Nvme
                | Self::PlainEtag
                | Self::CompositeEtag
                | Self::UploadId
        )
    }
}

impl Comparison {
    /// Whether both sides are known and the same.
    pub fn agrees(&self) -> bool {
        self.found.as_ref() == Some(&self.expected)
    }

    /// Whether both sides are known and differ.
    pub fn differs(&self) -> bool {
        self.found
            .as_ref()
            .is_some_and(|found| *found != self.expected)
    }
}
