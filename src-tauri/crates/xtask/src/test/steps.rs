//! The steps, in the order they run: quick judgements first, the window last.

use std::io::{BufRead, BufReader};
use std::process::Command;

use super::layering;
use super::tally::Tally;
use crate::display::Headless;
use crate::process::Outcome;
use crate::{app, bench, package, packages, place, process, simulate, tools, web};

/// One part of `cargo xtask test`.
pub(super) struct Step {
    /// What `--only` calls it.
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    /// Whether it is a step of the whole; the others are parts of one.
    pub(super) always: bool,
    /// Installs what it needs.
    pub(super) prepare: fn(yes: bool) -> Outcome,
    pub(super) run: fn() -> Result<Tally, String>,
}

pub(super) const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        what: "every Rust file is formatted",
        always: true,
        prepare: |_| Ok(()),
        run: || cargo_check("fmt", &["fmt", "--all", "--check"]),
    },
    Step {
        name: "layering",
        what: "who may know whom",
        always: true,
        prepare: |_| Ok(()),
        run: layering,
    },
    Step {
        name: "deny",
        what: "bans, licences and sources of dependencies",
        always: true,
        prepare: |_| tools::ensure_cargo_deny(),
        run: || {
            cargo_check(
                "deny",
                &[
                    "deny",
                    "--workspace",
                    "check",
                    "bans",
                    "licenses",
                    "sources",
                ],
            )
        },
    },
    Step {
        name: "page",
        what: "types, lint and unit tests of the front end (a part of ui)",
        always: false,
        prepare: |_| tools::ensure_node().and_then(|()| web::install("ui")),
        run: page,
    },
    Step {
        name: "clippy",
        what: "no warnings",
        always: true,
        // The shell is checked too, and looks at the built pages.
        prepare: prepare_build,
        run: || {
            web::build()?;
            cargo_check(
                "clippy",
                &[
                    "clippy",
                    "--locked",
                    "--workspace",
                    "--all-targets",
                    "--",
                    "--deny",
                    "warnings",
                ],
            )
        },
    },
    Step {
        name: "rust",
        what: "unit tests, vectors, conformance, resume, command line",
        always: true,
        prepare: |yes| packages::ensure(&[packages::BUILD, packages::TEST], yes),
        run: || {
            // Most of a test is waiting for a server, so there are more of them than cores.
            let cores = std::thread::available_parallelism().map_or(2, usize::from);
            let mut environment = Command::new("");
            environment.env("RUST_TEST_THREADS", (2 * cores).to_string());
            cargo_test(app::WITHOUT_WINDOW, Some(&environment))
        },
    },
    Step {
        name: "simulate",
        what: "the engine in 5,000 worlds made of seeds, and killed at every commit and request",
        always: true,
        prepare: |yes| packages::ensure(&[packages::BUILD], yes),
        run: || {
            let program = simulate::build(false)?;
            process::run(Command::new(&program).args(["--seeds", "5000", "--coverage"]))?;
            process::run(Command::new(program).args(["--exhaustive", "--pairs", "50"]))?;
            Ok(Tally::of("simulate", 5_000, 0))
        },
    },
    Step {
        name: "bench",
        what: "instructions of the hot path, against committed figures",
        always: true,
        prepare: bench::prepare_gate,
        run: || {
            let (success, printed) = follow(&mut bench::gate()?)?;
            Ok(Tally::from_gate(&printed).judged(success, "bench"))
        },
    },
    Step {
        name: "vectors",
        what: "the known answers of every signer (a part of rust)",
        always: false,
        prepare: |yes| packages::ensure(&[packages::BUILD], yes),
        run: || {
            cargo_test(
                &["--package", "partway-protocol", "--test", "wire", "vectors"],
                None,
            )
        },
    },
    Step {
        name: "sources",
        what: "everything the vendors' pages name has a test (a part of rust)",
        always: false,
        prepare: |yes| packages::ensure(&[packages::BUILD], yes),
        run: || {
            cargo_test(
                &[
                    "--package",
                    "partway-tests",
                    "--test",
                    "sources",
                    "--",
                    "--nocapture",
                ],
                None,
            )
        },
    },
    Step {
        name: "faults",
        what: "whatever can go wrong, row by row, with the tests that show it (a part of the whole)",
        always: false,
        prepare: |yes| {
            packages::ensure(&[packages::BUILD, packages::TEST], yes)?;
            tools::ensure_node().and_then(|()| web::install("ui"))
        },
        run: || {
            let mut faults = built("partway-faults")?;
            let (success, printed) = follow(faults.args(app::WITHOUT_WINDOW))?;
            Ok(Tally::from_cargo(&printed).judged(success, "faults"))
        },
    },
    Step {
        name: "kill",
        what: "one copy, its program killed 500 times (rust does it 60 times)",
        always: false,
        prepare: |yes| packages::ensure(&[packages::BUILD], yes),
        run: || {
            let mut environment = Command::new("");
            environment.env("PARTWAY_KILLS", "500");
            spoken("process", "kill::", Some(&environment))
        },
    },
    Step {
        name: "million",
        what: "a million keys copied, their program killed three times (rust does 20,000)",
        always: false,
        prepare: |yes| packages::ensure(&[packages::BUILD], yes),
        run: || {
            let mut environment = Command::new("");
            let keys = std::env::var("PARTWAY_KEYS").unwrap_or_else(|_| "1000000".to_owned());
            environment.env("PARTWAY_KEYS", keys);
            // As fast as what people use, and built in half the time: each key costs what it costs.
            let words = ["--profile", "simulation", "--package", "partway-cli"];
            let test = ["--test", "folders", "--", "--nocapture", "million::"];
            cargo_test(&[&words[..], &test].concat(), Some(&environment))
        },
    },
    Step {
        name: "secrets",
        what: "canaries are looked for wherever they must not be (a part of rust and e2e)",
        always: false,
        prepare: |yes| packages::ensure(&[packages::BUILD, packages::TEST], yes),
        run: || spoken("secrets", "", None),
    },
    Step {
        name: "judges",
        what: "programs of others: their clients on our cloud, our client on their servers",
        always: true,
        prepare: |yes| {
            packages::ensure(&[packages::BUILD, packages::JUDGE], yes)?;
            tools::ensure_node()?;
            process::run(judges()?.arg("prepare"))
        },
        run: || {
            let (success, printed) = follow(&mut judges()?)?;
            Ok(Tally::from_cargo(&printed).judged(success, "judges"))
        },
    },
    Step {
        name: "shell",
        what: "unit tests of the shell",
        always: true,
        prepare: prepare_build,
        run: || {
            web::build()?;
            cargo_test(
                &["--package", "partway", "--features", "custom-protocol"],
                None,
            )
        },
    },
    Step {
        name: "e2e",
        what: "the front end in Chromium on the real backend (a part of ui)",
        always: false,
        prepare: prepare_browser,
        run: browser,
    },
    Step {
        name: "ui",
        what: "the front end: units, journeys, every screen with axe, a million rows",
        always: true,
        prepare: |yes| {
            prepare_browser(yes)?;
            web::install("ui")
        },
        run: || {
            let mut tally = page()?;
            tally.add(browser()?);
            Ok(tally)
        },
    },
    Step {
        name: "window",
        what: "the real window: six journeys without a mouse, axe, the desktop, a screen reader",
        always: true,
        prepare: |yes| {
            packages::ensure(&[packages::DRIVE, packages::DESKTOP], yes)?;
            prepare_build(yes)?;
            // axe lies there.
            web::install("tests/e2e")
        },
        run: || {
            let window = app::build(false)?;
            let headless = Headless::start()?;
            let mut environment = Command::new("");
            headless.lend(environment.env("PARTWAY_APP", window));
            // One window at a time: they share a display, and each wants to be looked at.
            let words = [
                "--package",
                "partway-window-tests",
                "--",
                "--nocapture",
                "--test-threads=1",
            ];
            cargo_test(&words, Some(&environment))
        },
    },
    Step {
        name: "package",
        what: "the .deb (of the programs as tested, not optimised) installed on a clean root, started and removed",
        always: true,
        prepare: |yes| {
            package::prepare(yes)?;
            package::prepare_clean_root(yes)
        },
        run: || {
            let [deb] = package::build(false, "deb")?
                .try_into()
                .map_err(|_| "more than one .deb was made".to_owned())?;
            let shown = package::try_out(&deb)?;
            for fact in &shown {
                println!("package: {fact}");
            }
            Ok(Tally::of(
                "package",
                u32::try_from(shown.len()).unwrap_or(u32::MAX),
                0,
            ))
        },
    },
];

fn prepare_browser(yes: bool) -> Outcome {
    packages::ensure(&[packages::BUILD, packages::TEST, packages::DRIVE], yes)?;
    tools::ensure_node()?;
    web::install("tests/e2e")
}

fn page() -> Result<Tally, String> {
    npm("ui", "ui", &["run", "check"])
}

fn prepare_build(yes: bool) -> Outcome {
    packages::ensure(&[packages::BUILD], yes)?;
    tools::ensure_node()
}

fn judges() -> Result<Command, String> {
    built("partway-judges")
}

/// A program of the tests, built with the features of the whole workspace: so nothing of it is
/// compiled once more.
fn built(name: &str) -> Result<Command, String> {
    process::run(
        tools::cargo()
            .args(["build", "--locked", "--quiet", "--bin", name])
            .args(app::WITHOUT_WINDOW),
    )?;
    let mut command = Command::new(place::program(name, false));
    command.current_dir(place::root());
    Ok(command)
}

/// The tests of one program whose names hold a word, with everything they print.
fn spoken(program: &str, word: &str, environment: Option<&Command>) -> Result<Tally, String> {
    let mut words = app::WITHOUT_WINDOW.to_vec();
    words.extend(["--test", program, "--", "--nocapture", word]);
    cargo_test(&words, environment)
}

/// A check that passes or fails as a whole.
fn cargo_check(name: &str, words: &[&str]) -> Result<Tally, String> {
    process::run(tools::cargo().args(words))?;
    Ok(Tally::success(name))
}

fn layering() -> Result<Tally, String> {
    let broken = layering::broken()?;
    if broken.is_empty() {
        Ok(Tally::success("layering"))
    } else {
        Err(broken.join("\n"))
    }
}

fn cargo_test(words: &[&str], environment: Option<&Command>) -> Result<Tally, String> {
    let mut cargo = tools::cargo();
    cargo
        .args(["test", "--locked", "--no-fail-fast"])
        .args(words)
        .env("CARGO_TERM_COLOR", "never");
    for (name, value) in environment.into_iter().flat_map(Command::get_envs) {
        match value {
            Some(value) => cargo.env(name, value),
            None => cargo.env_remove(name),
        };
    }
    let (success, printed) = follow(&mut cargo)?;
    Ok(Tally::from_cargo(&printed).judged(success, "cargo test"))
}

fn npm(folder: &str, kind: &str, words: &[&str]) -> Result<Tally, String> {
    let mut npm = process::inside(&place::root().join(folder), "npm");
    npm.args(words).env("NO_COLOR", "1").env("CI", "1");
    let (success, printed) = follow(&mut npm)?;
    Ok(Tally::from_node(kind, &printed).judged(success, kind))
}

fn browser() -> Result<Tally, String> {
    web::build()?;
    let cli = app::build_cli()?;
    let mut npm = process::inside(&place::root().join("tests/e2e"), "npm");
    npm.args(["test"])
        .env("NO_COLOR", "1")
        .env("CI", "1")
        .env("PARTWAY_CLI", cli);
    let (success, printed) = follow(&mut npm)?;
    Ok(Tally::from_node("browser", &printed).judged(success, "browser"))
}

/// Runs a program, passing on what it prints and keeping it: both streams in the order written.
fn follow(command: &mut Command) -> Result<(bool, String), String> {
    let told = |error: std::io::Error| format!("{}: {error}", command.get_program().display());
    let (reader, writer) = std::io::pipe().map_err(told)?;
    let copy = writer.try_clone().map_err(told)?;
    let mut child = command
        .stdout(copy)
        .stderr(writer)
        .spawn()
        .map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    // The command holds the pipe's other end; without this the reading would never come to an end.
    command
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null());
    let mut printed = String::new();
    for line in BufReader::new(reader).split(b'\n') {
        let line = line.map_err(|error| error.to_string())?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        printed.push_str(&line);
        printed.push('\n');
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    Ok((status.success(), printed))
}
