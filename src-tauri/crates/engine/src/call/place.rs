//! Where a bucket really is: what servers pointed to, and looking for it where they did not.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use partway_domain::{Account, Bucket, DialectName, FailureKind};
use partway_protocol::credential::Credential;
use partway_protocol::dialect::dialect;
use partway_protocol::endpoint::Endpoint;
use partway_protocol::op::{GetBucketLocation, HeadBucket, ListBuckets, Operation, Target};

use super::once::Stumble;
use super::{Caller, lock};
use crate::driver::route::in_region;

/// Looking for a bucket is one question among many; nobody waits long for its answer.
const LOOK: Duration = Duration::from_secs(20);

/// A bucket that was not found is not looked for again for so long.
const LOST_FOR_MS: i64 = 60_000;

/// Pages of buckets looked through at most.
const MOST_PAGES: usize = 20;

/// How long requests go to the second domain after the first did not answer.
const FALLBACK_FOR_MS: i64 = 600_000;

/// What is remembered about places while the program runs.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// By endpoint host, then by bucket: looked up for every request, without a copy of either.
    buckets: Mutex<HashMap<String, HashMap<Bucket, Whereabouts>>>,
    /// Hosts whose second domain answers for them, and until when.
    fallbacks: Mutex<HashMap<String, i64>>,
}

#[derive(Debug, Clone)]
enum Whereabouts {
    /// It answered where it was asked.
    Here,
    /// Servers or lists said so.
    In(String),
    /// Nobody knew.
    LostUntil(i64),
}

impl Places {
    /// The region a bucket was found in.
    pub(super) fn region(&self, home: &Endpoint, bucket: &Bucket) -> Option<String> {
        self.look_up(home, bucket, |known| match known {
            Some(Whereabouts::In(region)) => Some(region.clone()),
            _ => None,
        })
    }

    /// A bucket answered where it was asked.
    pub(super) fn answered(&self, home: &Endpoint, bucket: &Bucket) {
        let mut buckets = lock(&self.buckets);
        let known = buckets.get(&home.host).and_then(|those| those.get(bucket));
        if !matches!(known, Some(Whereabouts::Here | Whereabouts::In(_))) {
            let those = buckets.entry(home.host.clone()).or_default();
            those.insert(bucket.clone(), Whereabouts::Here);
        }
    }

    fn is_known(&self, home: &Endpoint, bucket: &Bucket) -> bool {
        self.look_up(home, bucket, |known| {
            matches!(known, Some(Whereabouts::Here | Whereabouts::In(_)))
        })
    }

    fn learn(&self, home: &Endpoint, bucket: Option<&Bucket>, whereabouts: Whereabouts) {
        if let Some(bucket) = bucket {
            lock(&self.buckets)
                .entry(home.host.clone())
                .or_default()
                .insert(bucket.clone(), whereabouts);
        }
    }

    fn is_lost(&self, home: &Endpoint, bucket: &Bucket, now_ms: i64) -> bool {
        self.look_up(
            home,
            bucket,
            |known| matches!(known, Some(Whereabouts::LostUntil(until_ms)) if *until_ms > now_ms),
        )
    }

    fn look_up<T>(
        &self,
        home: &Endpoint,
        bucket: &Bucket,
        read: impl FnOnce(Option<&Whereabouts>) -> T,
    ) -> T {
        let buckets = lock(&self.buckets);
        read(buckets.get(&home.host).and_then(|those| those.get(bucket)))
    }

    /// Whether requests for this host go to its second domain at present.
    pub(super) fn is_on_fallback(&self, home: &Endpoint, now_ms: i64) -> bool {
        lock(&self.fallbacks)
            .get(&home.host)
            .is_some_and(|until_ms| *until_ms > now_ms)
    }

    pub(super) fn take_fallback(&self, home: &Endpoint, now_ms: i64) {
        lock(&self.fallbacks).insert(home.host.clone(), now_ms + FALLBACK_FOR_MS);
    }

    pub(super) fn leave_fallback(&self, home: &Endpoint) {
        lock(&self.fallbacks).remove(&home.host);
    }
}

impl Caller {
    /// Where to send a request again that went to the wrong place; `None` if nobody knows
    /// better. A redirect itself is never followed: only a region's name is taken from it, and
    /// the host is built from the account's own.
    pub(super) async fn relocate(
        &self,
        account: &Account,
        credential: &Credential,
        home: &Endpoint,
        sent_to: &Endpoint,
        bucket: Option<&Bucket>,
        trouble: &Stumble,
    ) -> Option<Endpoint> {
        // A COS region knows nothing of the buckets of the others, and a HEAD of an object there
        // says no more than "not found".
        let cos = account.dialect == DialectName::Cos;
        let misses = match trouble.failure.kind {
            FailureKind::WrongRegion => true,
            FailureKind::NoSuchBucket => cos,
            FailureKind::NoSuchSource => {
                cos && trouble.failure.code.is_none() && !self.places.is_known(home, bucket?)
            }
            _ => false,
        };
        if !misses || trouble.stranger.is_some() {
            return None;
        }
        let region = match trouble.region.clone() {
            Some(region) => region,
            None => self.look_for(account, credential, home, bucket?).await?,
        };
        let moved = in_region(account.dialect, home, &region);
        self.places.learn(home, bucket, Whereabouts::In(region));
        (moved != *sent_to).then_some(moved)
    }

    /// Asks whoever may know where a bucket is.
    async fn look_for(
        &self,
        account: &Account,
        credential: &Credential,
        home: &Endpoint,
        bucket: &Bucket,
    ) -> Option<String> {
        let now_ms = self.clock.now_ms();
        if self.places.is_lost(home, bucket, now_ms) {
            return None;
        }
        let ask = Asking {
            caller: self,
            target: Target {
                dialect: dialect(account.dialect),
                endpoint: home,
            },
            credential,
        };
        // A COS region denies buckets of other regions whatever it is asked.
        let found = match account.dialect {
            DialectName::Cos => None,
            _ => ask.bucket(bucket).await,
        };
        let found = match found {
            Some(region) => Some(region),
            None => ask.all_buckets(bucket).await,
        };
        if found.is_none() {
            let lost = Whereabouts::LostUntil(now_ms + LOST_FOR_MS);
            self.places.learn(home, Some(bucket), lost);
        }
        found
    }
}

struct Asking<'a> {
    caller: &'a Caller,
    target: Target<'a>,
    credential: &'a Credential,
}

impl Asking<'_> {
    async fn once<O: Operation>(&self, operation: &O) -> Result<O::Output, Stumble> {
        let offset_ms = self.caller.clock_offset_ms(self.target.endpoint);
        self.caller
            .send(self.target, self.credential, operation, LOOK, offset_ms)
            .await
            .map(|answer| answer.output)
    }

    /// The bucket itself, by HEAD and by its location. Refusals tell the region, too.
    async fn bucket(&self, bucket: &Bucket) -> Option<String> {
        let bucket = bucket.clone();
        let head = HeadBucket {
            bucket: bucket.clone(),
        };
        let by_head = match self.once(&head).await {
            Ok(head) => head.region,
            Err(stumble) => stumble.region,
        };
        if by_head.is_some() {
            return by_head;
        }
        match self.once(&GetBucketLocation { bucket }).await {
            Ok(region) => region,
            Err(stumble) => stumble.region,
        }
    }

    /// The list of buckets, where it names regions.
    async fn all_buckets(&self, bucket: &Bucket) -> Option<String> {
        let mut cursor = None;
        for _ in 0..MOST_PAGES {
            let page = self.once(&ListBuckets { cursor }).await.ok()?;
            if let Some(entry) = page.buckets.into_iter().find(|entry| entry.name == *bucket) {
                return entry.region;
            }
            cursor = Some(page.next?);
        }
        None
    }
}
