//! Runs the tests that `tests/faults.toml` names and tells what became of each row.
//!
//! The words given are those that tell cargo which packages to build, as `--workspace`.

mod page;
mod programs;

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use partway_tests::fault_list::{Row, rows};

/// Whether each test that ran passed, by its full name.
type Outcomes = BTreeMap<String, bool>;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let rows = rows();
    let wanted: BTreeSet<&str> = rows
        .iter()
        .flat_map(|row| row.test.iter().map(String::as_str))
        .collect();
    let mut outcomes = Outcomes::new();
    let ran = programs::run(&words, &wanted, &mut outcomes)
        .and_then(|()| page::run(&wanted, &mut outcomes));
    if let Err(reason) = ran {
        eprintln!("{reason}");
        return ExitCode::FAILURE;
    }
    let failed = rows.iter().filter(|row| !told(row, &outcomes)).count();
    let passed = rows.len() - failed;
    // In the form of cargo's own tests: whoever counts those counts these.
    let word = if failed == 0 { "ok" } else { "FAILED" };
    println!("     Running tests/faults.rs");
    println!("test result: {word}. {passed} passed; {failed} failed");
    ExitCode::from(u8::from(failed > 0))
}

/// Prints the line of a row; answers whether all of its tests ran and passed.
fn told(row: &Row, outcomes: &Outcomes) -> bool {
    let (mut passed, mut failed) = (0_usize, Vec::new());
    for test in &row.test {
        let mut ran = false;
        for (name, fine) in outcomes.iter().filter(|(name, _)| is_of(name, test)) {
            ran = true;
            if *fine {
                passed += 1;
            } else {
                failed.push(name.clone());
            }
        }
        if !ran {
            failed.push(format!("{test} (did not run)"));
        }
    }
    let fine = failed.is_empty();
    println!(
        "{} {}: {passed} passed, {} failed: {}",
        if fine { "passed" } else { "FAILED" },
        row.fault,
        failed.len(),
        row.test.join(", "),
    );
    for name in &failed {
        println!("       failed: {name}");
    }
    for open in &row.open {
        println!("       not shown: {open}");
    }
    fine
}

/// Whether a test that ran is the named one, or that one on some dialect.
fn is_of(ran: &str, named: &str) -> bool {
    ran.strip_prefix(named)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}
