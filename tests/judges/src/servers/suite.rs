//! The conformance suite as a program: built once, run on each wire of each server.

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::daemon::run;
use super::{Running, Wire};
use crate::place;

/// Longer than any wire takes on a busy machine; a server that answers nothing any more ends here.
const DEADLINE: Duration = Duration::from_secs(600);

/// Cases that wait for a server at the same time.
const AT_ONCE: &str = "4";

/// A case's name, and what it said if it failed.
pub(super) type Outcome = (String, Result<(), String>);

/// The suite's program, built when it is first needed.
#[derive(Debug, Default)]
pub(super) struct Suite(OnceLock<Result<PathBuf, String>>);

impl Suite {
    /// Runs every case that needs no more than a server, and answers their names and results.
    pub(super) fn run(
        &self,
        name: &str,
        server: &Running,
        wire: &Wire,
        folder: &Path,
    ) -> Result<Vec<Outcome>, String> {
        let program = self.0.get_or_init(build).as_ref().map_err(Clone::clone)?;
        let listed = run(Command::new(program).args(["--list", "--format", "terse"]))?;
        let cases = cases(&listed, wire.dialect);
        if cases.is_empty() {
            return Err(format!("the suite has no case for {}", wire.dialect));
        }
        let target = json!({
            "name": name,
            "url": wire.url,
            "region": server.region,
            "access_key": server.access_key,
            "secret_key": server.secret_key,
            "dialect": wire.dialect,
            "addressing": wire.addressing,
        });
        let log = folder.join(format!("suite {}.log", wire.name));
        let mut command = Command::new(program);
        command
            .args(["--exact", "--test-threads", AT_ONCE])
            .args(&cases)
            .env("PARTWAY_SERVER", target.to_string())
            // What failed is told in one line; where it was called from is in the source.
            .env_remove("RUST_BACKTRACE");
        let printed = follow(&mut command, &log)?;
        Ok(results(&printed, &cases))
    }
}

/// With the features the workspace's tests have together: what they built is not built once more.
fn build() -> Result<PathBuf, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let printed = run(Command::new(cargo)
        .current_dir(place::root())
        .args(["test", "--locked", "--no-run"])
        .args(["--message-format", "json-render-diagnostics"])
        .args(["--workspace", "--exclude", "partway"])
        .args(["--exclude", "partway-window-tests", "--test", "conformance"]))?;
    let executable = printed.lines().find_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        (message["target"]["name"] == "conformance")
            .then(|| message["executable"].as_str().map(PathBuf::from))?
    });
    executable.ok_or_else(|| "cargo built no conformance suite".to_owned())
}

/// The names of the cases that need only a wire, of one dialect.
fn cases(listed: &str, dialect: &str) -> Vec<String> {
    let ending = format!("::on_{}", dialect.replace('-', "_"));
    listed
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .filter(|name| name.starts_with("wire::") && name.ends_with(&ending))
        .map(str::to_owned)
        .collect()
}

/// Runs it to its end, or to the deadline, and answers what it printed.
fn follow(command: &mut Command, log: &Path) -> Result<String, String> {
    let told = |error: std::io::Error| format!("the suite: {error}");
    let file = File::create(log).map_err(told)?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(file.try_clone().map_err(told)?)
        .stderr(file)
        .spawn()
        .map_err(told)?;
    let end = Instant::now() + DEADLINE;
    while child.try_wait().map_err(told)?.is_none() {
        if Instant::now() > end {
            // Cases without a result count as failed.
            let _ = child.kill();
            let _ = child.wait();
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let bytes = fs::read(log).map_err(told)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads what Rust's test runner printed.
fn results(printed: &str, cases: &[String]) -> Vec<Outcome> {
    let passed = |name: &str| {
        let wanted = format!("test {name} ... ok");
        printed.lines().any(|line| line == wanted)
    };
    let details = details(printed);
    cases
        .iter()
        .map(|name| {
            let result = if passed(name) {
                Ok(())
            } else {
                let detail = details.get(name.as_str()).cloned();
                Err(detail.unwrap_or_else(|| "it came to no end".to_owned()))
            };
            (short(name), result)
        })
        .collect()
}

/// What each failed case said, from the section at the end.
fn details(printed: &str) -> HashMap<&str, String> {
    let mut details = HashMap::new();
    let mut current = None;
    for line in printed.lines() {
        let head = line.strip_prefix("---- ");
        if let Some(name) = head.and_then(|line| line.strip_suffix(" stdout ----")) {
            current = Some(name);
        } else if line == "failures:" {
            current = None;
        } else if let Some(name) = current
            && !line.is_empty()
            && !line.starts_with("note: ")
        {
            let detail: &mut String = details.entry(name).or_default();
            if !detail.is_empty() {
                detail.push('\n');
            }
            detail.push_str(line);
        }
    }
    details
}

/// `wire::listing::pages::on_s3` as the table and `gaps.toml` call it: `listing::pages`.
fn short(name: &str) -> String {
    let name = name.strip_prefix("wire::").unwrap_or(name);
    let end = name.rfind("::on_").unwrap_or(name.len());
    name[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_cases_of_the_wire_and_of_the_dialect_are_run() {
        let listed = "wire::a::b::on_obs: test\nwire::a::b::on_obs_v2: test\nplanning::c::on_obs_v2: test\n\n3 tests, 0 benchmarks\n";
        assert_eq!(cases(listed, "obs-v2"), ["wire::a::b::on_obs_v2"]);
    }

    #[test]
    fn results_are_read_with_what_failed_and_what_never_ended() {
        let printed = "
running 3 tests
test wire::a::one::on_s3 ... ok
test wire::a::two::on_s3 ... FAILED

failures:

---- wire::a::two::on_s3 stdout ----

thread 'wire::a::two::on_s3' panicked at x.rs:1:1:
left is not right
note: run with `RUST_BACKTRACE=1`


failures:
    wire::a::two::on_s3
";
        let names = ["one", "two", "three"].map(|name| format!("wire::a::{name}::on_s3"));
        let found = results(printed, &names);
        assert_eq!(found[0], ("a::one".to_owned(), Ok(())));
        assert_eq!(
            found[1].1,
            Err("thread 'wire::a::two::on_s3' panicked at x.rs:1:1:\nleft is not right".to_owned())
        );
        assert_eq!(found[2].1, Err("it came to no end".to_owned()));
    }
}
