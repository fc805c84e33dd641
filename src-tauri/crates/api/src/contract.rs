//! Commands and the values they speak in.
//!
//! Sizes are numbers (exact to 2^53 bytes, 8 PiB); checksums are text. Times are milliseconds
//! since 1970. No answer ever holds a secret.

use partway_protocol::credential::mask;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::ApiError;

/// Derives what every value of the contract has.
macro_rules! value {
    ($($(#[$meta:meta])* $vis:vis struct $name:ident { $($body:tt)* })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
        $vis struct $name { $($body)* }
    )*};
}

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

/// How copies are encrypted at rest: by the provider, by its key service (on S3 also in two
/// layers), or with a key of the user's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum EncryptionKind {
    Aes256,
    Kms,
    KmsDualLayer,
    Customer,
}

/// The state of a job as shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    Queued,
    Copying,
    Completing,
    Verifying,
    Paused,
    Waiting,
    Interrupted,
    Cancelling,
    Cancelled,
    Done,
    DoneWithFailures,
    Failed,
}

/// The state of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TransferState {
    Queued,
    Starting,
    Copying,
    Paused,
    Waiting,
    Completing,
    Verifying,
    Done,
    Aborting,
    Cancelled,
    Failed,
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

/// Whether a server has a capability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Support {
    Present,
    Absent,
    Unknown,
}

/// How loud an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EventLevel {
    Normal,
    Warning,
    Error,
}

/// Language, theme and the like. `language: null` and `theme: "system"` follow the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    System,
    Light,
    Dark,
}

value! {
/// What a command without arguments takes.
pub struct Nothing {}

/// What the window needs first.
pub struct AppState {
    pub version: String,
    /// Where the journal lies.
    pub data_folder: String,
    /// `null`: secrets go to the system keyring; otherwise why they are kept for this run only.
    pub keyring_problem: Option<String>,
    /// A corrupt journal was moved here.
    pub journal_set_aside: Option<String>,
    pub settings: Settings,
    pub accounts: Vec<AccountView>,
    /// Jobs an earlier run left unfinished, none of them running now.
    pub interrupted: Vec<JobView>,
}

/// Kept in the journal; applied at once.
pub struct Settings {
    /// `en`, `zh-CN` or `null` for the system's.
    pub language: Option<String>,
    pub theme: Theme,
    /// Defaults of the copy dialog.
    pub transfers_at_once: u32,
    pub parts_at_once: u32,
    /// Jobs running at once.
    pub jobs_at_once: u32,
}

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

/// Something a copy does in another way because a server lacks a capability.
pub struct Fallback {
    pub capability: String,
    pub bucket: String,
    /// Plain English: what is done instead.
    pub message: String,
    /// How the absence is known.
    pub evidence: String,
}

pub struct SavedAccount {
    pub account: AccountView,
    /// `null`: in the system keyring. Otherwise why only for this run.
    pub this_run_only: Option<String>,
}

pub struct AccountRef { pub account: String }

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

/// What is selected: objects in full, prefixes only counted (copying them comes later).
pub struct SelectedKeys {
    pub keys: Vec<String>,
    pub prefixes: u32,
    pub bytes: f64,
}

pub struct CopyOptions {
    /// Bytes; `null` chooses.
    pub part_size: Option<f64>,
    pub transfers_at_once: u32,
    pub parts_at_once: u32,
    /// `null` keeps the source's.
    pub storage_class: Option<String>,
    /// Encryption and access of the copies; without them bucket and provider decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub terms: Option<CopyTerms>,
}

/// What copies are given and no copy brings along.
pub struct CopyTerms {
    /// A canned ACL in the provider's word; not together with grants.
    pub acl: Option<String>,
    /// `read=ACCOUNT-ID`; permissions are read, read-acp, write-acp and full-control.
    pub grants: Vec<String>,
    pub encryption: Option<EncryptionKind>,
    /// With `kms`: the key's id; `null` is the service's default key.
    pub kms_key: Option<String>,
    /// With `kms`, on COS and S3: names and values bound to the ciphertext.
    pub kms_context: Vec<(String, String)>,
    /// With `customer`: which offered key.
    pub key_md5: Option<String>,
    /// The sources are encrypted with this offered key.
    pub source_key_md5: Option<String>,
}

/// A key that was offered, by the MD5 of its bytes in base64.
pub struct KeyOffered { pub md5: String }

pub struct CopyRequest {
    /// Where the objects are; `prefix` is the one they were shown under.
    pub source: Place,
    pub keys: Vec<String>,
    pub destination: Place,
    /// New name under the destination prefix; only with exactly one key.
    pub rename: Option<String>,
    pub options: CopyOptions,
    pub overwrite: bool,
}

pub struct CopyPlan {
    pub objects: u32,
    pub bytes: f64,
    pub parts: u32,
    pub multipart_objects: u32,
    pub write_requests: u32,
    pub read_requests: u32,
    /// Objects that exist at the destination.
    pub existing: u32,
    /// The first 200 objects.
    pub items: Vec<PlannedObject>,
    /// What cannot be copied, and why; the copy cannot start while there are any.
    pub problems: Vec<PlanProblem>,
    /// Part sizes that are legal here for the largest object, in bytes, for the slider; empty
    /// where the server cannot copy parts.
    pub part_sizes: Vec<f64>,
    /// What is done in another way because a server lacks something.
    pub fallbacks: Vec<Fallback>,
}

pub struct PlannedObject {
    pub source_key: String,
    pub destination_key: String,
    pub size: f64,
    pub parts: u32,
    pub part_size: f64,
    pub multipart: bool,
    pub exists: bool,
    pub not_carried: Vec<String>,
}

pub struct PlanProblem {
    pub key: String,
    pub error: ApiError,
}

pub struct JobStarted { pub job: u32 }

pub struct JobRef { pub job: u32 }

pub struct CancelJob { pub job: u32, pub keep_parts: bool }

/// A job as listed in Transfers and History.
pub struct JobView {
    pub id: u32,
    pub state: JobState,
    /// `cos`, `obs`, … of both sides, for the badge.
    pub source_dialect: Dialect,
    pub destination_dialect: Dialect,
    pub source: Place,
    pub destination: Place,
    /// Base name of the only object, else of the first.
    pub title: String,
    pub objects_total: u32,
    pub objects_done: u32,
    pub objects_failed: u32,
    pub bytes_total: f64,
    /// Confirmed by the server.
    pub bytes_done: f64,
    pub bytes_in_flight: f64,
    pub parts_total: u32,
    pub parts_done: u32,
    pub in_flight: u32,
    pub bytes_per_second: f64,
    pub seconds_left: Option<f64>,
    pub retries: u32,
    pub throttled: bool,
    /// Every done transfer is verified by more than its size.
    pub verified: bool,
    /// Done transfers that are not verified by more than their size.
    pub unverified: u32,
    pub created_ms: f64,
    pub finished_ms: Option<f64>,
    /// The first failure or obstacle.
    pub error: Option<ApiError>,
    /// This process drives it.
    pub driven_here: bool,
}

pub struct TransfersRequest { pub job: u32, pub after: Option<u32>, pub limit: u32 }

pub struct TransferView {
    pub id: u32,
    pub job: u32,
    pub state: TransferState,
    /// `network`, `credential`, `restore`, `decision` while waiting.
    pub waits_for: Option<String>,
    pub source_key: String,
    pub destination_key: String,
    pub size: f64,
    pub bytes_done: f64,
    pub multipart: bool,
    pub part_size: f64,
    pub parts_total: u32,
    pub parts_done: u32,
    pub upload_id: Option<String>,
    pub error: Option<ApiError>,
    pub verdict: Option<Verdict>,
    pub not_carried: Vec<String>,
}

pub struct Verdict {
    pub verified: bool,
    pub evidence: String,
    pub etag: String,
    pub version: Option<String>,
    pub request_id: Option<String>,
    pub at_ms: f64,
}

pub struct TransferRef { pub transfer: u32 }

/// One letter per part: `.` planned, `o` copying, `r` retrying, `x` failed, `#` done.
pub struct PartMap {
    pub transfer: u32,
    pub part_size: f64,
    pub size: f64,
    pub states: String,
    /// Parts in flight or failed.
    pub details: Vec<PartDetail>,
}

pub struct PartDetail {
    pub number: u32,
    pub attempts: u32,
    pub error: Option<ApiError>,
}

pub struct EventsRequest { pub job: u32, pub before: Option<f64>, pub limit: u32 }

pub struct EventView {
    pub id: f64,
    pub at_ms: f64,
    pub transfer: Option<u32>,
    pub part: Option<u32>,
    pub level: EventLevel,
    /// Stable word; the UI translates it.
    pub what: String,
    pub detail: String,
    pub request_id: Option<String>,
}

pub struct HistoryRequest {
    /// Page: jobs older than this one.
    pub before: Option<u32>,
    pub limit: u32,
}

/// First message of a subscription.
pub struct Snapshot {
    pub seq: f64,
    /// Unsettled jobs and those settled in this run, newest first.
    pub jobs: Vec<JobView>,
}

/// What changed since the message before; at most ten a second.
pub struct Update {
    pub seq: f64,
    /// Changed or new jobs.
    pub jobs: Vec<JobView>,
    pub removed: Vec<u32>,
    /// Listings that grew or ended.
    pub listings: Vec<ListingStatus>,
    /// Jobs that got new events.
    pub events: Vec<u32>,
}
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

/// Goes in, never out: an encryption key of the user's own.
#[derive(Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct KeyDraft {
    /// 32 bytes in base64 or hexadecimal.
    pub key: String,
    /// MD5 of the bytes, to be compared.
    pub md5: Option<String>,
}

impl std::fmt::Debug for KeyDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyDraft(••••)")
    }
}

/// What a subscriber receives: a snapshot first, then updates; `seq` rises by one. On a gap,
/// subscribe again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StreamMessage {
    Snapshot(Snapshot),
    Update(Update),
}

/// The list of commands: name, argument, answer. Everything else is generated from it: the
/// dispatcher, the TypeScript map and the test that compares the two.
#[macro_export]
macro_rules! commands {
    ($with:ident) => {
        $with! {
            app_state(Nothing) -> AppState;
            put_settings(Settings) -> Settings;
            accounts(Nothing) -> Vec<AccountView>;
            test_account(AccountDraft) -> AccountTest;
            check_account(AccountCheckup) -> AccountTest;
            save_account(AccountDraft) -> SavedAccount;
            remove_account(AccountRef) -> Nothing;
            start_demo(Nothing) -> Vec<AccountView>;
            buckets(AccountRef) -> Vec<BucketView>;
            open_listing(OpenListing) -> ListingStatus;
            load_rest(ListingRef) -> ListingStatus;
            stop_listing(ListingRef) -> ListingStatus;
            sort_listing(SortListing) -> ListingStatus;
            rows(RowsRequest) -> RowWindow;
            keys_of_rows(KeysOfRows) -> SelectedKeys;
            close_listing(ListingRef) -> Nothing;
            offer_key(KeyDraft) -> KeyOffered;
            plan_copy(CopyRequest) -> CopyPlan;
            start_copy(CopyRequest) -> JobStarted;
            jobs(HistoryRequest) -> Vec<JobView>;
            job(JobRef) -> JobView;
            transfers(TransfersRequest) -> Vec<TransferView>;
            part_map(TransferRef) -> PartMap;
            events(EventsRequest) -> Vec<EventView>;
            pause_job(JobRef) -> JobView;
            resume_job(JobRef) -> JobView;
            retry_job(JobRef) -> JobView;
            cancel_job(CancelJob) -> JobView;
            forget_job(JobRef) -> Nothing;
        }
    };
}
