//! `cargo xtask simulate`: builds the simulation with a profile of its own, and runs it.

use std::path::PathBuf;
use std::process::Command;

use crate::process::{self, Outcome};
use crate::{place, tools};

/// The words are the program's own: `partway-simulate --help` tells them.
pub(crate) fn command(words: &[&str]) -> Outcome {
    // Planted bugs are compiled in only to be caught.
    let planted = words.contains(&"--planted");
    let program = build(planted)?;
    process::run(Command::new(program).args(words).current_dir(place::root()))
}

/// The program, optimised, with or without the planted bugs.
pub(crate) fn build(planted: bool) -> Result<PathBuf, String> {
    let mut cargo = tools::cargo();
    cargo.args([
        "build",
        "--locked",
        "--quiet",
        "--profile",
        "simulation",
        "--package",
        "partway-simulation",
        "--bin",
        "partway-simulate",
    ]);
    if planted {
        cargo.args(["--features", "planted"]);
    }
    process::run(&mut cargo)?;
    let name = format!("partway-simulate{}", std::env::consts::EXE_SUFFIX);
    Ok(place::target().join("simulation").join(name))
}
