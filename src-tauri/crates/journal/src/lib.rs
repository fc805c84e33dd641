//! The durable record of every job: the only SQL in the house.
//!
//! One SQLite file in WAL mode, shared by the app and the CLI. Part rows are committed in
//! groups, because ListParts can recover them; upload ids, completions and aborts are durable
//! before anything follows from them. A lease keeps each job to one process.

mod batch;
pub mod change;
mod column;
pub mod error;
mod inline;
pub mod journal;
pub mod migration;
mod open;
pub mod options;
mod private;
mod readers;
mod sentinel;
pub mod table;
mod writer;

pub use change::{Change, Durability};
pub use error::JournalError;
pub use journal::{Journal, Opened};
pub use options::{JournalClock, JournalOptions};
