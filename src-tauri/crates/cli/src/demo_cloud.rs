//! `demo-cloud`: COS, OBS and S3 on loopback.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use partway_api::{ApiError, Config};
use partway_democloud::{DemoCloud, Fault, Options, Quirk, Quirks, Timing};

use crate::exit::{Exit, usage};
use crate::interrupt::Interrupts;
use crate::quantity::{parse_bytes, parse_duration};
use crate::terminal::Terminal;

/// Prints endpoints and demo credentials as one line of JSON, then serves until Ctrl-C.
#[derive(Debug, Args)]
pub(crate) struct DemoCloudArgs {
    /// COS listens on N, OBS on N+1, S3 on N+2; free ports if not given.
    #[arg(long, value_name = "N")]
    port_base: Option<u16>,

    /// Where it keeps its state; the demo folder of the window if not given.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// Added to every request, e.g. 20ms.
    #[arg(long, default_value = "0ms", value_parser = parse_duration)]
    latency: Duration,

    /// Up to this much more.
    #[arg(long, default_value = "0ms", value_parser = parse_duration)]
    jitter: Duration,

    /// Speed of each part copy, e.g. 1GiB (per second).
    #[arg(long, value_parser = parse_bytes, value_name = "RATE")]
    throughput: Option<u64>,

    /// Misbehaviour to be used up, e.g. UploadPartCopy:slow_down:count=3:skip=5.
    #[arg(long = "fault", value_name = "FAULT")]
    faults: Vec<Fault>,

    /// What the servers lack or do in their own way, e.g. s3:no_tagging or '*:thaw_millis=50'.
    #[arg(long = "quirk", value_name = "QUIRK")]
    quirks: Vec<Quirk>,
}

pub(crate) async fn run(args: DemoCloudArgs, terminal: &Terminal) -> Result<Exit, ApiError> {
    let data = match (args.data, terminal.data_dir()) {
        (Some(folder), _) => folder,
        (None, Some(folder)) => folder.join("demo"),
        (None, None) => Config::data_folder_from_env()?.join("demo"),
    };
    let mut quirks = Quirks::default();
    for quirk in &args.quirks {
        quirks.add(quirk);
    }
    let mut interrupts = Interrupts::listen();
    let cloud = DemoCloud::open(Options {
        port_base: args.port_base,
        timing: Timing {
            latency: args.latency,
            jitter: args.jitter,
            part_throughput: args.throughput.filter(|&rate| rate > 0),
        },
        faults: args.faults,
        quirks,
        ..Options::new(&data)
    })
    .await
    .map_err(|error| ApiError::new("demo_cloud", error.to_string()))?;
    if !cloud.is_owner() {
        return Err(usage(format!(
            "another process already runs the demo cloud of {}; end it, or choose another --data",
            data.display()
        )));
    }
    terminal.value(cloud.endpoints());
    interrupts.next().await;
    cloud.shutdown().await;
    Ok(Exit::Done)
}
