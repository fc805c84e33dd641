//! `cargo xtask package`: installable bundles, with the window, the command line program, the
//! desktop entry and its description in them.

mod clean_root;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{self, Outcome};
use crate::{app, packages, place, say, tools, web};

pub(crate) use clean_root::{prepare as prepare_clean_root, try_out};

/// What is made where. An `AppImage` is not among them: its tools are downloaded while bundling and
/// named by nothing but their newest release, so it cannot be made offline or twice alike.
const FORMATS: &str = if cfg!(target_os = "windows") {
    "nsis,msi"
} else if cfg!(target_os = "macos") {
    "app,dmg"
} else {
    "deb,rpm"
};

pub(crate) fn command(words: &[&str]) -> Outcome {
    if let ["--try-out", deb] = words {
        prepare_clean_root(false)?;
        return try_out(Path::new(deb)).map(|shown| println!("{}", shown.join("\n")));
    }
    let (mut debug, mut yes) = (false, false);
    for word in words {
        match *word {
            "--debug" => debug = true,
            "--yes" => yes = true,
            _ => {
                return Err(format!(
                    "cargo xtask package does not know `{word}`; it knows --debug, --yes and --try-out DEB"
                ));
            }
        }
    }
    prepare(yes)?;
    for file in build(!debug, FORMATS)? {
        say::step(file.display());
    }
    Ok(())
}

/// Installs what building the bundles needs.
pub(crate) fn prepare(yes: bool) -> Outcome {
    packages::ensure(&[packages::BUILD, packages::PACKAGE], yes)?;
    tools::ensure_node()?;
    web::install("ui")
}

/// Builds the programs and puts them into bundles; answers the files.
pub(crate) fn build(release: bool, formats: &str) -> Result<Vec<PathBuf>, String> {
    let window = app::build(release)?;
    // What is tried out is what was tested; only what is handed out is built for itself.
    let cli = if release {
        app::build_cli_alone()?
    } else {
        app::build_cli()?
    };
    if cfg!(target_os = "linux") {
        check_descriptions()?;
    }
    let bundles = window.with_file_name("bundle");
    if bundles.exists() {
        // What an earlier version left would be taken for this one's.
        fs::remove_dir_all(&bundles).map_err(|error| format!("{}: {error}", bundles.display()))?;
    }
    say::step(format!("bundling {formats}"));
    let tauri = place::root().join("ui/node_modules/.bin/tauri");
    let mut bundle = process::inside(&place::root(), &tauri.to_string_lossy());
    bundle
        .args(["bundle", "--ci", "--bundles", formats, "--config"])
        .arg(with_cli(&cli))
        .env("CARGO_TARGET_DIR", place::target());
    if !release {
        bundle.arg("--debug");
    }
    process::run(&mut bundle)?;
    files_in(&bundles, formats)
}

/// The part of the configuration that only this program knows: where the command line program is.
fn with_cli(cli: &Path) -> String {
    let cli = cli.display().to_string().replace('\\', "\\\\");
    let files = format!(r#"{{ "files": {{ "/usr/bin/partway-cli": "{cli}" }} }}"#);
    format!(r#"{{ "bundle": {{ "linux": {{ "deb": {files}, "rpm": {files} }} }} }}"#)
}

/// The metainfo is shown by software centres, which refuse what does not follow their rules.
fn check_descriptions() -> Outcome {
    let metainfo = place::root().join("src-tauri/linux/dev.partway.desktop.metainfo.xml");
    process::run(
        Command::new("appstreamcli")
            .args(["validate", "--no-net"])
            .arg(metainfo),
    )
}

/// The bundles lie in a folder for each format.
fn files_in(bundles: &Path, formats: &str) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    for format in formats.split(',') {
        let folder = bundles.join(format);
        let entries =
            fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let made = entries.flatten().map(|entry| entry.path());
        files.extend(made.filter(|path| path.extension().is_some_and(|end| end == format)));
    }
    if files.is_empty() {
        return Err(format!("{} holds no bundle", bundles.display()));
    }
    Ok(files)
}
