//! The repository's own commands: `cargo xtask run` and `cargo xtask test`, and what they need.

mod app;
mod bench;
mod display;
mod icons;
mod package;
mod packages;
mod place;
mod process;
mod run;
mod say;
mod screens;
mod simulate;
mod test;
mod tools;
mod tour;
mod web;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask run [--yes] [--release]      set up, build and open the window
cargo xtask run --demo-tour [--yes]      the whole journey in the real window, headless
cargo xtask test [--only STEP] [--yes]   set up and run every test (--list names the steps)
cargo xtask simulate [--seeds N [--from SEED] [--coverage] | --seed SEED | --exhaustive |
                      --planted [--bug NAME]]
                                         the engine in worlds made of seeds
cargo xtask bench --gate [--accept] [CASE…]
                                         instructions of the hot path, against committed figures
cargo xtask bench [--all | CASE…] [--rounds N] [--json FILE]
                                         a race against programs of others on one server
cargo xtask package [--debug] [--yes]    .deb and .rpm (on other systems their own) into the target folder
cargo xtask package --try-out DEB        install it on a clean root, start it, remove it
cargo xtask screens [--manual]           every screen in its states, themes and languages, as pictures
                                         in target/screens; --manual: those of ui/manual
cargo xtask screenshot                   draw tests/window/readme.png anew from the window
cargo xtask icons                        draw the icons of the bundles anew from icons/*.svg";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["run", rest @ ..] => run::command(rest),
        ["test", rest @ ..] => test::command(rest),
        ["simulate", rest @ ..] => simulate::command(rest),
        ["bench", rest @ ..] => bench::command(rest),
        ["screens", rest @ ..] => screens::command(rest),
        ["screenshot"] => tour::screenshot(),
        ["package", rest @ ..] => package::command(rest),
        ["icons"] => icons::command(),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(format!("this is not one of the commands:\n{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("\n{reason}");
            ExitCode::FAILURE
        }
    }
}
