//! WebKitWebDriver with the window it started.

use std::fs;
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::display::Display;
use super::keyring::Keyring;
use super::window::folders;
use crate::ask::ask;
use crate::processes;

const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(20);

/// Ends with the windows it started.
#[derive(Debug)]
pub(super) struct Driver {
    process: Child,
    program: PathBuf,
    port: u16,
    session: String,
}

impl Driver {
    pub(super) fn start(
        program: &Path,
        data: &Path,
        display: &Display,
        keyring: &Keyring,
    ) -> Result<Self, String> {
        let told = |error: std::io::Error| format!("no WebKitWebDriver: {error}");
        let port = TcpListener::bind(("127.0.0.1", 0))
            .and_then(|listener| listener.local_addr())
            .map_err(told)?
            .port();
        let mut command = Command::new("WebKitWebDriver");
        command
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("PARTWAY_DATA_DIR", data);
        for (name, folder) in folders(data) {
            fs::create_dir_all(&folder).map_err(told)?;
            command.env(name, folder);
        }
        display.lend(&mut command);
        keyring.lend(&mut command);
        let mut driver = Self {
            process: command.spawn().map_err(told)?,
            program: program.to_owned(),
            port,
            session: String::new(),
        };
        driver.session = driver.open()?;
        Ok(driver)
    }

    fn open(&self) -> Result<String, String> {
        let browser = json!({ "binary": self.program, "args": [] });
        let wanted = json!({ "webkitgtk:browserOptions": browser });
        let wanted = json!({ "capabilities": { "alwaysMatch": wanted } }).to_string();
        let begun = Instant::now();
        loop {
            match ask(self.port, "POST", "/session", "", &wanted) {
                Ok((200, said)) => {
                    let said: Value = serde_json::from_str(&said).unwrap_or_default();
                    let session = said["value"]["sessionId"].as_str();
                    return Ok(session.ok_or("a session without a name")?.to_owned());
                }
                Ok((_, said)) => return Err(format!("the window did not open: {said}")),
                // The driver needs a moment before it listens.
                Err(_) if begun.elapsed() < PATIENCE => sleep(LOOK),
                Err(error) => return Err(format!("the driver does not answer: {error}")),
            }
        }
    }

    /// What a script in the page returns.
    pub(super) fn script(&self, script: &str) -> Result<Value, String> {
        let path = format!("/session/{}/execute/sync", self.session);
        let body = json!({ "script": script, "args": [] }).to_string();
        match ask(self.port, "POST", &path, "", &body) {
            Ok((200, said)) => {
                let mut said: Value = serde_json::from_str(&said).unwrap_or_default();
                Ok(said["value"].take())
            }
            Ok((_, said)) => Err(said),
            Err(error) => Err(error.to_string()),
        }
    }

    /// The process of the window.
    pub(super) fn window(&self) -> Result<u32, String> {
        let program = self.program.canonicalize();
        let program = program.map_err(|error| error.to_string())?;
        let runs = |pid: &u32| {
            let exe = fs::read_link(format!("/proc/{pid}/exe"));
            exe.is_ok_and(|exe| exe == program)
        };
        let family = processes::family(self.process.id());
        family
            .into_iter()
            .find(runs)
            .ok_or_else(|| "the window has no process".to_owned())
    }

    /// Closes the window as somebody would who logs off: its journal is left as it should be.
    pub(super) fn end(self, window: u32) -> Result<(), String> {
        processes::tell(&window.to_string(), "TERM");
        let asked = Instant::now();
        while self.window().is_ok() {
            if asked.elapsed() > PATIENCE {
                return Err("the window did not end".to_owned());
            }
            sleep(LOOK);
        }
        Ok(())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        processes::tell(&format!("-{}", self.process.id()), "KILL");
        self.process.wait().ok();
    }
}
