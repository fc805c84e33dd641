//! Counting instructions and allocations.

use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::cases::Case;

/// Functions that callgrind does not look into: the cloud that a copy is made on is not ours to
/// be slow or fast ([`crate::cases::copy`]).
const NOT_COUNTED: &str = "--toggle-collect=*beyond_the_wire*";

/// What gives out memory, by the names it has in the C library.
const ALLOCATORS: [&str; 5] = [
    "malloc",
    "calloc",
    "realloc",
    "posix_memalign",
    "aligned_alloc",
];

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) instructions: u64,
    pub(crate) allocations: u64,
}

impl Counted {
    /// What so many rounds more took, each.
    fn more(self, than: Self, rounds: u64) -> Option<Self> {
        Some(Self {
            instructions: self.instructions.checked_sub(than.instructions)? / rounds,
            allocations: self.allocations.checked_sub(than.allocations)? / rounds,
        })
    }
}

/// One round of a case.
pub(crate) fn count(case: &Case) -> Result<Counted, String> {
    let once = run(case, case.rounds)?;
    let twice = run(case, 2 * case.rounds)?;
    twice
        .more(once, u64::from(case.rounds))
        .ok_or_else(|| format!("{}: twice the rounds took less", case.name))
}

fn run(case: &Case, rounds: u32) -> Result<Counted, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let file = folder.path().join("calls");
    let output = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}", file.display()))
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
    let instructions = collected(&told);
    let instructions =
        instructions.ok_or_else(|| format!("{}: callgrind counted nothing:\n{told}", case.name))?;
    Ok(Counted {
        instructions,
        allocations: allocations(&read(&file)?),
    })
}

fn read(file: &Path) -> Result<String, String> {
    // Names of functions need not be text.
    let bytes = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads `==123== Collected : 456`.
fn collected(told: &str) -> Option<u64> {
    let mut lines = told.lines().rev();
    let (_, number) = lines.find_map(|line| line.split_once("Collected : "))?;
    number.trim().parse().ok().filter(|count| *count > 0)
}

/// Calls of what gives out memory, from callgrind's file. A function is named where it comes first,
/// `cfn=(7) malloc`, and goes by its number from then on; `calls=` says how often the last one named
/// was called. The format: <https://valgrind.org/docs/manual/cl-format.html>.
fn allocations(file: &str) -> u64 {
    let mut names: HashMap<&str, bool> = HashMap::new();
    let mut counts = false;
    let mut sum = 0;
    for line in file.lines() {
        if let Some(called) = line.strip_prefix("cfn=") {
            counts = allocates(&mut names, called);
        } else if let Some(caller) = line.strip_prefix("fn=") {
            allocates(&mut names, caller);
        } else if let Some(calls) = line.strip_prefix("calls=")
            && counts
        {
            let number = calls.split(' ').next();
            sum += number
                .and_then(|number| number.parse::<u64>().ok())
                .unwrap_or(0);
        }
    }
    sum
}

/// Whether `(7) malloc`, or `(7)` alone from then on, gives out memory.
fn allocates<'a>(names: &mut HashMap<&'a str, bool>, function: &'a str) -> bool {
    let (number, name) = function.split_once(' ').unwrap_or((function, ""));
    if name.is_empty() {
        return names.get(number).copied().unwrap_or(false);
    }
    let gives = ALLOCATORS.contains(&name);
    names.insert(number, gives);
    gives
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn calls_are_added_up_by_what_was_called() {
        let file = "fn=(1) main\n16 400\ncfn=(2) malloc\ncalls=3 0\n12 500\n\
                    cfn=(3) free\ncalls=9 0\n12 90\nfn=(4) other\ncfn=(2)\ncalls=4 5\n1 2\n\
                    cfn=(5) realloc\ncalls=1 0\n1 2\n";
        assert_eq!(allocations(file), 8);
        assert_eq!(
            allocations("fn=(2) malloc\nfn=(1) main\ncfn=(2)\ncalls=2 0\n"),
            2
        );
    }
}
