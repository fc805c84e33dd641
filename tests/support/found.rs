//! The tests that there are, found by following `mod` lines as the compiler does.
//!
//! Formatted sources are read line by line: what counts is a function under `#[test]` or
//! `#[tokio::test]`, or one named in a macro that lists tests. An ignored test proves nothing.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

/// The folder where a test of the page is named from.
const PAGE: &str = "ui";

/// Macros that make a test of every name in them.
const LISTS: [&str; 2] = ["on_every_dialect!", "targets!"];

/// The top folder of the repository.
///
/// # Panics
/// If this crate no longer lies in it.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests/ stands in the repository")
        .to_owned()
}

/// Names of tests by program, read when first asked for.
///
/// A test is named `package::program path::of::test`, where the program is `lib` for tests inside
/// a library and `main` for those inside a program. One of the page is
/// `ui::src/path/of/file.test.ts its words`.
#[derive(Debug, Default)]
pub struct Found(HashMap<String, BTreeSet<String>>);

impl Found {
    /// Why these tests prove nothing: one sentence for each that is not there.
    pub fn missing(&mut self, tests: &[String]) -> Vec<String> {
        tests.iter().filter_map(|test| self.fault(test)).collect()
    }

    fn fault(&mut self, test: &str) -> Option<String> {
        let Some((program, name)) = test.split_once(' ') else {
            return Some(format!("{test:?} is not `package::program path::name`"));
        };
        let tests = self
            .0
            .entry(program.to_owned())
            .or_insert_with(|| of_program(program));
        if tests.is_empty() {
            return Some(format!("{program} has no tests"));
        }
        (!tests.contains(name)).then(|| format!("{program} has no test {name}"))
    }
}

/// Every test of a program; none if there is no such program.
fn of_program(program: &str) -> BTreeSet<String> {
    match program.split_once("::") {
        Some((PAGE, file)) => of_page(&root().join(PAGE).join(file)),
        _ => main_file(program).map_or_else(BTreeSet::new, |file| tests_in(&file)),
    }
}

/// The words of each `test("…")` and `it("…")` of a file; the words of a group around them are
/// left out.
fn of_page(file: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let calls = text.lines().filter_map(|line| {
        let code = line.trim_start();
        let call = code
            .strip_prefix("test(\"")
            .or(code.strip_prefix("it(\""))?;
        Some(call.split('"').next()?.to_owned())
    });
    calls.collect()
}

/// The file a test program begins with.
pub fn main_file(program: &str) -> Option<PathBuf> {
    let (package, program) = program.split_once("::")?;
    if package == "xtask" {
        let file = root().join("src-tauri/crates/xtask/src/main.rs");
        return (program == "main").then_some(file);
    }
    let name = package.strip_prefix("partway-")?;
    let folder = if name == "tests" {
        // Here a program is one only if the manifest says so.
        return match program {
            "lib" => Some(root().join("tests/support/lib.rs")),
            _ => declared(&root().join("tests"), program),
        };
    } else {
        let crates = root().join("src-tauri/crates").join(name);
        if crates.is_dir() {
            crates
        } else {
            root().join("tests").join(name)
        }
    };
    let candidates = match program {
        "lib" => vec![folder.join("src/lib.rs")],
        "main" => vec![folder.join("src/main.rs")],
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

/// Every test that the file and its modules hold.
///
/// # Panics
/// If one of the files cannot be read.
pub fn tests_in(main: &Path) -> BTreeSet<String> {
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
        } else if let Some(cases) = LISTS.iter().find_map(|list| code.strip_prefix(list)) {
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
