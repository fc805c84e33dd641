//! The window's commands without the window: `partway-cli bridge`.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use serde_json::Value;

use super::field::Field;
use super::partway;
use super::run::shown;
use crate::ask::ask;
use crate::processes;

const TOKEN: &str = "bench";

/// A core on a data folder; comes to rest when dropped.
#[derive(Debug)]
pub(super) struct Bridge {
    child: Child,
    port: u16,
    pub(super) command: String,
}

impl Bridge {
    pub(super) fn start(field: &Field, data: &Path) -> Result<Self, String> {
        let mut command = partway::program(field, data);
        command.args(["bridge", "--port", "0", "--token", TOKEN]);
        field.keyring.lend(&mut command);
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let mut bridge = Self {
            child,
            port: 0,
            command: shown(&command),
        };
        let mut line = String::new();
        if let Some(output) = bridge.child.stdout.take() {
            let read = BufReader::new(output).read_line(&mut line);
            read.map_err(|error| error.to_string())?;
        }
        let told: Value = serde_json::from_str(&line).unwrap_or_default();
        let port = told["url"].as_str().and_then(|url| url.rsplit(':').next());
        bridge.port = port
            .and_then(|port| port.parse().ok())
            .ok_or_else(|| format!("the bridge did not open: {line:?}"))?;
        Ok(bridge)
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// One command of the contract.
    pub(super) fn call(&self, name: &str, argument: &Value) -> Result<Value, String> {
        let head = format!("x-partway-token: {TOKEN}\r\n");
        let path = format!("/ipc/{name}");
        let answer = ask(self.port, "POST", &path, &head, &argument.to_string());
        match answer.map_err(|error| format!("{name}: {error}"))? {
            (200, body) => serde_json::from_str(&body).map_err(|error| error.to_string()),
            (status, body) => Err(format!("{name}: {status} {body}")),
        }
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        // Killed, it would leave a journal that is checked whole at the next start.
        processes::end(&mut self.child, "INT");
    }
}
