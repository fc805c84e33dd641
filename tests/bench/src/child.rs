//! One run of a program, watched through `/proc`.
//!
//! A process that has ended keeps its times until somebody asks for its status; its peak of
//! memory is gone by then, so that is read while it runs. Both together are all that Linux tells
//! without a call that safe Rust does not have.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde::Serialize;

/// How often a run is looked at.
const LOOK: Duration = Duration::from_millis(4);

/// Ticks of the kernel's accounts in a second.
pub(crate) const TICKS: f64 = 100.0;

/// What a run took.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Cost {
    /// Seconds from start to end.
    pub(crate) wall: f64,
    /// Seconds of the processors, system calls and children included; in steps of 10 ms.
    pub(crate) cpu: f64,
    /// Bytes resident at most.
    pub(crate) rss: u64,
    /// Whether it ended well.
    pub(crate) success: bool,
}

/// Runs a program to its end, or until `enough` says so: then it is killed.
pub(crate) fn run(
    command: &mut Command,
    patience: Duration,
    mut enough: impl FnMut() -> bool,
) -> Result<Cost, String> {
    let shown = format!("{command:?}");
    let told = |error: std::io::Error| format!("{shown}: {error}");
    let begun = Instant::now();
    let mut child = command.stdin(Stdio::null()).spawn().map_err(told)?;
    let folder = format!("/proc/{}", child.id());
    let (mut rss, mut killed) = (0, false);
    loop {
        let stat = fs::read_to_string(format!("{folder}/stat")).map_err(told)?;
        let (state, cpu) = account(&stat).ok_or_else(|| format!("{shown}: no account of it"))?;
        if state == 'Z' {
            let wall = begun.elapsed().as_secs_f64();
            let status = child.wait().map_err(told)?;
            let success = status.success() || killed;
            return Ok(Cost {
                wall,
                cpu,
                rss,
                success,
            });
        }
        rss = rss.max(peak(&folder));
        if !killed && (begun.elapsed() > patience || enough()) {
            killed = begun.elapsed() <= patience;
            child.kill().map_err(told)?;
        }
        std::thread::sleep(LOOK);
    }
}

/// State, and seconds of user, system and of children that were waited for.
pub(crate) fn account(stat: &str) -> Option<(char, f64)> {
    // The name before may hold blanks and brackets.
    let (_, rest) = stat.rsplit_once(") ")?;
    let words: Vec<&str> = rest.split(' ').collect();
    let ticks: Option<u64> = words
        .get(11..15)?
        .iter()
        .map(|word| word.parse::<u64>().ok())
        .sum();
    Some((words[0].chars().next()?, ticks? as f64 / TICKS))
}

fn peak(folder: &str) -> u64 {
    let status = fs::read_to_string(format!("{folder}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
    kib.and_then(|kib| kib.parse::<u64>().ok())
        .map_or(0, |kib| kib * 1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_brackets_do_not_confuse_the_account() {
        let stat = "7 (a) S (b) Z 1 7 7 0 -1 4194304 90 0 0 0 10 20 30 40 20 0 1 0 5 6 7";
        assert_eq!(account(stat), Some(('Z', 1.0)));
    }

    #[test]
    fn a_run_is_accounted_for() {
        let mut command = Command::new("sh");
        command.args(["-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"]);
        let cost = run(&mut command, Duration::from_secs(60), || false).unwrap();
        assert!(
            cost.success && cost.cpu > 0.0 && cost.rss > 100_000,
            "{cost:?}"
        );
    }
}
