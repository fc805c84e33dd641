//! The state of one provider's cloud: buckets, versions, uploads, and the log that keeps them.
//!
//! Every change goes to the log in one write before the call returns, under the same lock that
//! guards the state, so log order is the order in which requests saw each other.

pub(crate) mod access;
pub(crate) mod bucket;
pub(crate) mod encryption;
mod history;
pub(crate) mod log;
pub(crate) mod million;
pub(crate) mod object;

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::chance;
use crate::content::{ContentId, Library};
use crate::options::{OpenError, Provider};
use crate::text::now_ms;
use bucket::{Bucket, Versioning};
use log::{Log, Record};
use object::{Part, Upload, Version};

/// The state of one provider.
#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) provider: Provider,
    /// When this cloud was first opened; milliseconds since 1970.
    born: i64,
    pub(crate) buckets: BTreeMap<String, Bucket>,
    /// `None` for a look from another process, which must not write.
    log: Option<Log>,
}

/// What a DELETE did.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Deleted {
    /// The version that was removed, or the marker that was made.
    pub(crate) version_id: Option<String>,
    /// Whether that was a delete marker.
    pub(crate) marker: bool,
}

impl Store {
    /// Reads the state and compacts its log.
    pub(crate) fn open(
        provider: Provider,
        folder: &Path,
        library: &Library,
    ) -> Result<Store, OpenError> {
        let path = folder.join(format!("{}.jsonl", provider.word()));
        let (mut store, touched) = Store::load(provider, &path, library)?;
        let lines = store.compacted(&touched);
        let log =
            Log::rewrite(&path, &lines).map_err(|source| OpenError::Files { path, source })?;
        store.log = Some(log);
        Ok(store)
    }

    /// Reads the state that another process keeps.
    pub(crate) fn look(
        provider: Provider,
        folder: &Path,
        library: &Library,
    ) -> Result<Store, OpenError> {
        let path = folder.join(format!("{}.jsonl", provider.word()));
        Ok(Store::load(provider, &path, library)?.0)
    }

    /// The files that objects and parts refer to.
    pub(crate) fn files(&self) -> HashSet<String> {
        let objects = self
            .buckets
            .values()
            .flat_map(|b| b.objects.values().flatten());
        let parts = self.buckets.values().flat_map(|b| b.uploads.values());
        objects
            .flat_map(|version| &version.segments)
            .chain(parts.flat_map(|upload| upload.parts.values().flat_map(|part| &part.segments)))
            .filter_map(|segment| match &segment.content {
                ContentId::Bytes(id) => Some(id.clone()),
                ContentId::Virtual(_) => None,
            })
            .collect()
    }

    fn write(&mut self, records: &[Record]) -> io::Result<()> {
        match &mut self.log {
            Some(log) => log.append(records),
            None => Err(io::Error::other("this process only looks at the state")),
        }
    }

    /// Makes a bucket unless there is one.
    pub(crate) fn ensure_bucket(&mut self, name: &str, region: &str) -> io::Result<()> {
        if !self.buckets.contains_key(name) {
            let bucket = Bucket::new(region, now_ms());
            self.write(&[bucket.record(name)])?;
            self.buckets.insert(name.to_owned(), bucket);
        }
        Ok(())
    }

    /// Changes the settings of a bucket.
    pub(crate) fn change_bucket(
        &mut self,
        name: &str,
        change: impl FnOnce(&mut Bucket),
    ) -> io::Result<()> {
        let mut bucket = self.bucket(name)?.clone();
        change(&mut bucket);
        self.write(&[bucket.record(name)])?;
        self.buckets.insert(name.to_owned(), bucket);
        Ok(())
    }

    /// Deletes a bucket that the caller knows to be empty.
    pub(crate) fn drop_bucket(&mut self, name: &str) -> io::Result<()> {
        let record = Record::BucketGone {
            bucket: name.to_owned(),
        };
        self.write(std::slice::from_ref(&record))?;
        self.replay(record);
        Ok(())
    }

    /// Adds a version, or replaces the `null` one where versioning is not on. Its `id` is chosen
    /// here. Returns what is now current.
    pub(crate) fn put(
        &mut self,
        bucket: &str,
        key: &str,
        version: Version,
        library: &Library,
    ) -> io::Result<Arc<Version>> {
        let (version, record) = self.with_version(bucket, key, version, library)?;
        self.write(std::slice::from_ref(&record))?;
        self.replay(record);
        Ok(version)
    }

    /// Like [`Store::put`], and the upload it was made of is gone in the same write.
    pub(crate) fn complete(
        &mut self,
        bucket: &str,
        key: &str,
        upload_id: &str,
        version: Version,
        library: &Library,
    ) -> io::Result<Arc<Version>> {
        let (version, record) = self.with_version(bucket, key, version, library)?;
        let gone = gone(bucket, key, upload_id);
        self.write(&[record.clone(), gone.clone()])?;
        self.replay(record);
        self.replay(gone);
        Ok(version)
    }

    fn with_version(
        &mut self,
        name: &str,
        key: &str,
        mut version: Version,
        library: &Library,
    ) -> io::Result<(Arc<Version>, Record)> {
        let bucket = self.bucket(name)?;
        let mut versions = bucket.versions(key, library);
        if bucket.versioning == Versioning::Enabled {
            version.id = Some(self.version_id());
        } else {
            version.id = None;
            versions.retain(|old| old.id.is_some());
        }
        let version = Arc::new(version);
        versions.push(Arc::clone(&version));
        let record = Record::Key {
            bucket: name.to_owned(),
            key: key.to_owned(),
            versions,
        };
        Ok((version, record))
    }

    /// Puts `version` in the place of the one with the same id.
    pub(crate) fn replace(
        &mut self,
        name: &str,
        key: &str,
        version: Version,
        library: &Library,
    ) -> io::Result<()> {
        let mut versions = self.bucket(name)?.versions(key, library);
        if let Some(old) = versions.iter_mut().find(|old| old.id == version.id) {
            *old = Arc::new(version);
        }
        self.set_versions(name, key, versions)
    }

    /// DELETE of an object: a marker where versioning is or was on, nothing left where it never
    /// was; with a version id exactly that version goes. Deleting what is not there is no error.
    pub(crate) fn delete(
        &mut self,
        name: &str,
        key: &str,
        version_id: Option<&str>,
        library: &Library,
    ) -> io::Result<Deleted> {
        let bucket = self.bucket(name)?;
        let versioning = bucket.versioning;
        let mut versions = bucket.versions(key, library);
        let mut deleted = Deleted::default();
        match (version_id, versioning) {
            (Some(id), _) => {
                if let Some(at) = versions.iter().position(|v| v.id_text() == id) {
                    deleted.marker = versions.remove(at).marker;
                }
                deleted.version_id = Some(id.to_owned());
            }
            (None, Versioning::Off) => versions.clear(),
            (None, Versioning::Enabled) => {
                let marker = Version::delete_marker(Some(self.version_id()), now_ms());
                deleted = Deleted::of(&marker);
                versions.push(Arc::new(marker));
            }
            (None, Versioning::Suspended) => {
                versions.retain(|old| old.id.is_some());
                let marker = Version::delete_marker(None, now_ms());
                deleted = Deleted::of(&marker);
                versions.push(Arc::new(marker));
            }
        }
        self.set_versions(name, key, versions)?;
        Ok(deleted)
    }

    fn set_versions(
        &mut self,
        name: &str,
        key: &str,
        versions: Vec<Arc<Version>>,
    ) -> io::Result<()> {
        let record = Record::Key {
            bucket: name.to_owned(),
            key: key.to_owned(),
            versions,
        };
        self.write(std::slice::from_ref(&record))?;
        self.replay(record);
        Ok(())
    }

    /// Opens an upload.
    pub(crate) fn create_upload(&mut self, bucket: &str, upload: Upload) -> io::Result<()> {
        let record = Record::Upload {
            bucket: bucket.to_owned(),
            upload: Box::new(upload),
        };
        self.write(std::slice::from_ref(&record))?;
        self.replay(record);
        Ok(())
    }

    /// Adds or replaces a part; `false` when the upload is not there.
    pub(crate) fn put_part(
        &mut self,
        bucket: &str,
        key: &str,
        upload_id: &str,
        part: Part,
    ) -> io::Result<bool> {
        if self.upload(bucket, key, upload_id).is_none() {
            return Ok(false);
        }
        let record = Record::Part {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            upload_id: upload_id.to_owned(),
            part,
        };
        self.write(std::slice::from_ref(&record))?;
        self.replay(record);
        Ok(true)
    }

    /// Drops an upload and its parts; `false` when it is not there.
    pub(crate) fn drop_upload(
        &mut self,
        bucket: &str,
        key: &str,
        upload_id: &str,
    ) -> io::Result<bool> {
        if self.upload(bucket, key, upload_id).is_none() {
            return Ok(false);
        }
        let record = gone(bucket, key, upload_id);
        self.write(std::slice::from_ref(&record))?;
        self.replay(record);
        Ok(true)
    }

    pub(crate) fn upload(&self, bucket: &str, key: &str, upload_id: &str) -> Option<&Upload> {
        let name = (key.to_owned(), upload_id.to_owned());
        self.buckets.get(bucket)?.uploads.get(&name)
    }

    fn bucket(&self, name: &str) -> io::Result<&Bucket> {
        let missing = || io::Error::other(format!("there is no bucket {name}"));
        self.buckets.get(name).ok_or_else(missing)
    }

    /// A version id in the provider's manner.
    fn version_id(&self) -> String {
        match self.provider {
            Provider::Cos => crate::text::base64(format!("{:020}", chance::bits())),
            Provider::Obs => format!("G0011{}FFFF", chance::token(23).to_uppercase()),
            Provider::S3 => format!("{}.{}", chance::token(20), chance::token(11)),
        }
    }
}

impl Deleted {
    fn of(marker: &Version) -> Self {
        Deleted {
            version_id: Some(marker.id_text().to_owned()),
            marker: true,
        }
    }
}

impl Bucket {
    fn record(&self, name: &str) -> Record {
        Record::Bucket {
            bucket: name.to_owned(),
            region: self.region.clone(),
            created: self.created,
            versioning: self.versioning,
            access: self.access.clone(),
        }
    }
}

fn gone(bucket: &str, key: &str, upload_id: &str) -> Record {
    Record::UploadGone {
        bucket: bucket.to_owned(),
        key: key.to_owned(),
        upload_id: upload_id.to_owned(),
    }
}
