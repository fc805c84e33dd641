//! A listing, page by page, in the order of its keys.

use partway_domain::{Capability, Failure, FailureKind, Key, Prefix};
use partway_protocol::dialect::dialect;
use partway_protocol::op::{ListObjects, ObjectEntry, ObjectPage, Trail};

use crate::call::CallError;
use crate::capability::evidence;
use crate::driver::route::Side;
use crate::effect::pin::Ask;
use crate::record::journal_failure;

/// The most any provider answers in one page.
const PAGE: u32 = 1000;

/// Walks over everything that begins with a prefix.
#[derive(Debug)]
pub(crate) struct Walk {
    side: Side,
    prefix: Prefix,
    cursor: Option<String>,
    /// Where the walk begins, and then the last key that was seen.
    behind: Option<Key>,
    trail: Trail,
    v1: Option<bool>,
}

/// One page of a walk.
#[derive(Debug)]
pub(crate) struct Stretch {
    pub(crate) entries: Vec<ObjectEntry>,
    pub(crate) is_last: bool,
}

impl Walk {
    /// Begins behind `after`, or at the first key.
    pub(crate) fn new(side: &Side, prefix: &Prefix, after: Option<&Key>) -> Self {
        Self {
            side: side.clone(),
            prefix: prefix.clone(),
            cursor: None,
            behind: after.cloned(),
            trail: Trail::default(),
            v1: None,
        }
    }

    /// The next page. Fails where the keys do not come in their order: a listing that does not
    /// could not be resumed at a key, and would bring keys twice.
    pub(crate) async fn page(&mut self, asker: &impl Ask) -> Result<Stretch, CallError> {
        let page = self.fetch(asker).await?;
        self.trail.follow(&page).map_err(CallError::endless)?;
        for entry in &page.entries {
            if self.behind.as_ref().is_some_and(|last| *last >= entry.key) {
                return Err(self.disordered(&entry.key));
            }
            self.behind = Some(entry.key.clone());
        }
        self.cursor = page.next;
        Ok(Stretch {
            entries: page.entries,
            is_last: self.cursor.is_none(),
        })
    }

    async fn fetch(&mut self, asker: &impl Ask) -> Result<ObjectPage, CallError> {
        let known = match self.v1 {
            Some(v1) => v1,
            None => self.lacks_v2(asker)?,
        };
        let mut operation = ListObjects {
            bucket: self.side.bucket.clone(),
            prefix: self.prefix.clone(),
            delimiter: None,
            cursor: self.cursor.clone(),
            start_after: self.behind.as_ref().map(|key| key.as_str().to_owned()),
            max_keys: PAGE,
            v1: known,
            encoded: false,
        };
        let refused = match asker.ask(&self.side, &operation).await {
            Ok(answer) => {
                self.v1 = Some(known);
                return Ok(answer.output);
            }
            Err(CallError::Failed { failure, .. }) if self.may_lack_v2(&failure) => failure,
            Err(other) => return Err(other),
        };
        operation.v1 = true;
        let Ok(answer) = asker.ask(&self.side, &operation).await else {
            return Err(CallError::local(*refused));
        };
        self.v1 = Some(true);
        let (account, bucket) = (&self.side.account.id, &self.side.bucket);
        asker
            .shared()
            .note_absence(
                account,
                bucket,
                Capability::ListObjectsV2,
                evidence(&refused),
            )
            .await
            .map_err(|error| CallError::local(journal_failure(error)))?;
        Ok(answer.output)
    }

    fn lacks_v2(&self, asker: &impl Ask) -> Result<bool, CallError> {
        let (account, bucket) = (&self.side.account.id, &self.side.bucket);
        asker
            .shared()
            .record
            .journal()
            .capabilities(account, Some(bucket))
            .map(|known| known.lacks(Capability::ListObjectsV2))
            .map_err(|error| CallError::local(journal_failure(error)))
    }

    /// A server without the second version says so, or answers by the first.
    fn may_lack_v2(&self, failure: &Failure) -> bool {
        let first = self.cursor.is_none() && self.v1.is_none();
        first
            && dialect(self.side.account.dialect).lists_v2()
            && matches!(
                failure.kind,
                FailureKind::NotSupported | FailureKind::BadResponse | FailureKind::Invalid
            )
    }

    fn disordered(&self, key: &Key) -> CallError {
        CallError::local(Failure {
            operation: "ListObjects".to_owned(),
            bucket: Some(self.side.bucket.to_string()),
            key: Some(key.to_string()),
            ..Failure::local(
                FailureKind::BadResponse,
                format!(
                    "the listing of {} does not come in the order of its keys ({:?} is out of place), so it cannot be resumed: name the objects instead",
                    self.side.bucket,
                    key.as_str()
                ),
            )
        })
    }
}
