//! Programs of others.

mod install;
mod words;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::case::Job;
use super::field::Field;
use super::{ACCESS_KEY, SECRET_KEY};
use crate::place;

pub(super) use install::prepare;

/// A program of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Peer {
    S3util,
    Rclone,
    S5cmd,
    Aws,
    /// Tencent's own library, driven by a script of ours.
    CosNode,
}

impl Peer {
    pub(super) const ALL: [Self; 5] = [
        Self::S3util,
        Self::Rclone,
        Self::S5cmd,
        Self::Aws,
        Self::CosNode,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::S3util => "s3util",
            Self::Rclone => "rclone",
            Self::S5cmd => "s5cmd",
            Self::Aws => "aws-cli",
            Self::CosNode => "cos-nodejs",
        }
    }

    /// What it says of itself.
    pub(super) fn version(self) -> String {
        let mut command = Command::new(self.program());
        match self {
            Self::S3util | Self::Aws => command.arg("--version"),
            Self::Rclone | Self::S5cmd => command.arg("version"),
            Self::CosNode => command
                .args(["-p", "require('cos-nodejs-sdk-v5/package.json').version"])
                .env("NODE_PATH", install::packages().join("node_modules")),
        };
        let output = command.stdin(Stdio::null()).output();
        let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
        let text = text.unwrap_or_default();
        text.lines().next().unwrap_or("not installed").to_owned()
    }

    /// Its command line for a job, or why there is none.
    pub(super) fn command(self, job: Job, field: &Field, folder: &Path) -> Result<Command, String> {
        if !self.is_installed() {
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
            Self::S3util => words::s3util(&mut command, job, &url)?,
            Self::Rclone => words::rclone(&mut command, job, &url),
            Self::S5cmd => words::s5cmd(&mut command, job, &url)?,
            Self::Aws => words::aws(&mut command, job, &url, folder)?,
            Self::CosNode => words::cos_node(&mut command, job, &url)?,
        }
        Ok(command)
    }

    fn is_installed(self) -> bool {
        match self {
            Self::CosNode => install::packages().join("pins.txt").is_file(),
            _ => self.program().is_file(),
        }
    }

    fn program(self) -> PathBuf {
        match self {
            Self::S3util => place::work().join("s3util/bin/s3util"),
            Self::Rclone => install::venv().join("bin/rclone"),
            Self::Aws => install::venv().join("bin/aws"),
            Self::S5cmd => install::s5cmd().unwrap_or_else(|| install::venv().join("bin/s5cmd")),
            Self::CosNode => PathBuf::from("node"),
        }
    }
}
