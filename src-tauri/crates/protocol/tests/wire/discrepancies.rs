//! Where the vendors' pages contradict themselves, each other or the servers of today: a test
//! for each row that matters, called after it (`tests/sources.toml` says what the row is about).
//!
//! What needs a server to be seen is tested in `tests/discrepancies`.

mod answers;
mod headers;
mod limits;
mod meanings;
mod signatures;
