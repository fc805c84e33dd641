//! How each program of others is told to do a job.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::place;
use crate::race::case::Job;
use crate::race::{ACCESS_KEY, SECRET_KEY};
use crate::stub::PART;

pub(super) fn s3util(command: &mut Command, job: Job, url: &str) -> Result<(), String> {
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

pub(super) fn rclone(command: &mut Command, job: Job, url: &str) {
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
        _ => command.args(["lsf", "--recursive", "--fast-list", "bench:source"]),
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

pub(super) fn s5cmd(command: &mut Command, job: Job, url: &str) -> Result<(), String> {
    command.args(["--endpoint-url", url]);
    match job {
        Job::Large { .. } => return Err("cannot: no multipart copy, so at most 5 GiB".to_owned()),
        Job::Small { at_once } => command.args(["--numworkers", &at_once.to_string()]).args([
            "cp",
            "s3://source/*",
            "s3://target/",
        ]),
        _ => command.args(["ls", "s3://source/*"]),
    };
    Ok(())
}

pub(super) fn aws(command: &mut Command, job: Job, url: &str, folder: &Path) -> Result<(), String> {
    let at_once = match job {
        Job::Large { at_once } | Job::Small { at_once } => at_once,
        _ => 1,
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
        _ => command.args(["ls", "--recursive", "s3://source"]),
    };
    if matches!(job, Job::Large { .. } | Job::Small { .. }) {
        command.arg("--only-show-errors");
    }
    Ok(())
}

/// Its library makes parts of a power of two, so of 128 MiB where the others make 105 MiB.
pub(super) fn cos_node(command: &mut Command, job: Job, url: &str) -> Result<(), String> {
    let Job::Large { at_once } = job else {
        return Err("copies one object at a time".to_owned());
    };
    command
        .arg(place::package().join("peers/cos-node.js"))
        .args([url, &at_once.to_string(), &PART.to_string()])
        .env("NODE_PATH", super::install::packages().join("node_modules"));
    Ok(())
}
