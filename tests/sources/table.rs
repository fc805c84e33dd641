//! The rows as they stand in `tests/sources.toml`.

use partway_tests::found::root;
use serde::Deserialize;

/// The pages, by the names of the files they were kept in. The third and the fifth are the same
/// page in two mark-ups.
pub(crate) const PAGES: [&str; 5] = [
    "000_e32f773a8ce546a8.txt",
    "001_1141b819593c0364.txt",
    "002_ccba143726c4ca2a.txt",
    "003_dfb6ecc0b3e1795a.txt",
    "004_261687fe85d0d51b.txt",
];

/// What a row can be about.
pub(crate) const KINDS: [&str; 9] = [
    "request-line",
    "request-parameter",
    "request-header",
    "response-header",
    "response-element",
    "error",
    "limit",
    "note",
    "sample",
];

/// One thing a page names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    /// The pages that name it.
    pub(crate) document: Vec<String>,
    pub(crate) kind: String,
    /// In our own words.
    pub(crate) what: String,
    /// `package::program path::of::test`
    pub(crate) test: Vec<String>,
}

/// One place where the pages contradict themselves, each other, or the servers of today.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Discrepancy {
    /// Section and row of the comparison: `2.10`.
    pub(crate) id: String,
    /// `A` wrong behaviour or lost data if followed to the letter, `B` needs a tolerant reader
    /// or a setting, `C` no effect.
    pub(crate) severity: String,
    pub(crate) what: String,
    /// As of a row; may be empty with severity `C`.
    #[serde(default)]
    pub(crate) test: Vec<String>,
}

impl Discrepancy {
    pub(crate) fn matters(&self) -> bool {
        self.severity != "C"
    }

    /// How the test of this row begins: `d2_10_`.
    pub(crate) fn prefix(&self) -> String {
        format!("d{}_", self.id.replace('.', "_"))
    }

    pub(crate) fn names(&self, test: &str) -> bool {
        test.rsplit([':', ' '])
            .any(|word| word.starts_with(&self.prefix()))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    #[serde(rename = "row")]
    pub(crate) rows: Vec<Row>,
    #[serde(rename = "discrepancy")]
    pub(crate) discrepancies: Vec<Discrepancy>,
}

impl Table {
    pub(crate) fn read() -> Self {
        let path = root().join("tests/sources.toml");
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}
