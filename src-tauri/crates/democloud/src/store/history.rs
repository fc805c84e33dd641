//! How the log becomes state, and how long it has to be.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::alike::Alike;
use super::bucket::{Bucket, Stored};
use super::log::{self, Line, Log, Record, Unreadable};
use super::object::Version;
use super::plain::PlainLine;
use super::{Kept, Store};
use crate::content::Library;
use crate::nature::Nature;
use crate::options::{OpenError, Provider};
use crate::seed;

impl Store {
    /// The examples, and everything the log says on top of them.
    pub(super) fn load(
        provider: Provider,
        path: &Path,
        library: &Library,
        nature: &Nature,
    ) -> Result<(Store, Told), OpenError> {
        let unreadable = |error| match error {
            Unreadable::File(source) => OpenError::Files {
                path: path.to_owned(),
                source,
            },
            Unreadable::Line { line, reason } => OpenError::State {
                path: path.to_owned(),
                line,
                reason,
            },
        };
        let mut lines = log::Lines::open(path).map_err(unreadable)?;
        let born = match lines.next().map_err(unreadable)? {
            Some(Line::Records(first)) => first.first().and_then(Record::born),
            _ => None,
        };
        let born = born.unwrap_or_else(|| nature.now_ms());
        let mut lines = log::Lines::open(path).map_err(unreadable)?;
        let mut store = Store {
            provider,
            born,
            buckets: seed::buckets(provider, born, library),
            kept: Kept::Elsewhere,
            nature: nature.clone(),
            alike: Alike::default(),
            cause: None,
            deeds: None,
        };
        let mut told = Told {
            seeded: store.buckets.clone(),
            ..Told::default()
        };
        while let Some(line) = lines.next().map_err(unreadable)? {
            told.lines += 1;
            match line {
                Line::Plain(plain) => {
                    let read = store.replay_plain(&plain);
                    read.map_err(|reason| {
                        unreadable(Unreadable::Line {
                            line: told.lines,
                            reason,
                        })
                    })?;
                }
                Line::Records(records) => {
                    for record in records {
                        if let Record::BucketGone { bucket } = &record {
                            told.dropped.insert(bucket.clone());
                        }
                        store.replay(record);
                    }
                }
            }
        }
        told.whole_bytes = lines.whole_bytes();
        Ok((store, told))
    }

    fn replay_plain(&mut self, line: &PlainLine<'_>) -> Result<(), String> {
        let attached = self.alike.of_text(&line.attached);
        let attached = attached.map_err(|error| error.to_string())?;
        let object = line.object(attached).ok_or("its tag is none")?;
        if let Some(bucket) = self.buckets.get_mut(line.bucket.as_ref()) {
            bucket.set_plain(line.plain.clone().into_owned(), object);
        }
        Ok(())
    }

    /// Makes one change that is, or is about to be, in the log.
    pub(super) fn replay(&mut self, record: Record) {
        match record {
            Record::Born { .. } => {}
            Record::Bucket {
                bucket,
                region,
                created,
                versioning,
                access,
            } => {
                let fresh = || Bucket::new(&region, created);
                let bucket = self.buckets.entry(bucket).or_insert_with(fresh);
                bucket.versioning = versioning;
                bucket.access = access;
            }
            Record::BucketGone { bucket } => {
                self.buckets.remove(&bucket);
            }
            Record::Key {
                bucket,
                key,
                mut versions,
            } => {
                for version in versions.iter_mut().filter_map(Arc::get_mut) {
                    self.alike.share(version);
                }
                if let Some(bucket) = self.buckets.get_mut(&bucket) {
                    bucket.set(key, versions);
                }
            }
            Record::Upload { bucket, upload } => {
                if let Some(bucket) = self.buckets.get_mut(&bucket) {
                    let name = (upload.key.clone(), upload.id.clone());
                    bucket.uploads.insert(name, *upload);
                }
            }
            Record::Part {
                bucket,
                key,
                upload_id,
                part,
            } => {
                let bucket = self.buckets.get_mut(&bucket);
                if let Some(upload) = bucket.and_then(|b| b.uploads.get_mut(&(key, upload_id))) {
                    upload.parts.insert(part.number, part);
                }
            }
            Record::UploadGone {
                bucket,
                key,
                upload_id,
            } => {
                if let Some(bucket) = self.buckets.get_mut(&bucket) {
                    bucket.uploads.remove(&(key, upload_id));
                }
            }
        }
    }

    /// Opens the log for more: as it is where it has little to spare, rewritten otherwise.
    pub(super) fn carry_on(&self, path: &Path, told: &Told) -> io::Result<Log> {
        let kept: usize = self.buckets.values().map(Bucket::entries).sum();
        let seeded: usize = told.seeded.values().map(Bucket::entries).sum();
        let needed = kept.saturating_sub(seeded);
        if told.lines > 0 && told.lines < SHORT.max(2 * needed) {
            return Log::carry_on(path, told.whole_bytes);
        }
        Log::rewrite(path, |log| self.compacted(told, log))
    }

    /// The shortest log that leads to the present state.
    fn compacted(
        &self,
        told: &Told,
        log: &mut dyn FnMut(Line<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        log(Record::Born { ms: self.born }.into())?;
        for name in &told.dropped {
            // Made again or not, what was in a deleted example must not come back.
            if told.seeded.contains_key(name) {
                let bucket = name.clone();
                log(Record::BucketGone { bucket }.into())?;
            }
        }
        let nothing = Bucket::new("", 0);
        for (name, bucket) in &self.buckets {
            let seeded = told.seeded.get(name);
            let seeded = seeded.filter(|_| !told.dropped.contains(name));
            if seeded.is_none_or(|seeded| !bucket.is_set_like(seeded)) {
                log(bucket.record(name).into())?;
            }
            bucket.beyond(seeded.unwrap_or(&nothing), name, log)?;
        }
        Ok(())
    }
}

/// Lines of a log that is never too long.
const SHORT: usize = 1000;

impl Bucket {
    /// How many records it takes to tell all of it, about.
    fn entries(&self) -> usize {
        self.objects.len() + self.uploads.len() + 1
    }

    /// Whether a key has just these versions. They are never changed in place, so the same ones lie
    /// in the same place.
    fn holds(&self, key: &str, versions: &[Arc<Version>]) -> bool {
        let Some(Stored::Several(own)) = self.objects.get(key) else {
            return false;
        };
        own.len() == versions.len() && own.iter().zip(versions).all(|(a, b)| Arc::ptr_eq(a, b))
    }

    fn is_set_like(&self, other: &Bucket) -> bool {
        self.versioning == other.versioning && self.access == other.access
    }

    /// Tells everything in it that is not in an example.
    fn beyond(
        &self,
        seeded: &Bucket,
        name: &str,
        log: &mut dyn FnMut(Line<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        for (key, stored) in &self.objects {
            match stored {
                Stored::Plain(plain) => {
                    let attached = serde_json::to_string(&**plain.attached())?;
                    log(Line::Plain(plain.line(name, key, &attached)))?;
                }
                Stored::Several(versions) if seeded.holds(key, versions) => {}
                Stored::Several(versions) => log(key_record(name, key, versions.clone()).into())?,
            }
        }
        let gone = |key: &&String| !self.objects.contains_key(*key);
        for key in seeded.objects.keys().filter(gone) {
            log(key_record(name, key, Vec::new()).into())?;
        }
        if let Some(million) = self.computed {
            for index in self.gone.all() {
                log(key_record(name, &million.key(index), Vec::new()).into())?;
            }
        }
        for (id, upload) in &self.uploads {
            let old = seeded.uploads.get(id);
            if old.is_none_or(|old| old.parts != upload.parts) {
                let record = Record::Upload {
                    bucket: name.to_owned(),
                    upload: Box::new(upload.clone()),
                };
                log(record.into())?;
            }
        }
        let gone = |id: &&(String, String)| !self.uploads.contains_key(*id);
        for (key, upload_id) in seeded.uploads.keys().filter(gone) {
            log(super::gone(name, key, upload_id).into())?;
        }
        Ok(())
    }
}

fn key_record(bucket: &str, key: &str, versions: Vec<Arc<Version>>) -> Record {
    Record::Key {
        bucket: bucket.to_owned(),
        key: key.to_owned(),
        versions,
    }
}

/// What the log told.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The examples as they were before.
    seeded: BTreeMap<String, Bucket>,
    /// Buckets that were deleted at some time.
    dropped: BTreeSet<String>,
    lines: usize,
    /// Bytes of the log that are whole lines.
    whole_bytes: u64,
}
