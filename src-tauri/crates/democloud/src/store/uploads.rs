//! Uploads and their parts: begun, filled, dropped, and now and then back again.

use std::collections::BTreeMap;
use std::io;

use super::deed::DeedKind;
use super::log::Record;
use super::object::{Part, Upload};
use super::{Kept, Store, gone};

impl Store {
    /// Opens an upload.
    pub(crate) fn create_upload(&mut self, bucket: &str, upload: Upload) -> io::Result<()> {
        let (key, upload_id) = (upload.key.clone(), upload.id.clone());
        let record = Record::Upload {
            bucket: bucket.to_owned(),
            upload: Box::new(upload),
        };
        self.write(std::slice::from_ref(&record))?;
        self.replay(record);
        self.note(bucket, &key, || DeedKind::UploadMade { upload_id });
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
        self.note(bucket, key, || DeedKind::PartWritten {
            upload_id: upload_id.to_owned(),
            number: part.number,
            size: part.size,
            etag: part.etag.clone(),
            segments: part.segments.clone(),
        });
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
        let Some(upload) = self.upload(bucket, key, upload_id) else {
            return Ok(false);
        };
        let dropped = self.is_aborting().then(|| Upload {
            parts: BTreeMap::new(),
            attached: upload.attached.clone(),
            id: upload.id.clone(),
            key: upload.key.clone(),
            ..*upload
        });
        let record = gone(bucket, key, upload_id);
        self.write(std::slice::from_ref(&record))?;
        self.replay(record);
        let upload_id = upload_id.to_owned();
        let aborting = self.is_aborting();
        if aborting && let (Kept::InMemory, Some(upload)) = (&self.kept, dropped) {
            let name = (key.to_owned(), upload_id.clone());
            if let Some(bucket) = self.buckets.get_mut(bucket) {
                bucket.aborted.insert(name, upload);
            }
        }
        self.note(bucket, key, || {
            if aborting {
                DeedKind::Aborted { upload_id }
            } else {
                DeedKind::Vanished { upload_id }
            }
        });
        Ok(true)
    }

    /// Drops every upload that is this many seconds old, as a rule of its bucket would.
    pub(crate) fn expire_uploads(&mut self, now: i64, seconds: u64) -> io::Result<()> {
        let age = i64::try_from(seconds).unwrap_or(i64::MAX / 1000) * 1000;
        let mut due = Vec::new();
        for (name, bucket) in &self.buckets {
            let old = bucket.uploads.values();
            let old = old.filter(|upload| now.saturating_sub(upload.initiated) >= age);
            due.extend(old.map(|upload| (name.clone(), upload.key.clone(), upload.id.clone())));
        }
        for (bucket, key, id) in due {
            self.drop_upload(&bucket, &key, &id)?;
        }
        Ok(())
    }

    /// Brings an aborted upload back, without its parts.
    pub(crate) fn revive(&mut self, bucket: &str, key: &str, upload_id: &str) {
        let name = (key.to_owned(), upload_id.to_owned());
        let Some(bucket) = self.buckets.get_mut(bucket) else {
            return;
        };
        if let Some(upload) = bucket.aborted.remove(&name) {
            bucket.uploads.insert(name, upload);
        }
    }

    pub(crate) fn upload(&self, bucket: &str, key: &str, upload_id: &str) -> Option<&Upload> {
        let name = (key.to_owned(), upload_id.to_owned());
        self.buckets.get(bucket)?.uploads.get(&name)
    }
}
