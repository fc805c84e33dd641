//! Other programs: started, waited for, and their failures told in one sentence.

use std::path::Path;
use std::process::{Command, Stdio};

/// A command of this program either ends well or says why not.
pub(crate) type Outcome = Result<(), String>;

/// Runs a program to its end with this terminal as its own.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let shown = shown(command);
    let status = command
        .status()
        .map_err(|error| format!("{shown} did not start: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{shown} failed ({status})"))
    }
}

/// Runs a program to its end; what it prints is only told if it fails.
pub(crate) fn quietly(command: &mut Command) -> Outcome {
    let captured = capture(command)?;
    if captured.success {
        Ok(())
    } else {
        Err(format!(
            "{} failed:\n{}",
            shown(command),
            captured.text.trim_end()
        ))
    }
}

/// Runs a program and keeps what it prints, both streams in one text, whether it fails or not.
pub(crate) fn capture(command: &mut Command) -> Result<Captured, String> {
    let shown = shown(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{shown} did not start: {error}"))?;
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    Ok(Captured {
        success: output.status.success(),
        text,
    })
}

/// What a program printed.
pub(crate) struct Captured {
    pub(crate) success: bool,
    pub(crate) text: String,
}

/// Whether a program of this name is found along `PATH`.
pub(crate) fn exists(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// A program that runs inside a folder.
pub(crate) fn inside(folder: &Path, program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    command
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    format!("`{}`", words.join(" "))
}
