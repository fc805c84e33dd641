//! Everything the three servers share.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::chance;
use crate::content::{ContentId, Library, Segment, total};
use crate::fault::Faults;
use crate::lock;
use crate::options::{Endpoints, Provider, Timing};
use crate::quirk::Quirks;
use crate::record::Records;
use crate::seed;
use crate::store::Store;
use crate::store::object::{Attached, Version};
use crate::text::now_ms;

/// The shared state of one cloud.
pub(crate) struct World {
    pub(crate) library: Library,
    /// What an order from another process must carry.
    pub(crate) token: String,
    pub(crate) endpoints: Endpoints,
    pub(crate) records: Records,
    pub(crate) timing: Mutex<Timing>,
    pub(crate) quirks: Mutex<Quirks>,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) stores: [Mutex<Store>; 3],
}

impl World {
    pub(crate) fn store(&self, provider: Provider) -> &Mutex<Store> {
        match provider {
            Provider::Cos => &self.stores[0],
            Provider::Obs => &self.stores[1],
            Provider::S3 => &self.stores[2],
        }
    }

    /// What the clock of this provider's server says: milliseconds since 1970.
    pub(crate) fn now(&self, provider: Provider) -> i64 {
        now_ms() + lock(&self.quirks).of(provider).clock_ahead_secs * 1000
    }

    /// How long a request that moves this many bytes takes.
    pub(crate) fn delay(&self, bytes: u64) -> Duration {
        let timing = *lock(&self.timing);
        let jitter = if timing.jitter.is_zero() {
            Duration::ZERO
        } else {
            chance::up_to(timing.jitter)
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
        attached: Attached,
    ) -> std::io::Result<Arc<Version>> {
        let version = Version {
            id: None,
            modified: now_ms(),
            marker: false,
            etag: self.library.etag(&segments)?,
            size: total(&segments),
            checksums: self.library.checksums(&segments)?,
            segments,
            attached,
            upload_id: None,
            part_runs: Vec::new(),
            checksum: None,
            restore: None,
        };
        let mut store = lock(self.store(provider));
        store.ensure_bucket(bucket, seed::home_region(provider))?;
        store.put(bucket, key, version, &self.library)
    }

    /// Gives an object new content of the same size, and with it a new `ETag` and time. Without a
    /// current object nothing happens.
    pub(crate) fn bump(&self, provider: Provider, bucket: &str, key: &str) -> std::io::Result<()> {
        let current = {
            let store = lock(self.store(provider));
            let bucket = store.buckets.get(bucket);
            bucket.and_then(|bucket| bucket.versions(key, &self.library).last().cloned())
        };
        let Some(old) = current.filter(|version| !version.marker) else {
            return Ok(());
        };
        let segments = virtual_content(chance::bits(), old.size);
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
