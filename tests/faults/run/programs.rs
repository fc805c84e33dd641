//! Tests in Rust: built all at once, then each program is run with the names it is asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use partway_tests::found::root;
use serde_json::Value;

use crate::Outcomes;

/// A built program with tests in it.
struct Program {
    file: PathBuf,
    /// Where cargo would run it.
    folder: PathBuf,
}

/// Runs every wanted test; those of the page are not ours.
pub(crate) fn run(
    words: &[String],
    wanted: &BTreeSet<&str>,
    outcomes: &mut Outcomes,
) -> Result<(), String> {
    let mut by_program: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for test in wanted.iter().filter(|test| !test.starts_with("ui::")) {
        let (program, name) = test
            .split_once(' ')
            .ok_or_else(|| format!("{test:?} is not `package::program path::name`"))?;
        by_program.entry(program).or_default().push(name);
    }
    let built = build(words)?;
    for (name, tests) in by_program {
        let program = built
            .get(name)
            .ok_or_else(|| format!("{name} was not built"))?;
        let chosen = chosen(program, &tests)?;
        println!("running {} tests of {name}", chosen.len());
        for (test, fine) in outcomes_of(program, &chosen)? {
            outcomes.insert(format!("{name} {test}"), fine);
        }
    }
    Ok(())
}

fn build(words: &[String]) -> Result<BTreeMap<String, Program>, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut child = Command::new(cargo)
        .args(["test", "--locked", "--no-run", "--message-format=json"])
        .args(words)
        .current_dir(root())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cargo did not start: {error}"))?;
    let mut built = BTreeMap::new();
    for line in BufReader::new(child.stdout.take().expect("a pipe")).lines() {
        let line = line.map_err(|error| error.to_string())?;
        // What is not JSON comes from a build script.
        let message: Value = serde_json::from_str(&line).unwrap_or_default();
        built.extend(program(&message));
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    if status.success() {
        Ok(built)
    } else {
        Err("the tests could not be built".to_owned())
    }
}

/// The program a message of cargo tells of, with its name.
fn program(message: &Value) -> Option<(String, Program)> {
    if message["profile"]["test"] != true {
        return None;
    }
    let file = PathBuf::from(message["executable"].as_str()?);
    let folder = PathBuf::from(message["manifest_path"].as_str()?)
        .parent()?
        .to_owned();
    let name = match message["target"]["kind"][0].as_str()? {
        "lib" => "lib",
        "bin" => "main",
        _ => message["target"]["name"].as_str()?,
    };
    let package = package(message["package_id"].as_str()?)?;
    Some((format!("{package}::{name}"), Program { file, folder }))
}

/// `path+file:///…/crates/xtask#0.1.0` or `path+file:///…/tests#partway-tests@0.1.0`
fn package(id: &str) -> Option<&str> {
    let (place, version) = id.split_once('#')?;
    match version.split_once('@') {
        Some((name, _)) => Some(name),
        None => place.rsplit('/').next(),
    }
}

/// The names asked for, and for a case of every dialect those below it.
fn chosen(program: &Program, tests: &[&str]) -> Result<Vec<String>, String> {
    let listed = output(program, &["--list", "--format=terse"])?;
    let names = listed
        .lines()
        .filter_map(|line| line.strip_suffix(": test"));
    let chosen = names.filter(|name| tests.iter().any(|test| crate::is_of(name, test)));
    Ok(chosen.map(str::to_owned).collect())
}

fn outcomes_of(program: &Program, tests: &[String]) -> Result<Vec<(String, bool)>, String> {
    if tests.is_empty() {
        return Ok(Vec::new());
    }
    let mut words = vec!["--exact"];
    words.extend(tests.iter().map(String::as_str));
    let printed = output(program, &words)?;
    let outcomes: Vec<(String, bool)> = printed
        .lines()
        .filter_map(|line| {
            let (name, outcome) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
            Some((name.to_owned(), outcome == "ok"))
        })
        .collect();
    if outcomes.len() < tests.len() || outcomes.iter().any(|(_, fine)| !fine) {
        println!("{printed}");
    }
    Ok(outcomes)
}

fn output(program: &Program, words: &[&str]) -> Result<String, String> {
    let output = Command::new(&program.file)
        .args(words)
        .current_dir(&program.folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{}: {error}", program.file.display()))?;
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    Ok(text)
}
