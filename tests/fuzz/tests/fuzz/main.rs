//! A short run of every target: its corpus, then seeded mutations of it, the same every time.
//!
//! `PARTWAY_TIMES` multiplies how many there are, `PARTWAY_SEED` asks for others. Long runs are
//! cargo-fuzz's, see CONTRIBUTING.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

mod mutation;

use mutation::Mutation;

/// Mutations of each target.
const EXECUTIONS: u64 = 20_000;

/// Bytes no mutation exceeds.
const LONGEST: usize = 4096;

macro_rules! targets {
    ($($name:ident),* $(,)?) => {
        const NAMES: &[&str] = &[$(stringify!($name)),*];

        $(
            #[test]
            fn $name() {
                run(stringify!($name), partway_fuzz::$name);
            }
        )*
    };
}

targets! {
    answers_about_buckets,
    answers_about_objects,
    answers_to_copies,
    answers_with_lists,
    any_xml,
    copy_source,
    display,
    endpoint,
    error_classifier,
    range_planner,
    redirect,
}

fn run(name: &str, target: fn(&[u8])) {
    let corpus = corpus(name);
    assert!(!corpus.is_empty(), "{name} has no corpus");
    for input in &corpus {
        tried(input, target);
    }
    let mut mutation = Mutation::seeded(number("PARTWAY_SEED", 0), &corpus, LONGEST);
    for _ in 0..EXECUTIONS * number("PARTWAY_TIMES", 1) {
        tried(&mutation.next(), target);
    }
}

/// Runs a target, and shows the input it fails on.
fn tried(input: &[u8], target: fn(&[u8])) {
    struct Shown<'a>(&'a [u8]);
    impl Drop for Shown<'_> {
        fn drop(&mut self) {
            if std::thread::panicking() {
                eprintln!("the input was b\"{}\"", self.0.escape_ascii());
            }
        }
    }
    let shown = Shown(input);
    target(shown.0);
}

fn number(variable: &str, default: u64) -> u64 {
    match std::env::var(variable) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{variable} is a number, not {text:?}")),
        Err(_) => default,
    }
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The committed inputs of a target, in the order of their names.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder("corpus").join(name))
        .unwrap_or_else(|error| panic!("corpus/{name}: {error}"))
        .map(|entry| entry.unwrap().path())
        // What cargo-fuzz finds has a hash for a name, and differs from machine to machine.
        .filter(|path| path.extension().is_some())
        .collect();
    files.sort();
    files.iter().map(|path| fs::read(path).unwrap()).collect()
}

fn names_in(name: &str) -> BTreeSet<String> {
    fs::read_dir(folder(name))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect()
}

#[test]
fn every_target_has_a_corpus_and_a_program() {
    let names: BTreeSet<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(names_in("corpus"), names);
    assert_eq!(names_in("fuzz_targets"), names);
}

/// Reads the list of operations from the sources, so that a new one is not forgotten here.
#[test]
fn every_operation_is_decoded_by_a_target() {
    let mut there = BTreeSet::new();
    let sources = folder("../../src-tauri/crates/protocol/src/op");
    for file in fs::read_dir(sources).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let text = fs::read_to_string(&path).unwrap();
            let all = text
                .lines()
                .filter_map(|line| line.strip_prefix("impl Operation for "));
            there.extend(all.map(|rest| rest.trim_end_matches(" {").to_owned()));
        }
    }
    assert!(there.len() > 10, "the operations are elsewhere now");
    let tried: BTreeSet<String> = partway_fuzz::OPERATIONS
        .iter()
        .map(|name| (*name).to_owned())
        .collect();
    assert_eq!(tried, there);
}
