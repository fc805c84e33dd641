//! Pictures of the page in Chromium, over the real core and the demo cloud.

use crate::process::{self, Outcome};
use crate::{app, packages, place, say, tools, web};

/// Every screen in its states, themes and languages; with `--manual` the pictures of the manual.
pub(crate) fn command(words: &[&str]) -> Outcome {
    let project = match words {
        [] => "screens",
        ["--manual"] => "manual",
        _ => return Err("cargo xtask screens knows --manual and nothing else".to_owned()),
    };
    packages::ensure(&[packages::BUILD, packages::TEST, packages::DRIVE], false)?;
    tools::ensure_node()?;
    web::install("tests/e2e")?;
    web::build()?;
    let cli = app::build_cli()?;
    let pictures = place::target().join("screens");
    if pictures.exists() {
        // A screen that is gone must not leave its picture behind.
        std::fs::remove_dir_all(&pictures)
            .map_err(|error| format!("{}: {error}", pictures.display()))?;
    }
    let mut npx = process::inside(&place::root().join("tests/e2e"), "npx");
    npx.args(["playwright", "test", "--project", project])
        .env("NO_COLOR", "1")
        .env("PARTWAY_CLI", cli);
    if project == "manual" {
        npx.env("PARTWAY_MANUAL", "1");
    } else {
        npx.env("PARTWAY_SCREENS", &pictures);
    }
    process::run(&mut npx)?;
    if project == "manual" {
        say::step("the pictures lie in ui/manual/pictures");
    } else {
        say::step(format!("look at {}", pictures.join("index.html").display()));
    }
    Ok(())
}
