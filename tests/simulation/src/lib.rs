//! The production engine in a world made of a seed.
//!
//! A seed decides everything: the provider's dialect and its peculiarities, the objects, the
//! weather of the network, what others do to the buckets meanwhile, what the user does, and when
//! the program is killed. One thread, tokio's paused clock and seeded dice make one seed always
//! the same story, whatever runs beside it.

pub mod campaign;
pub mod checker;
pub mod coverage;
pub mod dice;
pub mod disk;
pub mod exhaustive;
mod life;
mod log;
mod network;
pub mod outcome;
#[cfg(feature = "planted")]
pub mod planted;
pub mod replay;
mod report;
pub mod run;
pub mod scenario;
pub mod time;
mod user;
mod world;

pub use disk::Desk;
pub use outcome::Outcome;
pub use run::run;
pub use scenario::Scenario;
