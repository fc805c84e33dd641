//! One seed again, with its story.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;

use crate::checker;
use crate::disk::Desk;
use crate::outcome::Outcome;
use crate::run::run;
use crate::scenario::Scenario;

/// Seeds that once broke something, one in each line; they run before all others.
const REGRESSIONS: &str = include_str!("../seeds.txt");

/// The seeds that once broke something.
pub fn regressions() -> Vec<u64> {
    REGRESSIONS
        .lines()
        .filter_map(|line| line.split_whitespace().next()?.parse().ok())
        .collect()
}

/// Prints the story of a seed and what is broken in it; whether nothing is.
pub fn replay(seed: u64) -> io::Result<bool> {
    let mut scenario = Scenario::of(seed);
    println!("{scenario:#?}");
    scenario.logged = true;
    let desk = Desk::new()?;
    let outcome = run(&scenario, &desk, true);
    print!("{}", outcome.trace);
    println!("log:\n{}", String::from_utf8_lossy(&outcome.log));
    println!("what took effect:");
    for deed in outcome.cloud.deeds() {
        println!("  {deed:?}");
    }
    for job in &outcome.jobs {
        println!(
            "job {} {:?} {:?}",
            job.row.id, job.row.intent, job.row.counts
        );
        for (transfer, parts) in &job.transfers {
            println!(
                "  transfer {} {:?} {} of {} bytes, {} parts recorded, upload {:?}",
                transfer.id,
                transfer.state,
                transfer.destination_key,
                transfer.size,
                parts.len(),
                transfer.upload.as_ref().map(|upload| &upload.upload_id),
            );
            if let Some(failure) = &transfer.failure {
                println!("    {failure}");
            }
            if let Some(verdict) = &transfer.verdict {
                println!("    verified {}: {}", verdict.verified, verdict.evidence);
            }
        }
        for event in &job.events {
            println!(
                "  event {} {:?} {}",
                event.event.what, event.event.level, event.event.detail
            );
        }
    }
    let violations = checker::check(&outcome);
    for violation in &violations {
        println!("broken: {violation}");
    }
    println!("fingerprint {:016x}", fingerprint(&outcome));
    Ok(violations.is_empty())
}

/// A number that differs when anything differed: requests, deeds of the server, rows.
pub fn fingerprint(outcome: &Outcome) -> u64 {
    let mut hasher = DefaultHasher::new();
    for sent in &outcome.sent {
        (sent.at_ms, sent.life, &sent.line, sent.fate, sent.status).hash(&mut hasher);
    }
    for deed in outcome.cloud.deeds() {
        format!("{deed:?}").hash(&mut hasher);
    }
    for job in &outcome.jobs {
        format!("{job:?}").hash(&mut hasher);
    }
    format!("{:?}", outcome.lives).hash(&mut hasher);
    hasher.finish()
}
