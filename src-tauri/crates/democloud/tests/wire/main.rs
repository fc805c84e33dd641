//! The demo cloud from outside: raw requests, signed by signers that live in this folder.

mod access;
mod buckets;
mod client;
mod copies;
mod durable;
mod encryption;
mod faults;
mod journey;
mod listing;
mod odd_keys;
mod presigned;
mod quirks;
mod refusals;
mod signer;
mod simulated;
mod speed;
mod spelling;
mod streaming;
mod writes;
