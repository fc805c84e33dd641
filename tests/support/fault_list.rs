//! The list of what can go wrong, as it stands in `tests/faults.toml`.

use serde::Deserialize;

use crate::found::root;

/// One thing that can go wrong, what is done about it, and the tests that show it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// What goes wrong, in a few words.
    pub fault: String,
    /// What Partway does about it.
    pub behaviour: String,
    /// Named as [`crate::found::Found`] says. A case that runs on every dialect is named once.
    pub test: Vec<String>,
    /// What of the behaviour no test shows yet.
    #[serde(default)]
    pub open: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    row: Vec<Row>,
}

/// Every row, in the order of the file.
///
/// # Panics
/// If the file is not there or not of this form; the message names the line.
pub fn rows() -> Vec<Row> {
    let path = root().join("tests/faults.toml");
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let list: List =
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    list.row
}
