//! What really is there and what really happened: for a checker.

use std::collections::BTreeMap;
use std::sync::MutexGuard;

use super::InProcess;
use crate::compare::Comparison;
use crate::facts::{ObjectFacts, UploadFacts};
use crate::lock;
use crate::options::Provider;
use crate::record::{RequestRecord, Tally};
use crate::request;
use crate::store::Store;
use crate::store::deed::Deed;

impl InProcess {
    /// The current version of an object; `None` when there is none or it is a delete marker.
    pub fn object(&self, provider: Provider, bucket: &str, key: &str) -> Option<ObjectFacts> {
        let library = &self.world.library;
        self.store(provider).object_facts(bucket, key, library)
    }

    /// Every version of an object, oldest first, delete markers among them.
    pub fn versions(&self, provider: Provider, bucket: &str, key: &str) -> Vec<ObjectFacts> {
        let library = &self.world.library;
        self.store(provider).version_facts(bucket, key, library)
    }

    /// The current objects of a bucket, by key.
    pub fn objects(&self, provider: Provider, bucket: &str) -> Vec<(String, ObjectFacts)> {
        let library = &self.world.library;
        self.store(provider).bucket_facts(bucket, library)
    }

    /// Compares what lies below two prefixes, each a bucket and the beginning of its keys.
    pub fn compare(
        &self,
        provider: Provider,
        first: (&str, &str),
        second: (&str, &str),
    ) -> Comparison {
        let library = &self.world.library;
        self.store(provider).compare(first, second, library)
    }

    /// Every open multipart upload of a provider, by bucket, key and upload id.
    pub fn uploads(&self, provider: Provider) -> Vec<UploadFacts> {
        self.store(provider).upload_facts()
    }

    /// Everything that took effect since the cloud was opened, in order, of all providers.
    pub fn deeds(&self) -> Vec<Deed> {
        let all = Provider::ALL.map(|provider| self.store(provider).deeds().to_vec());
        let mut all = all.concat();
        all.sort_unstable_by_key(|deed| deed.seq);
        all
    }

    /// The requests in the order in which they ended; at most the last 100,000.
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.world.records.all()
    }

    /// How many requests there were, by provider and operation.
    pub fn tally(&self) -> BTreeMap<(Provider, String), Tally> {
        self.world.records.tally()
    }

    /// The state, once everything that is due has taken effect.
    pub(super) fn store(&self, provider: Provider) -> MutexGuard<'_, Store> {
        request::settle(&self.world);
        lock(self.world.store(provider))
    }
}
