//! An account: where to call and how to speak, never the secret itself.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The journal's name for an account; also the name its secret has in the keyring.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(pub String);

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which wire an account speaks. Stored with the account, never guessed from a host name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DialectName {
    /// Tencent COS, native XML API, `q-sign` signatures.
    Cos,
    /// Huawei OBS and Open Telekom Cloud, native headers, `OBS` signatures.
    Obs,
    /// OBS in its S3-compatible form with V2 (`AWS`) signatures.
    ObsV2,
    /// Amazon S3 and compatible servers, Signature Version 4.
    S3,
}

impl DialectName {
    /// Every dialect there is.
    pub const ALL: [Self; 4] = [Self::Cos, Self::Obs, Self::ObsV2, Self::S3];

    /// The name in settings, the CLI and the journal.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cos => "cos",
            Self::Obs => "obs",
            Self::ObsV2 => "obs-v2",
            Self::S3 => "s3",
        }
    }

    /// The scheme of addresses people type: `cos://`, `obs://`, `s3://`.
    pub fn url_scheme(self) -> &'static str {
        match self {
            Self::Cos => "cos",
            Self::Obs | Self::ObsV2 => "obs",
            Self::S3 => "s3",
        }
    }
}

impl fmt::Display for DialectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for DialectName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|dialect| dialect.as_str() == text)
            .ok_or_else(|| format!("there is no dialect {text:?}; use cos, obs, obs-v2 or s3"))
    }
}

/// Where the bucket name stands in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Addressing {
    /// `https://bucket.endpoint/key`
    VirtualHost,
    /// `https://endpoint/bucket/key`
    Path,
    /// `https://endpoint/key`: the endpoint is the own domain of one bucket.
    CustomDomain,
}

/// One set of buckets reached with one credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Stable, random.
    pub id: AccountId,
    /// What the user calls it; also the user part of `cos://NAME@bucket/key`. Unique.
    pub name: String,
    /// The wire it speaks.
    pub dialect: DialectName,
    /// Scheme, host and port, e.g. `https://cos.ap-guangzhou.myqcloud.com`; no path.
    pub endpoint: String,
    /// Region, e.g. `ap-guangzhou`; empty where the server has none.
    pub region: String,
    /// Where the bucket name stands.
    pub addressing: Addressing,
    /// The access key id with its middle masked, for display only.
    pub masked_key_id: String,
    /// Buckets the user named because the key may not list them.
    pub named_buckets: Vec<String>,
    /// Belongs to the built-in demo cloud: endpoint and keys are refreshed at each start.
    pub demo: bool,
    /// COS only: when the domain `myqcloud.com` does not answer, the same request may go to
    /// `tencentcos.cn`. Off unless the user asks for it.
    #[serde(default)]
    pub fallback_domain: bool,
}
