//! The contract over the real engine and the demo cloud.

mod accounts;
mod bridge;
mod capabilities;
mod contract_file;
mod endless;
mod findings;
mod gateway;
mod listing;
mod network;
mod objects;
mod plans;
mod replaced;
mod settings;
mod stream;
mod support;
