//! Who writes which object: transfers of this process that aim at one key go one after the
//! other, so that the second sees what the first has made.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use partway_domain::{Bucket, Key};
use tokio::sync::Notify;

/// The keys that are being written.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    held: Mutex<HashSet<(Bucket, Key)>>,
    freed: Notify,
}

/// The right to write one key; it ends when dropped.
#[derive(Debug)]
pub(crate) struct Claim {
    claims: Arc<Claims>,
    place: (Bucket, Key),
}

impl Claims {
    /// Waits until nobody else of this process writes the key. Buckets of one name at two
    /// providers wait for each other without need, which costs nothing but a moment.
    pub(crate) async fn claim(self: &Arc<Self>, bucket: &Bucket, key: &Key) -> Claim {
        loop {
            // From here on no end of another claim is missed.
            let freed = self.freed.notified();
            if let Some(claim) = self.try_claim(bucket, key) {
                return claim;
            }
            freed.await;
        }
    }

    /// The right to write the key, unless somebody has it.
    pub(crate) fn try_claim(self: &Arc<Self>, bucket: &Bucket, key: &Key) -> Option<Claim> {
        let place = (bucket.clone(), key.clone());
        let is_free = self.held().insert(place.clone());
        is_free.then(|| Claim {
            claims: Arc::clone(self),
            place,
        })
    }

    fn held(&self) -> MutexGuard<'_, HashSet<(Bucket, Key)>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Claim {
    /// Whether it is for this place.
    pub(crate) fn is_for(&self, bucket: &Bucket, key: &Key) -> bool {
        self.place.0 == *bucket && self.place.1 == *key
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.claims.held().remove(&self.place);
        self.claims.freed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(key: &str) -> (Bucket, Key) {
        (Bucket::parse("bucket").unwrap(), Key::parse(key).unwrap())
    }

    #[tokio::test]
    async fn a_key_is_written_by_one_at_a_time() {
        let claims = Arc::new(Claims::default());
        let (bucket, key) = place("a");
        let first = claims.claim(&bucket, &key).await;
        assert!(claims.try_claim(&bucket, &key).is_none());
        assert!(claims.try_claim(&bucket, &place("b").1).is_some());

        let second = tokio::spawn({
            let (claims, bucket, key) = (Arc::clone(&claims), bucket.clone(), key.clone());
            async move { claims.claim(&bucket, &key).await.is_for(&bucket, &key) }
        });
        tokio::task::yield_now().await;
        assert!(!second.is_finished());
        drop(first);
        assert!(second.await.unwrap());
    }
}
