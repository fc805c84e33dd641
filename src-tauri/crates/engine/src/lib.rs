//! Drives jobs: the only async room.
//!
//! The engine journals what it is about to believe, then performs what the state machine
//! asks for, and asks the servers about the two things no journal can know: what became of a
//! Create and of a Complete whose answers never came.

mod blocking;
pub mod call;
pub mod capability;
pub mod chance;
mod claim;
pub mod clock;
mod driver;
mod effect;
pub mod engine;
pub mod event;
mod keys;
pub mod lease;
pub mod limiter;
mod listing;
mod live;
pub mod manifest;
pub mod objects;
mod order;
mod queue;
mod record;
mod recover;
pub mod request;
pub mod retry;
mod scan;
pub mod secret;
mod signal;
pub mod transport;
pub mod uploads;

pub use call::Answer;
pub use capability::Fallback;
pub use engine::{Engine, EngineConfig, EngineEvent};
pub use listing::Start as ListingStart;
pub use record::CutOff;
pub use request::{CopyPlan, CopyRequest, CopySelection, ObjectRef, Place, PrefixRef};
