//! The contract over the real engine and the demo cloud.

mod accounts;
mod bridge;
mod capabilities;
mod contract_file;
mod endless;
mod findings;
mod listing;
mod objects;
mod replaced;
mod settings;
mod stream;
mod support;
