//! Deleting a batch: by one request where the server has that, else object by object.

use futures::StreamExt as _;
use partway_domain::{Failure, FailureKind, Key};
use partway_protocol::op::{DeleteObject, DeleteObjects, Operation as _, RefusedDeletion};

use super::{AT_ONCE, BATCH, Found, News, Runner};

impl Runner<'_> {
    /// Deletes a batch and tells what became of each; whether to go on.
    pub(super) async fn delete(&self, found: Vec<Found>) -> Result<bool, Failure> {
        let (together, alone): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|one| xml_holds(&one.key));
        if !self.delete_singly(alone).await? {
            return Ok(false);
        }
        for chunk in together.chunks(BATCH) {
            if !self.delete_together(chunk).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn delete_together(&self, chunk: &[Found]) -> Result<bool, Failure> {
        let named = chunk.iter();
        let operation = DeleteObjects {
            bucket: self.side.bucket.clone(),
            objects: named
                .map(|one| (one.key.clone(), one.version.clone()))
                .collect(),
        };
        let (account, region) = (&self.side.account, self.side.region.as_deref());
        let answer = match self.engine.call(account, region, &operation).await {
            Ok(answer) => answer,
            // Not every server has it; what it does one by one is the same.
            Err(failure) if failure.kind == FailureKind::NotSupported => {
                return self.delete_singly(chunk.to_vec()).await;
            }
            Err(failure) => return Err(failure),
        };
        let request_id = answer.request_id;
        let refused = answer.output.refused;
        let done = chunk.len().saturating_sub(refused.len()) as u64;
        let mut goes_on = (self.hear)(News::Done(done));
        for one in refused {
            let (key, failure) = self.refusal(one, request_id.clone());
            goes_on &= (self.hear)(News::Refused(key, Box::new(failure)));
        }
        Ok(goes_on)
    }

    async fn delete_singly(&self, found: Vec<Found>) -> Result<bool, Failure> {
        let (account, region) = (&self.side.account, self.side.region.as_deref());
        let mut outcomes = futures::stream::iter(found)
            .map(|one| async move {
                let operation = DeleteObject {
                    bucket: self.side.bucket.clone(),
                    key: one.key.clone(),
                    version: one.version,
                };
                let asked = self.engine.call(account, region, &operation).await;
                (one.key, asked.map(|_| ()))
            })
            .buffer_unordered(AT_ONCE);
        while let Some((key, outcome)) = outcomes.next().await {
            if !self.tell(key, outcome)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn refusal(&self, one: RefusedDeletion, request_id: Option<String>) -> (Key, Failure) {
        let failure = Failure {
            operation: DeleteObjects::NAME.to_owned(),
            bucket: Some(self.side.bucket.to_string()),
            key: Some(one.key.to_string()),
            code: Some(one.code),
            request_id,
            attempts: 1,
            ..Failure::local(one.kind, one.message)
        };
        (one.key, failure)
    }
}

/// Whether a list of keys in XML can name this one.
fn xml_holds(key: &Key) -> bool {
    !key.as_str()
        .chars()
        .any(|c| c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}'))
}
