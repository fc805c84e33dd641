//! Tests of the page: Vitest runs the files that hold them.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use partway_tests::found::root;
use serde_json::Value;

use crate::Outcomes;

/// Runs every wanted test of the page.
pub(crate) fn run(wanted: &BTreeSet<&str>, outcomes: &mut Outcomes) -> Result<(), String> {
    let files: BTreeSet<&str> = wanted
        .iter()
        .filter_map(|test| test.strip_prefix("ui::")?.split(' ').next())
        .collect();
    if files.is_empty() {
        return Ok(());
    }
    println!("running {} files of the page's tests", files.len());
    let output = Command::new("npx")
        .args(["vitest", "run", "--reporter=json"])
        .args(&files)
        .current_dir(root().join("ui"))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("npx did not start: {error}"))?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let report = printed.find('{').map(|start| &printed[start..]);
    let report: Value = serde_json::from_str(report.unwrap_or_default())
        .map_err(|error| format!("Vitest's report cannot be read: {error}\n{printed}"))?;
    for file in report["testResults"].as_array().into_iter().flatten() {
        let path = file["name"].as_str().unwrap_or_default();
        let Some(name) = files.iter().find(|name| path.ends_with(**name)) else {
            continue;
        };
        for test in file["assertionResults"].as_array().into_iter().flatten() {
            let title = test["title"].as_str().unwrap_or_default();
            outcomes.insert(format!("ui::{name} {title}"), test["status"] == "passed");
        }
    }
    Ok(())
}
