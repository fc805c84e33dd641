//! What is printed: a line for each check, and the table at the end.

use std::fmt::Write as _;
use std::io::Write as _;

use crate::report::{Outcome, Report};

/// Prints the checks of one judge, in one go: several judges are at work at the same time.
pub(crate) fn print_checks(report: &Report) {
    let _ = std::io::stdout().write_all(checks(report).as_bytes());
}

/// Lines in the form of Rust's own test runner, which those who count read already.
fn checks(report: &Report) -> String {
    let mut lines = String::new();
    for check in &report.checks {
        // Writing into a string cannot fail.
        let _ = write!(
            lines,
            "test {} on {}: {} ... ",
            report.name, report.wire, check.name
        );
        let _ = match &check.outcome {
            Outcome::Passed => writeln!(lines, "ok"),
            Outcome::Gap(reason) => writeln!(lines, "declared gap: {reason}"),
            Outcome::Failed(detail) => {
                writeln!(lines, "FAILED\n    {}", detail.replace('\n', "\n    "))
            }
        };
    }
    lines
}

/// One row for each judge and wire, then the sums in one sentence.
pub(crate) fn table(reports: &[Report]) -> String {
    let heads = [
        "judge",
        "name",
        "version",
        "wire",
        "tried",
        "passed",
        "declared gaps",
        "failed",
    ];
    let mut rows = vec![heads.map(str::to_owned)];
    rows.extend(reports.iter().map(|report| {
        [
            report.role.to_string(),
            report.name.clone(),
            report.version.clone(),
            report.wire.clone(),
            report.checks.len().to_string(),
            report.passed().to_string(),
            report.gaps().to_string(),
            report.failed().to_string(),
        ]
    }));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: [usize; 8] = std::array::from_fn(|column| width(column).unwrap_or(0));
    let mut table = String::new();
    for row in &rows {
        let cells = row.iter().zip(widths).enumerate();
        let line: Vec<String> = cells
            .map(|(column, (cell, width))| match column {
                0..=3 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            })
            .collect();
        let _ = writeln!(table, "{}", line.join("  ").trim_end());
    }
    table
}

/// The last line, in the form of Rust's own test runner.
pub(crate) fn result(reports: &[Report]) -> String {
    let sum = |count: fn(&Report) -> usize| reports.iter().map(count).sum::<usize>();
    let failed = sum(Report::failed);
    format!(
        "test result: {}. {} passed; {failed} failed; {} declared gaps",
        if failed == 0 { "ok" } else { "FAILED" },
        sum(Report::passed),
        sum(Report::gaps),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Check, Role};

    fn report() -> Report {
        let check = |name: &str, outcome| Check {
            name: name.to_owned(),
            outcome,
        };
        Report {
            role: Role::Server,
            name: "rgw".to_owned(),
            version: "16.2.15".to_owned(),
            wire: "s3 path".to_owned(),
            checks: vec![
                check("lists", Outcome::Passed),
                check("conditions", Outcome::Gap("it ignores them".to_owned())),
                check("tags", Outcome::Failed("expected a\ncame b".to_owned())),
            ],
        }
    }

    #[test]
    fn rows_are_aligned_and_summed() {
        let reports = [report()];
        assert_eq!(
            table(&reports),
            "judge   name  version  wire     tried  passed  declared gaps  failed\n\
             server  rgw   16.2.15  s3 path      3       1              1       1\n"
        );
        assert_eq!(
            result(&reports),
            "test result: FAILED. 1 passed; 1 failed; 1 declared gaps"
        );
    }

    #[test]
    fn a_gap_tells_its_reason_and_a_failure_all_its_lines() {
        assert_eq!(
            checks(&report()),
            "test rgw on s3 path: lists ... ok\n\
             test rgw on s3 path: conditions ... declared gap: it ignores them\n\
             test rgw on s3 path: tags ... FAILED\n    expected a\n    came b\n"
        );
    }
}
