//! The built program, run as a user or a script runs it.
#![cfg(target_os = "linux")]

mod bad_input;
mod basics;
mod journey;
mod keyring;
mod program;
