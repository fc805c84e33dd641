//! The program behind a proxy that resets, stalls, truncates and sends it to strangers.

use std::net::TcpStream;
use std::process::Child;
use std::time::{Duration, Instant};

use partway_democloud::Provider;

use crate::desk::{Desk, PATIENCE, from, to};
use crate::keyring::Keyring;
use crate::program::{Program, said};
use crate::wire::{Fate, Plan, Proxy, Stranger};

const LARGE: &str = "proxy/large.bin";
const SMALL: &str = "proxy/small.bin";
const PARTS: u64 = 60;

/// A program that reaches the cloud only through a proxy, with a token and a key of its own.
struct Behind {
    desk: Desk,
    proxy: Proxy,
    program: Program,
    key_file: String,
    _keyring: Keyring,
}

impl Behind {
    fn new(plan: Plan) -> Self {
        let desk = Desk::new(&[]);
        desk.put(LARGE, PARTS * (5 << 20));
        desk.put(SMALL, 1 << 20);
        let endpoint = desk.truth.endpoints().of(Provider::S3).clone();
        let proxy = Proxy::before(&endpoint.url, plan);
        let keyring = Keyring::start();
        let program = Program {
            bus: Some(keyring.address.clone()),
            ..Program::new(&desk.home.path().join("behind"))
        };
        let temporary = endpoint.temporary();
        let words = [
            "account",
            "add",
            "prod",
            "--dialect",
            "s3",
            "--endpoint",
            &proxy.url,
            "--region",
            &endpoint.region,
            "--path-style",
            "--token-stdin",
            "--no-test",
            "--access-key",
            &temporary.access_key,
        ];
        let secrets = format!("{}\n{}\n", temporary.secret_key, temporary.token);
        let added = program.run_with(&words, &secrets);
        assert_eq!(added.code, Some(0), "{added:?}");
        let key_file = desk.home.path().join("key");
        std::fs::write(&key_file, [7; 32]).unwrap();
        Self {
            key_file: key_file.to_str().unwrap().to_owned(),
            desk,
            proxy,
            program,
            _keyring: keyring,
        }
    }

    fn copy(&self, keys: &[&str]) -> Child {
        let mut words: Vec<String> = ["--json", "cp", "--part-size", "5MiB"]
            .map(str::to_owned)
            .to_vec();
        words.extend(["--encryption", "customer", "--key-file"].map(str::to_owned));
        words.push(self.key_file.clone());
        words.extend(keys.iter().map(|key| format!("s3://{}/{key}", from())));
        words.push(format!("s3://{}/", to()));
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        self.program.spawn(&words)
    }
}

#[test]
fn a_bad_network_delays_a_copy_and_spoils_nothing() {
    let plan = |number: usize, _: &str| match number % 11 {
        2 => Fate::Reset,
        4 => Fate::LoseAnswer,
        6 => Fate::Truncate(40 + number),
        8 => Fate::Stall(Duration::from_millis(300)),
        _ => Fate::Pass,
    };
    let behind = Behind::new(Box::new(plan));
    let begun = Instant::now();
    let copying = behind.copy(&[LARGE, SMALL]);
    let said = said(&copying.wait_with_output().unwrap());
    assert!(begun.elapsed() < PATIENCE, "{said:?}");
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(said.json()["state"], "done", "{said:?}");
    for key in [LARGE, SMALL] {
        let copy = behind.desk.copy(key.trim_start_matches("proxy/"));
        let source = behind.desk.source(key).expect("the source");
        assert_eq!(copy.expect("the copy").segments, source.segments, "{key}");
    }
    assert_eq!(behind.desk.uploads(), []);
}

/// A portal may let the program in later, so it need not end; nothing may leave it meanwhile.
#[test]
fn a_redirect_to_a_stranger_takes_nothing_there() {
    for status in [301, 307] {
        let stranger = Stranger::open();
        let to = stranger.url.clone();
        let plan = move |_: usize, head: &str| {
            if head.contains("partNumber=") {
                Fate::Redirect(status, to.clone())
            } else {
                Fate::Pass
            }
        };
        let behind = Behind::new(Box::new(plan));
        let mut copying = behind.copy(&[LARGE]);
        let begun = Instant::now();
        let sent = loop {
            let mut sent = behind.proxy.told();
            sent.retain(|head| head.contains("partNumber="));
            if sent.len() >= 4 {
                break sent;
            }
            assert!(begun.elapsed() < PATIENCE, "{status}: {sent:?}");
            std::thread::sleep(Duration::from_millis(20));
        };
        // Time enough to follow.
        std::thread::sleep(Duration::from_secs(1));
        copying.kill().unwrap();
        copying.wait().unwrap();
        for secret in ["x-amz-security-token:", "customer-key:"] {
            let carries = |head: &String| head.to_lowercase().contains(secret);
            assert!(sent.iter().any(carries), "{secret} went to the right place");
        }
        assert_eq!(behind.desk.copy("large.bin"), None);
        assert_eq!(stranger.visits(), (0, Vec::new()), "{status}");
        // It would have noticed.
        TcpStream::connect(stranger.url.trim_start_matches("http://")).unwrap();
        while stranger.visits().0 == 0 {
            std::thread::yield_now();
        }
    }
}
