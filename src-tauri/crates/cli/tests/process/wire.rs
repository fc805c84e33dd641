//! A proxy between the program and the cloud that does to requests what networks do to them.
//!
//! One request on each connection, in threads; enough for what our own cloud sends.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What becomes of a request.
#[derive(Debug, Clone)]
pub(crate) enum Fate {
    /// It is answered.
    Pass,
    /// The connection is reset before the cloud hears of it.
    Reset,
    /// The cloud does it, and the connection is reset instead of an answer.
    LoseAnswer,
    /// The answer ends after so many bytes.
    Truncate(usize),
    /// The answer stops half way for so long, and then ends.
    Stall(Duration),
    /// Somebody in between sends it elsewhere.
    Redirect(u16, String),
}

/// Answers what becomes of the `n`th request of this head, counted from 0.
pub(crate) type Plan = Box<dyn Fn(usize, &str) -> Fate + Send + Sync>;

/// A proxy; it listens until the test ends.
pub(crate) struct Proxy {
    pub(crate) url: String,
    told: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// In front of a server, with a plan.
    pub(crate) fn before(server: &str, plan: Plan) -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", socket.local_addr().expect("an address"));
        let server = server.strip_prefix("http://").expect("a URL").to_owned();
        let told: Arc<Mutex<Vec<String>>> = Arc::default();
        let (log, seen, plan) = (Arc::clone(&told), AtomicUsize::new(0), Arc::new(plan));
        std::thread::spawn(move || {
            for client in socket.incoming().flatten() {
                let number = seen.fetch_add(1, Ordering::SeqCst);
                let (plan, server, log) = (Arc::clone(&plan), server.clone(), Arc::clone(&log));
                std::thread::spawn(move || {
                    // Whoever goes away in the middle is no fault of the proxy.
                    serve(&client, &server, &log, |head| plan(number, head)).ok();
                });
            }
        });
        Self { url, told }
    }

    /// The heads of all requests that came.
    pub(crate) fn told(&self) -> Vec<String> {
        self.told.lock().expect("nobody panicked").clone()
    }
}

fn serve(
    client: &TcpStream,
    server: &str,
    log: &Mutex<Vec<String>>,
    fate: impl Fn(&str) -> Fate,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(client);
    let (head, body) = message(&mut reader, true)?;
    log.lock().expect("nobody panicked").push(head.clone());
    let fate = fate(&head);
    match &fate {
        Fate::Reset => return reset(client),
        Fate::Redirect(status, to) => {
            let path = head.split(' ').nth(1).unwrap_or("/");
            let answer = format!(
                "HTTP/1.1 {status} Elsewhere\r\nLocation: {to}{path}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
            let mut client = client;
            return client.write_all(answer.as_bytes());
        }
        _ => {}
    }
    let mut upstream = TcpStream::connect(server)?;
    upstream.write_all(head.as_bytes())?;
    upstream.write_all(&body)?;
    let has_body = !head.starts_with("HEAD ");
    let (answer_head, answer_body) = message(&mut BufReader::new(&upstream), has_body)?;
    // The next request gets a connection and a fate of its own.
    let answer_head = answer_head.replacen("\r\n", "\r\nConnection: close\r\n", 1);
    let answer = [answer_head.as_bytes(), &answer_body].concat();
    let mut client = client;
    match fate {
        Fate::LoseAnswer => reset(client),
        Fate::Truncate(bytes) => client.write_all(&answer[..bytes.min(answer.len())]),
        Fate::Stall(pause) => {
            client.write_all(&answer[..answer.len() / 2])?;
            std::thread::sleep(pause);
            Ok(())
        }
        _ => client.write_all(&answer),
    }
}

/// A head up to its empty line, and as much body as it announces.
fn message(
    reader: &mut BufReader<&TcpStream>,
    has_body: bool,
) -> std::io::Result<(String, Vec<u8>)> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; if has_body { length } else { 0 }];
    reader.read_exact(&mut body)?;
    Ok((head, body))
}

/// A connection that is closed at once says so by a reset only to who still sends; shutting it
/// down without a byte of an answer is as good for the client.
fn reset(client: &TcpStream) -> std::io::Result<()> {
    client.shutdown(std::net::Shutdown::Both)
}

/// A host that belongs to nobody's account, and what reaches it.
pub(crate) struct Stranger {
    pub(crate) url: String,
    heard: Arc<Mutex<Vec<u8>>>,
    connections: Arc<AtomicUsize>,
}

impl Stranger {
    pub(crate) fn open() -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", socket.local_addr().expect("an address"));
        let (heard, connections) = (
            Arc::<Mutex<Vec<u8>>>::default(),
            Arc::<AtomicUsize>::default(),
        );
        let (ear, count) = (Arc::clone(&heard), Arc::clone(&connections));
        std::thread::spawn(move || {
            for mut stream in socket.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                let ear = Arc::clone(&ear);
                std::thread::spawn(move || {
                    let mut chunk = [0; 4096];
                    while let Ok(count @ 1..) = stream.read(&mut chunk) {
                        ear.lock().expect("nobody panicked").extend(&chunk[..count]);
                    }
                });
            }
        });
        Self {
            url,
            heard,
            connections,
        }
    }

    /// How many came, and what they said.
    pub(crate) fn visits(&self) -> (usize, Vec<u8>) {
        let heard = self.heard.lock().expect("nobody panicked").clone();
        (self.connections.load(Ordering::SeqCst), heard)
    }
}
