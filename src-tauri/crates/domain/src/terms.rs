//! What new objects are given because someone asked: encryption and access, which no copy brings
//! along, and what takes the place of the source's own. Plain values that may be written down; the
//! keys themselves never are.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::replaced::Replaced;

/// What the objects a job makes are given. The default asks for nothing: bucket and provider
/// decide, and the rest is as the source has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CopyTerms {
    /// How the copies are encrypted at rest.
    pub encryption: AtRest,
    /// Who may do what with the copies.
    pub access: Access,
    /// The sources are encrypted with a key of the user's own: its MD5 in base64.
    pub source_key_md5: Option<String>,
    /// Headers, metadata and tags they have instead of their sources'.
    #[serde(skip_serializing_if = "Replaced::is_default")]
    pub replaced: Replaced,
}

impl CopyTerms {
    /// Whether nothing is asked for.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Encryption at rest, as far as it may be written down.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AtRest {
    /// As the bucket has it.
    #[default]
    BucketDefault,
    /// AES-256 with keys the provider manages.
    Provider,
    /// A key of the provider's key service.
    KeyService(KeyService),
    /// A key of the user's own, known here only by its MD5 in base64.
    Customer {
        /// MD5 of the key's bytes.
        key_md5: String,
    },
}

/// A key of the provider's key service (KMS).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeyService {
    /// The key's id as the provider writes it; `None` is the service's default key.
    pub key_id: Option<String>,
    /// Names and values bound to the ciphertext; COS and S3 only. Empty for none.
    pub context: BTreeMap<String, String>,
    /// Two layers of encryption (`aws:kms:dsse`); S3 only.
    pub dual_layer: bool,
}

/// The access a new object is given. One form or the other: servers refuse both at once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// As the provider has it: COS inherits from the bucket, OBS and S3 make it private.
    #[default]
    Inherited,
    /// A canned ACL in the provider's word, such as `public-read`.
    Canned(String),
    /// Single grants.
    Grants(Vec<Grant>),
}

/// One permission for one grantee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// What is allowed.
    pub permission: Permission,
    /// To whom.
    pub grantee: Grantee,
}

/// What a grant allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// Read the object, or list the bucket.
    Read,
    /// Write objects into the bucket. Buckets only: objects have no such permission.
    Write,
    /// Read the access settings.
    ReadAcp,
    /// Change the access settings.
    WriteAcp,
    /// All of these.
    FullControl,
}

/// Who is granted something.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grantee {
    /// An account by the provider's id: the owner's UIN on COS, the domain id on OBS, the
    /// canonical id on S3.
    Id(String),
    /// Everybody, also without a signature. In headers on S3 only.
    Everyone,
    /// Everybody with an account of the provider's. In headers on S3 only.
    SignedIn,
    /// Another group by its address, or an address of tomorrow. In headers on S3 only.
    Uri(String),
}

impl Permission {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Read,
        Self::Write,
        Self::ReadAcp,
        Self::WriteAcp,
        Self::FullControl,
    ];

    /// `read`, `read-acp` …, as headers and the command line spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::ReadAcp => "read-acp",
            Self::WriteAcp => "write-acp",
            Self::FullControl => "full-control",
        }
    }

    /// From `read-acp` or `READ_ACP`, in any case.
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.trim().replace('_', "-");
        Self::ALL
            .into_iter()
            .find(|permission| word.eq_ignore_ascii_case(permission.as_str()))
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_a_permission() {
        for permission in Permission::ALL {
            let header = permission.as_str();
            let xml = header.replace('-', "_").to_uppercase();
            assert_eq!(Permission::parse(header), Some(permission));
            assert_eq!(Permission::parse(&format!(" {xml} ")), Some(permission));
        }
        assert_eq!(Permission::parse("everything"), None);
        assert_eq!(Permission::parse(""), None);
    }
}
