//! The words of the house, the plan of a copy and its state machine.
//!
//! Nothing in here reads a clock, a file or a socket: everything is a value or a pure
//! function, so every rule can be tested by calling it.

pub mod account;
pub mod failure;
pub mod job;
pub mod limits;
pub mod name;
pub mod part;
pub mod plan;
pub mod progress;
pub mod range;
pub mod state;

pub use account::{Account, AccountId, Addressing, DialectName};
pub use failure::{Failure, FailureKind};
pub use job::{CopyOptions, JobId, JobIntent, TransferId};
pub use limits::Limits;
pub use name::{Bucket, ETag, Key, NameError, Prefix, UploadId, VersionId};
pub use part::PartNumber;
pub use plan::{Method, Plan, PlanError, plan};
pub use range::ByteRange;
pub use state::{Effect, Event, Rejected, State, Wait, owed, step};
