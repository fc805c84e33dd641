//! Counting tests, by kind, from what the runners print.

use std::collections::BTreeMap;
use std::fmt::Write;

/// Passed and failed tests of each kind.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    counts: BTreeMap<String, Count>,
    /// What to read at the end of a long run: the failed tests, and those that had to be tried
    /// again.
    remarks: Vec<String>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Count {
    passed: u32,
    failed: u32,
}

impl Tally {
    /// One check that held.
    pub(super) fn success(kind: &str) -> Self {
        Self::of(kind, 1, 0)
    }

    /// One thing that failed before it could count anything.
    pub(super) fn failure(kind: &str) -> Self {
        Self::of(kind, 0, 1)
    }

    pub(super) fn of(kind: &str, passed: u32, failed: u32) -> Self {
        let mut tally = Self::default();
        tally.count(kind, passed, failed);
        tally
    }

    /// Reads `cargo test`: the kind is the name of the test program (`conformance`, `resume`, …), or
    /// `unit` for tests inside a crate. Known answers of the signers are told apart as `vectors`.
    pub(super) fn from_cargo(printed: &str) -> Self {
        let mut tally = Self::default();
        let mut kind = String::new();
        let mut vectors = 0;
        for line in printed.lines().map(str::trim) {
            if let Some(program) = line.strip_prefix("Running ") {
                kind = kind_of(program);
            } else if line.starts_with("Doc-tests ") {
                "doc".clone_into(&mut kind);
            } else if line.starts_with("test vectors::") && line.ends_with("... ok") {
                vectors += 1;
            } else if line.starts_with("test ") && line.ends_with("... FAILED") {
                tally.remark(&kind, line);
            } else if let Some(result) = line.strip_prefix("test result: ") {
                let passed = number_before(result, " passed").saturating_sub(vectors);
                tally.count(&kind, passed, number_before(result, " failed"));
                tally.count("vectors", vectors, 0);
                vectors = 0;
            }
        }
        tally
    }

    /// Reads the last lines of Vitest and Playwright: `11 passed`, `1 failed`, `1 flaky`, and the
    /// names Playwright puts under them.
    pub(super) fn from_node(kind: &str, printed: &str) -> Self {
        let mut tally = Self::default();
        let mut heading = "";
        for line in printed.lines().map(str::trim) {
            if line.starts_with("Tests ") || line.starts_with(|c: char| c.is_ascii_digit()) {
                heading = line;
                // One that passed when it was tried again has passed, and is named at the end.
                let passed = number_before(line, " passed") + number_before(line, " flaky");
                tally.count(kind, passed, number_before(line, " failed"));
            } else if line.starts_with("FAIL ") {
                tally.remark(kind, line);
            } else if line.starts_with('[') {
                if heading.ends_with(" failed") {
                    tally.remark(kind, &format!("{line} FAILED"));
                } else if heading.ends_with(" flaky") {
                    tally.remark(kind, &format!("{line} passed when it was tried again"));
                }
            } else if !line.is_empty() {
                heading = "";
            }
        }
        tally
    }

    /// Reads the gate's last line: `gate: 9 passed, 0 failed`.
    pub(super) fn from_gate(printed: &str) -> Self {
        let mut tally = Self::default();
        for line in printed
            .lines()
            .filter_map(|line| line.strip_prefix("gate: "))
        {
            tally.count(
                "bench",
                number_before(line, " passed"),
                number_before(line, " failed"),
            );
        }
        tally
    }

    pub(super) fn add(&mut self, other: Self) {
        for (kind, count) in other.counts {
            self.count(&kind, count.passed, count.failed);
        }
        self.remarks.extend(other.remarks);
    }

    fn remark(&mut self, kind: &str, what: &str) {
        self.remarks.push(format!("{kind}: {what}"));
    }

    /// What is to be read at the end, in the order it happened.
    pub(super) fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// Makes sure that a runner which failed is seen to have failed.
    pub(super) fn judged(mut self, success: bool, kind: &str) -> Self {
        if !success && self.failed() == 0 {
            self.count(kind, 0, 1);
        }
        self
    }

    fn count(&mut self, kind: &str, passed: u32, failed: u32) {
        if passed + failed > 0 {
            let count = self.counts.entry(kind.to_owned()).or_default();
            count.passed += passed;
            count.failed += failed;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    pub(super) fn failed(&self) -> u32 {
        self.counts.values().map(|count| count.failed).sum()
    }

    /// The kinds in which something failed.
    pub(super) fn failing(&self) -> Vec<&str> {
        let failing = self.counts.iter().filter(|(_, count)| count.failed > 0);
        failing.map(|(kind, _)| kind.as_str()).collect()
    }

    /// `12 passed, 0 failed`
    pub(super) fn sentence(&self) -> String {
        let passed: u32 = self.counts.values().map(|count| count.passed).sum();
        format!("{passed} passed, {} failed", self.failed())
    }

    pub(super) fn table(&self) -> String {
        let mut table = format!("{:<16}{:>8}{:>8}\n", "kind", "passed", "failed");
        for (kind, count) in &self.counts {
            // Writing into a string cannot fail.
            let _ = writeln!(table, "{kind:<16}{:>8}{:>8}", count.passed, count.failed);
        }
        table
    }
}

/// `unittests src/lib.rs (target/…)` or `tests/wire/main.rs (target/…)`
fn kind_of(program: &str) -> String {
    if program.starts_with("unittests ") {
        return "unit".to_owned();
    }
    let path = program.split(" (").next().unwrap_or(program);
    let words: Vec<_> = path.trim_end_matches(".rs").split(['/', '\\']).collect();
    match words.as_slice() {
        // `tests/conformance/main.rs`
        [.., folder, "main"] => (*folder).to_owned(),
        [.., name] => (*name).to_owned(),
        [] => String::new(),
    }
}

/// The number that stands right before a word, or 0.
fn number_before(line: &str, word: &str) -> u32 {
    let Some(end) = line.find(word) else { return 0 };
    let digits = line[..end].rsplit(|c: char| !c.is_ascii_digit()).next();
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gate_is_counted_by_its_last_line() {
        let tally = Tally::from_gate("sign-v4 1 2\ngate: 8 passed, 1 failed\n");
        assert_eq!(tally, Tally::of("bench", 8, 1));
    }

    #[test]
    fn cargo_tests_are_counted_by_program() {
        let printed = "
     Running unittests src/lib.rs (target/debug/deps/partway_domain-1f)
test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s
     Running tests/wire/main.rs (target/debug/deps/wire-2a)
test vectors::cos ... ok
test requests::one ... ok
test requests::two ... FAILED
test vectors::sigv4 ... ok
test result: FAILED. 30 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
     Running conformance/main.rs (target/debug/deps/conformance-9c)
test result: ok. 4 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
   Doc-tests partway_domain
test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
";
        let mut expected = Tally::of("unit", 12, 0);
        expected.remark("wire", "test requests::two ... FAILED");
        expected.add(Tally::of("wire", 28, 2));
        expected.add(Tally::of("vectors", 2, 0));
        expected.add(Tally::of("conformance", 4, 0));
        assert_eq!(Tally::from_cargo(printed), expected);
        assert_eq!(expected.sentence(), "46 passed, 2 failed");
        assert_eq!(expected.failing(), ["wire"]);
    }

    #[test]
    fn judges_are_counted_without_their_declared_gaps() {
        let printed = "
test rgw on s3 path: conditions::refused ... declared gap: they are ignored
test swift on s3 path: objects::a_range_is_read ... FAILED
     Running judges
test result: FAILED. 40 passed; 1 failed; 7 declared gaps
";
        let tally = Tally::from_cargo(printed);
        assert_eq!(tally.counts, Tally::of("judges", 40, 1).counts);
        let [remark] = tally.remarks() else {
            panic!("{:?}", tally.remarks())
        };
        assert!(remark.contains("a_range_is_read"), "{remark}");
    }

    #[test]
    fn node_runners_are_counted_from_their_summaries() {
        let vitest = " Test Files  3 passed (3)\n      Tests  1 failed | 11 passed (12)\n";
        assert_eq!(Tally::from_node("ui", vitest), Tally::of("ui", 11, 1));
        let playwright = "
  [1/11] [chromium] > a.spec.ts:3:1 > one
  1 failed
    [chromium] > a.spec.ts:3:1 > one
  1 flaky
    [chromium] > b.spec.ts:9:1 > two
  9 passed (30.1s)
";
        let tally = Tally::from_node("browser", playwright);
        assert_eq!(tally.counts, Tally::of("browser", 10, 1).counts);
        assert_eq!(
            tally.remarks(),
            [
                "browser: [chromium] > a.spec.ts:3:1 > one FAILED",
                "browser: [chromium] > b.spec.ts:9:1 > two passed when it was tried again",
            ]
        );
    }

    #[test]
    fn a_runner_that_fails_without_a_count_still_fails() {
        let compiled_nothing = Tally::from_cargo("error: could not compile").judged(false, "rust");
        assert_eq!(compiled_nothing, Tally::failure("rust"));
        assert_eq!(
            Tally::success("fmt").judged(true, "fmt"),
            Tally::success("fmt")
        );
    }
}
