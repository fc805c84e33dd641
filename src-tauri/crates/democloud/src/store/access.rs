//! Who may do what with an object or a bucket.

use serde::{Deserialize, Serialize};

/// An access control list as it was last written. The default is what the provider has for
/// something nobody wrote one for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Access {
    /// The canned ACL that was asked for.
    #[serde(rename = "acl", skip_serializing_if = "Option::is_none")]
    pub(crate) canned: Option<String>,
    /// Grants in headers or in a body, which take the place of a canned ACL.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) grants: Vec<Grant>,
}

/// One permission for one grantee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) grantee: Grantee,
    pub(crate) permission: Permission,
    /// OBS: a bucket's grant that its objects inherit.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) delivered: bool,
}

/// Somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Grantee {
    /// By the provider's id of a user or domain.
    User(String),
    Everyone,
    /// Everyone with an account of the provider.
    Authenticated,
    /// S3: whoever writes access logs.
    LogDelivery,
}

/// What a grant allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Permission {
    Read,
    Write,
    ReadAcp,
    WriteAcp,
    FullControl,
}

impl Permission {
    pub(crate) const ALL: [Permission; 5] = [
        Permission::Read,
        Permission::Write,
        Permission::ReadAcp,
        Permission::WriteAcp,
        Permission::FullControl,
    ];

    /// As XML spells it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Permission::Read => "READ",
            Permission::Write => "WRITE",
            Permission::ReadAcp => "READ_ACP",
            Permission::WriteAcp => "WRITE_ACP",
            Permission::FullControl => "FULL_CONTROL",
        }
    }

    /// As a grant header spells it, without the vendor's prefix.
    pub(crate) const fn header(self) -> &'static str {
        match self {
            Permission::Read => "grant-read",
            Permission::Write => "grant-write",
            Permission::ReadAcp => "grant-read-acp",
            Permission::WriteAcp => "grant-write-acp",
            Permission::FullControl => "grant-full-control",
        }
    }
}

impl Access {
    /// Only a canned ACL.
    pub(crate) fn canned(word: impl Into<String>) -> Self {
        Access {
            canned: Some(word.into()),
            grants: Vec::new(),
        }
    }

    /// Whether everyone may read, without a signature.
    pub(crate) fn is_public(&self) -> bool {
        let canned = self.canned.as_deref().unwrap_or("");
        canned.starts_with("public-read")
            || self.grants.iter().any(|grant| {
                grant.grantee == Grantee::Everyone
                    && matches!(grant.permission, Permission::Read | Permission::FullControl)
            })
    }
}
