//! Prefixes that go to the same place: whether another one of the job has brought a key there
//! already. Asked of the journal, because a source that was moved is listed no more.

use std::collections::VecDeque;

use partway_domain::{JobId, Key, Prefix, TransferId};
use partway_journal::JournalError;

use super::rivals::{overlap, there};
use crate::engine::Shared;

/// Rows read at once.
const AT_ONCE: u32 = 500;

/// What the other prefixes of a job have brought, walked beside the listing of this one.
pub(crate) struct Brought {
    job: JobId,
    others: Vec<Other>,
}

/// One other prefix. Its keys rise with the numbers of their transfers, so one walk finds them all.
struct Other {
    from: Prefix,
    to: Prefix,
    /// The last transfer that was read.
    read: TransferId,
    ahead: VecDeque<Key>,
    ended: bool,
}

impl Brought {
    /// `to` is where this prefix goes; `named_until` the last of the transfers that were named one
    /// by one.
    pub(crate) fn new<'a>(
        job: JobId,
        named_until: TransferId,
        to: &Prefix,
        others: impl Iterator<Item = (&'a Prefix, &'a Prefix)>,
    ) -> Self {
        let other = |(from, to): (&Prefix, &Prefix)| Other {
            from: from.clone(),
            to: to.clone(),
            read: named_until,
            ahead: VecDeque::new(),
            ended: false,
        };
        let others = others.filter(|(_, other)| overlap(to, other)).map(other);
        Self {
            job,
            others: others.collect(),
        }
    }

    /// Whether a transfer of another prefix goes to this key; keys come in rising order.
    pub(crate) async fn have(&mut self, shared: &Shared, key: &Key) -> Result<bool, JournalError> {
        for other in &mut self.others {
            if let Some(source) = there(&other.from, &other.to, key)
                && other.reaches(shared, self.job, &source).await?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Other {
    /// Walks up to a source key, and whether it is one of the transfers'.
    async fn reaches(
        &mut self,
        shared: &Shared,
        job: JobId,
        source: &Key,
    ) -> Result<bool, JournalError> {
        loop {
            while let Some(first) = self.ahead.front() {
                if first.as_str() >= source.as_str() {
                    return Ok(first == source);
                }
                self.ahead.pop_front();
            }
            if self.ended {
                return Ok(false);
            }
            self.read_on(shared, job).await?;
        }
    }

    async fn read_on(&mut self, shared: &Shared, job: JobId) -> Result<(), JournalError> {
        let after = self.read;
        let rows = shared
            .record
            .blocking(move |journal| journal.sources_behind(job, after, AT_ONCE))
            .await?;
        // What comes later is of the listing that asks.
        self.ended = rows.len() < AT_ONCE as usize;
        if let Some((last, _)) = rows.last() {
            self.read = *last;
        }
        let keys = rows.into_iter().map(|(_, key)| key);
        let from = self.from.as_str();
        self.ahead
            .extend(keys.filter(|key| key.as_str().starts_with(from)));
        Ok(())
    }
}
