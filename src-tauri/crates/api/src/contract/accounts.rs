//! Accounts, how they are tested and the clouds that are offered by name.

use partway_protocol::credential::mask;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::BucketView;
use crate::error::ApiError;

/// Wire variants by name: `cos`, `obs`, `obs-v2`, `s3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    Cos,
    Obs,
    ObsV2,
    S3,
}

/// Where the bucket name stands in a URL; `custom_domain`: nowhere, the host means one bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Addressing {
    VirtualHost,
    Path,
    CustomDomain,
}

/// Ways to reach a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Network {
    Public,
    Internal,
    Accelerate,
    Dualstack,
    Fips,
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckOutcome {
    Passed,
    /// It works, but not for long or not everywhere; the detail says what to do.
    Warning,
    Failed,
    /// It could not be tried; the detail says why.
    Unknown,
}

/// Where the secret of an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SecretPlace {
    Missing,
    /// In the keyring of the operating system.
    Keyring,
    /// In memory, until the program ends.
    ThisRun,
    /// The demo cloud's are no secrets.
    Demo,
}

/// Whether a server has a capability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Support {
    Present,
    Absent,
    Unknown,
}

value! {
pub struct AccountView {
    pub id: String,
    pub name: String,
    pub dialect: Dialect,
    pub endpoint: String,
    pub region: String,
    pub addressing: Addressing,
    /// Access key id with its middle masked.
    pub masked_key_id: String,
    /// Buckets named by the user because the key may not list them.
    pub named_buckets: Vec<String>,
    /// COS: requests may go to `tencentcos.cn` while `myqcloud.com` does not answer.
    pub fallback_domain: bool,
    pub demo: bool,
    /// A secret is at hand (in the keyring or for this run).
    pub has_secret: bool,
    pub secret_place: SecretPlace,
    /// When it was last asked anything; `null` never, as far as this computer knows.
    pub used_ms: Option<f64>,
    /// When its temporary key expires; `null` when it does not, or nobody said.
    pub expires_ms: Option<f64>,
}

/// A form being filled in. `credential: null` keeps the stored one (editing).
pub struct AccountDraft {
    /// `null` for a new account.
    pub id: Option<String>,
    pub name: String,
    pub dialect: Dialect,
    /// Scheme, host and port; a bare host gets `https://`.
    pub endpoint: String,
    pub region: String,
    pub addressing: Addressing,
    pub named_buckets: Vec<String>,
    /// COS only: go to `tencentcos.cn` while `myqcloud.com` does not answer.
    #[serde(default)]
    pub fallback_domain: bool,
    pub credential: Option<CredentialDraft>,
    /// When a temporary credential expires, if it said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub expires_ms: Option<f64>,
    /// A new account without a credential of its own gets a copy of this account's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub secret_of: Option<String>,
}

/// What of a saved account is to be tested.
pub struct AccountCheckup {
    pub account: String,
    /// The bucket to look at; `null` takes the first that can be read.
    pub bucket: Option<String>,
    /// The user agrees that one small object is written into the bucket, below this prefix,
    /// and removed again. `null`: nothing is written.
    pub probe: Option<String>,
}

/// A cloud that is offered by name. Regions and networks are suggestions: any endpoint can be
/// typed.
pub struct ProviderChoice {
    /// `tencent`, `aws-cn`, …
    pub id: String,
    /// Clouds offered as one choice share it.
    pub family: String,
    pub en: String,
    pub zh: String,
    pub dialect: Dialect,
    pub addressing: Addressing,
    /// The usual one first; none: only the user knows the endpoint.
    pub networks: Vec<NetworkChoice>,
    pub regions: Vec<RegionChoice>,
}

/// A way to reach a provider.
pub struct NetworkChoice {
    pub kind: Network,
    /// With `{region}` where the region goes.
    pub host: String,
}

pub struct RegionChoice {
    pub code: String,
    pub en: String,
    pub zh: String,
    /// For buckets that exist only.
    pub closed: bool,
    /// Its public host where it does not follow the pattern.
    pub host: Option<String>,
}

/// What testing an account found: small checks in order, stopping at the first fatal one.
pub struct AccountTest {
    /// It can be used for something.
    pub ok: bool,
    pub checks: Vec<AccountCheck>,
    /// Buckets the key may list.
    pub buckets: Vec<BucketView>,
    /// The bucket that was looked at; `null` when none could be.
    pub bucket: Option<String>,
    /// All there are for this dialect, also those learned earlier.
    pub capabilities: Vec<CapabilityView>,
    /// What a probe made and could not remove, as `bucket/key`.
    pub left_behind: Vec<String>,
}

pub struct AccountCheck {
    /// `input`, `reach`, `clock`, `key`, `list_buckets`, `region` (only when it is wrong),
    /// `named_bucket`; in a bucket: `head_bucket`, `list_objects`, `list_versions`,
    /// `read_versioning`, `list_uploads`, `head_object`, `read_object`, `read_tags`, `read_acl`;
    /// with a probe: `put_object`, `write_tags`, `copy_object`, `create_upload`, `copy_part`,
    /// `list_parts`, `abort_upload`, `delete_object`
    pub name: String,
    pub outcome: CheckOutcome,
    /// The bucket it is about.
    pub bucket: Option<String>,
    /// Plain English: `Reached 127.0.0.1:9001 in 3 ms`.
    pub detail: String,
    pub error: Option<ApiError>,
    /// The permission that is missing, in the provider's words: `s3:ListBucket`.
    pub permission: Option<String>,
}

pub struct CapabilityView {
    /// `part_copy`, `tagging`, …; the UI translates it.
    pub name: String,
    pub support: Support,
    /// Plain English: what was sent and what came back; why it is unknown.
    pub detail: String,
    /// When it was learned; `null` while unknown.
    pub at_ms: Option<f64>,
    /// Plain English: what is done instead while it is absent.
    pub instead: String,
}

pub struct SavedAccount {
    pub account: AccountView,
    /// `null`: in the system keyring. Otherwise why only for this run.
    pub this_run_only: Option<String>,
}

pub struct AccountRef { pub account: String }
}

/// Goes in, never out.
#[derive(Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CredentialDraft {
    pub access_key: String,
    pub secret_key: String,
    pub token: Option<String>,
}

/// Only the masked key id: drafts end up in traces.
impl std::fmt::Debug for CredentialDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CredentialDraft")
            .field("access_key", &mask(&self.access_key))
            .field("secret_key", &"••••")
            .field("token", &self.token.as_ref().map(|_| "••••"))
            .finish()
    }
}
