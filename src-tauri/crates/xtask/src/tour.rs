//! The real window on an invisible display, driven through the demo cloud.

use std::path::Path;
use std::process::Command;

use crate::display::Headless;
use crate::process::{self, Outcome};
use crate::{app, packages, place, say, tools};

/// The whole journey, four times: both themes in both languages.
pub(crate) fn demo(yes: bool, release: bool) -> Outcome {
    let pictures = place::target().join("tour");
    drive(yes, release, &["tour"], &pictures)?;
    say::step(format!("screenshots of every step: {}", pictures.display()));
    Ok(())
}

/// The README's picture, from the window as it is now.
pub(crate) fn screenshot() -> Outcome {
    drive(
        false,
        false,
        &["readme"],
        &place::root().join("tests/window/readme.png"),
    )
}

fn drive(yes: bool, release: bool, words: &[&str], into: &Path) -> Outcome {
    packages::ensure(&[packages::BUILD, packages::DRIVE], yes)?;
    tools::ensure_node()?;
    let window = app::build(release)?;
    let headless = Headless::start()?;
    say::step("starting the tour");
    let mut tour: Command = tools::cargo();
    tour.args([
        "run",
        "--locked",
        "--package",
        "partway-window-tests",
        "--bin",
        "tour",
        "--",
    ])
    .args(words)
    .arg(into)
    .env("PARTWAY_APP", window);
    headless.lend(&mut tour);
    process::run(&mut tour)
}
