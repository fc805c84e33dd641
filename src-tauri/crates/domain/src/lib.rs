//! The words of the house, the plan of a copy and its state machine.
//!
//! Nothing in here reads a clock, a file or a socket: everything is a value or a pure
//! function, so every rule can be tested by calling it.

pub mod account;
pub mod capability;
pub mod concurrency;
pub mod conflict;
pub mod decision;
pub mod evidence;
pub mod failure;
pub mod job;
pub mod limits;
pub mod name;
pub mod part;
pub mod plan;
pub mod planted;
pub mod progress;
pub mod queue;
pub mod range;
pub mod readable;
pub mod replaced;
pub mod standing;
pub mod state;
pub mod terms;

pub use account::{Account, AccountId, Addressing, DialectName};
pub use capability::{Capabilities, Capability, Learned, Support};
pub use concurrency::{Concurrency, Stays};
pub use conflict::{ConflictPolicy, Facts, Reason, Resolution, resolve};
pub use decision::{Choice, Decision, Unfitting};
pub use evidence::{Compared, Comparison};
pub use failure::{Failure, FailureKind};
pub use job::{CopyOptions, JobId, JobIntent, JobKind, TransferId};
pub use limits::Limits;
pub use name::{Bucket, ETag, Key, NameError, Prefix, UploadId, VersionId};
pub use part::PartNumber;
pub use plan::{Method, PartSizeBy, Plan, PlanError, part_size_by, plan, plan_whole};
pub use queue::{DailyWindow, MinuteOfDay, Priority, QueuePlace, Schedule, ScheduleError};
pub use range::ByteRange;
pub use readable::readable;
pub use replaced::{Properties, Replaced};
pub use standing::{Made, Occupant, Snapshot, Standing};
pub use state::{Effect, Event, Rejected, State, Wait, owed, step};
pub use terms::{Access, AtRest, CopyTerms, Grant, Grantee, KeyService, Permission};
