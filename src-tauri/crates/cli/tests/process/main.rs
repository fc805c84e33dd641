//! The real programs, and what systems do to them: killed, stopped, doubled, without room, and
//! with a network that misbehaves.
#![cfg(target_os = "linux")]

mod desk;
mod disk;
mod instances;
#[allow(dead_code, reason = "each program of tests uses some of it")]
#[path = "../cli/keyring.rs"]
mod keyring;
mod kill;
mod leaving;
#[allow(dead_code, reason = "each program of tests uses some of it")]
#[path = "../cli/program.rs"]
mod program;
mod proxy;
mod stopping;
mod wire;
