//! `partway-cli sign`: signs cases and shows every step, to find out why a server says
//! `SignatureDoesNotMatch`.
//!
//! The input is in the format of the signing vectors: a whole file, a list of cases, or one
//! case. Each case becomes one line of JSON; where it says what is expected, the line says
//! whether that agrees and what differs.

mod compare;
mod input;

use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use partway_protocol::sign::case::{CaseDialect, Signed};
use serde::Serialize;

use compare::Difference;

use crate::exit::usage;
use crate::terminal::Terminal;

/// Signs cases and prints every step as JSON, one case per line.
///
/// Exit code 0: every case that has an `expected` agrees with it. 1: at least one disagrees.
/// 2: the input, or a case in it, cannot be read or signed.
#[derive(Debug, Clone, Args)]
pub(crate) struct SignArgs {
    /// Which signature: cos, obs-native (or obs), obs-v2, aws-v2 or sigv4 (or s3). A case or a
    /// file that names its own is signed with that.
    #[arg(long)]
    dialect: Option<CaseDialect>,

    /// A file of cases; standard input if it is not given.
    #[arg(long, value_name = "FILE")]
    cases: Option<PathBuf>,
}

/// What a line says.
#[derive(Debug, Serialize)]
struct Line {
    #[serde(flatten)]
    signed: Signed,
    /// Only where the case says what is expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    agrees: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    differs: Vec<Difference>,
    /// What was expected but is no step of this signature.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_compared: Vec<String>,
}

/// How it went, the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Agreed,
    Disagreed,
    Unreadable,
}

/// Runs the command.
pub(crate) fn run(args: &SignArgs, terminal: &Terminal) -> ExitCode {
    let complain = |problem: &str| {
        // The program's own complaint names the program; this one names the command too.
        let problem = if terminal.json {
            problem.to_owned()
        } else {
            format!("sign: {problem}")
        };
        terminal.complain(&usage(problem));
    };
    let outcome = match read(args.cases.as_deref()) {
        Ok(text) => sign(&text, args.dialect, &mut io::stdout().lock(), &complain),
        Err(problem) => {
            complain(&problem);
            Outcome::Unreadable
        }
    };
    ExitCode::from(match outcome {
        Outcome::Agreed => 0,
        Outcome::Disagreed => 1,
        Outcome::Unreadable => 2,
    })
}

fn read(path: Option<&Path>) -> Result<String, String> {
    if let Some(path) = path {
        return std::fs::read_to_string(path)
            .map_err(|error| format!("{} cannot be read: {error}", path.display()));
    }
    let mut text = String::new();
    match io::stdin().read_to_string(&mut text) {
        Ok(_) => Ok(text),
        Err(error) => Err(format!("standard input cannot be read: {error}")),
    }
}

/// Signs what can be signed; a bad case does not hide the good ones.
fn sign(
    text: &str,
    dialect: Option<CaseDialect>,
    out: &mut impl Write,
    complain: &dyn Fn(&str),
) -> Outcome {
    let cases = match input::cases(text, dialect) {
        Ok(cases) => cases,
        Err(problem) => {
            complain(&problem);
            return Outcome::Unreadable;
        }
    };
    let mut worst = Outcome::Agreed;
    for case in cases {
        let signed = case.and_then(|case| {
            let signed = case.sign().map_err(|error| error.to_string())?;
            Ok((signed, case.expected))
        });
        let outcome = match signed {
            Ok((signed, expected)) => print(signed, &expected, out, complain),
            Err(problem) => {
                complain(&problem);
                Outcome::Unreadable
            }
        };
        worst = worst.max(outcome);
    }
    worst
}

fn print(
    signed: Signed,
    expected: &serde_json::Map<String, serde_json::Value>,
    out: &mut impl Write,
    complain: &dyn Fn(&str),
) -> Outcome {
    let comparison = compare::compare(&signed, expected);
    let agrees = comparison.agrees();
    let line = Line {
        signed,
        agrees,
        differs: comparison.differs,
        not_compared: comparison.not_compared,
    };
    let written = serde_json::to_string(&line)
        .map_err(io::Error::from)
        .and_then(|json| writeln!(out, "{json}"));
    if let Err(error) = written {
        complain(&format!("the result cannot be written: {error}"));
        return Outcome::Unreadable;
    }
    match agrees {
        Some(false) => Outcome::Disagreed,
        Some(true) | None => Outcome::Agreed,
    }
}

#[cfg(test)]
mod tests;
