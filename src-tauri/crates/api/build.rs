//! Writes down what the program is made of: every crate that is linked into it, with its licence,
//! as `cargo metadata` knows them.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

use serde_json::Value;

/// The programs that are shipped.
const SHIPPED: [&str; 2] = ["partway", "partway-cli"];

fn main() {
    println!("cargo::rerun-if-changed=../../../Cargo.lock");
    println!("cargo::rerun-if-changed=build.rs");
    // What is needed lies here already, except on a machine that has built nothing but this: cargo
    // asks for the crates of every member, tests too, before it names any.
    let list = metadata(&["--offline"]).or_else(|| metadata(&[]));
    let list = list.map(|metadata| licences(&metadata));
    if list.is_none() {
        // For trying something out the program is whole without; handed out it must not be.
        let why = "cargo metadata failed, so the licences of what the program is made of are unknown; \
                   `cargo fetch --locked` gets what it asks for";
        let debug = env::var("PROFILE").is_ok_and(|profile| profile == "debug");
        println!("cargo::{}={why}", if debug { "warning" } else { "error" });
    }
    let list = list.unwrap_or_default();
    let file =
        PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("licences.json");
    let text = serde_json::to_string(&list).expect("text can be written as JSON");
    fs::write(file, text).expect("the build's own folder can be written");
}

fn metadata(more: &[&str]) -> Option<Value> {
    let target = env::var("TARGET").ok()?;
    let output = Command::new(env::var_os("CARGO")?)
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(more)
        .args(["--filter-platform", &target])
        .output()
        .ok()?;
    serde_json::from_slice(&output.stdout).ok()
}

/// Name, version and licence of everything the shipped programs link, sorted.
fn licences(metadata: &Value) -> Vec<[String; 3]> {
    let each = |list: &Value| list.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages = each(&metadata["packages"]);
    let nodes: HashMap<String, Value> = each(&metadata["resolve"]["nodes"])
        .into_iter()
        .map(|node| (text(&node["id"]), node))
        .collect();
    let mut open: Vec<String> = packages
        .iter()
        .filter(|package| SHIPPED.contains(&text(&package["name"]).as_str()))
        .map(|package| text(&package["id"]))
        .collect();
    let mut linked = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !linked.insert(id.clone()) {
            continue;
        }
        for dependency in nodes
            .get(&id)
            .map_or(Vec::new(), |node| each(&node["deps"]))
        {
            // A kind of null is what is linked, not what only builds or tests.
            if each(&dependency["dep_kinds"])
                .iter()
                .any(|kind| kind["kind"].is_null())
            {
                open.push(text(&dependency["pkg"]));
            }
        }
    }
    let mut list: Vec<[String; 3]> = packages
        .iter()
        .filter(|package| linked.contains(&text(&package["id"])) && !package["source"].is_null())
        .map(|package| ["name", "version", "license"].map(|field| text(&package[field])))
        .collect();
    list.sort();
    list
}
