//! What the server remembers.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// How the server behaves.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Terms {
    /// Milliseconds from the last byte of a request to the first of its answer.
    pub(crate) latency_ms: u64,
    /// Parts the large object has, each of [`super::PART`] bytes.
    pub(crate) parts: u64,
    /// Keys in the source bucket, besides the large object.
    pub(crate) keys: u64,
    /// Keys under each folder; 0 when all lie on one level.
    pub(crate) folder: u64,
    /// How many of a thousand requests are answered with 503.
    pub(crate) throttled: u64,
    /// How many of a thousand requests are answered with a closed connection.
    pub(crate) reset: u64,
}

/// What was seen since the last look.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Counts {
    pub(crate) requests: u64,
    /// Most requests in flight at once.
    pub(crate) peak: u64,
    /// Part copies that were asked for.
    pub(crate) part_requests: u64,
    /// Part copies that were done.
    pub(crate) parts: u64,
    /// Parts of which objects were made.
    pub(crate) completed: u64,
    /// Requests that came before the first part copy.
    pub(crate) before_parts: u64,
    /// Objects copied whole.
    pub(crate) objects: u64,
    /// Pages of objects.
    pub(crate) pages: u64,
    /// Answers that were faults.
    pub(crate) faults: u64,
    /// Uploads that are open.
    pub(crate) uploads: u64,
}

#[derive(Debug, Default)]
pub(crate) struct State(Mutex<Inner>);

#[derive(Debug, Default)]
pub(crate) struct Inner {
    pub(crate) terms: Terms,
    pub(crate) counts: Counts,
    pub(crate) in_flight: u64,
    /// Tag and size of what lies in the target bucket.
    pub(crate) objects: HashMap<String, (String, u64)>,
    pub(crate) uploads: BTreeMap<String, Upload>,
    serial: u64,
    dice: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Upload {
    /// As in its request: percent-encoded.
    pub(crate) key: String,
    /// Bytes of each part by its number.
    pub(crate) parts: BTreeMap<u32, u64>,
}

/// What chance has for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Luck {
    Fair,
    Throttled,
    Reset,
}

impl State {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Everything is new.
    pub(crate) fn begin(&mut self, terms: Terms) {
        *self = Self {
            terms,
            // Requests under way are of the old world, and leave it as they come back.
            in_flight: self.in_flight,
            ..Self::default()
        };
    }

    pub(crate) fn arrived(&mut self, copies_part: bool) -> Luck {
        self.counts.requests += 1;
        // The first parts arrive together, long before one of them is done.
        if copies_part {
            self.counts.part_requests += 1;
        } else if self.counts.part_requests == 0 {
            self.counts.before_parts += 1;
        }
        self.in_flight += 1;
        self.counts.peak = self.counts.peak.max(self.in_flight);
        let luck = self.roll();
        if luck != Luck::Fair {
            self.counts.faults += 1;
        }
        luck
    }

    /// An answer is on its way.
    pub(crate) fn left(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    pub(crate) fn open_upload(&mut self, key: &str) -> String {
        self.serial += 1;
        let id = format!("upload-{}", self.serial);
        let upload = Upload {
            key: key.to_owned(),
            ..Upload::default()
        };
        self.uploads.insert(id.clone(), upload);
        id
    }

    /// The same misfortunes in each run: xorshift from the same seed.
    fn roll(&mut self) -> Luck {
        if self.dice == 0 {
            self.dice = 0x9E37_79B9_7F4A_7C15;
        }
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        let roll = self.dice % 1_000;
        if roll < self.terms.throttled {
            Luck::Throttled
        } else if roll < self.terms.throttled + self.terms.reset {
            Luck::Reset
        } else {
            Luck::Fair
        }
    }
}
