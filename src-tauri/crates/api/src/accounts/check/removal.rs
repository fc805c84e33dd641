//! Taking away what a probe made: the upload until it is gone, every version of its objects.

use std::time::Duration;

use partway_domain::{Bucket, Failure, FailureKind, Key, Prefix, UploadId, VersionId};
use partway_protocol::op;

use super::look::Look;
use super::report::Test;
use crate::error::ApiError;

/// How often something is removed that is still seen afterwards.
const TIMES: u32 = 6;
/// The pause before the second try; each one after it is twice as long.
const PAUSE: Duration = Duration::from_millis(100);

/// What a probe made or may have made: noted before it is sent, for answers get lost.
#[derive(Debug, Default)]
pub(super) struct Made {
    pub(super) objects: Vec<Key>,
    /// Uploads of this key are the probe's: nobody else knows its random name.
    pub(super) uploads_of: Option<Key>,
    pub(super) upload: Option<UploadId>,
}

impl Made {
    /// Aborts the upload, as a check of its own.
    pub(super) async fn abort(&mut self, look: &Look<'_>, test: &mut Test) {
        let (Some(key), Some(upload_id)) = (self.uploads_of.clone(), self.upload.take()) else {
            test.unknown("abort_upload", "Not tried: the upload was completed.");
            return;
        };
        match abort_until_gone(look, &key, &upload_id).await {
            Ok(()) => {
                self.uploads_of = None;
                test.passed("abort_upload", "Uploads can be given back.");
            }
            // Tried once more with the rest, which then says what stays.
            Err(failure) => test.refused(look.account.dialect, "abort_upload", None, failure),
        }
    }

    /// Removes everything, as a check of its own.
    pub(super) async fn remove(&mut self, look: &Look<'_>, test: &mut Test) {
        match self.clear(look, test).await {
            None => test.passed("delete_object", "Everything the probe made is removed."),
            Some(failure) => {
                let names = test.left_behind.join(", ");
                let error = ApiError {
                    message: format!(
                        "The probe could not be removed: {names}; delete it yourself. {}",
                        failure.message
                    ),
                    ..failure.clone().into()
                };
                test.refused(look.account.dialect, "delete_object", None, failure);
                test.explain_last(error);
            }
        }
    }

    /// Removes what may have been made although the server did not say so.
    pub(super) async fn remove_unsure(&mut self, look: &Look<'_>, test: &mut Test) {
        match self.clear(look, test).await {
            None => test.passed(
                "delete_object",
                "The probe object is removed, should it have been written.",
            ),
            Some(failure) => test.unknown(
                "delete_object",
                format!(
                    "Whether the probe object was written is not known, and it could not be \
                     removed: {}",
                    failure.message
                ),
            ),
        }
    }

    /// The first failure, if something stays.
    async fn clear(&mut self, look: &Look<'_>, test: &mut Test) -> Option<Failure> {
        let mut first = None;
        if let Some(key) = self.uploads_of.take() {
            for upload_id in open_uploads(look, &key).await {
                if let Err(failure) = abort_until_gone(look, &key, &upload_id).await {
                    test.left_behind.push(place(&look.bucket, &key));
                    first.get_or_insert(failure);
                }
            }
        }
        for key in std::mem::take(&mut self.objects) {
            if let Err(failure) = delete_until_gone(look, &key).await {
                let left = place(&look.bucket, &key);
                if !test.left_behind.contains(&left) {
                    test.left_behind.push(left);
                }
                first.get_or_insert(failure);
            }
        }
        first
    }
}

fn place(bucket: &Bucket, key: &Key) -> String {
    format!("{bucket}/{}", key.as_str())
}

async fn open_uploads(look: &Look<'_>, key: &Key) -> Vec<UploadId> {
    let Ok(prefix) = Prefix::parse(key.as_str()) else {
        return Vec::new();
    };
    let list = op::ListMultipartUploads {
        bucket: look.bucket.clone(),
        prefix,
        cursor: None,
        encoded: false,
    };
    let Ok(page) = look.send(&list).await else {
        return Vec::new();
    };
    let ours = page.uploads.into_iter().filter(|upload| upload.key == *key);
    ours.map(|upload| upload.upload_id).collect()
}

async fn abort_until_gone(look: &Look<'_>, key: &Key, upload_id: &UploadId) -> Result<(), Failure> {
    let mut tries = Tries::new("the upload is still listed after it was aborted");
    loop {
        match abort_once(look, key, upload_id).await {
            Ok(true) => return Ok(()),
            other => tries.again(other).await?,
        }
    }
}

/// One abort and one look; whether the upload is gone.
async fn abort_once(look: &Look<'_>, key: &Key, upload_id: &UploadId) -> Result<bool, Failure> {
    let abort = op::AbortMultipartUpload {
        bucket: look.bucket.clone(),
        key: key.clone(),
        upload_id: upload_id.clone(),
    };
    match look.send(&abort).await {
        Err(failure) if failure.kind == FailureKind::NoSuchUpload => return Ok(true),
        aborted => aborted?,
    }
    let list = op::ListParts {
        bucket: look.bucket.clone(),
        key: key.clone(),
        upload_id: upload_id.clone(),
        after: None,
    };
    Ok(match look.send(&list).await {
        Ok(_) => false,
        // Nobody who may not list, and no server that cannot, will show it.
        Err(failure) => !failure.kind.is_transient(),
    })
}

async fn delete_until_gone(look: &Look<'_>, key: &Key) -> Result<(), Failure> {
    let mut tries = Tries::new("the object is still there after it was deleted");
    loop {
        match delete_once(look, key).await {
            Ok(true) => return Ok(()),
            other => tries.again(other).await?,
        }
    }
}

/// Deletes every version and looks; whether the object is gone.
async fn delete_once(look: &Look<'_>, key: &Key) -> Result<bool, Failure> {
    for version in versions(look, key).await {
        let delete = op::DeleteObject {
            bucket: look.bucket.clone(),
            key: key.clone(),
            version,
        };
        look.send(&delete).await?;
    }
    let head = op::HeadObject {
        bucket: look.bucket.clone(),
        key: key.clone(),
        version: None,
        customer_key: None,
    };
    Ok(match look.send(&head).await {
        Ok(_) => false,
        Err(failure) => !failure.kind.is_transient(),
    })
}

/// Every version and delete marker of the key; the object itself where there are none.
async fn versions(look: &Look<'_>, key: &Key) -> Vec<Option<VersionId>> {
    let Ok(prefix) = Prefix::parse(key.as_str()) else {
        return vec![None];
    };
    let list = op::ListObjectVersions {
        bucket: look.bucket.clone(),
        prefix,
        delimiter: None,
        cursor: None,
        max_keys: 100,
        encoded: false,
    };
    match look.send(&list).await {
        Ok(page) => {
            let ours = page.versions.into_iter().filter(|entry| entry.key == *key);
            let found: Vec<_> = ours.map(|entry| entry.version).collect();
            if found.is_empty() { vec![None] } else { found }
        }
        Err(_) => vec![None],
    }
}

/// Tries that are used up one by one, with a longer pause before each.
struct Tries {
    left: u32,
    pause: Duration,
    last: Failure,
}

impl Tries {
    fn new(still: &str) -> Self {
        Self {
            left: TIMES,
            pause: PAUSE,
            last: Failure::local(FailureKind::ServerTrouble, still),
        }
    }

    /// Waits for the next try, unless there is none or it would fail as well.
    async fn again(&mut self, outcome: Result<bool, Failure>) -> Result<(), Failure> {
        match outcome {
            Err(failure) if failure.kind.is_transient() => self.last = failure,
            Err(failure) => return Err(failure),
            Ok(_) => {}
        }
        self.left -= 1;
        if self.left == 0 {
            return Err(self.last.clone());
        }
        tokio::time::sleep(self.pause).await;
        self.pause *= 2;
        Ok(())
    }
}
