//! Runs one script to its end, or to its deadline, and reads its report line by line.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::report::{Check, Outcome};

/// All of a script's checks together take a tenth of this on a slow machine.
const DEADLINE: Duration = Duration::from_secs(240);

/// A script and everything it is told.
pub(super) struct Script {
    pub(super) interpreter: PathBuf,
    /// Where the scripts are, and what they share.
    pub(super) clients: PathBuf,
    /// This one, in that folder.
    pub(super) path: &'static str,
    pub(super) argument: Option<&'static str>,
    /// Where packages of Node are.
    pub(super) node_modules: PathBuf,
    /// The only folder it may write to; its log stays there.
    pub(super) home: PathBuf,
    /// Address, keys and buckets of its demo cloud.
    pub(super) cloud: serde_json::Value,
}

/// What a script said.
#[derive(Debug)]
pub(super) struct Spoken {
    /// Of the program under test.
    pub(super) version: String,
    pub(super) checks: Vec<Check>,
}

/// One line of a report.
#[derive(Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Line {
    Check {
        check: String,
        ok: bool,
        detail: String,
    },
    Client {
        #[serde(rename = "client")]
        _client: String,
        version: String,
    },
}

impl Script {
    /// Runs it. A script that breaks off or says nothing is an error or a failed check.
    pub(super) fn run(&self) -> Result<Spoken, String> {
        let log = self.home.join("log.txt");
        let mut process = Group(self.start(&log)?);
        let (sender, lines) = mpsc::channel();
        let output = process.0.stdout.take().ok_or("the script has no output")?;
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let end = Instant::now() + DEADLINE;
        let mut spoken = Spoken {
            version: String::new(),
            checks: Vec::new(),
        };
        loop {
            match lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) => spoken.hear(&line)?,
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    let reason = format!("it is not done after {} s", DEADLINE.as_secs());
                    spoken.fail(&reason, &log);
                    return Ok(spoken);
                }
            }
        }
        let status = process.0.wait().map_err(|error| error.to_string())?;
        spoken.end(status, &log)
    }

    fn start(&self, log: &Path) -> Result<Child, String> {
        let told = |error: std::io::Error| format!("{}: {error}", self.interpreter.display());
        // Nothing of the machine's own settings: no proxies, no profiles, no caches.
        let mut command = Command::new(&self.interpreter);
        command
            .env_clear()
            .arg(self.clients.join(self.path))
            .args(self.argument);
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        command
            .env("HOME", &self.home)
            .env("TMPDIR", &self.home)
            .env("LANG", "C.UTF-8")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONPATH", &self.clients)
            .env("PARTWAY_NODE_MODULES", &self.node_modules)
            .env("PARTWAY_CLOUD", self.cloud.to_string())
            .current_dir(&self.home)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(log).map_err(told)?)
            .process_group(0)
            .spawn()
            .map_err(told)
    }
}

impl Spoken {
    fn hear(&mut self, line: &str) -> Result<(), String> {
        match serde_json::from_str(line) {
            Ok(Line::Client { version, .. }) => self.version = version,
            Ok(Line::Check { check, ok, detail }) => self.checks.push(Check {
                name: check,
                outcome: if ok {
                    Outcome::Passed
                } else {
                    Outcome::Failed(detail)
                },
            }),
            Err(error) => return Err(format!("its line {line:?} is no part of a report: {error}")),
        }
        Ok(())
    }

    fn end(mut self, status: ExitStatus, log: &Path) -> Result<Self, String> {
        if self.version.is_empty() {
            let last = end_of(log);
            return Err(format!("it did not begin ({status}); it printed:\n{last}"));
        }
        if !status.success() {
            self.fail(&format!("it broke off ({status})"), log);
        } else if self.checks.is_empty() {
            self.fail("it checked nothing", log);
        }
        Ok(self)
    }

    fn fail(&mut self, reason: &str, log: &Path) {
        self.checks.push(Check {
            name: "runs to its end".to_owned(),
            outcome: Outcome::Failed(format!("{reason}; the last it printed:\n{}", end_of(log))),
        });
    }
}

/// A process and those it started; none outlives this.
struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        if self.0.try_wait().is_ok_and(|status| status.is_some()) {
            return;
        }
        let group = format!("-{}", self.0.id());
        let _ = Command::new("kill")
            .args(["-KILL", "--", &group])
            .stderr(Stdio::null())
            .status();
        let _ = self.0.wait();
    }
}

/// The last lines of a log, for an error.
fn end_of(log: &Path) -> String {
    const LINES: usize = 12;
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn run(text: &str) -> (Result<Spoken, String>, PathBuf) {
        let home = crate::place::work().join("script-tests").join(format!(
            "{}-{}",
            std::process::id(),
            std::thread::current()
                .name()
                .unwrap_or("")
                .replace(':', "-")
        ));
        fs::create_dir_all(&home).unwrap();
        File::create(home.join("script.sh"))
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
        let script = Script {
            interpreter: PathBuf::from("sh"),
            clients: home.clone(),
            path: "script.sh",
            argument: None,
            node_modules: PathBuf::new(),
            home: home.clone(),
            cloud: serde_json::json!({"url": "http://127.0.0.1:1"}),
        };
        (script.run(), home)
    }

    #[test]
    fn a_report_is_read_line_by_line() {
        let (spoken, home) = run(r#"
            echo '{"client": "one", "version": "1.2"}'
            echo noise >&2
            echo '{"check": "list", "ok": true, "detail": ""}'
            echo '{"check": "copy", "ok": false, "detail": "no"}'
        "#);
        let spoken = spoken.unwrap();
        assert_eq!(spoken.version, "1.2");
        let outcomes: Vec<_> = spoken
            .checks
            .into_iter()
            .map(|c| (c.name, c.outcome))
            .collect();
        let failed = Outcome::Failed("no".to_owned());
        assert_eq!(
            outcomes,
            [
                ("list".to_owned(), Outcome::Passed),
                ("copy".to_owned(), failed)
            ]
        );
        fs::remove_dir_all(home).unwrap();
    }

    #[test]
    fn a_script_that_breaks_off_has_failed() {
        let (never, home) = run("echo sorry >&2; exit 3");
        assert!(never.unwrap_err().contains("sorry"));
        let begun = r#"echo '{"client": "one", "version": "1"}'; "#;
        for end in ["exit 3", "exit 0", "kill -KILL $$"] {
            let (broken, _) = run(&format!("{begun}{end}"));
            let checks = broken.unwrap().checks;
            assert!(matches!(checks[0].outcome, Outcome::Failed(_)), "{end}");
        }
        let (noise, _) = run("echo hello");
        assert!(noise.unwrap_err().contains("hello"));
        fs::remove_dir_all(home).unwrap();
    }
}
