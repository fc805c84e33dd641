//! A demo cloud in a process of its own, and the program with its accounts.

use std::io::{BufRead as _, BufReader, Seek as _, SeekFrom};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use partway_democloud::{DemoCloud, ObjectFacts, Options, Provider, UploadFacts, example_bucket};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::program::{Cloud, Program};

/// Everything takes a moment; only what hangs takes this long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// One computer, and the cloud it copies in.
pub(crate) struct Desk {
    pub(crate) program: Program,
    /// Joined, to give orders and to know the truth.
    pub(crate) truth: DemoCloud,
    _cloud: Cloud,
    _joined: Runtime,
    pub(crate) home: TempDir,
}

impl Desk {
    /// A cloud with these options, and its three demo accounts.
    pub(crate) fn new(options: &[&str]) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let program = Program::new(home.path());
        let data = home.path().join("demo");
        let cloud = Cloud::start(&program, &data, options);
        let added = program.run(&["account", "add-demo"]);
        assert_eq!(added.code, Some(0), "{added:?}");
        let joined = Runtime::new().expect("a runtime");
        let truth = joined
            .block_on(DemoCloud::open(Options::new(&data)))
            .expect("the cloud is joined");
        assert!(!truth.is_owner(), "it runs in its own process");
        Self {
            program,
            truth,
            _cloud: cloud,
            _joined: joined,
            home,
        }
    }

    /// Makes an example object without bytes.
    pub(crate) fn put(&self, key: &str, size: u64) {
        self.truth.put_virtual(Provider::S3, &from(), key, size);
    }

    pub(crate) fn source(&self, key: &str) -> Option<ObjectFacts> {
        self.truth.object(Provider::S3, &from(), key)
    }

    pub(crate) fn copy(&self, key: &str) -> Option<ObjectFacts> {
        self.truth.object(Provider::S3, &to(), key)
    }

    /// Open uploads in the bucket that is copied to.
    pub(crate) fn uploads(&self) -> Vec<UploadFacts> {
        let mut uploads = self.truth.uploads(Provider::S3);
        uploads.retain(|upload| upload.bucket == to());
        uploads
    }

    /// The requests from now on.
    pub(crate) fn requests(&self) -> Requests {
        Requests {
            file: self.home.path().join("demo/requests.jsonl"),
            read: 0,
        }
    }
}

/// Where copies come from.
pub(crate) fn from() -> String {
    example_bucket(Provider::S3, "datasets")
}

/// Where they go.
pub(crate) fn to() -> String {
    example_bucket(Provider::S3, "backup")
}

/// The cloud's log, read as it grows.
pub(crate) struct Requests {
    file: PathBuf,
    read: u64,
}

impl Requests {
    /// What has come since the last look.
    pub(crate) fn fresh(&mut self) -> Vec<Value> {
        let Ok(mut file) = std::fs::File::open(&self.file) else {
            return Vec::new();
        };
        file.seek(SeekFrom::Start(self.read))
            .expect("a place in it");
        let mut fresh = Vec::new();
        let mut reader = BufReader::new(file);
        let mut line = Vec::new();
        // The last line may be half written at the moment: it is read the next time.
        while reader.read_until(b'\n', &mut line).is_ok() && line.last() == Some(&b'\n') {
            self.read += line.len() as u64;
            fresh.push(serde_json::from_slice(&line).expect("a record"));
            line.clear();
        }
        fresh
    }

    /// Waits until so many of these requests have come.
    pub(crate) fn until(&mut self, operation: &str, count: usize) {
        let (begun, mut come) = (Instant::now(), 0);
        while come < count {
            assert!(begun.elapsed() < PATIENCE, "{operation} came {come} times");
            std::thread::sleep(Duration::from_millis(5));
            let fresh = self.fresh();
            come += fresh.iter().filter(|r| r["operation"] == operation).count();
        }
    }
}

/// Sends a signal to a process of ours.
pub(crate) fn signal(process: u32, signal: &str) {
    let sent = std::process::Command::new("kill")
        .args([signal, &process.to_string()])
        .status()
        .expect("kill runs");
    assert!(sent.success(), "{signal}");
}
