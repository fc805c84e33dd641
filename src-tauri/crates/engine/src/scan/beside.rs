//! The destination's listing, walked along beside the source's: both come in the order of
//! their keys, so one pass tells what exists and no object is asked for one by one.

use partway_domain::{Facts, FailureKind, Key, Prefix};
use partway_protocol::op::ObjectEntry;
use partway_protocol::time::parse_ms;

use crate::call::CallError;
use crate::driver::route::Side;
use crate::effect::pin::Ask;
use crate::listing::Walk;

/// A walk over the destination.
#[derive(Debug)]
pub(crate) struct Beside {
    walk: Walk,
    page: std::iter::Peekable<std::vec::IntoIter<ObjectEntry>>,
    pages: u64,
    ended: bool,
    /// The key may not list here: every object is looked at by itself.
    blind: bool,
}

/// What a listing tells of an object.
pub(crate) fn facts(entry: &ObjectEntry) -> Facts {
    Facts {
        size: entry.size,
        etag: entry.etag.clone(),
        modified_ms: parse_ms(&entry.last_modified),
    }
}

impl Beside {
    /// Begins behind `after`: what was passed before a crash is not listed again.
    pub(crate) fn new(side: &Side, prefix: &Prefix, after: Option<&Key>) -> Self {
        Self {
            walk: Walk::new(side, prefix, after),
            page: Vec::new().into_iter().peekable(),
            pages: 0,
            ended: false,
            blind: false,
        }
    }

    /// Pages read so far.
    pub(crate) fn pages(&self) -> u64 {
        self.pages
    }

    /// What stands at `key`, to be asked for in rising order; `None` for nothing, or for what
    /// only a look at the object itself can tell.
    pub(crate) async fn at(
        &mut self,
        asker: &impl Ask,
        key: &Key,
    ) -> Result<Option<Facts>, CallError> {
        loop {
            while let Some(entry) = self.page.next_if(|entry| entry.key < *key) {
                drop(entry);
            }
            if let Some(entry) = self.page.next_if(|entry| entry.key == *key) {
                return Ok(Some(facts(&entry)));
            }
            if self.page.peek().is_some() || self.ended || self.blind {
                return Ok(None);
            }
            match self.walk.page(asker).await {
                Ok(page) => {
                    self.pages += 1;
                    self.ended = page.is_last;
                    self.page = page.entries.into_iter().peekable();
                }
                // Whoever may write but not list copies all the same.
                Err(CallError::Failed { failure, .. })
                    if matches!(
                        failure.kind,
                        FailureKind::AccessDenied | FailureKind::BadResponse
                    ) =>
                {
                    tracing::info!(%failure, "the destination is looked at object by object");
                    self.blind = true;
                }
                Err(other) => return Err(other),
            }
        }
    }
}
