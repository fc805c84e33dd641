//! One request to a server on this machine, and its answer.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Nobody here thinks longer.
const PATIENCE: Duration = Duration::from_secs(120);

/// Status and body. `head` is further lines of the request's head, each with its line end.
pub(crate) fn ask(
    port: u16,
    method: &str,
    path: &str,
    head: &str,
    body: &str,
) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n{head}\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes())?;
    let mut said = Vec::new();
    let mut some = [0; 16 << 10];
    loop {
        if let Some(answer) = whole(&said) {
            return Ok(answer);
        }
        let read = stream.read(&mut some)?;
        if read == 0 {
            let said = String::from_utf8_lossy(&said);
            return Err(std::io::Error::other(format!("half an answer: {said:?}")));
        }
        said.extend_from_slice(&some[..read]);
    }
}

/// The answer, once all of it is there. Only lengths that are told are understood.
fn whole(said: &[u8]) -> Option<(u16, String)> {
    let at = said.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&said[..at]).ok()?.to_ascii_lowercase();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let mut lines = head.lines();
    let length = lines.find_map(|line| line.strip_prefix("content-length:"));
    let length: usize = length.and_then(|text| text.trim().parse().ok())?;
    let body = said.get(at + 4..at + 4 + length)?;
    Some((status, String::from_utf8_lossy(body).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn an_answer_is_waited_for_to_its_last_byte() {
        let said = b"HTTP/1.1 404 No\r\nContent-Length: 3\r\n\r\nab";
        assert_eq!(whole(said), None);
        assert_eq!(
            whole(&[said.as_slice(), b"c"].concat()),
            Some((404, "abc".to_owned()))
        );
    }
}
