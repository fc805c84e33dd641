//! What the demo cloud wrote down: the only witness that counts repeated work.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::Outcome;

/// One answered request, as far as it matters here.
#[derive(Debug, Deserialize)]
struct Request {
    operation: String,
    key: Option<String>,
    part_number: Option<u32>,
    status: u16,
}

/// How often each part of an object was copied with success.
#[derive(Debug, Default)]
pub struct PartCopies(BTreeMap<u32, u32>);

impl PartCopies {
    /// Reads what the demo cloud in a data folder has answered since it was started. A new start
    /// begins the log anew, so it is read after each run.
    pub fn read(data: &Path, key: &str) -> Outcome<Self> {
        let file = data.join("demo/requests.jsonl");
        let log =
            fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        // A killed process may leave its last line half written; complete ones end with a line end.
        let complete = log.rfind('\n').map_or("", |end| &log[..end]);
        Self::count(complete, key)
    }

    fn count(log: &str, key: &str) -> Outcome<Self> {
        let mut copies = Self::default();
        for line in log.lines() {
            let request: Request = serde_json::from_str(line)?;
            let succeeded = request.operation == "UploadPartCopy" && request.status == 200;
            if succeeded && request.key.as_deref() == Some(key) {
                let number = request
                    .part_number
                    .ok_or("a part copy without a part number in the log")?;
                *copies.0.entry(number).or_default() += 1;
            }
        }
        Ok(copies)
    }

    /// Adds what another run copied.
    pub fn add(&mut self, other: &Self) {
        for (part, times) in &other.0 {
            *self.0.entry(*part).or_default() += times;
        }
    }

    /// Different parts that were copied.
    pub fn parts(&self) -> usize {
        self.0.len()
    }

    /// Part requests beyond the first success of each part.
    pub fn repeated(&self) -> u32 {
        self.0.values().map(|times| times - 1).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_second_successes_of_the_same_part_are_repeats() {
        let log = r#"
{"operation":"UploadPartCopy","key":"k","part_number":1,"status":200}
{"operation":"UploadPartCopy","key":"k","part_number":2,"status":503}
{"operation":"UploadPartCopy","key":"k","part_number":2,"status":200}
{"operation":"UploadPartCopy","key":"other","part_number":1,"status":200}
{"operation":"ListParts","key":"k","part_number":null,"status":200}"#;
        let mut copies = PartCopies::count(log.trim(), "k").unwrap();
        assert_eq!((copies.parts(), copies.repeated()), (2, 0));
        let next_run = r#"{"operation":"UploadPartCopy","key":"k","part_number":2,"status":200}"#;
        copies.add(&PartCopies::count(next_run, "k").unwrap());
        assert_eq!((copies.parts(), copies.repeated()), (2, 1));
    }
}
