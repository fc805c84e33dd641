//! The tests that there are, found by following `mod` lines as the compiler does.
//!
//! Formatted sources are read line by line: what counts is a function under `#[test]` or
//! `#[tokio::test]`, or one named in `on_every_dialect!`. An ignored test proves nothing.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use crate::table::root;

/// Names of tests by program, read when first asked for.
#[derive(Debug, Default)]
pub(crate) struct Found(HashMap<String, BTreeSet<String>>);

impl Found {
    /// Why these tests prove nothing: one sentence for each that is not there.
    pub(crate) fn missing(&mut self, tests: &[String]) -> Vec<String> {
        tests.iter().filter_map(|test| self.fault(test)).collect()
    }

    fn fault(&mut self, test: &str) -> Option<String> {
        let Some((program, name)) = test.split_once(' ') else {
            return Some(format!("{test:?} is not `package::program path::name`"));
        };
        let tests = self.0.entry(program.to_owned()).or_insert_with(|| {
            main_file(program).map_or_else(BTreeSet::new, |file| tests_in(&file))
        });
        if tests.is_empty() {
            return Some(format!("{program} has no tests"));
        }
        (!tests.contains(name)).then(|| format!("{program} has no test {name}"))
    }
}

/// `partway-protocol::wire`, or `partway-protocol::lib` for the tests inside a crate.
fn main_file(program: &str) -> Option<PathBuf> {
    let (package, program) = program.split_once("::")?;
    let folder = match package.strip_prefix("partway-")? {
        // Here a program is one only if the manifest says so.
        "tests" => return declared(&root().join("tests"), program),
        krate => root().join("src-tauri/crates").join(krate),
    };
    let candidates = match program {
        "lib" => vec![folder.join("src/lib.rs")],
        _ => vec![
            folder.join("tests").join(program).join("main.rs"),
            folder.join("tests").join(format!("{program}.rs")),
        ],
    };
    candidates.into_iter().find(|file| file.is_file())
}

/// The main file of a test program that a manifest names.
fn declared(folder: &Path, program: &str) -> Option<PathBuf> {
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
    let manifest: toml::Table = toml::from_str(&manifest).ok()?;
    let tests = manifest.get("test")?.as_array()?;
    let test = tests
        .iter()
        .find(|test| test.get("name").and_then(toml::Value::as_str) == Some(program))?;
    Some(folder.join(test.get("path")?.as_str()?))
}

fn tests_in(main: &Path) -> BTreeSet<String> {
    let mut tests = BTreeSet::new();
    let beside = main.parent().expect("a file stands in a folder");
    read(main, beside, "", &mut tests);
    tests
}

/// Reads one file; `beside` is the folder of the files of its modules.
fn read(file: &Path, beside: &Path, path: &str, tests: &mut BTreeSet<String>) {
    let text =
        fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut inline: Vec<(String, usize)> = Vec::new();
    let (mut marked, mut ignored, mut listing) = (false, false, false);
    for line in text.lines() {
        let code = line.trim_start();
        let indent = line.len() - code.len();
        let code = code.trim_end();
        if code.is_empty() || code.starts_with("//") {
            continue;
        }
        let here = inline
            .iter()
            .fold(path.to_owned(), |path, (name, _)| join(&path, name));
        if listing {
            listing = !code.starts_with(['}', ')', ']']);
            for case in words(code) {
                tests.insert(join(&here, case));
            }
        } else if let Some(cases) = code.strip_prefix("on_every_dialect!") {
            listing = !cases.contains(['}', ')', ']']);
            for case in words(cases) {
                tests.insert(join(&here, case));
            }
        } else if code == "#[test]" || code.starts_with("#[tokio::test") {
            marked = true;
        } else if code.starts_with("#[ignore") {
            ignored = true;
        } else if code == "}" && inline.last().is_some_and(|(_, at)| *at == indent) {
            inline.pop();
        } else if let Some(name) = after(code, "mod ").and_then(|rest| rest.strip_suffix(" {")) {
            inline.push((name.to_owned(), indent));
        } else if let Some(name) = after(code, "mod ").and_then(|rest| rest.strip_suffix(';')) {
            let folder = inline
                .iter()
                .fold(beside.to_owned(), |at, (name, _)| at.join(name));
            let file = folder.join(format!("{name}.rs"));
            if file.is_file() {
                read(&file, &folder.join(name), &join(&here, name), tests);
            }
        } else if let Some(rest) = after(code, "fn ") {
            let name = rest.split(['(', '<']).next().unwrap_or(rest);
            if marked && !ignored {
                tests.insert(join(&here, name));
            }
            (marked, ignored) = (false, false);
        }
    }
}

/// What stands behind a keyword and the words allowed before it.
fn after<'a>(code: &'a str, keyword: &str) -> Option<&'a str> {
    let code = code.strip_prefix("pub(crate) ").unwrap_or(code);
    let code = code.strip_prefix("pub ").unwrap_or(code);
    let code = code.strip_prefix("async ").unwrap_or(code);
    code.strip_prefix(keyword)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}::{name}")
    }
}

#[test]
fn tests_of_all_shapes_are_found() {
    let found = |program: &str| tests_in(&main_file(program).expect(program));
    assert!(found("partway-tests::sources").contains("found::tests_of_all_shapes_are_found"));
    let inline = "wire::tests::debug_shows_no_secret";
    assert!(found("partway-protocol::lib").contains(inline));
    let wire = found("partway-protocol::wire");
    let nested = "discrepancies::headers::keys::d2_15_a_key_has_256_bits_and_its_own_digest";
    assert!(wire.contains(nested));
    assert!(
        wire.contains("answers::no_cut_off_body_is_a_success"),
        "in `proptest!`"
    );
    assert!(!wire.contains("fixture::response"), "no test");
    let listed = "jobs::d4_5_clocks_need_not_agree";
    assert!(found("partway-tests::discrepancies").contains(listed));
}

#[test]
fn what_is_not_there_is_missed() {
    let mut found = Found::default();
    let mut faults = |test: &str| found.missing(&[test.to_owned()]).len();
    assert_eq!(
        faults("partway-tests::discrepancies jobs::d4_5_clocks_need_not_agree"),
        0
    );
    for wrong in [
        "d4_5_clocks_need_not_agree",
        "partway-tests::discrepancies d4_5_clocks_need_not_agree",
        "partway-tests::discrepancies jobs::nobody_wrote_this",
        "partway-tests::nothing jobs::d4_5_clocks_need_not_agree",
        "partway-nobody::lib a",
    ] {
        assert_eq!(faults(wrong), 1, "{wrong}");
    }
}
