//! The committed figures, in `figures.toml` beside the manifest.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::callgrind::Counted;
use crate::cases::Case;

/// Instructions and allocations of one round of each case, and the compiler that made them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Figures {
    /// Its version and the target's triple.
    pub(crate) compiler: String,
    instructions: BTreeMap<String, u64>,
    #[serde(default)]
    allocations: BTreeMap<String, u64>,
}

impl Figures {
    pub(crate) fn read() -> Result<Self, String> {
        let path = path();
        let told = |error: String| format!("{}: {error}", path.display());
        let text = std::fs::read_to_string(&path).map_err(|error| told(error.to_string()))?;
        toml::from_str(&text).map_err(|error| told(error.to_string()))
    }

    pub(crate) fn of(&self, case: &str) -> Option<Counted> {
        Some(Counted {
            instructions: self.instructions.get(case).copied()?,
            allocations: self.allocations.get(case).copied()?,
        })
    }

    pub(crate) fn put(&mut self, case: &str, counted: Counted) {
        let name = || case.to_owned();
        self.instructions.insert(name(), counted.instructions);
        self.allocations.insert(name(), counted.allocations);
    }

    /// Writes them in the order of the cases; figures of cases that are gone go too.
    pub(crate) fn write(&self, cases: &[Case]) -> Result<(), String> {
        let mut text = String::from(
            "# One round of each case of the gate, counted by callgrind.\n\
             # `cargo xtask bench --gate --accept` writes this file; say in the commit why they changed.\n",
        );
        let _ = writeln!(text, "compiler = \"{}\"", self.compiler);
        for (table, figures) in [
            ("instructions", &self.instructions),
            ("allocations", &self.allocations),
        ] {
            let _ = writeln!(text, "\n[{table}]");
            for case in cases {
                if let Some(counted) = figures.get(case.name) {
                    let _ = writeln!(text, "{} = {counted}", case.name);
                }
            }
        }
        let path = path();
        std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
    }
}

/// What code depends on besides our own: `rustc 1.90.0 on x86_64-unknown-linux-gnu`.
pub(crate) fn compiler() -> Result<String, String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let told = Command::new(rustc).arg("-vV").output();
    let told = told.map_err(|error| format!("rustc: {error}"))?;
    let told = String::from_utf8_lossy(&told.stdout);
    let word = |name: &str| {
        let mut lines = told.lines();
        lines
            .find_map(|line| line.strip_prefix(name))
            .unwrap_or("?")
    };
    Ok(format!("rustc {} on {}", word("release: "), word("host: ")))
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("figures.toml")
}
