//! The programs, built with their pages inside.

use std::path::PathBuf;

use crate::process::{self, Outcome};
use crate::{place, say, tools, web};

/// Everything that needs neither WebKit nor a display.
pub(crate) const WITHOUT_WINDOW: &[&str] = &[
    "--workspace",
    "--exclude",
    "partway",
    "--exclude",
    "partway-window-tests",
    "--exclude",
    "partway-empty-window",
];

/// Builds the window's program and answers where it is.
pub(crate) fn build(release: bool) -> Result<PathBuf, String> {
    web::build()?;
    say::step("building the app");
    cargo_build(
        &["--package", "partway", "--features", "custom-protocol"],
        release,
    )?;
    Ok(place::program("partway", release))
}

/// Builds the window as it is handed out, and the one with nothing in it that its start is
/// measured against. Both together, so that they stand on the same libraries.
pub(crate) fn build_to_start() -> Outcome {
    web::build()?;
    say::step("building the window, and one with nothing in it");
    let packages = ["--package", "partway", "--package", "partway-empty-window"];
    let features = "partway/custom-protocol,partway-empty-window/custom-protocol";
    cargo_build(&[&packages[..], &["--features", features]].concat(), true)
}

/// Builds `partway-cli` and answers where it is. It is built together with the tests of the
/// workspace, whose features its libraries then share: alone it would compile them all once more.
pub(crate) fn build_cli() -> Result<PathBuf, String> {
    say::step("building partway-cli and the tests");
    let mut cargo = tools::cargo();
    cargo
        .args(["test", "--locked", "--no-run"])
        .args(WITHOUT_WINDOW);
    process::run(&mut cargo)?;
    Ok(place::program("partway-cli", false))
}

/// The same for a package that is handed out, with nothing of the tests in it.
pub(crate) fn build_cli_alone() -> Result<PathBuf, String> {
    say::step("building partway-cli");
    cargo_build(&["--package", "partway-cli"], true)?;
    Ok(place::program("partway-cli", true))
}

fn cargo_build(what: &[&str], release: bool) -> Outcome {
    let mut cargo = tools::cargo();
    cargo.args(["build", "--locked"]).args(what);
    if release {
        cargo.arg("--release");
    }
    process::run(&mut cargo)
}
