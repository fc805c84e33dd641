//! Tries a package out where nothing else is: a root with only what the distribution calls
//! minimal, in which the package manager installs it and its window takes the smoke journey.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::display::Headless;
use crate::process::{self, Outcome};
use crate::{packages, place, say, tools};

/// What drives the window in there; installed after the package, whose own list of needs must
/// have been enough to start it.
const DRIVE: &[&str] = &["webkit2gtk-driver", "fonts-dejavu-core"];

/// Runs a program inside of a root, in namespaces of its own: nothing stays mounted or running.
const INSIDE: &str = r#"
set -e
mount -t proc proc "$0/proc"
mount --rbind /dev "$0/dev"
exec chroot "$0" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive DISPLAY="$DISPLAY" GDK_BACKEND=x11 "$@""#;

/// Installs what a clean root is made with.
pub(crate) fn prepare(yes: bool) -> Outcome {
    packages::ensure(&[packages::CLEAN_ROOT, packages::DRIVE], yes)
}

/// Installs a `.deb` on a clean root, looks at what it brought, and starts it. Answers what was
/// shown to be so.
pub(crate) fn try_out(deb: &Path) -> Result<Vec<&'static str>, String> {
    let tour = build_tour()?;
    let root = Root::fresh()?;
    root.take(deb, "package.deb")?;
    root.take(&tour, "tour")?;
    let mut shown = Vec::new();

    say::step("installing the package");
    root.run(&["apt-get", "update", "--quiet=2"])?;
    root.apt_install(&["/tmp/package.deb"])?;
    shown.push("the package manager installs it with what it says it needs");
    root.run(&["partway-cli", "--version"])?;
    shown.push("the command line program starts");
    let libraries = process::capture(&mut root.inside(&["ldd", "/usr/bin/partway"]))?;
    if !libraries.success || libraries.text.contains("not found") {
        return Err(format!("the window lacks libraries:\n{}", libraries.text));
    }
    shown.push("no library of the window is missing");
    root.check_entry()?;
    shown.push("the desktop entry is valid and takes links");

    say::step("the smoke journey of the installed window");
    root.apt_install(DRIVE)?;
    let display = Headless::start()?;
    let mut journey = root.inside(&["PARTWAY_APP=/usr/bin/partway", "/tmp/tour", "smoke"]);
    display.lend(&mut journey);
    process::run(&mut journey)?;
    shown.push("its window opens the demo cloud, copies an object and verifies it");

    root.run(&["dpkg", "--remove", "partway"])?;
    if root.path.join("usr/bin/partway").exists() {
        return Err("removing the package leaves the program".to_owned());
    }
    shown.push("removing it leaves nothing behind");
    Ok(shown)
}

fn build_tour() -> Result<PathBuf, String> {
    let mut cargo = tools::cargo();
    cargo.args([
        "build",
        "--locked",
        "--package",
        "partway-window-tests",
        "--bin",
        "tour",
    ]);
    process::run(&mut cargo)?;
    Ok(place::program("tour", false))
}

/// A root of its own, removed when dropped.
struct Root {
    path: PathBuf,
}

impl Root {
    /// A copy of the minimal system, which is fetched once and kept in the target folder.
    fn fresh() -> Result<Self, String> {
        let folder = place::target().join("clean-root");
        let base = folder.join("base");
        if !base.join("usr/bin/apt-get").exists() {
            fetch(&base)?;
        }
        let root = Self {
            path: folder.join(format!("root-{}", std::process::id())),
        };
        process::run(
            Command::new("cp")
                .arg("--archive")
                .arg(&base)
                .arg(&root.path),
        )?;
        // The names of the mirrors are looked up as they are outside.
        let _ = fs::copy("/etc/resolv.conf", root.path.join("etc/resolv.conf"));
        Ok(root)
    }

    /// Puts a file into its `/tmp`.
    fn take(&self, file: &Path, name: &str) -> Outcome {
        let target = self.path.join("tmp").join(name);
        let copied = fs::copy(file, &target);
        copied
            .map(drop)
            .map_err(|error| format!("{}: {error}", file.display()))
    }

    fn inside(&self, words: &[&str]) -> Command {
        let mut command = Command::new("unshare");
        command
            .args([
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "sh",
                "-c",
                INSIDE,
            ])
            .arg(&self.path)
            .args(words);
        command
    }

    fn run(&self, words: &[&str]) -> Outcome {
        process::run(&mut self.inside(words))
    }

    fn apt_install(&self, names: &[&str]) -> Outcome {
        let mut words = vec![
            "apt-get",
            "install",
            "--yes",
            "--quiet=2",
            "--no-install-recommends",
        ];
        words.extend(names);
        self.run(&words)
    }

    fn check_entry(&self) -> Outcome {
        let entry = self.path.join("usr/share/applications/Partway.desktop");
        process::run(Command::new("desktop-file-validate").arg(&entry))?;
        let text = fs::read_to_string(&entry).map_err(|error| error.to_string())?;
        for wanted in [
            "Exec=partway %u",
            "x-scheme-handler/cos;",
            "x-scheme-handler/obs;",
        ] {
            if !text.contains(wanted) {
                return Err(format!("the desktop entry does not say {wanted}"));
            }
        }
        Ok(())
    }
}

impl Drop for Root {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            eprintln!("{} stays behind: {error}", self.path.display());
        }
    }
}

/// The system this one is, in its smallest form.
fn fetch(base: &Path) -> Outcome {
    let release = fs::read_to_string("/etc/os-release").map_err(|error| error.to_string())?;
    let name = release
        .lines()
        .find_map(|line| line.strip_prefix("VERSION_CODENAME="))
        .ok_or("/etc/os-release names no release to make a clean root of")?;
    say::step(format!("fetching a minimal {name}, once"));
    let partial = base.with_extension("partial");
    let _ = fs::remove_dir_all(&partial);
    fs::create_dir_all(&partial).map_err(|error| error.to_string())?;
    process::run(
        Command::new("debootstrap")
            .args(["--variant=minbase", "--include=ca-certificates", name])
            .arg(&partial),
    )?;
    fs::rename(&partial, base).map_err(|error| error.to_string())
}
