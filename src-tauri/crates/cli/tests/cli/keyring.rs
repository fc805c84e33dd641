//! A bus and a keyring daemon of our own, so that a secret outlives the process that saved it.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A bus that starts nothing on demand: the machine's own would bring up its own daemon.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
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

/// Both daemons and their folders; all gone when dropped.
pub(crate) struct Keyring {
    bus: Child,
    daemon: Child,
    _home: TempDir,
    pub(crate) address: String,
}

impl Keyring {
    pub(crate) fn start() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        let file = home.path().join("bus.conf");
        fs::write(&file, BUS).expect("a file in it");
        let mut bus = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", file.display()))
            .args(["--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("dbus-daemon runs (package dbus)");
        let mut address = String::new();
        BufReader::new(bus.stdout.take().expect("a pipe"))
            .read_line(&mut address)
            .expect("the bus says its address");
        let address = address.trim().to_owned();

        let mut daemon = Command::new("gnome-keyring-daemon");
        for (variable, folder) in [
            ("XDG_DATA_HOME", "data"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_RUNTIME_DIR", "run"),
        ] {
            let folder = home.path().join(folder);
            fs::create_dir(&folder).expect("a folder in it");
            daemon.env(variable, folder);
        }
        let mut daemon = daemon
            .args(["--foreground", "--unlock", "--components=secrets"])
            .env("DBUS_SESSION_BUS_ADDRESS", &address)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("gnome-keyring-daemon runs (package gnome-keyring)");
        let mut password = daemon.stdin.take().expect("a pipe");
        password.write_all(b"pw").expect("it reads the password");
        drop(password);
        let keyring = Self {
            bus,
            daemon,
            _home: home,
            address,
        };
        keyring.wait_until_it_answers();
        keyring
    }

    fn wait_until_it_answers(&self) {
        let begun = Instant::now();
        loop {
            let asked = Command::new("dbus-send")
                .args([
                    "--session",
                    "--print-reply",
                    "--dest=org.freedesktop.DBus",
                    "/",
                ])
                .args([
                    "org.freedesktop.DBus.NameHasOwner",
                    "string:org.freedesktop.secrets",
                ])
                .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
                .output()
                .expect("dbus-send runs (package dbus)");
            if String::from_utf8_lossy(&asked.stdout).contains("true") {
                return;
            }
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "the keyring daemon never answered"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        for process in [&mut self.daemon, &mut self.bus] {
            process.kill().ok();
            process.wait().ok();
        }
    }
}
