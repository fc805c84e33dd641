//! One page of what begins with a prefix, by the version of the call that the server knows.

use std::sync::OnceLock;

use partway_domain::{Capability, Failure, FailureKind, Prefix};
use partway_protocol::dialect::dialect;
use partway_protocol::op::{ListObjects, ObjectPage};

use crate::call::CallError;
use crate::capability::evidence;
use crate::driver::route::Side;
use crate::effect::pin::Ask;
use crate::record::journal_failure;

/// The most any provider answers in one page.
const PAGE: u32 = 1000;

/// What is listed.
#[derive(Debug)]
pub(crate) struct Level {
    side: Side,
    prefix: Prefix,
    delimiter: Option<char>,
    /// Which version the first answer came by.
    v1: OnceLock<bool>,
}

impl Level {
    /// Everything that begins with `prefix`, rolled up at the delimiter.
    pub(crate) fn new(side: Side, prefix: Prefix, delimiter: Option<char>) -> Self {
        Self {
            side,
            prefix,
            delimiter,
            v1: OnceLock::new(),
        }
    }

    pub(super) fn prefix(&self) -> &Prefix {
        &self.prefix
    }

    pub(super) fn delimiter(&self) -> Option<char> {
        self.delimiter
    }

    /// The page at the cursor, or without one the page behind `after`.
    pub(crate) async fn page(
        &self,
        asker: &impl Ask,
        after: Option<&str>,
        cursor: Option<&str>,
    ) -> Result<ObjectPage, CallError> {
        let v1 = match self.v1.get() {
            Some(v1) => *v1,
            None => self.lacks_v2(asker)?,
        };
        let mut operation = ListObjects {
            bucket: self.side.bucket.clone(),
            prefix: self.prefix.clone(),
            delimiter: self.delimiter,
            cursor: cursor.map(str::to_owned),
            start_after: after.map(str::to_owned),
            max_keys: PAGE,
            v1,
            encoded: false,
        };
        let refused = match asker.ask(&self.side, &operation).await {
            Ok(answer) => {
                let _ = self.v1.set(v1);
                return Ok(answer.output);
            }
            Err(CallError::Failed { failure, .. })
                if cursor.is_none() && self.may_lack_v2(&failure) =>
            {
                failure
            }
            Err(other) => return Err(other),
        };
        operation.v1 = true;
        let Ok(answer) = asker.ask(&self.side, &operation).await else {
            return Err(CallError::local(*refused));
        };
        let _ = self.v1.set(true);
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

    /// What is wrong with a listing in which this name comes after a greater one.
    pub(crate) fn disordered(&self, name: &str) -> CallError {
        CallError::local(Failure {
            operation: "ListObjects".to_owned(),
            bucket: Some(self.side.bucket.to_string()),
            key: Some(name.to_owned()),
            ..Failure::local(
                FailureKind::BadResponse,
                format!(
                    "the listing of {} does not come in the order of its keys ({name:?} is out of place), so it cannot be resumed: name the objects instead",
                    self.side.bucket,
                ),
            )
        })
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
        self.v1.get().is_none()
            && dialect(self.side.account.dialect).lists_v2()
            && matches!(
                failure.kind,
                FailureKind::NotSupported | FailureKind::BadResponse | FailureKind::Invalid
            )
    }
}
