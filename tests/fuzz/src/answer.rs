//! An answer of a server as readable text.

use partway_domain::DialectName;
use partway_protocol::wire::Response;

use crate::words::dialect_name;

/// An answer, and what was asked.
pub(crate) struct Answer {
    /// The name of the operation, or anything.
    pub(crate) operation: String,
    pub(crate) dialect: DialectName,
    pub(crate) response: Response,
}

impl Answer {
    /// First the operation, the dialect and the status, with blanks between them; then headers,
    /// one on a line; then an empty line and the body as it is.
    pub(crate) fn of(input: &[u8]) -> Self {
        let (line, mut rest) = split_line(input);
        let line = String::from_utf8_lossy(line);
        let mut words = line.split(' ');
        let mut word = || words.next().unwrap_or("");
        let (operation, dialect, status) = (word().to_owned(), word(), word());
        let mut headers = Vec::new();
        while !rest.is_empty() {
            let (header, after) = split_line(rest);
            rest = after;
            if header.is_empty() {
                break;
            }
            let header = String::from_utf8_lossy(header);
            let (name, value) = header.split_once(':').unwrap_or((&header, ""));
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        Self {
            operation,
            dialect: dialect_name(dialect),
            response: Response {
                status: status.parse().unwrap_or(200),
                headers,
                body: rest.to_vec(),
            },
        }
    }
}

fn split_line(input: &[u8]) -> (&[u8], &[u8]) {
    match input.iter().position(|byte| *byte == b'\n') {
        Some(at) => (&input[..at], &input[at + 1..]),
        None => (input, &[]),
    }
}
