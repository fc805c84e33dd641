//! Counting instructions.

use std::process::{Command, Stdio};

use crate::cases::Case;

/// Functions that callgrind does not look into: the cloud that a copy is made on is not ours to
/// be slow or fast ([`crate::cases::copy`]).
const NOT_COUNTED: &str = "--toggle-collect=*beyond_the_wire*";

/// Instructions of one round of a case.
pub(crate) fn count(case: &Case) -> Result<u64, String> {
    let once = run(case, case.rounds)?;
    let twice = run(case, 2 * case.rounds)?;
    let rounds = u64::from(case.rounds);
    let more = twice.checked_sub(once);
    more.map(|more| more / rounds)
        .ok_or_else(|| format!("{}: twice the rounds took less", case.name))
}

fn run(case: &Case, rounds: u32) -> Result<u64, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        // In this order: what is not counted would else be all that is.
        .args([NOT_COUNTED, "--collect-atstart=yes"])
        .arg(program)
        .args(["case", case.name, &rounds.to_string()])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("valgrind did not start (is it installed?): {error}"))?;
    let told = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{} failed under valgrind:\n{told}", case.name));
    }
    collected(&told).ok_or_else(|| format!("{}: callgrind counted nothing:\n{told}", case.name))
}

/// Reads `==123== Collected : 456`.
fn collected(told: &str) -> Option<u64> {
    let mut lines = told.lines().rev();
    let (_, number) = lines.find_map(|line| line.split_once("Collected : "))?;
    number.trim().parse().ok().filter(|count| *count > 0)
}

#[cfg(test)]
mod tests {
    use super::collected;

    #[test]
    fn the_sum_is_read_among_other_lines() {
        let told = "==7== Events    : Ir\n==7== Collected : 123456\n==7== \n";
        assert_eq!(collected(told), Some(123_456));
        assert_eq!(
            collected("==7== Collected : 0\n"),
            None,
            "nothing was looked at"
        );
    }
}
