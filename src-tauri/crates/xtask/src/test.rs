//! `cargo xtask test`: the set-up, every step, and a count of each kind of test.

mod layering;
mod steps;
mod tally;

use crate::process::Outcome;
use crate::say;
use steps::{STEPS, Step};
use tally::Tally;

pub(crate) fn command(words: &[&str]) -> Outcome {
    let mut only = Vec::new();
    let mut yes = false;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "--yes" => yes = true,
            "--list" => {
                list();
                return Ok(());
            }
            "--only" => only.push(step(words.next())?),
            _ => {
                return Err(format!(
                    "cargo xtask test does not know `{word}`; it knows --yes, --list and --only STEP"
                ));
            }
        }
    }
    if only.is_empty() {
        only = STEPS.iter().filter(|step| step.always).collect();
    }
    run(&only, yes)
}

fn run(chosen: &[&Step], yes: bool) -> Outcome {
    let mut total = Tally::default();
    for step in chosen {
        say::step(format!("{}: set-up", step.name));
        (step.prepare)(yes)?;
    }
    for step in chosen {
        say::step(format!("{}: {}", step.name, step.what));
        let mut found = (step.run)().unwrap_or_else(|reason| {
            eprintln!("{reason}");
            Tally::failure(step.name)
        });
        if found.is_empty() {
            // A runner that found nothing to run has proved nothing.
            eprintln!("{}: no test was run", step.name);
            found = Tally::failure(step.name);
        }
        say::step(format!("{}: {}", step.name, found.sentence()));
        total.add(found);
    }
    println!("\n{}", total.table());
    for remark in total.remarks() {
        println!("{remark}");
    }
    // Alone on the last line, in this form: programs read it.
    println!("{}", total.sentence());
    if total.failed() == 0 {
        Ok(())
    } else {
        Err(format!("failed: {}", total.failing().join(", ")))
    }
}

fn step(name: Option<&&str>) -> Result<&'static Step, String> {
    let found = name.and_then(|name| STEPS.iter().find(|step| step.name == *name));
    found.ok_or_else(|| {
        let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        format!("--only wants one of: {}", names.join(", "))
    })
}

fn list() {
    for step in STEPS {
        println!("{:10} {}", step.name, step.what);
    }
}
