//! Running the program and reading what it says.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use partway_democloud::Endpoints;
use serde_json::Value;

/// The program on one data folder.
pub(crate) struct Program {
    pub(crate) folder: PathBuf,
    /// Of the keyring's bus, if there is one.
    pub(crate) bus: Option<String>,
}

/// What one run said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    /// Both ends together, for looking for words.
    pub(crate) all: String,
}

impl Said {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Program {
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            bus: None,
        }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_partway-cli"));
        command
            .arg("--data-dir")
            .arg(&self.folder)
            .args(arguments)
            .env_remove("PARTWAY_DATA_DIR")
            .env("PARTWAY_DEMO_LATENCY_MS", "0")
            .env("PARTWAY_DEMO_JITTER_MS", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        match &self.bus {
            Some(bus) => command.env("DBUS_SESSION_BUS_ADDRESS", bus),
            // An address where nobody listens: no bus of the machine is found instead.
            None => command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent"),
        };
        command
    }

    /// Runs to the end with nothing on standard input.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        self.run_with(arguments, "")
    }

    /// Runs to the end with this on standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &str) -> Said {
        let mut child = self.command(arguments).spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        // It may have ended without reading.
        stdin.write_all(input.as_bytes()).ok();
        drop(stdin);
        said(&child.wait_with_output().expect("the program ends"))
    }

    pub(crate) fn spawn(&self, arguments: &[&str]) -> Child {
        self.command(arguments).spawn().expect("the program starts")
    }
}

pub(crate) fn said(output: &Output) -> Said {
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let all = format!("{out}{}", String::from_utf8_lossy(&output.stderr));
    Said {
        code: output.status.code(),
        out,
        all,
    }
}

/// A `demo-cloud` in a process of its own; ended when dropped.
pub(crate) struct Cloud {
    process: Child,
    pub(crate) data: PathBuf,
    pub(crate) endpoints: Endpoints,
}

impl Cloud {
    pub(crate) fn start(program: &Program, data: &Path, options: &[&str]) -> Self {
        let data_text = data.to_str().expect("a plain path");
        let mut arguments = vec!["demo-cloud", "--data", data_text];
        arguments.extend(options);
        let mut process = program.spawn(&arguments);
        let mut line = String::new();
        let stdout = process.stdout.take().expect("a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let endpoints = serde_json::from_str(&line)
            .unwrap_or_else(|error| panic!("{error}: the first line is {line:?}"));
        Self {
            process,
            data: data.to_owned(),
            endpoints,
        }
    }

    /// The request log so far.
    pub(crate) fn requests(&self) -> Vec<Value> {
        let log = std::fs::read_to_string(self.data.join("requests.jsonl")).unwrap_or_default();
        // The last line may be half written at the moment.
        log.lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect()
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
