//! The server must never be what a measurement measures.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use partway_democloud::{InProcess, Provider, Simulation};

use super::client::{Ask, Client, Form, cloud};

const CONNECTIONS: usize = 4;
const EACH: usize = 2_500;

/// Sends the same signed bytes again and again and counts the answers that hold an `ETag`.
fn hammer(address: &str, request: &[u8]) -> usize {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut writer = stream;
    let mut good = 0;
    for _ in 0..EACH {
        writer.write_all(request).unwrap();
        let (mut length, mut line) = (0, String::new());
        while reader.read_line(&mut line).unwrap() > 2 {
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
                length = value.trim().parse().unwrap();
            }
            line.clear();
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        good += usize::from(body.windows(6).any(|window| window == b"<ETag>"));
    }
    good
}

/// Run it with `cargo test --release -p partway-democloud -- --ignored --nocapture`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: meaningful in release and on an idle machine only"]
async fn five_thousand_part_copies_a_second() {
    let (cloud, _folder) = cloud().await;
    for form in [Form::Cos, Form::Obs, Form::S3] {
        let client = Client::of(&cloud, form);
        let (from, to) = (client.example("datasets"), client.example("backup"));
        let id = client.create(&to, "speed").await;
        let threads: Vec<_> = (1..)
            .take(CONNECTIONS)
            .map(|number| {
                let source = (from.as_str(), "genome/sample-0001.bam");
                let first = u64::from(number) << 27;
                let range = Some((first, first + (1 << 27) - 1));
                let ask = client.part_copy((&to, "speed"), &id, number, source, range);
                let request = client.on_the_wire(&ask);
                let address = client.address().to_owned();
                std::thread::spawn(move || hammer(&address, &request))
            })
            .collect();
        let begun = Instant::now();
        let wait = || {
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .sum::<usize>()
        };
        let good = tokio::task::block_in_place(wait);
        let rate = good as f64 / begun.elapsed().as_secs_f64();
        println!("{form:?}: {rate:.0} part copies a second");
        assert_eq!(good, CONNECTIONS * EACH);
        assert!(rate > 5_000.0, "{form:?}: {rate:.0} a second");
    }
}

#[tokio::test]
#[ignore = "a measurement: meaningful in release and on an idle machine only"]
async fn a_page_of_a_million_takes_twenty_milliseconds() {
    let (cloud, _folder) = cloud().await;
    let client = Client::of(&cloud, Form::Cos);
    for (word, prefix, delimiter, marker) in [
        ("million", "", "", ""),
        ("million", "", "/", ""),
        ("million", "", "/", "part-0999000.parquet"),
        ("million", "part-05", "/", "part-0555555.parquet"),
        ("million", "", "5", ""),
        ("million", "part-0", ".", "part-07"),
        ("million", "nothing", "/", ""),
        ("forest", "", "", ""),
        ("forest", "", "/", ""),
        ("forest", "node-77/", "/", ""),
        ("forest", "", "", "node-99/98/x"),
        ("forest", "node-5", "", "node-55/55/reading-555555.json"),
        ("forest", "nothing", "/", ""),
    ] {
        let ask = Ask::new("GET", &client.example(word), "")
            .param("prefix", prefix)
            .param("delimiter", delimiter)
            .param("marker", marker);
        let begun = Instant::now();
        client.send(ask).await.expect(200);
        let took = begun.elapsed();
        println!("{word} {prefix:?} {delimiter:?} {marker:?}: {took:?}");
        assert!(took.as_millis() < 20, "{took:?}");
    }
}

/// What this thread has had of a processor: a busy machine does not count.
fn cpu_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(text.split(' ').next().unwrap().parse().unwrap())
}

/// Twelve parts copied again and again, HEADs between them, and one upload of 2,000 parts, in
/// virtual time: what a simulation has to wait for its cloud.
#[tokio::test]
#[ignore = "a measurement: meaningful in release and on an idle machine only"]
async fn a_request_in_process_takes_thirty_microseconds() {
    const ROUNDS: u32 = 20_000;
    for form in [Form::Cos, Form::Obs, Form::S3] {
        let clock = || 1_800_000_000_000;
        let cloud = InProcess::open(Simulation::new(1, clock));
        let client = Client::inside(&cloud, form, clock);
        let (from, to) = ("from-1250000000", ("to-1250000000", "copy"));
        cloud.put_virtual(form.provider(), from, "source", 1 << 40);
        cloud.make_bucket(form.provider(), to.0);
        let id = client.create(to.0, to.1).await;
        let range = |number: u32| {
            let first = u64::from(number) << 27;
            Some((first, first + (1 << 27) - 1))
        };
        for number in 1..=2000 {
            let ask = client.part_copy(to, &id, number, (from, "source"), range(number));
            client.send(ask).await.expect(200);
        }
        let copy = client.part_copy(to, &id, 7, (from, "source"), range(7));
        let list = Ask::new("GET", to.0, to.1).param("uploadId", &id);
        for (what, ask, rounds) in [
            ("HEAD", Ask::new("HEAD", from, "source"), ROUNDS),
            ("part copy", copy, ROUNDS),
            ("a page of 1,000 parts", list, 200),
        ] {
            let request = client.request(&ask);
            let begun = cpu_time();
            for _ in 0..rounds {
                let answer = cloud.answer(form.provider(), request.clone()).await;
                assert_eq!(answer.unwrap().status(), 200);
            }
            let each = cpu_time().saturating_sub(begun) / rounds;
            println!("{form:?}: {what} takes {each:?}");
            assert!(each.as_micros() < if rounds == ROUNDS { 30 } else { 2000 });
        }
    }
    let begun = cpu_time();
    for seed in 0..1000 {
        let cloud = InProcess::open(Simulation::new(seed, || 0));
        for provider in Provider::ALL {
            cloud.put_virtual(provider, "bucket", "key", 1 << 30);
        }
    }
    println!(
        "opening with three objects takes {:?}",
        cpu_time().saturating_sub(begun) / 1000
    );
}
