//! Processes of a server that runs for the length of a test.

use std::fs::File;
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A process in the foreground with its own process group; dropping it ends the whole group.
#[derive(Debug)]
pub(super) struct Daemon {
    leader: Child,
    name: String,
    log: PathBuf,
}

impl Daemon {
    /// Starts it with both streams in `log`.
    pub(super) fn start(command: &Command, log: PathBuf) -> Result<Self, String> {
        let name = command.get_program().to_string_lossy().into_owned();
        let told = |error: std::io::Error| format!("{name} did not start: {error}");
        let file = File::create(&log).map_err(told)?;
        let leader = dying_with_us(command)
            .stdin(Stdio::null())
            .stdout(file.try_clone().map_err(told)?)
            .stderr(file)
            .process_group(0)
            .spawn()
            .map_err(told)?;
        Ok(Self { leader, name, log })
    }

    /// Says why, if it has ended.
    pub(super) fn check(&mut self) -> Result<(), String> {
        match self.leader.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(status)) => Err(format!(
                "{} ended early ({status}); the end of its log:\n{}",
                self.name,
                end_of(&self.log)
            )),
            Err(error) => Err(format!("{}: {error}", self.name)),
        }
    }

    /// Asks until there is an answer; gives up when the process ends or `patience` does.
    pub(super) fn wait_for<T>(
        &mut self,
        patience: Duration,
        ask: impl Fn() -> Option<T>,
    ) -> Result<T, String> {
        let end = Instant::now() + patience;
        loop {
            if let Some(answer) = ask() {
                return Ok(answer);
            }
            self.check()?;
            if Instant::now() > end {
                return Err(format!(
                    "{} did not answer within {} s; the end of its log:\n{}",
                    self.name,
                    patience.as_secs(),
                    end_of(&self.log)
                ));
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // Nothing of a test server is worth an orderly end; already gone is as good.
        let _ = Command::new("kill")
            .args(["-KILL", "--", &format!("-{}", self.leader.id())])
            .stderr(Stdio::null())
            .status();
        let _ = self.leader.wait();
    }
}

/// The same command under a wrapper that ends it when the thread that started it is gone: a
/// process group of its own does not hear the terminal's Ctrl-C, and a killed program drops nothing.
fn dying_with_us(command: &Command) -> Command {
    let mut wrapped = Command::new("setpriv");
    wrapped
        .args(["--pdeathsig", "KILL", "--"])
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => wrapped.env(name, value),
            None => wrapped.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        wrapped.current_dir(folder);
    }
    wrapped
}

/// Runs a program of a server's set-up to its end; its output is told only if it fails.
pub(super) fn run(command: &mut Command) -> Result<String, String> {
    let shown = format!("{command:?}");
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{shown} did not start: {error}"))?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(printed);
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    let told = if errors.is_empty() {
        printed.as_str()
    } else {
        &errors
    };
    Err(format!("{shown} failed ({}):\n{told}", output.status))
}

/// Ports that were free a moment ago, all different.
pub(super) fn free_ports<const N: usize>() -> Result<[u16; N], String> {
    let told = |error: std::io::Error| format!("no free port: {error}");
    // All are held until all are found.
    let mut held = Vec::with_capacity(N);
    let mut ports = [0; N];
    for port in &mut ports {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(told)?;
        *port = listener.local_addr().map_err(told)?.port();
        held.push(listener);
    }
    Ok(ports)
}

/// The last lines of a log, for an error.
pub(super) fn end_of(log: &Path) -> String {
    const LINES: usize = 20;
    let bytes = std::fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}
