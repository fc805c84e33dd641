//! Tools that are not packages of the distribution, and the versions this repository is built with.

use std::process::Command;

use crate::process::{self, Outcome};
use crate::say;

/// The oldest Node.js that Vite runs on.
const NODE: (u32, u32) = (20, 19);

/// Checked by its own `--version`; another one may judge `deny.toml` differently.
const CARGO_DENY: &str = "0.20.2";

/// Node.js with npm, new enough.
pub(crate) fn ensure_node() -> Outcome {
    let advice = format!(
        "Install Node.js {}.{} or newer (https://nodejs.org)",
        NODE.0, NODE.1
    );
    let found = process::capture(Command::new("node").arg("--version"))
        .map_err(|_| format!("Node.js is missing. {advice}."))?;
    match version(found.text.trim()) {
        Some(found) if found >= NODE => {}
        _ => {
            return Err(format!(
                "Node.js {} is too old. {advice}.",
                found.text.trim()
            ));
        }
    }
    if process::exists("npm") {
        Ok(())
    } else {
        Err(format!("npm is missing. {advice} with npm."))
    }
}

/// `v20.19.1` as numbers.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.strip_prefix('v')?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// cargo-deny in the version pinned here; building it takes some minutes, once.
pub(crate) fn ensure_cargo_deny() -> Outcome {
    let found = process::capture(Command::new("cargo-deny").arg("--version"));
    if found.is_ok_and(|found| found.text.trim() == format!("cargo-deny {CARGO_DENY}")) {
        return Ok(());
    }
    say::step(format!("building cargo-deny {CARGO_DENY}, once"));
    process::run(cargo().args([
        "install",
        "--locked",
        "--quiet",
        "--force",
        "cargo-deny",
        "--version",
        CARGO_DENY,
    ]))
}

/// The cargo that runs this program.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(crate::place::root());
    // What cargo told this program of its own package would be news to the scripts of some
    // dependencies, and they would be built anew whenever cargo is called by hand in between.
    for (name, _) in std::env::vars_os() {
        let told = name.to_string_lossy();
        if told.starts_with("CARGO_MANIFEST_") || told.starts_with("CARGO_PKG_") {
            command.env_remove(&name);
        }
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert!(version("v20.9.0").unwrap() < NODE);
        assert!(version("v20.19.0").unwrap() >= NODE);
        assert!(version("v24.1.0").unwrap() >= NODE);
        assert_eq!(version("nonsense"), None);
    }
}
