//! What the distribution has to provide.

use std::io::{IsTerminal, Write};
use std::process::Command;

use crate::process::{self, Outcome};
use crate::say;

/// Builds the window.
pub(crate) const BUILD: &[&str] = &["build-essential", "pkg-config", "libwebkit2gtk-4.1-dev"];

/// Opens the window where there is no display, and drives it.
pub(crate) const DRIVE: &[&str] = &[
    "xvfb",
    "webkit2gtk-driver",
    "fonts-dejavu-core",
    "fonts-noto-cjk",
];

/// A desktop for the window: a session bus, and what a screen reader hears it by.
pub(crate) const DESKTOP: &[&str] = &["dbus", "at-spi2-core", "libayatana-appindicator3-1"];

/// Tells the bundler which library the tray needs, and checks what the packages say about themselves.
pub(crate) const PACKAGE: &[&str] = &[
    "libayatana-appindicator3-dev",
    "appstream",
    "desktop-file-utils",
];

/// Makes a root with nothing in it to install them on.
pub(crate) const CLEAN_ROOT: &[&str] = &["debootstrap", "util-linux"];

/// What the other tests want: a browser, and a keyring with the bus it lives on.
pub(crate) const TEST: &[&str] = &["chromium", "dbus", "gnome-keyring"];

/// The independent servers of the judges, and the Python that others of them live in.
pub(crate) const JUDGE: &[&str] = &[
    "radosgw",
    "ceph-mon",
    "ceph-osd",
    "ceph-common",
    "swift-proxy",
    "swift-account",
    "swift-container",
    "swift-object",
    "memcached",
    "python3-venv",
    "procps",
];

/// Counts instructions.
pub(crate) const GATE: &[&str] = &["valgrind"];

/// A keyring for `partway-cli`, and Python for the programs of others it races against.
pub(crate) const RACE: &[&str] = &["dbus", "gnome-keyring", "python3-venv"];

/// Makes sure the packages are there: says what is missing, asks (not with `yes`, and not as root),
/// and lets the package manager install it.
pub(crate) fn ensure(groups: &[&[&'static str]], yes: bool) -> Outcome {
    if !cfg!(target_os = "linux") {
        // WebView2 and WKWebView come with the system.
        return Ok(());
    }
    let wanted = groups.concat();
    if !process::exists("dpkg-query") {
        return elsewhere(&wanted);
    }
    let missing = missing(&wanted)?;
    if missing.is_empty() {
        return Ok(());
    }
    say::step(format!("packages to be installed: {}", missing.join(" ")));
    let root = is_root();
    if !root && !yes && !agreed()? {
        return Err(format!(
            "nothing was installed. To do it yourself:\n  sudo apt-get install {}",
            missing.join(" ")
        ));
    }
    run_apt(root, &["update", "--quiet=2"])?;
    let unknown = unknown(&missing);
    if !unknown.is_empty() {
        return Err(format!(
            "this distribution has no package named {}. Steps that need none of them can be run alone: cargo xtask test --only STEP",
            unknown.join(", ")
        ));
    }
    let mut install = vec!["install", "--yes", "--quiet=2", "--no-install-recommends"];
    install.extend(&missing);
    run_apt(root, &install)
}

fn missing(wanted: &[&'static str]) -> Result<Vec<&'static str>, String> {
    let printed = process::capture(
        Command::new("dpkg-query")
            .args(["--show", "--showformat=${Package} ${db:Status-Status}\n"])
            .args(wanted),
    )?;
    Ok(not_installed(wanted, &printed.text))
}

/// Names that no source of packages offers.
fn unknown(names: &[&'static str]) -> Vec<&'static str> {
    let offered = |name: &str| {
        // A name that only other packages depend on has a policy too, with nothing to choose from.
        let asked = process::capture(Command::new("apt-cache").args(["policy", name]));
        asked.is_ok_and(|told| is_offered(&told.text))
    };
    let names = names.iter().copied();
    names.filter(|name| !offered(name)).collect()
}

fn is_offered(policy: &str) -> bool {
    let mut lines = policy.lines().map(str::trim);
    lines.any(|line| line.starts_with("Candidate: ") && line != "Candidate: (none)")
}

/// Names that `dpkg-query` has never heard of are told on its other stream, and so stay missing.
fn not_installed(wanted: &[&'static str], printed: &str) -> Vec<&'static str> {
    wanted
        .iter()
        .filter(|name| {
            !printed
                .lines()
                .any(|line| line == format!("{name} installed"))
        })
        .copied()
        .collect()
}

fn agreed() -> Result<bool, String> {
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    print!("Install them with apt-get? [y/N] ");
    std::io::stdout()
        .flush()
        .map_err(|error| error.to_string())?;
    let mut answer = String::new();
    std::io::stdin()
        .read_line(&mut answer)
        .map_err(|error| error.to_string())?;
    Ok(answer.trim().eq_ignore_ascii_case("y"))
}

fn run_apt(root: bool, words: &[&str]) -> Outcome {
    let mut command = if root {
        Command::new("apt-get")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.args(["--preserve-env=DEBIAN_FRONTEND", "apt-get"]);
        sudo
    };
    // Hundreds of lines about each package would bury what was asked for.
    process::quietly(command.args(words).env("DEBIAN_FRONTEND", "noninteractive"))
}

fn is_root() -> bool {
    process::capture(Command::new("id").arg("-u")).is_ok_and(|printed| printed.text.trim() == "0")
}

/// Another distribution: nothing is installed, but what is needed is named.
fn elsewhere(wanted: &[&'static str]) -> Outcome {
    let webkit = process::capture(Command::new("pkg-config").args(["--exists", "webkit2gtk-4.1"]));
    let programs = [
        ("xvfb", "Xvfb"),
        ("webkit2gtk-driver", "WebKitWebDriver"),
        ("chromium", "chromium"),
    ];
    let mut missing: Vec<&str> = programs
        .iter()
        .filter(|(package, program)| wanted.contains(package) && !process::exists(program))
        .map(|(_, program)| *program)
        .collect();
    if !webkit.is_ok_and(|printed| printed.success) {
        missing.push("webkit2gtk-4.1 with its development files");
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "this system has no dpkg, so nothing is installed for you. Missing: {}.\nDebian's names of all that is needed: {}",
        missing.join(", "),
        wanted.join(" ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_offered_only_with_a_version_to_choose() {
        assert!(is_offered(
            "radosgw:\n  Installed: (none)\n  Candidate: 16.2.15\n"
        ));
        assert!(!is_offered(
            "radosgw:\n  Installed: (none)\n  Candidate: (none)\n"
        ));
        assert!(!is_offered(""));
    }

    #[test]
    fn a_removed_package_counts_as_missing() {
        let printed =
            "xvfb installed\ndbus config-files\ndpkg-query: no packages found matching chromium\n";
        assert_eq!(
            not_installed(&["xvfb", "dbus", "chromium"], printed),
            ["dbus", "chromium"]
        );
    }
}
