//! The S3 of `LocalStack`. It does not check signatures, which the table says.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use super::daemon::{Daemon, free_ports};
use super::{Running, Wire, probe};
use crate::{place, venv};

const PATIENCE: Duration = Duration::from_secs(90);

/// The Python environment it runs in.
pub(super) fn environment() -> Result<PathBuf, String> {
    venv::ensure(
        "localstack",
        &place::package().join("servers/localstack.txt"),
    )
}

pub(super) fn start(folder: &Path) -> Result<Running, String> {
    let environment = environment()?;
    let [port] = free_ports()?;
    let listen = format!("127.0.0.1:{port}");
    let mut command = Command::new(environment.join("bin/python"));
    command
        .args(["-m", "localstack.runtime.main"])
        .current_dir(folder)
        // The default server listens to the whole network, whatever address it is given.
        .env("GATEWAY_SERVER", "hypercorn")
        .env("RUNTIME_SERVER", "hypercorn")
        .env("GATEWAY_LISTEN", &listen)
        .env("LOCALSTACK_HOST", &listen)
        .env("SERVICES", "s3")
        .env("STRICT_SERVICE_LOADING", "1")
        .env("EAGER_SERVICE_LOADING", "1")
        // Nothing is fetched and nothing reported.
        .env("DISABLE_EVENTS", "1")
        .env("SKIP_SSL_CERT_DOWNLOAD", "1")
        .env("SKIP_INFRA_DOWNLOADS", "1")
        .env("ACTIVATE_PRO", "0")
        .env("PERSISTENCE", "0");
    // Its cache of plug-ins survives a failed start and spoils the next: it stays in the folder.
    for name in [
        "FILESYSTEM_ROOT",
        "DATA_DIR",
        "TMPDIR",
        "HOME",
        "XDG_CACHE_HOME",
    ] {
        command.env(name, folder);
    }
    let mut server = Daemon::start(&command, folder.join("localstack.log"))?;
    let version = server.wait_for(PATIENCE, || version(port))?;
    let mut wire = Wire::path("s3", port);
    wire.name.push_str(", unsigned");
    Ok(Running {
        version,
        access_key: "judge".to_owned(),
        secret_key: "judge".to_owned(),
        region: "us-east-1".to_owned(),
        wires: vec![wire],
        _daemons: vec![server],
    })
}

/// As its health page tells it.
fn version(port: u16) -> Option<String> {
    let (status, body) = probe::get(port, "/_localstack/health")?;
    let told: Value = serde_json::from_str(&body).ok().filter(|_| status == 200)?;
    told["version"].as_str().map(str::to_owned)
}
