//! What is to be copied and how; what would happen.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{JobTiming, ManifestFormat, ObjectProperties, Place};
use crate::error::ApiError;

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

/// What happens where a destination key exists: the user is asked, it stays, it is replaced
/// (always, only by what is newer, or only by what differs), or the copy gets another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConflictPolicy {
    Ask,
    Skip,
    Overwrite,
    IfNewer,
    IfDifferent,
    KeepBoth,
}

/// What becomes of the sources: they stay, or each is deleted once its copy is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    Copy,
    Move,
}

value! {
pub struct CopyOptions {
    /// Bytes; `null` chooses.
    pub part_size: Option<f64>,
    pub transfers_at_once: u32,
    /// 0: as many as make the copy faster, found out by measuring.
    pub parts_at_once: u32,
    /// `null` keeps the source's.
    pub storage_class: Option<String>,
    /// Encryption and access of the copies; without them bucket and provider decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub terms: Option<CopyTerms>,
    /// How soon and when the job runs; as soon as its turn comes if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub timing: Option<JobTiming>,
}

/// What copies are given: what no copy brings along, and what takes the place of the source's.
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
    /// Headers and user metadata instead of the source's, all of them; as the source if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub properties: Option<ObjectProperties>,
    /// Tags instead of the source's, all of them; as the source if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub tags: Option<Vec<(String, String)>>,
}

/// A key that was offered, by the MD5 of its bytes in base64.
pub struct KeyOffered { pub md5: String }

pub struct CopyRequest {
    /// Where the objects are; `prefix` is the one they were shown under.
    pub source: Place,
    pub keys: Vec<String>,
    /// Whole prefixes, each as it is: everything that begins with it. They keep what follows
    /// the prefix they were shown under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub prefixes: Option<Vec<String>>,
    /// More of both, each with its own name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub named: Option<Vec<NamedSource>>,
    pub destination: Place,
    /// New name under the destination prefix; only with exactly one key or prefix.
    pub rename: Option<String>,
    pub options: CopyOptions,
    /// Without `on_conflict`: replace what exists, or refuse to start where a key exists.
    pub overwrite: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub on_conflict: Option<ConflictPolicy>,
    /// A copy if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub kind: Option<JobKind>,
}

/// A source, and what it is called under the destination prefix.
pub struct NamedSource {
    pub key: String,
    /// It is a prefix; with an empty name only what is under it goes to the destination.
    pub whole_prefix: bool,
    pub name: String,
    /// Of an object; its current version if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub version: Option<String>,
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
    /// The prefixes hold more than was counted.
    pub more: bool,
    /// The first 200 objects.
    pub items: Vec<PlannedObject>,
    /// What cannot be copied, and why; the copy cannot start while there are any.
    pub problems: Vec<PlanProblem>,
    /// Part sizes that are legal here for the largest object, in bytes, for the slider; empty
    /// where the server cannot copy parts.
    pub part_sizes: Vec<f64>,
    /// Why the largest object's parts have their size: `wish`, `least` (the smallest that is chosen
    /// by itself), `few_parts` (doubled until there are at most 2,000), `part_limit` (the provider
    /// takes no more parts).
    pub part_size_by: String,
    /// How many parts of an object are copied at once where that is found out.
    pub parts_at_once: PartsAtOnce,
    /// What is done in another way because a server lacks something.
    pub fallbacks: Vec<Fallback>,
    /// Plain English: what the copies have instead of what their sources have.
    pub given: Vec<String>,
    /// Storage classes that cost something beyond requests.
    pub classes: Vec<PlanClass>,
    /// Source and destination are in different regions.
    pub crosses_regions: bool,
}

/// The search for the number of parts at once: it doubles while that makes the copy faster.
pub struct PartsAtOnce {
    /// It begins with so many.
    pub begins: u32,
    pub most: u32,
    /// Another copy to this bucket has found that number; it is looked at again after a minute.
    pub found: bool,
}

/// Objects of a plan that share a storage class, and whose copies do.
pub struct PlanClass {
    /// In the provider's words.
    pub source: String,
    pub copies: String,
    pub objects: u32,
    pub bytes: f64,
    /// For so many days each copy is billed at least, also when it is deleted before; 0 for none.
    pub minimum_days: u32,
    /// Each byte that is read of the sources is billed.
    pub billed_reads: bool,
}

pub struct PlannedObject {
    pub source_key: String,
    /// Where both are kept, the free name the copy would get.
    pub destination_key: String,
    pub size: f64,
    pub parts: u32,
    pub part_size: f64,
    pub multipart: bool,
    pub exists: bool,
    /// What becomes of it: `copy`, `replace`, `keep_both`, `skip`, `ask`.
    pub fate: String,
    /// Why, where it is not simply copied.
    pub why: String,
    pub not_carried: Vec<String>,
    /// It is archived: its copy waits until the user has it restored.
    pub is_archived: bool,
}

pub struct PlanProblem {
    pub key: String,
    pub error: ApiError,
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

pub struct JobStarted { pub job: u32 }

pub struct DryRunRef { pub dry_run: u32 }

/// How far a dry run is, and what it comes to. Nothing is written anywhere.
pub struct DryRunStatus {
    pub dry_run: u32,
    pub objects: f64,
    pub copies: f64,
    pub bytes: f64,
    /// Lines about objects that would not simply be copied to a free key.
    pub notable: u32,
    /// Lines that are kept; of more than 200,000 objects only those are.
    pub lines: u32,
    pub ended: bool,
    pub error: Option<ApiError>,
}

/// Asks for some lines: of all objects, or only of those that would not simply be copied.
pub struct DryRunRequest { pub dry_run: u32, pub notable: bool, pub start: u32, pub count: u32 }

pub struct DryRunLines { pub status: DryRunStatus, pub start: u32, pub lines: Vec<DryRunLine> }

pub struct DryRunLine {
    pub source_key: String,
    pub destination_key: String,
    pub size: f64,
    pub parts: u32,
    /// `copy`, `replace`, `keep_both`, `skip`, `ask` or `refuse`
    pub fate: String,
    /// Plain English: why, where it is not simply copied.
    pub why: String,
    pub is_archived: bool,
}

/// Writes the lines that are kept into a new file.
pub struct ExportDryRun { pub dry_run: u32, pub format: ManifestFormat }
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
