//! Where the vendors' pages contradict themselves, each other or the servers of today, as far as
//! it takes a server to see: our engine against the demo cloud, a test for each row.
//!
//! Rows that a request or an answer alone can show are tested with the `protocol` crate.

mod bytes;
mod copies;
mod desk;
mod encryption;
mod jobs;
mod retries;
mod rights;
mod sources;
