//! One suite for every dialect: what the servers' pages promise, as the engine meets it.
//!
//! Each case is one `async fn(DialectName)` and runs once per dialect; where dialects differ
//! the case says so by their declared limits, never by skipping.
//!
//! `wire` needs no more than a server: its cases make their own objects and look at the results
//! as any client would. They run on the demo cloud, and on the servers of others through
//! `partway-judges`. `demo` asks the demo cloud for what only it has: its example buckets, objects
//! of terabytes, and the truth about what it holds.

mod demo;
mod wire;
