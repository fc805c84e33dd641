//! Secrets that can be recognised go through everything the program does, and are then looked
//! for wherever they must not be.
#![cfg(target_os = "linux")]

#[allow(dead_code, reason = "each program of tests uses some of it")]
#[path = "../cli/keyring.rs"]
mod keyring;
#[allow(dead_code, reason = "each program of tests uses some of it")]
#[path = "../cli/program.rs"]
mod program;
mod search;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use partway_democloud::{Provider, TemporaryKeys, example_bucket};
use serde_json::{Value, json};

use keyring::Keyring;
use program::{Cloud, Program};
use search::Canary;

/// Typed by somebody who mistook it for the right one.
const WRONG: &str = "wrong+CANARY/secret=for-nobody";

const DOOR: &str = "the-token-of-the-bridge";

/// Where something was found to be written or said.
struct Place {
    name: String,
    bytes: Vec<u8>,
}

struct Journey {
    program: Program,
    cloud: Cloud,
    keys: TemporaryKeys,
    key_file: String,
    sealing: [u8; 32],
    seen: Vec<Place>,
    home: tempfile::TempDir,
    _keyring: Keyring,
}

impl Journey {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let keyring = Keyring::start();
        let program = Program {
            bus: Some(keyring.address.clone()),
            ..Program::new(&home.path().join("data"))
        };
        let cloud = Cloud::start(&program, &home.path().join("cloud"), &["--latency", "30ms"]);
        let keys = cloud.endpoints.of(Provider::S3).temporary();
        let mut sealing = [0; 32];
        for (byte, value) in sealing.iter_mut().zip((0_u8..).step_by(7)) {
            *byte = value ^ 0xA5;
        }
        let key_file = home.path().join("key");
        std::fs::write(&key_file, sealing).unwrap();
        Self {
            key_file: key_file.to_str().unwrap().to_owned(),
            program,
            cloud,
            keys,
            sealing,
            seen: Vec::new(),
            home,
            _keyring: keyring,
        }
    }

    fn saw(&mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        let (name, bytes) = (name.into(), bytes.into());
        self.seen.push(Place { name, bytes });
    }

    /// Runs a command that tells all it can, and keeps what it said.
    fn run(&mut self, words: &[&str], input: &str) -> Option<i32> {
        let mut child = self
            .program
            .command(words)
            .env("PARTWAY_LOG", "trace")
            .env("RUST_BACKTRACE", "full")
            .spawn()
            .unwrap();
        // It may have ended without reading.
        child.stdin.take().unwrap().write_all(input.as_bytes()).ok();
        let end = child.wait_with_output().unwrap();
        let name = words[..words.len().min(2)].join(" ");
        self.saw(format!("stdout of {name}"), end.stdout);
        self.saw(format!("stderr and log of {name}"), end.stderr);
        end.status.code()
    }

    fn add(&mut self, name: &str, secret: &str, token: &str) -> Option<i32> {
        let endpoint = self.cloud.endpoints.of(Provider::S3).clone();
        let access = self.keys.access_key.clone();
        let words = [
            "account",
            "add",
            name,
            "--dialect",
            "s3",
            "--endpoint",
            &endpoint.url,
            "--region",
            &endpoint.region,
            "--path-style",
            "--token-stdin",
            "--access-key",
            &access,
        ];
        self.run(&words, &format!("{secret}\n{token}\n"))
    }

    /// A copy under a key of one's own, killed in the middle.
    fn copy_and_die(&mut self) {
        let source = format!(
            "s3://prod@{}/climate/era5-2026.nc",
            example_bucket(Provider::S3, "datasets")
        );
        let into = format!("s3://prod@{}/", example_bucket(Provider::S3, "backup"));
        let words = ["cp", "--part-size", "64MiB", "--encryption", "customer"];
        let rest = ["--key-file", &self.key_file, &source, &into];
        let mut copying = self
            .program
            .command(&[&words[..], &rest].concat())
            .env("PARTWAY_LOG", "trace")
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let mut stderr = copying.stderr.take().unwrap();
        // Read meanwhile: a full pipe would hold the program up.
        let log = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            stderr.read_to_end(&mut bytes).ok();
            bytes
        });
        let begun = Instant::now();
        let parts = |cloud: &Cloud| {
            let all = cloud.requests();
            let parts = all.iter().filter(|r| r["operation"] == "UploadPartCopy");
            parts.count()
        };
        while parts(&self.cloud) < 20 {
            assert!(begun.elapsed() < Duration::from_secs(60), "it never copied");
            std::thread::sleep(Duration::from_millis(10));
        }
        copying.kill().unwrap();
        copying.wait().unwrap();
        self.saw("log of a copy that was killed", log.join().unwrap());
        self.look_into_files("after the kill");
    }

    fn look_into_files(&mut self, when: &str) {
        for entry in std::fs::read_dir(self.program.folder.clone()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                self.saw(format!("{name} {when}"), std::fs::read(&path).unwrap());
            }
        }
    }

    /// What the page hears and says, recorded at its door.
    fn talk_to_the_bridge(&mut self) {
        let mut bridge = self
            .program
            .command(&["bridge", "--token", DOOR])
            .env("PARTWAY_LOG", "trace")
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(bridge.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let door: Value = serde_json::from_str(&line).unwrap();
        let address = door["url"].as_str().unwrap().trim_start_matches("http://");

        let mut stream = TcpStream::connect(address).unwrap();
        let ask = format!("GET /ipc/stream?token={DOOR} HTTP/1.1\r\nhost: {address}\r\n\r\n");
        stream.write_all(ask.as_bytes()).unwrap();
        let endpoint = self.cloud.endpoints.of(Provider::S3).clone();
        let draft = |secret: &str| {
            json!({
                "id": null, "name": "typed", "dialect": "s3", "endpoint": endpoint.url,
                "region": endpoint.region, "addressing": "path", "named_buckets": [],
                "fallback_domain": false,
                "credential": {
                    "access_key": self.keys.access_key, "secret_key": secret,
                    "token": self.keys.token,
                },
            })
        };
        let hex = search::hex(&self.sealing);
        let asked = [
            ("accounts", json!({})),
            ("test_account", draft(WRONG)),
            ("test_account", draft(&self.keys.secret_key)),
            ("save_account", draft(&self.keys.secret_key)),
            ("offer_key", json!({ "key": hex, "md5": null })),
            ("app_state", json!({})),
            ("history", json!({ "before": null, "limit": 50 })),
            ("events", json!({ "job": 1, "before": null, "limit": 500 })),
            ("transfers", json!({ "job": 1, "after": null, "limit": 50 })),
            // What does not fit is refused in words; they must not repeat it.
            (
                "save_account",
                json!({ "credential": { "secret_key": WRONG } }),
            ),
            ("offer_key", json!({ "key": { "inner": WRONG } })),
        ];
        for (command, argument) in asked {
            let answer = post(address, command, &argument);
            assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
            self.saw(format!("bridge's answer to {command}"), answer);
        }
        stream
            .set_read_timeout(Some(Duration::from_secs(1)))
            .unwrap();
        let mut heard = Vec::new();
        stream.read_to_end(&mut heard).ok();
        assert!(!heard.is_empty(), "the stream says something");
        self.saw("events the bridge sent", heard);
        bridge.kill().unwrap();
        let end = bridge.wait_with_output().unwrap();
        self.saw("log of the bridge", end.stderr);
    }
}

fn post(address: &str, command: &str, argument: &Value) -> String {
    let body = argument.to_string();
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!(
        "POST /ipc/{command} HTTP/1.1\r\nhost: {address}\r\nx-partway-token: {DOOR}\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn search(canaries: &[Canary], name: &str, bytes: &[u8]) -> usize {
    let hits: usize = canaries.iter().map(|canary| canary.hits(bytes)).sum();
    println!("{:>10} bytes {hits:>3} hits  {name}", bytes.len());
    for canary in canaries.iter().filter(|canary| canary.hits(bytes) > 0) {
        println!("           {} stands there", canary.name);
    }
    hits
}

#[test]
fn no_secret_is_found_wherever_the_program_leaves_a_trace() {
    let mut journey = Journey::new();
    let (secret, token) = (journey.keys.secret_key.clone(), journey.keys.token.clone());
    let canaries = [
        Canary::new("the secret key", secret.as_bytes()),
        Canary::new("the session token", token.as_bytes()),
        Canary::new("the mistyped secret", WRONG.as_bytes()),
        Canary::new("the encryption key", &journey.sealing),
    ];
    assert_ne!(journey.add("typo", WRONG, &token), Some(0));
    assert_eq!(journey.add("prod", &secret, &token), Some(0));
    journey.run(&["account", "test", "prod"], "");
    journey.copy_and_die();
    journey.run(&["--json", "jobs"], "");
    let key_file = journey.key_file.clone();
    let resumed = journey.run(&["resume", "1", "--key-file", &key_file], "");
    assert_eq!(resumed, Some(0), "the copy under way needs both again");
    journey.run(&["--json", "history"], "");
    journey.talk_to_the_bridge();
    journey.look_into_files("at the end");

    let mut hits = 0;
    for place in &journey.seen {
        hits += search(&canaries, &place.name, &place.bytes);
    }
    let places = journey.seen.len();
    println!("{places} places searched, {hits} hits");
    assert_eq!(hits, 0);
    let logged: usize = journey
        .seen
        .iter()
        .filter(|place| place.name.contains("log"))
        .map(|place| place.bytes.len())
        .sum();
    assert!(logged > 10_000, "the logs were listened to: {logged} bytes");
    planted(
        &canaries,
        &journey.program.folder.join("partway.sqlite3"),
        journey.home.path(),
    );
}

/// The search finds what it looks for: in a copy of the journal, in every disguise.
fn planted(canaries: &[Canary], journal: &Path, home: &Path) {
    let clean = std::fs::read(journal).unwrap();
    let middle = clean.len() / 2;
    for canary in canaries {
        for disguise in canary.disguises() {
            let file = home.join("planted");
            let bytes = [&clean[..middle], disguise, &clean[middle..]].concat();
            std::fs::write(&file, &bytes).unwrap();
            let found = canary.hits(&std::fs::read(&file).unwrap());
            assert!(found > 0, "{} in disguise is overlooked", canary.name);
        }
    }
    println!("planted in a copy of the journal, every disguise was found");
}
