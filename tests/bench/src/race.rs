//! The race itself.

mod cases;
mod field;
mod goals;
mod keyring;
mod partway;
mod peers;
mod sheet;

use std::path::PathBuf;

use cases::{CASES, Case};
use field::Field;
use sheet::{Outcome, Sheet};

pub(crate) const ACCESS_KEY: &str = "AKIDBENCH00000000000";
pub(crate) const SECRET_KEY: &str = "bench-secret-key-that-opens-nothing";

/// Rounds without `--rounds`: enough for a median that one bad run does not move.
const ROUNDS: usize = 5;

/// What was asked for.
#[derive(Debug)]
struct Asked {
    cases: Vec<&'static Case>,
    rounds: usize,
    json: Option<PathBuf>,
    cli: PathBuf,
    prepare: bool,
}

pub(crate) fn command(words: &[&str]) -> Result<(), String> {
    let asked = Asked::parse(words)?;
    peers::prepare()?;
    if asked.prepare {
        return Ok(());
    }
    let mut field = Field::open(&asked.cli)?;
    let mut sheet = Sheet::new(field.ceiling()?);
    println!(
        "the server answers {:.0} requests per second at most",
        sheet.ceiling
    );
    for case in &asked.cases {
        println!("\n{}: {}", case.name, case.what);
        for round in 0..asked.rounds {
            for &racer in case.racers {
                let outcome = match case.run(racer, &mut field) {
                    Ok(run) => Outcome::Ran(run),
                    Err(reason) => Outcome::Cannot(reason),
                };
                sheet.add(case, racer.name(), round, outcome);
            }
        }
        print!("{}", sheet.table(case));
    }
    println!("\n{}", sheet.pace());
    println!("\n{}", goals::table(&sheet));
    if let Some(file) = asked.json {
        let text = sheet.json(&asked.cli);
        std::fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))?;
        println!("written to {}", file.display());
    }
    Ok(())
}

impl Asked {
    fn parse(words: &[&str]) -> Result<Self, String> {
        let mut asked = Self {
            cases: Vec::new(),
            rounds: ROUNDS,
            json: None,
            cli: crate::place::cli(),
            prepare: false,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || {
                let value = words.next();
                value.ok_or_else(|| format!("{word} wants something after it"))
            };
            match *word {
                "--all" => asked.cases = CASES.iter().collect(),
                "--prepare" => asked.prepare = true,
                "--json" => asked.json = Some(PathBuf::from(value()?)),
                "--cli" => asked.cli = PathBuf::from(value()?),
                "--rounds" => {
                    let rounds = value()?.parse().ok().filter(|rounds| *rounds > 0);
                    asked.rounds = rounds.ok_or("--rounds wants a number from 1 on")?;
                }
                name => asked.cases.push(cases::named(name)?),
            }
        }
        if asked.cases.is_empty() {
            asked.cases = CASES.iter().filter(|case| case.usual).collect();
        }
        Ok(asked)
    }
}
