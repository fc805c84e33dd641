//! Partway in the race: `partway-cli`, one process, with an account in a fresh journal.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::field::Field;
use super::{ACCESS_KEY, SECRET_KEY};

/// Keeps the account's secret in the keyring, and the account in a journal that each run gets a
/// copy of: adding it is no part of a job.
pub(super) fn introduce(field: &Field) -> Result<(), String> {
    let told = |error: std::io::Error| format!("{}: {error}", field.cli.display());
    let mut command = program(field, &template(field));
    command
        .args(["account", "add", "bench", "--dialect", "s3", "--path-style"])
        .args(["--endpoint", &field.url(), "--region", "us-east-1"])
        .args(["--access-key", ACCESS_KEY, "--secret-stdin", "--no-test"]);
    field.keyring.lend(&mut command);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .map_err(told)?;
    if let Some(mut input) = child.stdin.take() {
        writeln!(input, "{SECRET_KEY}").map_err(told)?;
    }
    let status = child.wait().map_err(told)?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("the account was not added ({status})"))
    }
}

/// A computer that knows the account and nothing else.
pub(super) fn computer(field: &mut Field) -> Result<PathBuf, String> {
    let folder = field.fresh()?;
    let copied = || -> std::io::Result<()> {
        for entry in std::fs::read_dir(template(field))? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                std::fs::copy(entry.path(), folder.join(entry.file_name()))?;
            }
        }
        Ok(())
    };
    copied().map_err(|error| error.to_string())?;
    Ok(folder)
}

pub(super) fn program(field: &Field, data: &Path) -> Command {
    let mut command = Command::new(&field.cli);
    command.arg("--data-dir").arg(data);
    command
}

fn template(field: &Field) -> PathBuf {
    field.folder().join("template")
}
