//! What a user asks to be copied, and the plan made of it.

pub(crate) mod mapping;
pub(crate) mod planning;

use crate::capability::Fallback;
use partway_domain::{AccountId, Bucket, CopyOptions, Failure, Key, Plan, Prefix, VersionId};

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

/// The objects to copy. Whole prefixes come later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopySelection {
    /// The objects, each once.
    pub objects: Vec<ObjectRef>,
}

/// What the user asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyRequest {
    /// From where.
    pub source: Place,
    /// What.
    pub selection: CopySelection,
    /// To where.
    pub destination: Place,
    /// How.
    pub options: CopyOptions,
    /// Objects that exist at the destination may be replaced. Without it they are problems.
    pub overwrite: bool,
}

/// One object of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedObject {
    /// Source key.
    pub source_key: Key,
    /// Destination key.
    pub destination_key: Key,
    /// Bytes.
    pub size: u64,
    /// Its parts.
    pub plan: Plan,
    /// The destination has an object of that key already.
    pub exists: bool,
    /// What will not be carried, in plain words.
    pub not_carried: Vec<String>,
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
}
