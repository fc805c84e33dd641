//! The five pages this program was built on, name by name: what is sent for each, and what is
//! read from each answer they print.
//!
//! `tests/sources.toml` says which name is proven where. The pages' texts are not repeated; the
//! values are theirs where an answer must be read as they print it.

mod obs_part;
mod part;
mod whole;

/// Sections of an answer as a page prints it: status line, headers, body.
pub(super) fn printed(text: &str) -> partway_protocol::wire::Response {
    let (head, body) = text
        .split_once("\n\n")
        .expect("a blank line before the body");
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    let headers: Vec<(&str, &str)> = lines
        .filter_map(|line| line.trim().split_once(':'))
        .map(|(name, value)| (name, value.trim()))
        .collect();
    let status = status.and_then(|code| code.parse().ok()).expect("a status");
    crate::fixture::response(status, &headers, body)
}
