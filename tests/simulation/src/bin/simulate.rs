//! `partway-simulate`: runs seeds, or replays one.

use std::process::ExitCode;

use partway_simulation::{campaign, exhaustive, replay};

const USAGE: &str = "\
partway-simulate [--seeds N] [--from SEED] [--threads N]   run N seeds (1,000) from SEED (0)
partway-simulate --seeds N --enough M                      stop when M seeds (20) broke something
partway-simulate --seeds N --coverage                      and tell what was reached
partway-simulate --seed SEED                               replay one and print its story
partway-simulate --exhaustive [--pairs N]                  kill a job of twelve parts everywhere, and
                                                           at N pairs of places (300)
partway-simulate --planted [--bug NAME]                    plant known bugs until each is caught";

#[derive(Debug)]
struct Options {
    seeds: u64,
    from: u64,
    threads: usize,
    enough: u64,
    seed: Option<u64>,
    coverage: bool,
    exhaustive: bool,
    pairs: u64,
    planted: bool,
    bug: Option<String>,
}

fn main() -> ExitCode {
    let outcome = parse().and_then(|options| run(&options));
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

fn parse() -> Result<Options, String> {
    let mut options = Options {
        seeds: 1_000,
        from: 0,
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        enough: 20,
        seed: None,
        coverage: false,
        exhaustive: false,
        pairs: exhaustive::PAIRS,
        planted: false,
        bug: None,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || -> Result<u64, String> {
            let text = words.next().unwrap_or_default().replace(['_', ','], "");
            text.parse()
                .map_err(|_| format!("{word} wants a number\n{USAGE}"))
        };
        match word.as_str() {
            "--seeds" => options.seeds = number()?,
            "--from" => options.from = number()?,
            "--enough" => options.enough = number()?,
            "--coverage" => options.coverage = true,
            "--exhaustive" => options.exhaustive = true,
            "--pairs" => options.pairs = number()?,
            "--planted" => options.planted = true,
            "--bug" => options.bug = words.next(),
            "--seed" => options.seed = Some(number()?),
            "--threads" => options.threads = usize::try_from(number()?).unwrap_or(1),
            _ => return Err(USAGE.to_owned()),
        }
    }
    Ok(options)
}

/// Whether nothing was broken.
fn run(options: &Options) -> Result<bool, String> {
    if let Some(seed) = options.seed {
        return replay::replay(seed).map_err(|error| error.to_string());
    }
    if options.exhaustive {
        let everywhere = exhaustive::everywhere(options.pairs, options.threads)
            .map_err(|error| error.to_string())?;
        println!("{everywhere}");
        return Ok(everywhere.broken.is_empty());
    }
    if options.planted {
        return hunt(options);
    }
    let seeds: Vec<u64> = replay::regressions()
        .into_iter()
        .chain(options.from..options.from + options.seeds)
        .collect();
    let tally = campaign::run_all(&seeds, options.threads, options.enough)
        .map_err(|error| error.to_string())?;
    if options.coverage {
        println!("{}", tally.coverage);
    }
    println!("{tally}");
    let deep = !options.coverage || tally.coverage.missing().is_empty();
    Ok(tally.is_clean() && deep)
}

#[cfg(feature = "planted")]
fn hunt(options: &Options) -> Result<bool, String> {
    use partway_domain::planted::Bug;
    use partway_simulation::planted;

    let bugs = match &options.bug {
        Some(word) => {
            let bug = Bug::parse(word).ok_or_else(|| {
                let words: Vec<_> = Bug::ALL.iter().map(|bug| bug.word()).collect();
                format!("there is no bug {word:?}; there are {}", words.join(", "))
            })?;
            vec![bug]
        }
        None => Bug::ALL.to_vec(),
    };
    println!("{}", planted::heading());
    let decided = |hunt: &planted::Hunt| println!("{hunt}");
    let hunts = planted::hunt_all(&bugs, options.from, options.threads, decided)
        .map_err(|error| error.to_string())?;
    println!("{hunts}");
    Ok(hunts.is_complete())
}

#[cfg(not(feature = "planted"))]
fn hunt(_: &Options) -> Result<bool, String> {
    Err("this build has no bugs planted; build it with the feature `planted`".to_owned())
}
