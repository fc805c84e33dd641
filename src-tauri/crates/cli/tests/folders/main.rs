//! Whole folders on the command line: copied, moved, surveyed, and as many keys as it takes to
//! tell whether anything grows with them.
#![cfg(target_os = "linux")]

mod copies;
mod million;
mod moves;
#[allow(dead_code, reason = "each program of tests uses some of it")]
#[path = "../cli/program.rs"]
mod program;

use std::path::Path;

use partway_democloud::{Provider, example_bucket};
use program::{Cloud, Program};
use serde_json::Value;

/// The program with its demo accounts, and the cloud they live in, each a process of its own.
fn desk(home: &Path) -> (Program, Cloud) {
    let program = Program::new(home);
    let cloud = Cloud::start(&program, &home.join("demo"), &[]);
    let added = program.run(&["account", "add-demo"]);
    assert_eq!(added.code, Some(0), "{added:?}");
    (program, cloud)
}

fn at(provider: Provider, word: &str, key: &str) -> String {
    let scheme = match provider {
        Provider::Cos => "cos",
        Provider::Obs => "obs",
        Provider::S3 => "s3",
    };
    format!("{scheme}://{}/{key}", example_bucket(provider, word))
}

/// What a dry run of a whole folder says: its objects and its sums.
fn survey(program: &Program, arguments: &[&str]) -> (Vec<Value>, Value) {
    let fixed = ["cp", "-r", "--dry-run", "--format", "json"];
    let said = program.run(&[&fixed[..], arguments].concat());
    if said.all.contains("nothing begins with") {
        return (Vec::new(), Value::Null);
    }
    let document = said.json();
    let objects = document["objects"].as_array().cloned().unwrap_or_default();
    (objects, document["sums"].clone())
}

/// The keys under an address, by their order.
fn keys(program: &Program, address: &str, elsewhere: &str) -> Vec<String> {
    let (objects, _) = survey(program, &[address, elsewhere]);
    let key = |object: &Value| object["source_key"].as_str().unwrap_or_default().to_owned();
    objects.iter().map(key).collect()
}
