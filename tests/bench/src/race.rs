//! The race itself.

mod bridge;
mod browse;
mod case;
mod cases;
mod display;
mod driver;
mod field;
mod goals;
mod history;
mod keyring;
mod partway;
mod peers;
mod record;
mod run;
mod search;
mod sheet;
mod table;
mod turn;
mod window;

use std::path::PathBuf;

use case::{Case, Racer};
use cases::CASES;
use field::Field;
use run::Outcome;
use sheet::Sheet;

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
    markdown: bool,
    /// The name of the one who runs; `None` for all.
    only: Option<String>,
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
        "the server answers {:.0} part copies or {:.0} pages per second at most",
        sheet.ceiling.requests, sheet.ceiling.pages
    );
    for case in &asked.cases {
        race(case, &asked, &mut field, &mut sheet);
    }
    println!("\n{}", table::of_goals(&sheet));
    if asked.markdown {
        println!("{}", table::markdown(&sheet));
    }
    if let Some(file) = asked.json {
        let text = record::json(&sheet, &asked.cli);
        std::fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))?;
        println!("written to {}", file.display());
    }
    Ok(())
}

fn race(case: &Case, asked: &Asked, field: &mut Field, sheet: &mut Sheet) {
    let rounds = asked.rounds.min(case.rounds);
    println!("\n{}: {} ({rounds} rounds)", case.name, case.what);
    for round in 0..rounds {
        let turn = case.turn(round);
        let wanted = |racer: &Racer| {
            let only = asked.only.as_deref();
            only.is_none_or(|only| racer.name() == only)
        };
        for racer in turn.filter(wanted) {
            let outcome = match case.run(racer, field) {
                Ok(run) => Outcome::Ran(run),
                Err(reason) => Outcome::Cannot(reason),
            };
            sheet.add(case, racer.name(), outcome);
        }
    }
    print!("{}", table::of_case(sheet, case));
}

impl Asked {
    fn parse(words: &[&str]) -> Result<Self, String> {
        let mut asked = Self {
            cases: Vec::new(),
            rounds: ROUNDS,
            json: None,
            markdown: false,
            only: None,
            cli: crate::place::program("partway-cli"),
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
                "--markdown" => asked.markdown = true,
                "--only" => asked.only = Some((*value()?).to_owned()),
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
