//! The demo cloud from outside: raw requests, signed by signers that live in this folder.

mod client;
mod copies;
mod durable;
mod faults;
mod journey;
mod listing;
mod odd_keys;
mod refusals;
mod signer;
mod speed;
