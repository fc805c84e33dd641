//! Everything the three servers share.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::auth::Lease;
use crate::content::{ContentId, Library, Segment, total};
use crate::fault::{Fault, Faults};
use crate::lock;
use crate::nature::Nature;
use crate::options::{Endpoints, Provider, Timing};
use crate::quirk::Quirks;
use crate::record::Records;
use crate::request::{Chaos, Late, Meters, Odds};
use crate::seed;
use crate::store::Store;
use crate::store::object::{Attached, Version};

/// The shared state of one cloud.
pub(crate) struct World {
    pub(crate) library: Library,
    pub(crate) nature: Nature,
    /// What an order from another process must carry.
    pub(crate) token: String,
    pub(crate) endpoints: Endpoints,
    pub(crate) records: Records,
    pub(crate) timing: Mutex<Timing>,
    pub(crate) quirks: Mutex<Quirks>,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) odds: Mutex<Odds>,
    /// Work whose client is gone and whose time has not come.
    pub(crate) late: Mutex<Vec<Late>>,
    /// Answers carry a date even when the clock is right. The listeners add it by themselves.
    pub(crate) tells_time: bool,
    stores: [Mutex<Store>; 3],
    meters: [Mutex<Meters>; 3],
    leases: [Mutex<Lease>; 3],
}

/// What a world begins with.
pub(crate) struct Setup {
    pub(crate) library: Library,
    pub(crate) nature: Nature,
    pub(crate) token: String,
    pub(crate) endpoints: Endpoints,
    pub(crate) records: Records,
    pub(crate) timing: Timing,
    pub(crate) quirks: Quirks,
    pub(crate) faults: Vec<Fault>,
    pub(crate) chaos: Chaos,
    /// In the order of [`Provider::ALL`].
    pub(crate) stores: [Store; 3],
    pub(crate) tells_time: bool,
}

const fn place_of(provider: Provider) -> usize {
    match provider {
        Provider::Cos => 0,
        Provider::Obs => 1,
        Provider::S3 => 2,
    }
}

impl World {
    pub(crate) fn new(setup: Setup) -> World {
        World {
            library: setup.library,
            nature: setup.nature,
            token: setup.token,
            endpoints: setup.endpoints,
            records: setup.records,
            timing: setup.timing.into(),
            quirks: setup.quirks.into(),
            faults: Faults::new(setup.faults).into(),
            odds: Mutex::new(Odds {
                chaos: setup.chaos,
                ..Odds::default()
            }),
            late: Mutex::default(),
            tells_time: setup.tells_time,
            stores: setup.stores.map(Into::into),
            meters: Default::default(),
            leases: Default::default(),
        }
    }

    pub(crate) fn store(&self, provider: Provider) -> &Mutex<Store> {
        &self.stores[place_of(provider)]
    }

    pub(crate) fn meters(&self, provider: Provider) -> &Mutex<Meters> {
        &self.meters[place_of(provider)]
    }

    pub(crate) fn lease(&self, provider: Provider) -> &Mutex<Lease> {
        &self.leases[place_of(provider)]
    }

    /// Keeps work for later.
    pub(crate) fn later(&self, late: Late) {
        lock(&self.late).push(late);
    }

    /// What the clock of this provider's server says: milliseconds since 1970.
    pub(crate) fn now(&self, provider: Provider) -> i64 {
        self.nature.now_ms() + lock(&self.quirks).of(provider).clock_ahead_secs * 1000
    }

    /// How long a request that moves this many bytes takes.
    pub(crate) fn delay(&self, bytes: u64) -> Duration {
        let timing = *lock(&self.timing);
        let jitter = if timing.jitter.is_zero() {
            Duration::ZERO
        } else {
            self.nature.chance.up_to(timing.jitter)
        };
        let moving = match timing.part_throughput {
            Some(rate) if rate > 0 => Duration::from_secs_f64(bytes as f64 / rate as f64),
            _ => Duration::ZERO,
        };
        timing.latency + jitter + moving
    }

    /// Puts an object there as if somebody else had written it; its bucket too if need be.
    pub(crate) fn place(
        &self,
        provider: Provider,
        bucket: &str,
        key: &str,
        segments: Vec<Segment>,
        attached: impl Into<Arc<Attached>>,
    ) -> io::Result<Arc<Version>> {
        let version = self.version(segments, attached)?;
        self.put(provider, bucket, key, version)
    }

    /// A version written now, in one go.
    pub(crate) fn version(
        &self,
        segments: Vec<Segment>,
        attached: impl Into<Arc<Attached>>,
    ) -> io::Result<Version> {
        Ok(Version {
            id: None,
            modified: self.nature.now_ms(),
            marker: false,
            etag: self.library.etag(&segments)?,
            size: total(&segments),
            checksums: self.library.checksums(&segments)?,
            segments,
            attached: attached.into(),
            upload_id: None,
            part_runs: Vec::new(),
            checksum: None,
            restore: None,
        })
    }

    /// Puts a version there; its bucket too if need be.
    pub(crate) fn put(
        &self,
        provider: Provider,
        bucket: &str,
        key: &str,
        version: Version,
    ) -> io::Result<Arc<Version>> {
        let mut store = lock(self.store(provider));
        store.ensure_bucket(bucket, seed::home_region(provider))?;
        store.put(bucket, key, version, &self.library)
    }

    /// Gives an object new content of the same size, and with it a new `ETag` and time. Without a
    /// current object nothing happens.
    pub(crate) fn bump(&self, provider: Provider, bucket: &str, key: &str) -> io::Result<()> {
        let current = {
            let store = lock(self.store(provider));
            let bucket = store.buckets.get(bucket);
            bucket.and_then(|bucket| bucket.versions(key, &self.library).last().cloned())
        };
        let Some(old) = current.filter(|version| !version.marker) else {
            return Ok(());
        };
        let segments = virtual_content(self.nature.chance.bits(), old.size);
        self.place(provider, bucket, key, segments, old.attached.clone())?;
        Ok(())
    }
}

/// `size` bytes of virtual content.
pub(crate) fn virtual_content(seed: u64, size: u64) -> Vec<Segment> {
    let mut segments = Vec::new();
    let all = Segment {
        content: ContentId::Virtual(seed),
        offset: 0,
        length: size,
    };
    crate::content::append(&mut segments, &[all]);
    segments
}
