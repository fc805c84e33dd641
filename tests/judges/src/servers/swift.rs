//! `OpenStack` Swift with its S3 interface: a proxy before one account, container and object server.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use super::daemon::{Daemon, free_ports, run};
use super::{Running, Wire, probe};

/// Buckets by name below this domain.
const DOMAIN: &str = "swift.localhost";

/// Signed, so it must be the one in the settings.
const REGION: &str = "us-east-1";

const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn start(folder: &Path) -> Result<Running, String> {
    let [account, container, object, cache, port] = free_ports()?;
    let user = run(Command::new("id").arg("-un"))?;
    let etc = folder.join("etc");
    fs::create_dir_all(&etc).map_err(|error| error.to_string())?;
    fs::create_dir_all(folder.join("srv/d1")).map_err(|error| error.to_string())?;
    let write = |name: &str, text: String| {
        fs::write(etc.join(name), text).map_err(|error| format!("{name}: {error}"))
    };
    write("swift.conf", COMMON.to_owned())?;

    let mut daemons = Vec::new();
    let start = |program: &str, words: &[&str]| {
        let log = folder.join(format!("{program}.log"));
        Daemon::start(Command::new(program).args(words).current_dir(&etc), log)
    };
    let cache_port = cache.to_string();
    daemons.push(start(
        "memcached",
        &[
            "-u",
            user.trim(),
            "-l",
            "127.0.0.1",
            "-p",
            &cache_port,
            "-m",
            "64",
        ],
    )?);
    for (name, port) in [
        ("account", account),
        ("container", container),
        ("object", object),
    ] {
        ring(&etc, name, port)?;
        let file = format!("{name}-server.conf");
        write(&file, storage(folder, user.trim(), name, port))?;
        daemons.push(start(
            &format!("swift-{name}-server"),
            &[&file, "--verbose"],
        )?);
    }
    write("proxy-server.conf", proxy(folder, user.trim(), cache, port))?;
    let mut proxy = start("swift-proxy-server", &["proxy-server.conf", "--verbose"])?;
    let version = proxy.wait_for(PATIENCE, || version(port))?;
    daemons.push(proxy);
    Ok(Running {
        version,
        access_key: "test:tester".to_owned(),
        secret_key: "testing".to_owned(),
        region: REGION.to_owned(),
        wires: vec![
            Wire::path("s3", port),
            Wire::virtual_host("s3", DOMAIN, port),
            Wire::path("obs-v2", port),
            Wire::virtual_host("obs-v2", DOMAIN, port),
        ],
        _daemons: daemons,
    })
}

/// As `/info` tells it.
fn version(port: u16) -> Option<String> {
    let (status, body) = probe::get(port, "/info")?;
    let told: Value = serde_json::from_str(&body).ok().filter(|_| status == 200)?;
    told["swift"]["version"].as_str().map(str::to_owned)
}

/// A ring of one device, for one kind of server.
fn ring(etc: &Path, name: &str, port: u16) -> Result<(), String> {
    let file = format!("{name}.builder");
    let device = format!("r1z1-127.0.0.1:{port}/d1");
    for words in [
        &["create", "4", "1", "1"][..],
        &["add", &device, "1"],
        &["rebalance"],
    ] {
        run(Command::new("swift-ring-builder")
            .current_dir(etc)
            .arg(&file)
            .args(words))?;
    }
    Ok(())
}

const COMMON: &str = "\
[swift-hash]
swift_hash_path_prefix = judge
swift_hash_path_suffix = judge

[storage-policy:0]
name = gold
default = yes
";

fn storage(folder: &Path, user: &str, name: &str, port: u16) -> String {
    let folder = folder.display();
    format!(
        "\
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
user = {user}
swift_dir = {folder}/etc
devices = {folder}/srv
mount_check = false
workers = 0
log_address = /dev/null

[pipeline:main]
pipeline = {name}-server

[app:{name}-server]
use = egg:swift#{name}

[container-updater]
[object-updater]
"
    )
}

/// The parts between a request and the storage, outermost first, and the settings of each.
const PIPELINE: &[(&str, &str)] = &[
    ("catch_errors", ""),
    ("gatekeeper", ""),
    ("cache", ""),
    ("listing_formats", ""),
    (
        "s3api",
        "min_segment_size = 5242880\ns3_acl = false\nallow_multipart_uploads = true\nmax_upload_part_num = 10000\n",
    ),
    ("tempauth", "user_test_tester = testing .admin\n"),
    ("copy", ""),
    (
        "slo",
        "max_manifest_segments = 10000\nmax_manifest_size = 8388608\n",
    ),
    ("dlo", ""),
    (
        "versioned_writes",
        "allow_versioned_writes = true\nallow_object_versioning = true\n",
    ),
    ("symlink", ""),
];

fn proxy(folder: &Path, user: &str, cache: u16, port: u16) -> String {
    let folder = folder.display();
    let names: Vec<&str> = PIPELINE.iter().map(|(name, _)| *name).collect();
    let mut text = format!(
        "\
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
user = {user}
swift_dir = {folder}/etc
workers = 0
log_address = /dev/null

[pipeline:main]
pipeline = {} proxy-server

[app:proxy-server]
use = egg:swift#proxy
allow_account_management = true
account_autocreate = true
",
        names.join(" ")
    );
    for (name, settings) in PIPELINE {
        // The one part whose name is not that of its program.
        let program = if *name == "cache" { "memcache" } else { name };
        // Writing into a string cannot fail.
        let _ = write!(
            text,
            "\n[filter:{name}]\nuse = egg:swift#{program}\n{settings}"
        );
        let _ = match *name {
            "cache" => writeln!(text, "memcache_servers = 127.0.0.1:{cache}"),
            "s3api" => writeln!(text, "location = {REGION}\nstorage_domain = {DOMAIN}"),
            _ => Ok(()),
        };
    }
    text
}
