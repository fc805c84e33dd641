//! What every case needs: a cloud, an engine, an account, and short ways to ask.

use partway_democloud::ObjectFacts;
use partway_domain::{
    Account, Bucket, DialectName, ETag, Failure, Key, PartNumber, Prefix, UploadId,
};
use partway_engine::Engine;
use partway_protocol::endpoint::Endpoint;
use partway_protocol::op::{
    Attributes, Conditions, Copied, CopySource, CreateMultipartUpload, HeadObject, ListBuckets,
    ListObjects, ObjectEntry, ObjectHead, ObjectPage, Operation, Terms, UploadPartCopy,
};
use partway_tests::cloud::bucket;
use partway_tests::{Cloud, Machine};

pub(crate) struct Desk {
    pub(crate) cloud: Cloud,
    /// Holds the engine's journal.
    _machine: Machine,
    pub(crate) engine: Engine,
    pub(crate) account: Account,
    pub(crate) dialect: DialectName,
}

impl Desk {
    pub(crate) async fn new(dialect: DialectName) -> Self {
        let cloud = Cloud::open().await;
        let machine = Machine::new(&cloud);
        Self {
            engine: machine.engine(),
            account: cloud.account(dialect),
            _machine: machine,
            cloud,
            dialect,
        }
    }

    pub(crate) fn bucket(&self, word: &str) -> Bucket {
        bucket(self.dialect, word)
    }

    pub(crate) async fn ask<O: Operation>(&self, operation: &O) -> Result<O::Output, Failure> {
        let answer = self.engine.call(&self.account, None, operation).await?;
        assert!(
            answer.request_id.is_some(),
            "{} without a request id",
            O::NAME
        );
        Ok(answer.output)
    }

    pub(crate) async fn get<O: Operation>(&self, operation: &O) -> O::Output {
        self.ask(operation)
            .await
            .unwrap_or_else(|failure| panic!("{}: {failure}", O::NAME))
    }

    /// Where a bucket is, by the list of buckets.
    pub(crate) async fn region_of(&self, word: &str) -> String {
        let page = self.get(&ListBuckets { cursor: None }).await;
        let bucket = self.bucket(word);
        let entry = page.buckets.into_iter().find(|entry| entry.name == bucket);
        entry.and_then(|entry| entry.region).expect("a region")
    }

    pub(crate) async fn head(&self, word: &str, key: &str) -> Result<ObjectHead, Failure> {
        self.ask(&HeadObject {
            bucket: self.bucket(word),
            key: name(key),
            version: None,
            customer_key: None,
        })
        .await
    }

    pub(crate) async fn page(&self, list: ListObjects) -> ObjectPage {
        self.get(&list).await
    }

    /// The whole listing, `max_keys` at a time.
    pub(crate) async fn list_all(
        &self,
        word: &str,
        prefix: &str,
        max_keys: u32,
    ) -> Vec<ObjectEntry> {
        let mut entries = Vec::new();
        let mut cursor = None;
        loop {
            let list = ListObjects {
                cursor,
                max_keys,
                ..self.list(word, prefix)
            };
            let page = self.page(list).await;
            assert!(page.entries.len() <= max_keys as usize);
            entries.extend(page.entries);
            match page.next {
                Some(next) => cursor = Some(next),
                None => return entries,
            }
        }
    }

    pub(crate) fn list(&self, word: &str, prefix: &str) -> ListObjects {
        ListObjects {
            bucket: self.bucket(word),
            prefix: Prefix::parse(prefix).expect("a prefix"),
            delimiter: None,
            cursor: None,
            start_after: None,
            max_keys: 1000,
            v1: false,
            encoded: false,
        }
    }

    pub(crate) fn source(&self, word: &str, key: &str) -> CopySource {
        CopySource {
            bucket: self.bucket(word),
            key: name(key),
            version: None,
            endpoint: Endpoint::of(&self.account).expect("an endpoint"),
            customer_key: None,
        }
    }

    pub(crate) async fn create(&self, key: &str) -> UploadId {
        self.get(&CreateMultipartUpload {
            bucket: self.bucket("backup"),
            key: name(key),
            attributes: Attributes::default(),
            checksum: false,
            terms: Terms::default(),
        })
        .await
    }

    pub(crate) fn part(
        &self,
        key: &str,
        upload_id: &UploadId,
        number: u32,
        (from_word, from_key): (&str, &str),
        (start, end): (u64, u64),
    ) -> UploadPartCopy {
        UploadPartCopy {
            bucket: self.bucket("backup"),
            key: name(key),
            upload_id: upload_id.clone(),
            number: PartNumber::new(number).expect("a part number"),
            source: self.source(from_word, from_key),
            conditions: Conditions::None,
            range: partway_domain::ByteRange::new(start, end).expect("a range"),
            customer_key: None,
        }
    }

    pub(crate) fn truth(&self, word: &str, key: &str) -> Option<ObjectFacts> {
        self.cloud.object(self.dialect, &self.bucket(word), key)
    }
}

pub(crate) fn name(key: &str) -> Key {
    Key::parse(key).expect("a key")
}

pub(crate) fn tag(copied: &Copied) -> ETag {
    copied.etag.clone()
}
