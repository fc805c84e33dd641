//! How the log becomes state, and how long it has to be.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::Store;
use super::bucket::Bucket;
use super::log::{self, Record, Unreadable};
use super::object::Version;
use crate::content::Library;
use crate::options::{OpenError, Provider};
use crate::seed;
use crate::text::now_ms;

impl Store {
    /// The examples, and everything the log says on top of them.
    pub(super) fn load(
        provider: Provider,
        path: &Path,
        library: &Library,
    ) -> Result<(Store, Touched), OpenError> {
        let records = log::read(path).map_err(|error| match error {
            Unreadable::File(source) => OpenError::Files {
                path: path.to_owned(),
                source,
            },
            Unreadable::Line { line, reason } => OpenError::State {
                path: path.to_owned(),
                line,
                reason,
            },
        })?;
        let born = match records.first() {
            Some(Record::Born { ms }) => *ms,
            _ => now_ms(),
        };
        let mut store = Store {
            provider,
            born,
            buckets: seed::buckets(provider, born, library),
            log: None,
        };
        let mut touched = Touched {
            seeded: store.buckets.clone(),
            ..Touched::default()
        };
        for record in records {
            touched.note(&record);
            store.replay(record);
        }
        Ok((store, touched))
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
                versions,
            } => {
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

    /// The shortest log that leads to the present state.
    pub(super) fn compacted(&self, touched: &Touched) -> Vec<Vec<Record>> {
        let mut lines = vec![vec![Record::Born { ms: self.born }]];
        for name in &touched.buckets {
            // Made again or not, what was in a deleted example must not come back.
            if touched.dropped.contains(name) && touched.seeded.contains_key(name) {
                lines.push(vec![Record::BucketGone {
                    bucket: name.clone(),
                }]);
            }
            if let Some(bucket) = self.buckets.get(name) {
                lines.push(vec![bucket.record(name)]);
            }
        }
        for (name, key) in &touched.keys {
            let versions = self.buckets.get(name).and_then(|b| b.objects.get(key));
            let was_seeded = touched
                .seeded
                .get(name)
                .is_some_and(|b| b.objects.contains_key(key));
            if versions.is_none() && !was_seeded {
                continue;
            }
            lines.push(vec![Record::Key {
                bucket: name.clone(),
                key: key.clone(),
                versions: versions.cloned().unwrap_or_default(),
            }]);
        }
        for (name, key, id) in &touched.uploads {
            let among = |buckets: &BTreeMap<String, Bucket>| {
                let bucket = buckets.get(name)?;
                bucket.uploads.get(&(key.clone(), id.clone())).cloned()
            };
            let upload = among(&self.buckets);
            if upload.is_none() && among(&touched.seeded).is_none() {
                continue;
            }
            lines.push(vec![match upload {
                Some(upload) => Record::Upload {
                    bucket: name.clone(),
                    upload: Box::new(upload),
                },
                None => Record::UploadGone {
                    bucket: name.clone(),
                    key: key.clone(),
                    upload_id: id.clone(),
                },
            }]);
        }
        lines
    }
}

impl Bucket {
    fn set(&mut self, key: String, versions: Vec<Arc<Version>>) {
        if versions.is_empty() && self.computed.is_none() {
            self.objects.remove(&key);
        } else {
            self.objects.insert(key, versions);
        }
    }
}

/// What the log speaks of; everything else is as seeded.
#[derive(Debug, Default)]
pub(super) struct Touched {
    seeded: BTreeMap<String, Bucket>,
    buckets: BTreeSet<String>,
    dropped: BTreeSet<String>,
    keys: BTreeSet<(String, String)>,
    uploads: BTreeSet<(String, String, String)>,
}

impl Touched {
    fn note(&mut self, record: &Record) {
        match record {
            Record::Born { .. } => {}
            Record::Bucket { bucket, .. } => {
                self.buckets.insert(bucket.clone());
            }
            Record::BucketGone { bucket } => {
                self.buckets.insert(bucket.clone());
                self.dropped.insert(bucket.clone());
            }
            Record::Key { bucket, key, .. } => {
                self.keys.insert((bucket.clone(), key.clone()));
            }
            Record::Upload { bucket, upload } => {
                let name = (bucket.clone(), upload.key.clone(), upload.id.clone());
                self.uploads.insert(name);
            }
            Record::Part {
                bucket,
                key,
                upload_id,
                ..
            }
            | Record::UploadGone {
                bucket,
                key,
                upload_id,
            } => {
                self.uploads
                    .insert((bucket.clone(), key.clone(), upload_id.clone()));
            }
        }
    }
}
