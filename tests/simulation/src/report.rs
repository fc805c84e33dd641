//! What a campaign came to, in words.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Write as _};

use crate::campaign::Tally;

/// Seeds shown of those that broke something.
const SHOWN: usize = 20;

impl Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.took.as_secs_f64();
        writeln!(f, "seeds            {}", self.seeds)?;
        writeln!(f, "virtual time     {}", days(self.virtual_ms))?;
        writeln!(f, "requests         {}", self.requests)?;
        writeln!(f, "lives by end     {}", counts(&self.lives))?;
        writeln!(f, "power cuts that lost commits  {}", self.lost_commits)?;
        writeln!(f, "requests by fate {}", counts(&self.fates))?;
        writeln!(f, "throttled        {}", self.throttled)?;
        writeln!(f, "happenings       {}", counts(&self.happenings))?;
        writeln!(f, "transfers at end {}", counts(&self.states))?;
        writeln!(
            f,
            "took             {seconds:.1} s, {:.0} seeds per second",
            self.seeds as f64 / seconds
        )?;
        for (seed, panic) in self.panics.iter().take(SHOWN) {
            writeln!(f, "seed {seed} panicked: {panic}")?;
        }
        for (seed, violations) in self.violations.iter().take(SHOWN) {
            for violation in violations {
                writeln!(f, "seed {seed} {violation}")?;
            }
        }
        let broken = self.violations.len() + self.panics.len();
        if broken > 0 {
            writeln!(f, "replay one with: cargo xtask simulate --seed SEED")?;
        }
        write!(f, "violations       {broken}")
    }
}

fn counts<K: fmt::Debug>(counts: &BTreeMap<K, u64>) -> String {
    let mut text = String::new();
    for (key, count) in counts {
        let separator = if text.is_empty() { "" } else { ", " };
        let key = format!("{key:?}");
        let _ = write!(text, "{separator}{} {count}", key.trim_matches('"'));
    }
    text
}

fn days(ms: i64) -> String {
    let hours = ms as f64 / 3_600_000.0;
    if hours < 48.0 {
        format!("{hours:.1} hours")
    } else {
        format!("{:.1} days", hours / 24.0)
    }
}
