//! `cargo xtask run`: from a fresh clone to the open window.

use std::process::Command;

use crate::process::{self, Outcome};
use crate::{app, display, packages, say, tools, tour};

const HEADLESS: &str = "\
There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open. Without one:
  cargo xtask run --demo-tour    the real window on an invisible display, with screenshots
  cargo xtask test               every test, the window's too
  cargo run -p partway-cli       the same journal and engine in the terminal";

pub(crate) fn command(words: &[&str]) -> Outcome {
    let options = Options::parse(words)?;
    if options.demo_tour {
        return tour::demo(options.yes, options.release);
    }
    if !display::is_present() {
        return Err(HEADLESS.to_owned());
    }
    packages::ensure(&[packages::BUILD], options.yes)?;
    tools::ensure_node()?;
    let program = app::build(options.release)?;
    say::step("opening the window");
    process::run(&mut Command::new(program))
}

#[derive(Debug, Default)]
struct Options {
    yes: bool,
    release: bool,
    demo_tour: bool,
}

impl Options {
    fn parse(words: &[&str]) -> Result<Self, String> {
        let mut options = Self::default();
        for word in words {
            match *word {
                "--yes" => options.yes = true,
                "--release" => options.release = true,
                "--demo-tour" => options.demo_tour = true,
                _ => {
                    return Err(format!(
                        "cargo xtask run does not know `{word}`; it knows --yes, --release and --demo-tour"
                    ));
                }
            }
        }
        Ok(options)
    }
}
