//! Python environments with pinned packages, made once and kept until the pins change.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::place;

/// The folder of an environment that holds exactly what `requirements` pins; its programs are in
/// `bin`. The copy of the pins is written last, so a half-made environment is made anew.
pub(crate) fn ensure(name: &str, requirements: &Path) -> Result<PathBuf, String> {
    let folder = place::work().join("venvs").join(name);
    let told = |error: std::io::Error| format!("{}: {error}", folder.display());
    let wanted = fs::read_to_string(requirements)
        .map_err(|error| format!("{}: {error}", requirements.display()))?;
    let stamp = folder.join("pins.txt");
    if fs::read_to_string(&stamp).is_ok_and(|made| made == wanted) {
        return Ok(folder);
    }
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(told)?;
    }
    println!("making the Python environment {name}, once");
    run(Command::new(python()).args(["-m", "venv"]).arg(&folder))?;
    run(Command::new(folder.join("bin/python"))
        .args(["-m", "pip", "install", "--quiet", "--no-input"])
        .args(["--disable-pip-version-check", "--requirement"])
        .arg(requirements))?;
    fs::write(stamp, wanted).map_err(told)?;
    Ok(folder)
}

/// The distribution's own Python where there is one: others along `PATH` come and go.
fn python() -> &'static str {
    const DISTRIBUTION: &str = "/usr/bin/python3";
    if Path::new(DISTRIBUTION).exists() {
        DISTRIBUTION
    } else {
        "python3"
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    let shown = format!("{command:?}");
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{shown} did not start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    Err(format!(
        "{shown} failed ({}):\n{}",
        output.status,
        text.trim()
    ))
}
