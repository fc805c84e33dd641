//! `cargo xtask bench`: the gate, which counts instructions.

use std::process::Command;

use crate::process::{self, Outcome};
use crate::{packages, place, tools};

/// The words behind `--gate` are those of `partway-gate`.
pub(crate) fn command(words: &[&str]) -> Outcome {
    let ["--gate", rest @ ..] = words else {
        return Err("cargo xtask bench wants --gate".to_owned());
    };
    prepare_gate(false)?;
    process::run(gate()?.args(rest))
}

pub(crate) fn prepare_gate(yes: bool) -> Outcome {
    packages::ensure(&[packages::BUILD, packages::GATE], yes)
}

/// The gate's program. Its profile is that of the simulation, which has built everything below
/// it already when the whole is tested.
pub(crate) fn gate() -> Result<Command, String> {
    process::run(tools::cargo().args([
        "build",
        "--locked",
        "--quiet",
        "--profile",
        "simulation",
        "--package",
        "partway-gate",
    ]))?;
    let name = format!("partway-gate{}", std::env::consts::EXE_SUFFIX);
    let mut command = Command::new(place::target().join("simulation").join(name));
    command.current_dir(place::root());
    Ok(command)
}
