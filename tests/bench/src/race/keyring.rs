//! A bus and a keyring of our own: `partway-cli` keeps secrets nowhere else.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Nothing is started on demand: the machine's bus would bring up its own keyring.
const BUS: &str = "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>\
<policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>\
<allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>";

const PATIENCE: Duration = Duration::from_secs(20);

/// Both daemons; gone when dropped.
#[derive(Debug)]
pub(super) struct Keyring {
    daemons: Vec<Child>,
    address: String,
    home: TempDir,
}

impl Keyring {
    pub(super) fn start() -> Result<Self, String> {
        let told = |error: std::io::Error| format!("no keyring (dbus, gnome-keyring): {error}");
        let home = tempfile::tempdir().map_err(told)?;
        let (bus, address) = start_bus(home.path()).map_err(told)?;
        let mut keyring = Self {
            daemons: vec![bus],
            address,
            home,
        };
        let daemon = keyring.start_daemon().map_err(told)?;
        keyring.daemons.push(daemon);
        keyring.wait()?;
        Ok(keyring)
    }

    /// Lets a program find it.
    pub(super) fn lend(&self, command: &mut Command) {
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.address);
    }

    fn start_daemon(&self) -> std::io::Result<Child> {
        let mut command = Command::new("gnome-keyring-daemon");
        for (variable, folder) in [
            ("XDG_DATA_HOME", "data"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_RUNTIME_DIR", "run"),
        ] {
            let folder = self.home.path().join(folder);
            fs::create_dir(&folder)?;
            command.env(variable, folder);
        }
        self.lend(&mut command);
        let mut daemon = command
            .args(["--foreground", "--unlock", "--components=secrets"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        if let Some(mut password) = daemon.stdin.take() {
            password.write_all(b"bench")?;
        }
        Ok(daemon)
    }

    /// The daemon is there once it has its name on the bus.
    fn wait(&self) -> Result<(), String> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let mut command = Command::new("dbus-send");
            self.lend(&mut command);
            let asked = command
                .args([
                    "--session",
                    "--print-reply",
                    "--dest=org.freedesktop.DBus",
                    "/",
                ])
                .arg("org.freedesktop.DBus.NameHasOwner")
                .arg("string:org.freedesktop.secrets")
                .output()
                .map_err(|error| format!("dbus-send: {error}"))?;
            if String::from_utf8_lossy(&asked.stdout).contains("true") {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err("the keyring never answered".to_owned())
    }
}

fn start_bus(home: &Path) -> std::io::Result<(Child, String)> {
    let file = home.join("bus.conf");
    fs::write(&file, BUS)?;
    let mut bus = Command::new("dbus-daemon")
        .arg(format!("--config-file={}", file.display()))
        .args(["--nofork", "--print-address"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut address = String::new();
    if let Some(output) = bus.stdout.take() {
        BufReader::new(output).read_line(&mut address)?;
    }
    Ok((bus, address.trim().to_owned()))
}

impl Drop for Keyring {
    fn drop(&mut self) {
        for daemon in self.daemons.iter_mut().rev() {
            daemon.kill().ok();
            daemon.wait().ok();
        }
    }
}
