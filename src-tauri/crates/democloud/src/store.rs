//! The state of one provider's cloud: buckets, versions, uploads, and the log that keeps them.
//!
//! Every change goes to the log in one write before the call returns, under the same lock that
//! guards the state, so log order is the order in which requests saw each other.

pub(crate) mod access;
mod alike;
pub(crate) mod bucket;
pub(crate) mod deed;
pub(crate) mod encryption;
mod gone;
mod history;
pub(crate) mod log;
pub(crate) mod million;
pub(crate) mod object;
pub(crate) mod plain;
mod uploads;
#[cfg(test)]
mod weight;

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::content::{ContentId, Library};
use crate::facts::ObjectFacts;
use crate::nature::Nature;
use crate::options::{OpenError, Provider};
use alike::Alike;
use bucket::{Bucket, Stored, Versioning};
use deed::{Cause, Deed, DeedKind};
use log::{Log, Record};
use object::Version;
use plain::Plain;

/// The state of one provider.
#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) provider: Provider,
    /// When this cloud was first opened; milliseconds since 1970.
    born: i64,
    pub(crate) buckets: BTreeMap<String, Bucket>,
    kept: Kept,
    nature: Nature,
    /// What versions have attached, the last used first.
    alike: Alike,
    /// The request that has the state in its hands.
    pub(crate) cause: Option<Cause>,
    /// `None` when nobody wants to know.
    deeds: Option<Vec<Deed>>,
}

/// Where changes go.
#[derive(Debug)]
enum Kept {
    InLog(Log),
    /// Nowhere: the state lives as long as its process.
    InMemory,
    /// By another process. This one only looks.
    Elsewhere,
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
    /// Reads the state, and shortens its log where that has grown long.
    pub(crate) fn open(
        provider: Provider,
        folder: &Path,
        library: &Library,
        nature: &Nature,
    ) -> Result<Store, OpenError> {
        let path = folder.join(format!("{}.jsonl", provider.word()));
        let (mut store, told) = Store::load(provider, &path, library, nature)?;
        let log = store.carry_on(&path, &told);
        store.kept = Kept::InLog(log.map_err(|source| OpenError::Files { path, source })?);
        Ok(store)
    }

    /// Reads the state that another process keeps.
    pub(crate) fn look(
        provider: Provider,
        folder: &Path,
        library: &Library,
    ) -> Result<Store, OpenError> {
        let path = folder.join(format!("{}.jsonl", provider.word()));
        Ok(Store::load(provider, &path, library, &Nature::real())?.0)
    }

    /// A state that no file knows of, with these buckets in it.
    pub(crate) fn in_memory(
        provider: Provider,
        buckets: BTreeMap<String, Bucket>,
        nature: &Nature,
    ) -> Store {
        Store {
            provider,
            born: nature.now_ms(),
            buckets,
            kept: Kept::InMemory,
            nature: nature.clone(),
            alike: Alike::default(),
            cause: None,
            deeds: None,
        }
    }

    /// The files that objects and parts refer to.
    pub(crate) fn files(&self) -> HashSet<String> {
        let objects = self
            .buckets
            .values()
            .flat_map(|bucket| bucket.objects.values())
            .filter_map(|stored| match stored {
                Stored::Several(versions) => Some(versions),
                Stored::Plain(_) => None,
            })
            .flatten();
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
        match &mut self.kept {
            Kept::InLog(log) => log.append(records),
            Kept::InMemory => Ok(()),
            Kept::Elsewhere => Err(only_looks()),
        }
    }

    /// Makes a bucket unless there is one.
    pub(crate) fn ensure_bucket(&mut self, name: &str, region: &str) -> io::Result<()> {
        if !self.buckets.contains_key(name) {
            let bucket = Bucket::new(region, self.nature.now_ms());
            self.write(&[bucket.record(name)])?;
            self.buckets.insert(name.to_owned(), bucket);
        }
        Ok(())
    }

    /// Changes the versioning or the access of a bucket.
    pub(crate) fn change_bucket(
        &mut self,
        name: &str,
        change: impl FnOnce(&mut Bucket),
    ) -> io::Result<()> {
        let old = self.bucket(name)?;
        let mut bucket = Bucket::new(&old.region, old.created);
        bucket.versioning = old.versioning;
        bucket.access = old.access.clone();
        change(&mut bucket);
        let record = bucket.record(name);
        self.write(std::slice::from_ref(&record))?;
        self.replay(record);
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
        let (version, versions) = self.with_version(bucket, key, version, library)?;
        self.set_versions(bucket, key, versions)?;
        self.note(bucket, key, || DeedKind::Written {
            version_id: version.id.clone(),
            etag: version.etag.clone(),
            size: version.size,
            segments: version.segments.clone(),
            facts: Box::new(ObjectFacts::of(&version)),
        });
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
        let (version, versions) = self.with_version(bucket, key, version, library)?;
        let record = Record::Key {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            versions,
        };
        let records = [record, gone(bucket, key, upload_id)];
        self.write(&records)?;
        for record in records {
            self.replay(record);
        }
        self.note(bucket, key, || DeedKind::Completed {
            upload_id: upload_id.to_owned(),
            version_id: version.id.clone(),
            etag: version.etag.clone(),
            size: version.size,
            facts: Box::new(ObjectFacts::of(&version)),
        });
        Ok(version)
    }

    fn with_version(
        &mut self,
        name: &str,
        key: &str,
        mut version: Version,
        library: &Library,
    ) -> io::Result<(Arc<Version>, Vec<Arc<Version>>)> {
        let bucket = self.bucket(name)?;
        let mut versions = bucket.versions(key, library);
        if bucket.versioning == Versioning::Enabled {
            version.id = Some(self.version_id());
        } else {
            version.id = None;
            versions.retain(|old| old.id.is_some());
        }
        self.alike.share(&mut version);
        let version = Arc::new(version);
        versions.push(Arc::clone(&version));
        Ok((version, versions))
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
        let version_id = version.id.clone();
        if let Some(old) = versions.iter_mut().find(|old| old.id == version.id) {
            *old = Arc::new(version);
        }
        self.set_versions(name, key, versions)?;
        self.note(name, key, || DeedKind::Changed { version_id });
        Ok(())
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
                let marker = Version::delete_marker(Some(self.version_id()), self.nature.now_ms());
                deleted = Deleted::of(&marker);
                versions.push(Arc::new(marker));
            }
            (None, Versioning::Suspended) => {
                versions.retain(|old| old.id.is_some());
                let marker = Version::delete_marker(None, self.nature.now_ms());
                deleted = Deleted::of(&marker);
                versions.push(Arc::new(marker));
            }
        }
        self.set_versions(name, key, versions)?;
        self.note(name, key, || DeedKind::Deleted {
            version_id: deleted.version_id.clone(),
            marker: deleted.marker,
        });
        Ok(deleted)
    }

    fn set_versions(
        &mut self,
        name: &str,
        key: &str,
        versions: Vec<Arc<Version>>,
    ) -> io::Result<()> {
        let plain = match versions.as_slice() {
            [one] => Plain::of(one),
            _ => None,
        };
        if let Some(plain) = plain {
            match &mut self.kept {
                Kept::InLog(log) => {
                    let attached = self.alike.text(plain.attached());
                    log.append_plain(&plain.line(name, key, attached))?;
                }
                Kept::InMemory => {}
                Kept::Elsewhere => return Err(only_looks()),
            }
            if let Some(bucket) = self.buckets.get_mut(name) {
                bucket.set_plain(key.to_owned(), plain);
            }
            return Ok(());
        }
        let record = Record::Key {
            bucket: name.to_owned(),
            key: key.to_owned(),
            versions,
        };
        self.write(std::slice::from_ref(&record))?;
        self.replay(record);
        Ok(())
    }

    fn bucket(&self, name: &str) -> io::Result<&Bucket> {
        let missing = || io::Error::other(format!("there is no bucket {name}"));
        self.buckets.get(name).ok_or_else(missing)
    }

    /// A version id in the provider's manner.
    fn version_id(&self) -> String {
        let chance = &self.nature.chance;
        match self.provider {
            Provider::Cos => crate::text::base64(format!("{:020}", chance.bits())),
            Provider::Obs => format!("G0011{}FFFF", chance.token(23).to_uppercase()),
            Provider::S3 => format!("{}.{}", chance.token(20), chance.token(11)),
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

fn only_looks() -> io::Error {
    io::Error::other("this process only looks at the state")
}

fn gone(bucket: &str, key: &str, upload_id: &str) -> Record {
    Record::UploadGone {
        bucket: bucket.to_owned(),
        key: key.to_owned(),
        upload_id: upload_id.to_owned(),
    }
}
