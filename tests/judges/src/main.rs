//! Programs that others wrote, as judges of ours in both directions.
//!
//! `partway-judges [clients] [servers] [--only NAME]…` lets their clients drive our demo cloud and
//! our client drive their servers, prints a line for each check and a table at the end, and fails
//! when anything fails that `gaps.toml` does not declare. `prepare` only fetches what they need.

mod choice;
mod clients;
mod place;
mod report;
mod servers;
mod table;
mod venv;

use std::process::ExitCode;
use std::sync::Mutex;

use choice::Choice;
use report::Report;

fn main() -> ExitCode {
    match Choice::parse(std::env::args().skip(1)).and_then(|choice| judge(&choice)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

/// Whether everything is as it should be.
fn judge(choice: &Choice) -> Result<bool, String> {
    clients::prepare(choice)?;
    servers::prepare(choice)?;
    if choice.prepare {
        return Ok(true);
    }
    let reports = Mutex::new(Vec::new());
    let found = |report: Report| {
        table::print_checks(&report);
        lock(&reports).push(report);
    };
    // Servers take their time to start, clients theirs to load: neither waits for the other.
    std::thread::scope(|scope| {
        scope.spawn(|| servers::run(choice, &found));
        clients::run(choice, &found);
    });
    let mut reports = reports
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    reports.sort_by_key(Report::order);
    println!("\n{}", table::table(&reports));
    // The program's name and the result as Rust's test runner tells them: so they are counted.
    println!("     Running judges\n{}", table::result(&reports));
    Ok(!reports.is_empty() && reports.iter().all(|report| report.failed() == 0))
}

fn lock(reports: &Mutex<Vec<Report>>) -> std::sync::MutexGuard<'_, Vec<Report>> {
    reports
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
