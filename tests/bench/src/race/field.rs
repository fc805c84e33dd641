//! Where the race takes place: the server, a keyring, and folders for the racers.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde::Serialize;

use super::keyring::Keyring;
use super::partway;
use crate::ask::ask;
use crate::child::{self, Cost};
use crate::stub::{Counts, Terms};

/// A run that takes longer than so many seconds and so many times the ideal has failed.
const PATIENCE: (f64, f64) = (45.0, 10.0);

/// Connections that the ceiling is found with.
const AT_ONCE: u64 = 64;

/// Requests per second that the server answers at most.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Ceiling {
    /// Part copies.
    pub(super) requests: f64,
    /// Pages of 1,000 keys.
    pub(super) pages: f64,
}

#[derive(Debug)]
pub(super) struct Field {
    server: Child,
    port: u16,
    pub(super) keyring: Keyring,
    pub(super) cli: PathBuf,
    /// For what racers leave: gone at the end.
    folder: tempfile::TempDir,
    runs: u32,
    patience: Duration,
}

impl Field {
    pub(super) fn open(cli: &Path) -> Result<Self, String> {
        let told = |error: std::io::Error| error.to_string();
        let mut server = Command::new(std::env::current_exe().map_err(told)?)
            .arg("stub")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(told)?;
        let mut line = String::new();
        let output = server.stdout.take().ok_or("the server has no output")?;
        BufReader::new(output).read_line(&mut line).map_err(told)?;
        let port = line.trim().parse();
        let field = Self {
            server,
            port: port.map_err(|_| format!("the server did not start: {line:?}"))?,
            keyring: Keyring::start()?,
            cli: cli.to_owned(),
            folder: tempfile::tempdir().map_err(told)?,
            runs: 0,
            patience: Duration::from_secs_f64(PATIENCE.0),
        };
        partway::introduce(&field)?;
        Ok(field)
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A folder that no run before has seen. What the one before left is gone: a million objects
    /// leave a gigabyte.
    pub(super) fn fresh(&mut self) -> Result<PathBuf, String> {
        let of = |run: u32| self.folder.path().join(format!("run-{run}"));
        std::fs::remove_dir_all(of(self.runs)).ok();
        self.runs += 1;
        let folder = of(self.runs);
        std::fs::create_dir(&folder).map_err(|error| error.to_string())?;
        Ok(folder)
    }

    /// The server begins anew.
    pub(super) fn begin(&self, terms: &Terms) -> Result<(), String> {
        let body = serde_json::to_string(terms).map_err(|error| error.to_string())?;
        self.ask("PUT", "/-/terms", &body).map(drop)
    }

    /// Counts anew, with everything else as it is.
    pub(super) fn count_anew(&self) -> Result<(), String> {
        self.ask("PUT", "/-/counts", "").map(drop)
    }

    pub(super) fn counts(&self) -> Result<Counts, String> {
        let said = self.ask("GET", "/-/counts", "")?;
        serde_json::from_str(&said).map_err(|error| format!("{said:?}: {error}"))
    }

    /// Waits for the runs that follow as long as is fair with this ideal.
    pub(super) fn expect(&mut self, ideal: Option<f64>) {
        let (least, times) = PATIENCE;
        self.patience = Duration::from_secs_f64(least + times * ideal.unwrap_or(0.0));
    }

    /// Whether it was ended because it took too long.
    pub(super) fn is_late(&self, cost: &Cost) -> bool {
        cost.wall > self.patience.as_secs_f64()
    }

    pub(super) fn run(
        &self,
        command: &mut Command,
        enough: impl FnMut() -> bool,
    ) -> Result<Cost, String> {
        self.keyring.lend(command);
        if std::env::var_os("PARTWAY_BENCH_LOUD").is_none() {
            command.stdout(Stdio::null()).stderr(Stdio::null());
        }
        child::run(command, self.patience, enough)
    }

    /// What the server can answer, as far as a client on the same machine can tell.
    pub(super) fn ceiling(&self) -> Result<Ceiling, String> {
        let most = |what: &str, terms: Terms, requests: u64| {
            self.begin(&terms)?;
            let cost = self.run(&mut self.floor(what, requests, AT_ONCE)?, || false)?;
            if !cost.success {
                return Err("the floor did not come to its end".to_owned());
            }
            Ok(requests as f64 / cost.wall)
        };
        let keys = Terms {
            keys: 1_000_000,
            ..Terms::default()
        };
        Ok(Ceiling {
            requests: most("parts", Terms::default(), 40_000)?,
            pages: most("pages", keys, 4_000)?,
        })
    }

    pub(super) fn floor(&self, what: &str, requests: u64, at_once: u64) -> Result<Command, String> {
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut command = Command::new(program);
        command.args([
            "floor",
            &self.url(),
            what,
            &requests.to_string(),
            &at_once.to_string(),
        ]);
        Ok(command)
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Result<String, String> {
        match ask(self.port, method, path, "", body) {
            Ok((200, body)) => Ok(body),
            Ok((status, body)) => Err(format!("the server says {status} {body}")),
            Err(error) => Err(format!("the server does not answer: {error}")),
        }
    }
}

impl Drop for Field {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}
