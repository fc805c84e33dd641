//! The packages of the one client that is written in JavaScript.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::place;

const FILES: [&str; 2] = ["package.json", "package-lock.json"];

/// Where its packages are once `ensure` has run.
pub(super) fn modules() -> PathBuf {
    folder().join("node_modules")
}

fn folder() -> PathBuf {
    place::work().join("node")
}

/// Installs what the lock file names, unless that is what is there. The copy of the lock file is
/// written last, so a half-made folder is made anew.
pub(super) fn ensure() -> Result<(), String> {
    let folder = folder();
    let told = |error: std::io::Error| format!("{}: {error}", folder.display());
    let source = place::package().join("clients");
    let [_, lock] = FILES.map(|name| source.join(name));
    let wanted = fs::read_to_string(&lock).map_err(|e| format!("{}: {e}", lock.display()))?;
    let stamp = folder.join("installed.json");
    if fs::read_to_string(&stamp).is_ok_and(|made| made == wanted) {
        return Ok(());
    }
    fs::create_dir_all(&folder).map_err(told)?;
    for name in FILES {
        fs::copy(source.join(name), folder.join(name)).map_err(told)?;
    }
    println!("installing the packages of the JavaScript client, once");
    let output = Command::new("npm")
        .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
        .current_dir(&folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("npm did not start: {error}; install Node 20.19 or newer"))?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        return Err(format!(
            "npm ci failed ({}):\n{}",
            output.status,
            text.trim()
        ));
    }
    fs::write(stamp, wanted).map_err(told)
}
