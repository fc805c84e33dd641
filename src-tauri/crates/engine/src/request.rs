//! What a user asks to be copied, and the plan made of it.

pub(crate) mod mapping;
pub(crate) mod planning;
pub(crate) mod prefixes;
pub mod survey;
mod terms;

use crate::capability::Fallback;
use partway_domain::{
    AccountId, Bucket, CopyOptions, Failure, JobKind, Key, Plan, Prefix, Resolution, VersionId,
};

/// A bucket (and prefix) seen through an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Account.
    pub account: AccountId,
    /// Bucket.
    pub bucket: Bucket,
    /// The bucket's region when it is known to differ from the account's.
    pub region: Option<String>,
    /// Prefix: the destination prefix, or the prefix the source was shown under.
    pub prefix: Prefix,
}

/// One object of a selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectRef {
    /// Key.
    pub key: Key,
    /// Version; `None` is the current one.
    pub version: Option<VersionId>,
    /// Name under the destination prefix; `None` uses what follows the source prefix, or the
    /// key's base name when the key does not begin with it.
    pub rename: Option<String>,
}

/// A prefix of a selection: every object whose key begins with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrefixRef {
    /// What the keys begin with; empty for a whole bucket. Nothing is added to it: `box` takes
    /// `box/lid` and `boxer` alike.
    pub prefix: Prefix,
    /// What takes its place under the destination prefix; `None` uses what follows the source
    /// prefix, or the last folder's name when the prefix does not begin with it.
    pub rename: Option<String>,
}

/// What to copy: single objects, whole prefixes, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CopySelection {
    /// The objects. One that a prefix covers as well is counted once.
    pub objects: Vec<ObjectRef>,
    /// The prefixes. One that lies within another is counted once.
    pub prefixes: Vec<PrefixRef>,
}

/// What the user asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyRequest {
    /// What becomes of the sources.
    pub kind: JobKind,
    /// From where.
    pub source: Place,
    /// What.
    pub selection: CopySelection,
    /// To where.
    pub destination: Place,
    /// How.
    pub options: CopyOptions,
    /// Named objects that exist at the destination are problems of the plan, rather than
    /// questions of the running job. What prefixes hold is not known by then.
    pub refuse_existing: bool,
}

/// One object of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedObject {
    /// Source key.
    pub source_key: Key,
    /// Destination key.
    pub destination_key: Key,
    /// Where both are kept, the free name the copy would get now; only a plan that is shown has
    /// looked for it.
    pub kept_as: Option<Key>,
    /// Bytes.
    pub size: u64,
    /// Storage class of the source; `None` is the standard one.
    pub storage_class: Option<String>,
    /// Its parts.
    pub plan: Plan,
    /// The destination has an object of that key already.
    pub exists: bool,
    /// What the policy comes to, by what is there now.
    pub resolution: Resolution,
    /// What will not be carried, in plain words.
    pub not_carried: Vec<String>,
    /// It is archived: its copy waits until the user has it restored.
    pub is_archived: bool,
}

/// An object that cannot be copied as asked, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanProblem {
    /// Source key, as asked.
    pub key: String,
    /// What is wrong and what to do.
    pub failure: Failure,
}

/// The plan shown before anything starts.
#[derive(Debug, Clone, PartialEq)]
pub struct CopyPlan {
    /// What will be copied.
    pub objects: Vec<PlannedObject>,
    /// What cannot be.
    pub problems: Vec<PlanProblem>,
    /// Sum of sizes in bytes.
    pub bytes: u64,
    /// Sum of parts.
    pub parts: u64,
    /// Write requests (copy, part copy, create, complete), nothing retried.
    pub write_requests: u64,
    /// Read requests (HEAD, tagging), nothing retried.
    pub read_requests: u64,
    /// What is done in another way because a server lacks something.
    pub fallbacks: Vec<Fallback>,
    /// The two buckets are in different regions.
    pub crosses_regions: bool,
}
