//! The journal from outside: what the engine, the app and the CLI rely on.

mod capabilities;
mod crash;
mod grouping;
mod lease;
mod opening;
mod privacy;
mod rows;
mod sample;
mod sums;
mod uploads;
