//! The race: Partway, the bare floor and programs of others do the same jobs on one server.
//!
//! ```text
//! partway-bench [--all | CASE…] [--rounds N] [--only RACER] [--json FILE] [--markdown]
//!               [--cli FILE] [--prepare]
//! partway-bench stub                              the server, alone
//! partway-bench floor URL parts|pages N AT_ONCE   requests sent without thinking
//! partway-bench engine URL FOLDER AT_ONCE         one copy by the engine, its commits counted
//! ```
//!
//! Every figure of a goal is a ratio of two figures of the same run: the machine may be slow or
//! busy, but then it is so for all. Rounds are interleaved, one run of each racer after the other,
//! and what is told is the median with the lowest and the highest. Each racer is one process,
//! watched from outside ([`child`]): wall, CPU, peak memory. The server ([`stub`]) is a process of
//! its own. It answers each request after the same time, and counts them and how many were in
//! flight. It tells how many it could answer at most; a race it cannot follow is worth nothing.
//!
//! What a program cannot do is shown as such, and so is one that is not installed.

mod ask;
mod child;
mod engine;
mod floor;
mod place;
mod processes;
mod race;
mod stub;

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["stub"] => stub::command(),
        ["floor", rest @ ..] => floor::command(rest),
        ["engine", rest @ ..] => engine::command(rest),
        rest => race::command(rest),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}
