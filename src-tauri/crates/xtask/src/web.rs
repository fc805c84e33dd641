//! The front end and the browser tests: packages from their lock files, and the built pages.
//!
//! Both are done again only when what they are made from has changed; a stamp with its hash is kept
//! in the target folder.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::process::{self, Outcome};
use crate::{place, say};

/// Folders inside `ui` that are made, not written.
const MADE: [&str; 4] = ["node_modules", "dist", "paraglide", "test-results"];

/// Installs the packages of a folder's lock file.
pub(crate) fn install(folder: &str) -> Outcome {
    let path = place::root().join(folder);
    let stamp = Stamp::of(folder, "packages", &[path.join("package-lock.json")])?;
    if stamp.is_current() && path.join("node_modules").is_dir() {
        return Ok(());
    }
    say::step(format!("npm ci in {folder}"));
    process::run(
        process::inside(&path, "npm")
            .args(["ci", "--no-audit", "--no-fund"])
            // Debian's Chromium is used, not a download.
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
    )?;
    stamp.write()
}

/// Builds `ui/dist`.
pub(crate) fn build() -> Outcome {
    install("ui")?;
    let ui = place::root().join("ui");
    let mut sources = Vec::new();
    collect(&ui, &mut sources)?;
    // The manual is shown in the window.
    collect(&place::root().join("ui/manual"), &mut sources)?;
    sources.sort();
    let stamp = Stamp::of("ui", "build", &sources)?;
    if stamp.is_current() && ui.join("dist/index.html").is_file() {
        return Ok(());
    }
    say::step("npm run build in ui");
    process::run(process::inside(&ui, "npm").args(["run", "build"]))?;
    stamp.write()
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) -> Outcome {
    let entries = fs::read_dir(folder).map_err(|error| failed(folder, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| failed(folder, &error))?.path();
        let name = path.file_name().unwrap_or_default();
        if path.is_file() {
            into.push(path);
        } else if !MADE.iter().any(|made| name == *made) {
            collect(&path, into)?;
        }
    }
    Ok(())
}

/// What something was made from, as a hash in a file.
struct Stamp {
    file: PathBuf,
    hash: String,
}

impl Stamp {
    fn of(folder: &str, made: &str, sources: &[PathBuf]) -> Result<Self, String> {
        let mut hasher = DefaultHasher::new();
        for source in sources {
            source.hash(&mut hasher);
            fs::read(source)
                .map_err(|error| failed(source, &error))?
                .hash(&mut hasher);
        }
        Ok(Self {
            file: place::target()
                .join("xtask")
                .join(format!("{}-{made}.stamp", folder.replace('/', "-"))),
            hash: format!("{:016x}", hasher.finish()),
        })
    }

    fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|kept| kept == self.hash)
    }

    fn write(&self) -> Outcome {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
        }
        fs::write(&self.file, &self.hash).map_err(|error| failed(&self.file, &error))
    }
}

fn failed(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
