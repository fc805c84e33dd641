//! The gate: how many instructions and allocations the hot path takes, against figures that were
//! committed.
//!
//! Seconds depend on the machine and on who else uses it; instructions hardly do. Each case runs
//! under valgrind's callgrind in a process of its own, once with *n* rounds and once with *2n*. The
//! difference is the work of *n* rounds, without the start of the process and whatever a case
//! prepares. A figure that grew by a tenth fails the gate. One that fell by as much is told, so
//! that `--accept` makes the better one the measure: else the gain could be lost again unseen.
//!
//! ```text
//! partway-gate [NAME…]            compare with figures.toml
//! partway-gate --accept [NAME…]   write what was counted into figures.toml
//! partway-gate case NAME ROUNDS   what callgrind looks at
//! ```
//!
//! Another compiler makes other code. A figure out of bounds on both counts, a new compiler and no
//! change of ours, is looked at once and accepted.

mod callgrind;
mod cases;
mod figures;
mod verdict;

use std::fmt::Write as _;
use std::process::ExitCode;

use callgrind::Counted;
use cases::{CASES, Case};
use figures::Figures;
use verdict::Verdict;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["case", name, rounds] => run_case(name, rounds),
        ["--accept", names @ ..] => chosen(names).and_then(|cases| accept(&cases)),
        names => chosen(names).and_then(|cases| compare(&cases)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

fn chosen(names: &[&str]) -> Result<Vec<&'static Case>, String> {
    if names.is_empty() {
        return Ok(CASES.iter().collect());
    }
    names.iter().map(|name| case(name)).collect()
}

fn case(name: &str) -> Result<&'static Case, String> {
    let found = CASES.iter().find(|case| case.name == name);
    found.ok_or_else(|| {
        let names: Vec<_> = CASES.iter().map(|case| case.name).collect();
        format!("there is no case `{name}`; there are: {}", names.join(", "))
    })
}

fn run_case(name: &str, rounds: &str) -> Result<(), String> {
    let rounds = rounds
        .parse()
        .map_err(|_| format!("`{rounds}` is no number of rounds"))?;
    (case(name)?.run)(rounds);
    Ok(())
}

fn compare(cases: &[&Case]) -> Result<(), String> {
    let figures = Figures::read()?;
    let mut worse = Vec::new();
    println!(
        "{:20} {:>13} {:>13} {:>8}   {:>11} {:>9} {:>8}",
        "case", "instructions", "counted", "change", "allocations", "counted", "change"
    );
    for case in cases {
        let counted = callgrind::count(case)?;
        let committed = figures.of(case.name);
        let of = |figure: fn(&Counted) -> u64| {
            let committed = committed.as_ref().map(figure);
            let shown = committed.map_or_else(|| "-".to_owned(), |figure| figure.to_string());
            (shown, Verdict::of(committed, figure(&counted)))
        };
        let (instructions, first) = of(|counted| counted.instructions);
        let (allocations, second) = of(|counted| counted.allocations);
        println!(
            "{:20} {instructions:>13} {:>13} {first}   {allocations:>11} {:>9} {second}  ({})",
            case.name, counted.instructions, counted.allocations, case.what
        );
        if first.fails() || second.fails() {
            worse.push(case.name);
        }
    }
    println!(
        "gate: {} passed, {} failed",
        cases.len() - worse.len(),
        worse.len()
    );
    if worse.is_empty() {
        return Ok(());
    }
    let mut reason = format!("out of bounds: {}", worse.join(", "));
    let compiler = figures::compiler()?;
    if compiler != figures.compiler {
        let _ = write!(
            reason,
            "
The figures are of {}, and this is {compiler}.",
            figures.compiler
        );
    }
    Err(reason)
}

fn accept(cases: &[&Case]) -> Result<(), String> {
    let mut figures = Figures::read().unwrap_or_default();
    figures.compiler = figures::compiler()?;
    for case in cases {
        let counted = callgrind::count(case)?;
        println!(
            "{:20} {:>13} {:>11}",
            case.name, counted.instructions, counted.allocations
        );
        figures.put(case.name, counted);
    }
    figures.write(CASES)
}
