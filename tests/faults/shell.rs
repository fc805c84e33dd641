//! What the window grants its page, read from the files it is built with.

use std::fs;

use partway_tests::found::root;
use serde_json::{Value, json};

/// The first Tauri whose origin check cannot be fooled (CVE-2026-42184).
const LEAST_TAURI: (u64, u64) = (2, 11);

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn json_of(path: &str) -> Value {
    serde_json::from_str(&text(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_window_allows_its_page_two_commands_and_its_own_scripts() {
    let app = &json_of("src-tauri/tauri.conf.json")["app"];
    assert_eq!(app["withGlobalTauri"], false);
    let security = &app["security"];
    assert_eq!(security["freezePrototype"], true);
    for (directive, allowed) in [
        ("default-src", "'none'"),
        ("script-src", "'self'"),
        ("connect-src", "ipc: http://ipc.localhost"),
        ("frame-ancestors", "'none'"),
    ] {
        assert_eq!(security["csp"][directive], allowed, "{directive}");
    }

    let folder = root().join("src-tauri/capabilities");
    let files = fs::read_dir(&folder).expect("the capabilities");
    let names: Vec<_> = files
        .map(|file| file.expect("a file").file_name())
        .collect();
    assert_eq!(names, ["main.json"], "one window, one file");
    let main = json_of("src-tauri/capabilities/main.json");
    assert_eq!(
        main["permissions"],
        json!(["allow-dispatch", "allow-subscribe"])
    );
    assert!(main.get("remote").is_none(), "pages from elsewhere");
}

#[test]
fn the_frame_is_newer_than_its_known_holes() {
    let lock: toml::Table = text("Cargo.lock").parse().expect("Cargo.lock");
    let packages = lock["package"].as_array().expect("packages");
    let tauri = packages
        .iter()
        .find(|package| package["name"].as_str() == Some("tauri"))
        .expect("tauri is locked");
    let version = tauri["version"].as_str().expect("a version");
    let mut numbers = version.split('.').map(|number| number.parse().unwrap_or(0));
    let found = (
        numbers.next().unwrap_or_default(),
        numbers.next().unwrap_or_default(),
    );
    assert!(found >= LEAST_TAURI, "tauri {version}");
}
