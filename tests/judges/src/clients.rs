//! Their clients on our demo cloud.
//!
//! Each is a script in `clients/` that drives a vendor's own program through everything it can do,
//! with real signatures, against a demo cloud of its own. What the demo cloud saw is looked at as
//! well: a script cannot pass by doing nothing.

mod node;
mod script;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use partway_democloud::{DemoCloud, Fault, FaultKind, Options, Provider, example_bucket};
use tokio::runtime::Runtime;

use crate::choice::Choice;
use crate::place;
use crate::report::{Check, Outcome, Report, Role};
use crate::venv;
use script::Script;

/// What `--only` calls them.
pub(crate) const NAMES: &[&str] = &["boto3", "cos-python", "cos-node", "obs-python", "rclone"];

/// One client on one wire.
struct Client {
    name: &'static str,
    wire: &'static str,
    provider: Provider,
    tool: Tool,
    /// A file, or a folder of Python, in `clients`.
    script: &'static str,
    argument: Option<&'static str>,
    /// Operations it has no word for.
    lacks: &'static [&'static str],
}

/// What runs a script.
#[derive(Clone, Copy)]
enum Tool {
    Python,
    Node,
}

const CLIENTS: &[Client] = &[
    Client {
        name: "boto3",
        wire: "s3 virtual host",
        provider: Provider::S3,
        tool: Tool::Python,
        script: "boto3_s3",
        argument: None,
        lacks: &[],
    },
    Client {
        name: "cos-python",
        wire: "cos virtual host",
        provider: Provider::Cos,
        tool: Tool::Python,
        script: "cos_python",
        argument: None,
        lacks: &[],
    },
    Client {
        name: "cos-node",
        wire: "cos virtual host",
        provider: Provider::Cos,
        tool: Tool::Node,
        script: "cos_node/main.mjs",
        argument: None,
        lacks: &[],
    },
    Client {
        name: "obs-python",
        wire: "obs virtual host",
        provider: Provider::Obs,
        tool: Tool::Python,
        script: "obs_python",
        argument: Some("obs"),
        lacks: &[],
    },
    Client {
        name: "obs-python",
        wire: "obs-v2 virtual host",
        provider: Provider::Obs,
        tool: Tool::Python,
        script: "obs_python",
        argument: Some("v2"),
        lacks: &[],
    },
    Client {
        name: "rclone",
        wire: "s3 path",
        provider: Provider::S3,
        tool: Tool::Python,
        script: "rclone_s3.py",
        argument: Some("s3"),
        lacks: &["ListParts"],
    },
    Client {
        name: "rclone",
        wire: "obs-v2 path",
        provider: Provider::Obs,
        tool: Tool::Python,
        script: "rclone_s3.py",
        argument: Some("v2"),
        lacks: &["ListParts"],
    },
];

/// What every client must have had done for it.
const OPERATIONS: &[&str] = &[
    "ListBuckets",
    "HeadObject",
    "GetObject",
    "PutObject",
    "CopyObject",
    "CreateMultipartUpload",
    "UploadPartCopy",
    "ListParts",
    "ListMultipartUploads",
    "CompleteMultipartUpload",
    "AbortMultipartUpload",
];

/// Scripts at work at the same time: they wait more than they work.
const AT_ONCE: usize = 3;

/// Fetches what the chosen clients need.
pub(crate) fn prepare(choice: &Choice) -> Result<(), String> {
    for client in chosen(choice) {
        interpreter(client)?;
    }
    Ok(())
}

/// Runs the chosen clients; each report is handed over as soon as it is there.
pub(crate) fn run(choice: &Choice, found: &(dyn Fn(Report) + Sync)) {
    let clients: Vec<&Client> = chosen(choice).collect();
    if clients.is_empty() {
        return;
    }
    let clouds = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            let reason = format!("the demo clouds have nothing to run on: {error}");
            return found(Report::broken(Role::Client, clients[0].name, reason));
        }
    };
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(client) = clients.get(next.fetch_add(1, Ordering::Relaxed)) {
                    found(one(client, &clouds).unwrap_or_else(|reason| Report {
                        wire: client.wire.to_owned(),
                        ..Report::broken(Role::Client, client.name, reason)
                    }));
                }
            });
        }
    });
}

fn chosen(choice: &Choice) -> impl Iterator<Item = &'static Client> {
    CLIENTS.iter().filter(|client| choice.client(client.name))
}

fn one(client: &Client, clouds: &Runtime) -> Result<Report, String> {
    let folder = folder(client);
    let told = |error: std::io::Error| format!("{}: {error}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(told)?;
    }
    fs::create_dir_all(&folder).map_err(told)?;
    let mut options = Options::new(folder.join("cloud"));
    options.faults = faults();
    let demo = clouds
        .block_on(DemoCloud::open(options))
        .map_err(|error| error.to_string())?;
    let spoken = script(client, &folder, &demo)?.run()?;
    let mut checks = spoken.checks;
    checks.push(seen(client, &demo));
    checks.push(nothing_left(client, &demo));
    checks.push(misbehaved(&demo));
    clouds.block_on(demo.shutdown());
    let report = Report {
        role: Role::Client,
        name: client.name.to_owned(),
        version: spoken.version,
        wire: client.wire.to_owned(),
        checks,
    };
    if report.failed() == 0 {
        // Only a failure's logs are worth the room.
        let _ = fs::remove_dir_all(&folder);
    } else {
        println!(
            "what {} printed is kept in {}",
            client.name,
            folder.display()
        );
    }
    Ok(report)
}

/// What goes wrong for every client, at keys that its script knows.
fn faults() -> Vec<Fault> {
    let late = FaultKind::ErrorIn200 {
        code: "InternalError".to_owned(),
    };
    let slow = FaultKind::SlowDown { retry_after: None };
    vec![
        Fault::new("CopyObject", late).on_key("faulty/late"),
        Fault::new("CopyObject", slow).on_key("faulty/slow"),
    ]
}

/// Where one client may write.
fn folder(client: &Client) -> PathBuf {
    let wire = client.wire.replace(' ', "-");
    place::work()
        .join("clients")
        .join(format!("{}-{wire}", client.name))
}

fn script(client: &Client, folder: &Path, demo: &DemoCloud) -> Result<Script, String> {
    let endpoint = demo.endpoints().of(client.provider);
    let words = [
        "photos",
        "datasets",
        "archive",
        "versions",
        "odd-keys",
        "orphans",
        "backup",
        "no-access",
        "far",
    ];
    let buckets: serde_json::Map<_, _> = words
        .iter()
        .map(|word| {
            (
                (*word).to_owned(),
                example_bucket(client.provider, word).into(),
            )
        })
        .collect();
    Ok(Script {
        interpreter: interpreter(client)?,
        clients: place::package().join("clients"),
        path: client.script,
        argument: client.argument,
        node_modules: node::modules(),
        home: folder.to_owned(),
        cloud: serde_json::json!({
            "url": endpoint.url,
            "region": endpoint.region,
            "access_key": endpoint.access_key,
            "secret_key": endpoint.secret_key,
            "buckets": buckets,
        }),
    })
}

/// The program that runs the client's script, with what the script needs installed.
fn interpreter(client: &Client) -> Result<PathBuf, String> {
    match client.tool {
        Tool::Python => {
            let requirements = place::package().join("clients/requirements.txt");
            Ok(venv::ensure("clients", &requirements)?.join("bin/python"))
        }
        Tool::Node => node::ensure().map(|()| PathBuf::from("node")),
    }
}

/// Whether the demo cloud did everything for it that it must be asked for.
fn seen(client: &Client, demo: &DemoCloud) -> Check {
    let requests = demo.requests();
    let done = |operation: &str| {
        requests.iter().any(|request| {
            request.operation == operation && request.status / 100 == 2 && request.code.is_none()
        })
    };
    let missing: Vec<&str> = OPERATIONS
        .iter()
        .filter(|operation| !client.lacks.contains(operation) && !done(operation))
        .copied()
        .collect();
    check(
        "every operation reached the server",
        missing.is_empty(),
        || format!("never done: {}", missing.join(", ")),
    )
}

/// Whether it aborted or completed every upload it began.
fn nothing_left(client: &Client, demo: &DemoCloud) -> Check {
    let examples = example_bucket(client.provider, "orphans");
    let mut uploads = demo.uploads(client.provider);
    uploads.retain(|upload| upload.bucket != examples);
    let keys: Vec<String> = uploads.into_iter().map(|upload| upload.key).collect();
    check("no upload stays open", keys.is_empty(), || {
        format!("open uploads: {}", keys.join(", "))
    })
}

/// Whether every planned fault met the client.
fn misbehaved(demo: &DemoCloud) -> Check {
    let left = demo.faults_left();
    check("every fault happened", left.is_empty(), || {
        let left: Vec<String> = left.iter().map(Fault::to_string).collect();
        format!("never met: {}", left.join(", "))
    })
}

fn check(name: &str, good: bool, detail: impl FnOnce() -> String) -> Check {
    Check {
        name: name.to_owned(),
        outcome: if good {
            Outcome::Passed
        } else {
            Outcome::Failed(detail())
        },
    }
}
