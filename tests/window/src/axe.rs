//! axe-core inside the real window's engine: the same rules as in the browser tests, on what
//! `WebKitGTK` makes of the page.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::Outcome;
use crate::page::Page;

/// The rules of WCAG 2.0, 2.1 and 2.2 at levels A and AA.
const TAGS: [&str; 5] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

const RUN: &str = "
    const [tags, done] = arguments;
    window.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })
        .then((found) => done(found.violations.flatMap((rule) => rule.nodes.map((node) =>
            [rule.id, node.target.join(' '), node.failureSummary].join(': ').replace(/\\s+/g, ' ')))))
        .catch((error) => done(['axe itself failed: ' + error]));";

/// What the pages looked at so far break.
#[derive(Debug, Default)]
pub struct Judgement {
    pages: u32,
    violations: Vec<String>,
}

impl Judgement {
    /// Looks at the page as it is now, under the name of the screen.
    pub async fn look(&mut self, page: &Page, screen: &str) -> Outcome {
        if page.run("return 'axe' in window", Vec::new()).await? != true {
            // Assigned by name: the library would take the script's own scope for the window.
            page.run(&format!("{}\nwindow.axe ??= axe;", source()?), Vec::new())
                .await?;
        }
        let found = page.run_async(RUN, vec![json!(TAGS)]).await?;
        let lines = found.as_array().map(Vec::as_slice).unwrap_or_default();
        let lines = lines.iter().filter_map(Value::as_str);
        self.violations
            .extend(lines.map(|line| format!("{screen}: {line}")));
        self.pages += 1;
        Ok(())
    }

    /// Pages looked at.
    pub fn pages(&self) -> u32 {
        self.pages
    }

    /// A line for each element that breaks a rule.
    pub fn violations(&self) -> &[String] {
        &self.violations
    }

    /// Adds another journey's.
    pub fn add(&mut self, other: Self) {
        self.pages += other.pages;
        self.violations.extend(other.violations);
    }
}

/// The library lies with the browser tests, which pin its version.
fn source() -> Outcome<String> {
    let file =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../e2e/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(&file)
        .map_err(|error| format!("{}: {error}; run npm ci in tests/e2e", file.display()).into())
}
