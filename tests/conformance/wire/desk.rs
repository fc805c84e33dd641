//! What every case needs: a server with two buckets, an engine, and short ways to ask.

use partway_domain::{
    Account, Bucket, ByteRange, DialectName, ETag, Failure, Key, PartNumber, Prefix, UploadId,
};
use partway_engine::Engine;
use partway_protocol::endpoint::Endpoint;
use partway_protocol::op::{
    Attributes, CompleteMultipartUpload, Conditions, Copied, CopyObject, CopySource,
    CreateMultipartUpload, GetObject, HeadObject, ListMultipartUploads, ListObjects, ListParts,
    ListedUpload, ObjectHead, Operation, PutObject, Terms, UploadPart, UploadPartCopy,
};
use partway_tests::{Machine, Server};

/// Read at once; the engine's wire takes no larger answers.
const SLICE: u64 = 4 << 20;

pub(super) struct Desk {
    pub(super) server: Server,
    pub(super) machine: Machine,
    pub(super) engine: Engine,
    /// Empty at first.
    pub(super) bucket: Bucket,
}

impl Desk {
    pub(super) async fn new(dialect: DialectName) -> Self {
        let server = Server::open(dialect).await;
        let machine = server.machine();
        Self {
            engine: machine.engine(),
            bucket: server.bucket.clone(),
            machine,
            server,
        }
    }

    pub(super) fn account(&self) -> &Account {
        &self.server.account
    }

    pub(super) async fn ask<O: Operation>(&self, operation: &O) -> Result<O::Output, Failure> {
        let answer = self.engine.call(self.account(), None, operation).await?;
        assert!(
            answer.request_id.is_some(),
            "{} without a request id",
            O::NAME
        );
        Ok(answer.output)
    }

    pub(super) async fn get<O: Operation>(&self, operation: &O) -> O::Output {
        self.ask(operation)
            .await
            .unwrap_or_else(|failure| panic!("{}: {failure}", O::NAME))
    }

    pub(super) fn putting(&self, key: &str, body: &[u8]) -> PutObject {
        PutObject {
            bucket: self.bucket.clone(),
            key: name(key),
            body: body.to_vec(),
            attributes: Attributes::default(),
            terms: Terms::default(),
        }
    }

    pub(super) async fn put(&self, key: &str, body: &[u8]) -> Copied {
        self.get(&self.putting(key, body)).await
    }

    pub(super) fn heading(&self, key: &str) -> HeadObject {
        HeadObject {
            bucket: self.bucket.clone(),
            key: name(key),
            version: None,
            customer_key: None,
        }
    }

    pub(super) async fn head(&self, key: &str) -> Result<ObjectHead, Failure> {
        self.ask(&self.heading(key)).await
    }

    pub(super) fn getting(&self, key: &str) -> GetObject {
        GetObject {
            bucket: self.bucket.clone(),
            key: name(key),
            version: None,
            range: None,
            overrides: Vec::new(),
            customer_key: None,
        }
    }

    /// All bytes of an object, slice by slice.
    pub(super) async fn read(&self, key: &str) -> Vec<u8> {
        let size = self.head(key).await.expect(key).size;
        let mut bytes = Vec::new();
        for start in (0..size).step_by(usize::try_from(SLICE).unwrap()) {
            let range = ByteRange::new(start, size.min(start + SLICE));
            let get = GetObject {
                range: Some(range.expect("a range")),
                ..self.getting(key)
            };
            bytes.extend(self.get(&get).await.body);
        }
        bytes
    }

    pub(super) async fn is_there(&self, key: &str) -> bool {
        match self.head(key).await {
            Ok(_) => true,
            Err(failure) if failure.status == Some(404) => false,
            Err(failure) => panic!("HeadObject of {key:?}: {failure}"),
        }
    }

    pub(super) fn list(&self, prefix: &str) -> ListObjects {
        ListObjects {
            bucket: self.bucket.clone(),
            prefix: Prefix::parse(prefix).expect("a prefix"),
            delimiter: None,
            cursor: None,
            start_after: None,
            max_keys: 1000,
            v1: false,
            encoded: false,
        }
    }

    /// The keys of the whole listing, page by page.
    pub(super) async fn keys(&self, list: ListObjects) -> Vec<String> {
        let mut keys = Vec::new();
        let mut list = list;
        loop {
            let page = self.get(&list).await;
            assert!(page.entries.len() <= list.max_keys as usize);
            keys.extend(page.entries.iter().map(|entry| entry.key.to_string()));
            match page.next {
                Some(next) => list.cursor = Some(next),
                None => return keys,
            }
        }
    }

    pub(super) fn source(&self, key: &str) -> CopySource {
        CopySource {
            bucket: self.bucket.clone(),
            key: name(key),
            version: None,
            endpoint: Endpoint::of(self.account()).expect("an endpoint"),
            customer_key: None,
        }
    }

    /// A single copy within the bucket.
    pub(super) fn copying(&self, from: &str, to: &str) -> CopyObject {
        CopyObject {
            bucket: self.bucket.clone(),
            key: name(to),
            source: self.source(from),
            conditions: Conditions::None,
            size: 0,
            replace: None,
            tagging: None,
            storage_class: None,
            terms: Terms::default(),
        }
    }

    pub(super) fn creating(&self, key: &str) -> CreateMultipartUpload {
        CreateMultipartUpload {
            bucket: self.bucket.clone(),
            key: name(key),
            attributes: Attributes::default(),
            checksum: false,
            terms: Terms::default(),
        }
    }

    pub(super) async fn create(&self, key: &str) -> UploadId {
        self.get(&self.creating(key)).await
    }

    pub(super) fn part(
        &self,
        key: &str,
        upload: &UploadId,
        number: u32,
        body: &[u8],
    ) -> UploadPart {
        UploadPart {
            bucket: self.bucket.clone(),
            key: name(key),
            upload_id: upload.clone(),
            number: PartNumber::new(number).expect("a part number"),
            body: body.to_vec(),
            customer_key: None,
        }
    }

    pub(super) fn part_copy(
        &self,
        key: &str,
        upload: &UploadId,
        number: u32,
        from: &str,
        (start, end): (u64, u64),
    ) -> UploadPartCopy {
        UploadPartCopy {
            bucket: self.bucket.clone(),
            key: name(key),
            upload_id: upload.clone(),
            number: PartNumber::new(number).expect("a part number"),
            source: self.source(from),
            conditions: Conditions::None,
            range: ByteRange::new(start, end).expect("a range"),
            customer_key: None,
        }
    }

    pub(super) fn listing_parts(&self, key: &str, upload: &UploadId) -> ListParts {
        ListParts {
            bucket: self.bucket.clone(),
            key: name(key),
            upload_id: upload.clone(),
            after: None,
        }
    }

    pub(super) fn completing(
        &self,
        key: &str,
        upload: &UploadId,
        parts: &[ETag],
        size: u64,
    ) -> CompleteMultipartUpload {
        CompleteMultipartUpload {
            bucket: self.bucket.clone(),
            key: name(key),
            upload_id: upload.clone(),
            parts: (1..)
                .zip(parts)
                .map(|(number, etag)| (PartNumber::new(number).unwrap(), etag.clone()))
                .collect(),
            size,
            customer_key: None,
        }
    }

    /// Completes an upload and answers the tag of the object. As the engine, it takes the object
    /// itself for an answer where the server's own is no good.
    pub(super) async fn complete(
        &self,
        key: &str,
        upload: &UploadId,
        parts: &[ETag],
        size: u64,
    ) -> ETag {
        match self.ask(&self.completing(key, upload, parts, size)).await {
            Ok(done) => done.etag,
            Err(failure) if failure.status == Some(200) => {
                let head = self.head(key).await.expect("the object");
                assert_eq!(head.size, size);
                head.etag
            }
            Err(failure) => panic!("CompleteMultipartUpload: {failure}"),
        }
    }

    /// An object made of parts, each of the size given but for the last.
    pub(super) async fn put_in_parts(&self, key: &str, bytes: &[u8], part: usize) {
        let upload = self.create(key).await;
        let mut tags = Vec::new();
        for (number, body) in (1..).zip(bytes.chunks(part)) {
            tags.push(self.get(&self.part(key, &upload, number, body)).await.etag);
        }
        self.complete(key, &upload, &tags, bytes.len() as u64).await;
    }

    /// All open uploads of the bucket.
    pub(super) async fn uploads(&self) -> Vec<ListedUpload> {
        let mut uploads = Vec::new();
        let mut cursor = None;
        loop {
            let list = ListMultipartUploads {
                bucket: self.bucket.clone(),
                prefix: Prefix::root(),
                cursor,
                encoded: false,
            };
            let page = self.get(&list).await;
            uploads.extend(page.uploads);
            match page.next {
                Some(next) => cursor = Some(next),
                None => return uploads,
            }
        }
    }
}

pub(super) fn name(key: &str) -> Key {
    Key::parse(key).expect("a key")
}

/// A tag that no content has.
pub(super) fn other_tag() -> ETag {
    ETag::parse("00000000000000000000000000000000").expect("a tag")
}
