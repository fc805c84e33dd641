//! What a hand outside the wire does to the state, as if it were somebody else's request.

use std::collections::BTreeMap;
use std::io;

use super::InProcess;
use crate::content::slice;
use crate::operate::upload_id;
use crate::options::Provider;
use crate::request;
use crate::seed::{self, maker::seed_of};
use crate::store::bucket::Versioning;
use crate::store::object::{Attached, Part, Upload, Version};
use crate::world::virtual_content;

/// An object to be put there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sample {
    /// Bytes.
    pub size: u64,
    /// Which content; without it, what bucket and key alone lead to.
    pub content: Option<u64>,
    /// Makes it an object of several parts of this many bytes each, with a tag of that kind.
    pub part_size: Option<u64>,
    /// The standard headers, by lower-case name.
    pub headers: BTreeMap<String, String>,
    /// User metadata without the vendor's prefix.
    pub metadata: BTreeMap<String, String>,
    /// Tags, in order.
    pub tags: Vec<(String, String)>,
    /// In the provider's native spelling; empty means the standard class.
    pub storage_class: String,
}

/// An upload that somebody else began and left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StrayUpload {
    /// How many parts it has, from 1 on.
    pub parts: u32,
    /// Bytes of each.
    pub part_size: u64,
    /// Milliseconds since 1970.
    pub initiated_ms: i64,
    /// Begun with the temporary keys.
    pub temporary: bool,
    /// User metadata without the vendor's prefix.
    pub metadata: BTreeMap<String, String>,
}

impl InProcess {
    /// Makes a bucket in the endpoint's own region, unless it is there.
    pub fn make_bucket(&self, provider: Provider, bucket: &str) {
        let home = seed::home_region(provider);
        let made = self.store(provider).ensure_bucket(bucket, home);
        succeed(made);
    }

    /// Switches versions on, or suspends them.
    pub fn set_versioning(&self, provider: Provider, bucket: &str, on: bool) {
        self.make_bucket(provider, bucket);
        let versioning = if on {
            Versioning::Enabled
        } else {
            Versioning::Suspended
        };
        let mut store = self.store(provider);
        succeed(store.change_bucket(bucket, |bucket| bucket.versioning = versioning));
    }

    /// Puts an object of this size there without any bytes; what it holds depends on bucket and
    /// key alone. A bucket that does not exist is made.
    pub fn put_virtual(&self, provider: Provider, bucket: &str, key: &str, size: u64) {
        let sample = Sample {
            size,
            ..Sample::default()
        };
        self.put_sample(provider, bucket, key, sample);
    }

    /// Puts an object with everything about it there. A bucket that does not exist is made.
    pub fn put_sample(&self, provider: Provider, bucket: &str, key: &str, sample: Sample) {
        let name = || seed_of(&format!("{bucket}/{key}"));
        let segments = virtual_content(sample.content.unwrap_or_else(name), sample.size);
        let attached = Attached {
            headers: sample.headers,
            metadata: sample.metadata,
            tags: sample.tags,
            class: sample.storage_class,
            ..Attached::default()
        };
        let mut version = self.world.version(segments, attached);
        if let (Ok(version), Some(part_size)) = (&mut version, sample.part_size) {
            in_parts(version, part_size.max(1));
        }
        succeed(version.and_then(|version| self.world.put(provider, bucket, key, version)));
    }

    /// Puts an object of these bytes there. A bucket that does not exist is made.
    pub fn put_bytes(&self, provider: Provider, bucket: &str, key: &str, bytes: impl AsRef<[u8]>) {
        let (library, chance) = (&self.world.library, &self.world.nature.chance);
        let kept = library.keep(bytes.as_ref(), chance);
        let version = kept.and_then(|segments| self.world.version(segments, Attached::default()));
        succeed(version.and_then(|version| self.world.put(provider, bucket, key, version)));
    }

    /// Deletes an object as somebody else's DELETE would.
    pub fn delete(&self, provider: Provider, bucket: &str, key: &str) {
        let mut store = self.store(provider);
        if store.buckets.contains_key(bucket) {
            succeed(store.delete(bucket, key, None, &self.world.library));
        }
    }

    /// Gives an object other content of the same size, and with it a new `ETag` and time.
    pub fn bump(&self, provider: Provider, bucket: &str, key: &str) {
        request::settle(&self.world);
        succeed(self.world.bump(provider, bucket, key));
    }

    /// Leaves an upload there as somebody else might have; its id comes back.
    pub fn put_upload(
        &self,
        provider: Provider,
        bucket: &str,
        key: &str,
        stray: StrayUpload,
    ) -> String {
        self.make_bucket(provider, bucket);
        let whole = virtual_content(
            seed_of(&format!("stray {bucket}/{key}")),
            u64::from(stray.parts) * stray.part_size,
        );
        let part = |number: u32| {
            let offset = u64::from(number - 1) * stray.part_size;
            let segments = slice(&whole, offset, stray.part_size);
            let part = Part {
                number,
                size: stray.part_size,
                etag: self.world.library.etag(&segments).unwrap_or_default(),
                checksums: self.world.library.checksums(&segments).unwrap_or_default(),
                segments,
                modified: stray.initiated_ms,
            };
            (number, part)
        };
        let id = upload_id(provider, stray.initiated_ms, &self.world.nature.chance);
        let upload = Upload {
            id: id.clone(),
            key: key.to_owned(),
            initiated: stray.initiated_ms,
            attached: Attached {
                metadata: stray.metadata,
                ..Attached::default()
            },
            temporary: stray.temporary,
            checksum_algorithm: None,
            checksum_kind: None,
            parts: (1..=stray.parts).map(part).collect(),
        };
        succeed(self.store(provider).create_upload(bucket, upload));
        id
    }
}

/// Makes it an object that was completed from parts of this many bytes.
fn in_parts(version: &mut Version, part_size: u64) {
    let whole = u32::try_from(version.size / part_size).unwrap_or(u32::MAX);
    let runs = [(part_size, whole), (version.size % part_size, 1)];
    version.part_runs = runs
        .into_iter()
        .filter(|(size, count)| *size > 0 && *count > 0)
        .collect();
    version.etag = format!("{}-{}", version.etag, version.part_count());
}

/// A state in memory takes every change; should one fail all the same, the log tells.
fn succeed<T>(done: io::Result<T>) {
    if let Err(error) = done {
        tracing::error!(%error, "a change of the simulated cloud failed");
    }
}
