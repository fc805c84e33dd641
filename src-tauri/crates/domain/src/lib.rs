//! The words of the house, the plan of a copy and its state machine.
//!
//! Nothing in here reads a clock, a file or a socket: everything is a value or a pure
//! function, so every rule can be tested by calling it.

pub mod account;
pub mod capability;
pub mod failure;
pub mod job;
pub mod limits;
pub mod name;
pub mod part;
pub mod plan;
pub mod progress;
pub mod range;
pub mod readable;
pub mod state;
pub mod terms;

pub use account::{Account, AccountId, Addressing, DialectName};
pub use capability::{Capabilities, Capability, Learned, Support};
pub use failure::{Failure, FailureKind};
pub use job::{CopyOptions, JobId, JobIntent, TransferId};
pub use limits::Limits;
pub use name::{Bucket, ETag, Key, NameError, Prefix, UploadId, VersionId};
pub use part::PartNumber;
pub use plan::{Method, Plan, PlanError, plan, plan_whole};
pub use range::ByteRange;
pub use readable::readable;
pub use state::{Effect, Event, Rejected, State, Wait, owed, step};
pub use terms::{Access, AtRest, CopyTerms, Grant, Grantee, KeyService, Permission};
