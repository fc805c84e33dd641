//! Our client on servers that others wrote: the wire part of the conformance suite.

mod daemon;
mod gaps;
mod localstack;
mod probe;
mod rgw;
mod suite;
mod swift;

use std::fs;
use std::path::Path;

use crate::choice::Choice;
use crate::place;
use crate::report::{Report, Role};
use daemon::Daemon;
use gaps::Gaps;
use suite::Suite;

/// What `--only` calls them.
pub(crate) const NAMES: &[&str] = &["rgw", "swift", "localstack"];

/// A server that answers. Dropping it ends its processes.
#[derive(Debug)]
struct Running {
    /// As the server tells it.
    version: String,
    access_key: String,
    secret_key: String,
    region: String,
    wires: Vec<Wire>,
    _daemons: Vec<Daemon>,
}

/// One way to speak to a server.
#[derive(Debug, Clone)]
struct Wire {
    /// As the table shows it.
    name: String,
    /// As the client's accounts name it.
    dialect: &'static str,
    /// As the client's accounts name it.
    addressing: &'static str,
    url: String,
}

impl Wire {
    fn path(dialect: &'static str, port: u16) -> Self {
        Self {
            name: format!("{dialect} path"),
            dialect,
            addressing: "path",
            url: format!("http://127.0.0.1:{port}"),
        }
    }

    /// `domain` ends in `.localhost`, which is this computer to every client of ours.
    fn virtual_host(dialect: &'static str, domain: &str, port: u16) -> Self {
        Self {
            name: format!("{dialect} virtual host"),
            dialect,
            addressing: "virtual_host",
            url: format!("http://{domain}:{port}"),
        }
    }
}

/// Starts a server in an empty folder and waits until it answers.
type Start = fn(&Path) -> Result<Running, String>;

const SERVERS: &[(&str, Start)] = &[
    ("rgw", rgw::start),
    ("swift", swift::start),
    ("localstack", localstack::start),
];

/// Fetches what the chosen servers need beyond the distribution's packages.
pub(crate) fn prepare(choice: &Choice) -> Result<(), String> {
    if choice.server("localstack") {
        localstack::environment()?;
    }
    Ok(())
}

/// Runs the chosen servers side by side; each report is handed over as soon as it is there.
pub(crate) fn run(choice: &Choice, found: &(dyn Fn(Report) + Sync)) {
    let gaps = &Gaps::read();
    let suite = &Suite::default();
    std::thread::scope(|scope| {
        for &(name, start) in SERVERS.iter().filter(|(name, _)| choice.server(name)) {
            // A server's processes end with the thread that started them: see `daemon`.
            scope.spawn(move || {
                if let Err(reason) = one(name, start, gaps, suite, found) {
                    found(Report::broken(Role::Server, name, reason));
                }
            });
        }
    });
}

fn one(
    name: &str,
    start: Start,
    gaps: &Result<Gaps, String>,
    suite: &Suite,
    found: &(dyn Fn(Report) + Sync),
) -> Result<(), String> {
    let gaps = gaps.as_ref().map_err(Clone::clone)?;
    let folder = place::work().join("servers").join(name);
    let told = |error: std::io::Error| format!("{}: {error}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(told)?;
    }
    fs::create_dir_all(&folder).map_err(told)?;
    let server = start(&folder)?;
    let mut failed = 0;
    for wire in &server.wires {
        let results = suite.run(name, &server, wire, &folder)?;
        let report = Report {
            role: Role::Server,
            name: name.to_owned(),
            version: server.version.clone(),
            wire: wire.name.clone(),
            checks: gaps.judge(name, &wire.name, results),
        };
        failed += report.failed();
        found(report);
    }
    drop(server);
    if failed == 0 {
        // Only a failure's logs are worth the room.
        let _ = fs::remove_dir_all(&folder);
    } else {
        println!("what {name} logged is kept in {}", folder.display());
    }
    Ok(())
}
