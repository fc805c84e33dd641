//! A desktop session with nothing in it but a bus and a keyring daemon.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// What answers for the keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Provider {
    /// A daemon with an unlocked keyring.
    Unlocked,
    /// A daemon nobody has given a password, and no display to ask for one.
    Locked,
    /// A bus without a daemon.
    BusOnly,
    /// No bus.
    NoBus,
}

/// Folders of its own; nothing of the machine's session is seen or touched.
pub(crate) struct Session {
    home: TempDir,
}

/// Starts the daemon, waits until it owns its name, runs the steps and stops it by its pid:
/// daemons outlive their bus.
const WITH_DAEMON: &str = r"
printf pw | gnome-keyring-daemon --foreground $UNLOCK --components=secrets >/dev/null 2>&1 &
daemon=$!
trap 'kill $daemon 2>/dev/null; wait $daemon 2>/dev/null' EXIT
owned() {
    dbus-send --session --print-reply --dest=org.freedesktop.DBus / \
        org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets | grep -q 'boolean true'
}
tries=0
until owned; do
    tries=$((tries + 1))
    [ $tries -lt 200 ] || { echo 'the keyring daemon did not start' >&2; exit 1; }
    sleep 0.05
done
";

/// A bus that starts nothing on demand: the machine's own would bring up its own daemon.
const BUS: &str = r#"
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// Each step in a process of its own; the first that fails ends the run.
const STEPS: &str = r#"
for step in $STEPS; do
    "$BINARY" --exact "step::$step" --ignored --nocapture || exit 1
done
"#;

impl Session {
    pub(crate) fn new() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        for folder in ["data", "cache", "config", "run"] {
            fs::create_dir(home.path().join(folder)).expect("a folder in it");
        }
        fs::write(home.path().join("bus.conf"), BUS).expect("a file in it");
        Self { home }
    }

    /// Runs steps one after the other, each in a process of its own, in one session.
    pub(crate) fn run(&self, provider: Provider, steps: &[&str]) {
        let (mut command, script) = match provider {
            Provider::Unlocked | Provider::Locked => {
                must_have("gnome-keyring-daemon", "gnome-keyring");
                (self.in_a_bus(), format!("{WITH_DAEMON}{STEPS}"))
            }
            Provider::BusOnly => (self.in_a_bus(), STEPS.to_owned()),
            Provider::NoBus => (Command::new("sh"), STEPS.to_owned()),
        };
        let home = self.home.path();
        let output = command
            .args(["-c", &script])
            .env("STEPS", steps.join(" "))
            .env("BINARY", std::env::current_exe().expect("this very test"))
            .env(
                "UNLOCK",
                if provider == Provider::Locked {
                    ""
                } else {
                    "--unlock"
                },
            )
            .env("HOME", home)
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_RUNTIME_DIR", home.join("run"))
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .output()
            .expect("sh runs");
        assert!(
            output.status.success(),
            "{provider:?} {steps:?}: {}\n{}{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        // A step that is not there passes silently.
        let ran = String::from_utf8_lossy(&output.stdout)
            .matches("test result: ok. 1 passed")
            .count();
        assert_eq!(ran, steps.len(), "{steps:?}");
    }

    fn in_a_bus(&self) -> Command {
        must_have("dbus-run-session", "dbus");
        must_have("dbus-send", "dbus");
        // Whatever hangs shall not hang the tests.
        let mut command = Command::new("timeout");
        command
            .args(["--kill-after=5", "120", "dbus-run-session"])
            .arg("--config-file")
            .arg(self.home.path().join("bus.conf"))
            .args(["--", "sh"]);
        command
    }

    /// The files of this session that contain a text.
    pub(crate) fn files_with(&self, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.home.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder of ours") {
                let path = entry.expect("its entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if contains(&path, text) {
                    found.push(path.display().to_string());
                }
            }
        }
        found
    }
}

fn contains(path: &Path, text: &str) -> bool {
    // Sockets cannot be read.
    let bytes = fs::read(path).unwrap_or_default();
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

fn must_have(program: &str, package: &str) {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let there = std::env::split_paths(&paths).any(|folder: PathBuf| folder.join(program).exists());
    assert!(
        there,
        "{program} is missing; install the package {package} (cargo xtask test does)"
    );
}
