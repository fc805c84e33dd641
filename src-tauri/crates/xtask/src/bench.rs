//! `cargo xtask bench`: the gate, which counts instructions, and the race, which takes seconds.

use std::path::PathBuf;
use std::process::Command;

use crate::process::{self, Outcome};
use crate::{app, packages, place, say, tools};

/// The words behind `--gate` are those of `partway-gate`, all others those of `partway-bench`.
pub(crate) fn command(words: &[&str]) -> Outcome {
    if let ["--gate", rest @ ..] = words {
        prepare_gate(false)?;
        return process::run(gate()?.args(rest));
    }
    let windows = words.iter().any(|word| ["--all", "start"].contains(word));
    let drive = if windows { packages::DRIVE } else { &[] };
    packages::ensure(&[packages::BUILD, packages::RACE, drive], false)?;
    // Only the programs as they are handed out may race.
    let cli = app::build_cli_alone()?;
    if windows {
        app::build_to_start()?;
    }
    say::step("building the race");
    let race = build(&["--release"], "partway-bench")?;
    let mut race = Command::new(race);
    race.arg("--cli").arg(cli).args(words);
    process::run(race.current_dir(place::root()))
}

pub(crate) fn prepare_gate(yes: bool) -> Outcome {
    packages::ensure(&[packages::BUILD, packages::GATE], yes)
}

/// The gate's program. Its profile is that of the simulation, which has built everything below
/// it already when the whole is tested.
pub(crate) fn gate() -> Result<Command, String> {
    let mut command = Command::new(build(&["--profile", "simulation"], "partway-gate")?);
    command.current_dir(place::root());
    Ok(command)
}

fn build(profile: &[&str], name: &str) -> Result<PathBuf, String> {
    process::run(
        tools::cargo()
            .args(["build", "--locked", "--quiet", "--package", name])
            .args(profile),
    )?;
    let folder = profile[profile.len() - 1].trim_start_matches('-');
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    Ok(place::target().join(folder).join(file))
}
