//! The request log: what was asked, and what was answered.

use std::collections::{BTreeMap, VecDeque};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use crate::lock;
use crate::options::Provider;

/// One request that came to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestRecord {
    /// Counts the requests of one run from 1, in the order in which they ended.
    pub seq: u64,
    /// Whose endpoint.
    pub provider: Provider,
    /// API name; `Unknown` for anything that is not here.
    pub operation: String,
    /// Decoded.
    pub bucket: Option<String>,
    /// Decoded once.
    pub key: Option<String>,
    /// The `partNumber` parameter.
    pub part_number: Option<u32>,
    /// The `uploadId` parameter.
    pub upload_id: Option<String>,
    /// HTTP status; 0 when the connection was closed without an answer.
    pub status: u16,
    /// The error code, also that of an error in a 200.
    pub code: Option<String>,
    /// The request id in the answer.
    pub request_id: String,
    /// Milliseconds since 1970.
    pub started_ms: i64,
    /// Milliseconds since 1970.
    pub ended_ms: i64,
}

/// Requests remembered and kept in the file before the oldest are forgotten.
const KEPT: usize = 100_000;

/// The log in memory and in `requests.jsonl`.
#[derive(Debug)]
pub(crate) struct Records(Mutex<Inner>);

#[derive(Debug)]
struct Inner {
    list: VecDeque<RequestRecord>,
    last: u64,
    tally: BTreeMap<(Provider, String), Tally>,
    /// `None` when only the memory counts.
    file: Option<File>,
    lines: usize,
}

/// How many requests of one operation came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// All that came to an end.
    pub requests: u64,
    /// Of these, answered with a status below 300 and no error inside.
    pub granted: u64,
    /// Of these, closed without an answer.
    pub unanswered: u64,
}

impl Records {
    /// Begins an empty log.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        // Emptied first and then appended to, so that a reader never sees a hole.
        File::create(path)?;
        let file = OpenOptions::new().append(true).open(path)?;
        Ok(Records::new(Some(file)))
    }

    /// Begins an empty log that no file knows of.
    pub(crate) fn in_memory() -> Self {
        Records::new(None)
    }

    fn new(file: Option<File>) -> Self {
        Records(Mutex::new(Inner {
            list: VecDeque::new(),
            last: 0,
            tally: BTreeMap::new(),
            file,
            lines: 0,
        }))
    }

    /// Adds a record; its `seq` is chosen here.
    pub(crate) fn add(&self, mut record: RequestRecord) {
        let mut inner = lock(&self.0);
        inner.last += 1;
        record.seq = inner.last;
        if let Err(error) = inner.write(&record) {
            tracing::warn!(%error, "the request log could not be written");
        }
        inner.count(&record);
        if inner.list.len() == KEPT {
            inner.list.pop_front();
        }
        inner.list.push_back(record);
    }

    pub(crate) fn all(&self) -> Vec<RequestRecord> {
        lock(&self.0).list.iter().cloned().collect()
    }

    /// How many requests there were since the log began, by provider and operation.
    pub(crate) fn tally(&self) -> BTreeMap<(Provider, String), Tally> {
        lock(&self.0).tally.clone()
    }

    /// What another process has written.
    pub(crate) fn look(path: &Path) -> Vec<RequestRecord> {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        text.lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect()
    }
}

impl Inner {
    fn count(&mut self, record: &RequestRecord) {
        let name = (record.provider, record.operation.clone());
        let tally = self.tally.entry(name).or_default();
        tally.requests += 1;
        tally.granted += u64::from((1..300).contains(&record.status) && record.code.is_none());
        tally.unanswered += u64::from(record.status == 0);
    }

    fn write(&mut self, record: &RequestRecord) -> io::Result<()> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        if self.lines == KEPT {
            file.set_len(0)?;
            self.lines = 0;
        }
        self.lines += 1;
        let mut line = serde_json::to_vec(record)?;
        line.push(b'\n');
        file.write_all(&line)
    }
}
