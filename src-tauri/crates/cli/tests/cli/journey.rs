//! Add an account, copy 5 GiB and a byte, kill the program half way, resume, find it verified:
//! once for every dialect, with the real keyring between the processes.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use partway_democloud::{DemoCloud, Endpoint, Options, Provider, example_bucket};
use serde_json::Value;

use crate::keyring::Keyring;
use crate::program::{Cloud, Program};

const SOURCE: &str = "climate/era5-2026.nc";
const SIZE: u64 = (5 << 30) + 1;
const IN_FLIGHT: usize = 4;
/// 64 MiB each, and one byte.
const PARTS: usize = 81;

#[test]
fn cos() {
    journey("cos", Provider::Cos);
}

#[test]
fn obs() {
    journey("obs", Provider::Obs);
}

#[test]
fn obs_v2() {
    journey("obs-v2", Provider::Obs);
}

#[test]
fn s3() {
    journey("s3", Provider::S3);
}

fn journey(dialect: &str, provider: Provider) {
    let home = tempfile::tempdir().unwrap();
    let keyring = Keyring::start();
    let program = Program {
        bus: Some(keyring.address.clone()),
        ..Program::new(&home.path().join("data"))
    };
    let cloud = Cloud::start(&program, &home.path().join("cloud"), &["--latency", "60ms"]);

    add_account(&program, dialect, cloud.endpoints.of(provider));
    let confirmed = |requests: &[Value]| copies(requests).values().sum::<usize>();

    let scheme = dialect.trim_end_matches("-v2");
    let source = format!(
        "{scheme}://prod@{}/{SOURCE}",
        example_bucket(provider, "datasets")
    );
    let bucket = example_bucket(provider, "backup");
    let destination = format!("{scheme}://prod@{bucket}/copied/");
    let parts_at_once = IN_FLIGHT.to_string();
    let arguments = [
        "cp",
        "--part-size",
        "64MiB",
        "--parts-at-once",
        &parts_at_once,
        &source,
        &destination,
    ];
    let mut copying = program.spawn(&arguments);
    let begun = Instant::now();
    while confirmed(&cloud.requests()) < PARTS / 2 {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "half of it never came"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
    copying.kill().unwrap();
    // Not waited for yet: its entry among the processes must not be taken for life.
    let before = confirmed(&cloud.requests());
    assert!(before < PARTS, "it was killed too late to show anything");

    let resumed = program.run(&["--json", "resume", "--all"]);
    copying.wait().unwrap();
    assert_eq!(resumed.code, Some(0), "{resumed:?}");
    assert_eq!(resumed.json()[0]["state"], "done", "{resumed:?}");

    let history = program.run(&["--json", "history"]).json();
    let job = &history[0];
    assert_eq!(job["state"], "done", "{job}");
    assert_eq!(job["verified"], true, "{job}");
    assert_eq!(job["bytes_done"], SIZE, "{job}");
    assert!(
        job["evidence"]
            .as_str()
            .is_some_and(|text| !text.is_empty()),
        "{job}"
    );
    assert_eq!(job["source"], source);
    assert_eq!(
        job["destination"],
        format!("{scheme}://prod@{bucket}/copied/era5-2026.nc")
    );
    assert_eq!(
        program.run(&["--json", "jobs"]).json(),
        serde_json::json!([])
    );

    let requests = cloud.requests();
    let copies = copies(&requests);
    assert_eq!(copies.len(), PARTS, "every part was copied");
    let repeated: usize = copies.values().map(|times| times - 1).sum();
    assert!(
        repeated <= IN_FLIGHT,
        "{repeated} parts were copied again: {copies:?}"
    );
    assert_eq!(count(&requests, "CreateMultipartUpload"), 1);
    assert_eq!(count(&requests, "CompleteMultipartUpload"), 1);

    let data = cloud.data.clone();
    drop(cloud);
    ground_truth(&data, provider, &bucket);
}

fn add_account(program: &Program, dialect: &str, endpoint: &Endpoint) {
    let arguments = [
        "account",
        "add",
        "prod",
        "--dialect",
        dialect,
        "--endpoint",
        &endpoint.url,
        "--region",
        &endpoint.region,
        "--path-style",
        "--access-key",
        &endpoint.access_key,
    ];
    let said = program.run_with(&arguments, &format!("{}\n", endpoint.secret_key));
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(
        !said.all.contains(&endpoint.secret_key),
        "the secret was shown"
    );
    let tested = program.run(&["account", "test", "prod"]);
    assert_eq!(tested.code, Some(0), "{tested:?}");
}

/// How often each part of the backup was copied with success.
fn copies(requests: &[Value]) -> HashMap<u64, usize> {
    let mut copies = HashMap::new();
    for request in requests {
        if request["operation"] == "UploadPartCopy" && request["status"] == 200 {
            let part = request["part_number"].as_u64().expect("a part number");
            *copies.entry(part).or_default() += 1;
        }
    }
    copies
}

fn count(requests: &[Value], operation: &str) -> usize {
    let matching = |request: &&Value| request["operation"] == operation && request["status"] == 200;
    requests.iter().filter(matching).count()
}

/// What the cloud itself knows: one whole object, no upload left behind.
fn ground_truth(data: &std::path::Path, provider: Provider, bucket: &str) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let cloud = DemoCloud::open(Options::new(data)).await.unwrap();
        let copy = cloud
            .object(provider, bucket, "copied/era5-2026.nc")
            .unwrap();
        let datasets = example_bucket(provider, "datasets");
        let source = cloud.object(provider, &datasets, SOURCE).unwrap();
        assert_eq!((copy.size, copy.crc64), (SIZE, source.crc64));
        assert_eq!(copy.segments, source.segments);
        let left: Vec<_> = cloud.uploads(provider);
        assert!(
            left.iter().all(|upload| upload.bucket != bucket),
            "{left:?}"
        );
        cloud.shutdown().await;
    });
}
