//! The server must never be what a measurement measures.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Instant;

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
            if let Some(value) = line.strip_prefix("content-length: ") {
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
