//! The journal from outside: what the engine, the app and the CLI rely on.

mod answers;
mod capabilities;
mod crash;
mod grouping;
mod lease;
mod opening;
mod privacy;
mod queue;
mod rows;
mod sample;
mod scans;
mod search;
mod sums;
mod uploads;
