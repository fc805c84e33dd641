//! Where the race takes place: the server, a keyring, and folders for the racers.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::keyring::Keyring;
use super::partway;
use crate::child::{self, Cost};
use crate::stub::{Counts, Terms};

/// A run that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// Requests and connections that the ceiling is found with.
const CEILING: (u64, u64) = (40_000, 64);

#[derive(Debug)]
pub(super) struct Field {
    server: Child,
    port: u16,
    pub(super) keyring: Keyring,
    pub(super) cli: PathBuf,
    /// For what racers leave: gone at the end.
    folder: tempfile::TempDir,
    runs: u32,
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

    /// A folder that no run before has seen.
    pub(super) fn fresh(&mut self) -> Result<PathBuf, String> {
        self.runs += 1;
        let folder = self.folder.path().join(format!("run-{}", self.runs));
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

    pub(super) fn run(
        &self,
        command: &mut Command,
        enough: impl FnMut() -> bool,
    ) -> Result<Cost, String> {
        self.keyring.lend(command);
        if std::env::var_os("PARTWAY_BENCH_LOUD").is_none() {
            command.stdout(Stdio::null()).stderr(Stdio::null());
        }
        child::run(command, PATIENCE, enough)
    }

    /// Requests per second the server can answer, as far as a client on the same machine can tell.
    pub(super) fn ceiling(&self) -> Result<f64, String> {
        let (requests, at_once) = CEILING;
        self.begin(&Terms::default())?;
        let cost = self.run(&mut self.floor(requests, at_once)?, || false)?;
        if !cost.success {
            return Err("the floor did not come to its end".to_owned());
        }
        Ok(requests as f64 / cost.wall)
    }

    pub(super) fn floor(&self, parts: u64, at_once: u64) -> Result<Command, String> {
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut command = Command::new(program);
        command.args([
            "floor",
            &self.url(),
            &parts.to_string(),
            &at_once.to_string(),
        ]);
        Ok(command)
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Result<String, String> {
        let asked = || -> std::io::Result<String> {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
            stream.set_nodelay(true)?;
            let request = format!(
                "{method} {path} HTTP/1.1\r\nhost: stub\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(request.as_bytes())?;
            // The server keeps connections open: this says that nothing more will come.
            stream.shutdown(std::net::Shutdown::Write)?;
            let mut said = String::new();
            stream.read_to_string(&mut said)?;
            Ok(said)
        };
        let said = asked().map_err(|error| format!("the server does not answer: {error}"))?;
        match said.split_once("\r\n\r\n") {
            Some((head, body)) if head.contains(" 200 ") => Ok(body.to_owned()),
            _ => Err(format!("the server says {said:?}")),
        }
    }
}

impl Drop for Field {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}
