//! The built program, run as a user or a script runs it.
#![cfg(target_os = "linux")]

mod account_test;
mod bad_input;
mod basics;
mod decisions;
mod honest;
mod journey;
mod keyring;
mod manners;
mod places;
mod program;
mod queue;
mod remedies;
mod stage;
mod terms;
