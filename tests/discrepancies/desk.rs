//! A cloud, a machine, an engine, and short ways to ask.

use std::sync::Arc;
use std::time::Duration;

use partway_democloud::{Fault, ObjectFacts};
use partway_domain::{
    Account, Bucket, ByteRange, DialectName, Failure, FailureKind, JobId, Key, PartNumber, State,
    UploadId, VersionId, Wait,
};
use partway_engine::transport::Transport;
use partway_engine::{CopyRequest, Engine};
use partway_journal::table::transfer::TransferRow;
use partway_protocol::endpoint::Endpoint;
use partway_protocol::op::{
    Attributes, Conditions, CopyObject, CopySource, CreateMultipartUpload, HeadObject, ObjectHead,
    Operation, PutObject, Terms, UploadPartCopy,
};
use partway_tests::cloud::bucket;
use partway_tests::machine::{copy_request, look, transport};
use partway_tests::{Cloud, Machine};

pub(crate) struct Desk {
    pub(crate) cloud: Cloud,
    pub(crate) machine: Machine,
    pub(crate) engine: Engine,
    pub(crate) account: Account,
    pub(crate) dialect: DialectName,
}

impl Desk {
    pub(crate) async fn new(dialect: DialectName) -> Self {
        Self::over(dialect, |wire| wire).await
    }

    /// As `new`, with something between the engine and the wire.
    pub(crate) async fn over(
        dialect: DialectName,
        between: impl FnOnce(Arc<dyn Transport>) -> Arc<dyn Transport>,
    ) -> Self {
        let cloud = Cloud::open().await;
        let machine = Machine::new(&cloud);
        Self {
            engine: machine.engine_over(between(transport())),
            account: cloud.account(dialect),
            machine,
            cloud,
            dialect,
        }
    }

    pub(crate) fn fault(&self, line: &str) {
        let fault: Fault = line.parse().expect("a fault");
        self.cloud.demo.add_fault(fault);
    }

    pub(crate) fn bucket(&self, word: &str) -> Bucket {
        bucket(self.dialect, word)
    }

    pub(crate) fn truth(&self, word: &str, key: &str) -> Option<ObjectFacts> {
        self.cloud.object(self.dialect, &self.bucket(word), key)
    }

    pub(crate) async fn ask<O: Operation>(&self, operation: &O) -> Result<O::Output, Failure> {
        let answer = self.engine.call(&self.account, None, operation).await?;
        assert!(answer.request_id.is_some(), "{} has no request id", O::NAME);
        Ok(answer.output)
    }

    pub(crate) async fn get<O: Operation>(&self, operation: &O) -> O::Output {
        self.ask(operation)
            .await
            .unwrap_or_else(|failure| panic!("{} {}: {failure}", self.dialect, O::NAME))
    }

    /// What an operation fails with.
    pub(crate) async fn refusal<O: Operation>(&self, operation: &O) -> Failure {
        match self.ask(operation).await {
            Ok(_) => panic!("{} {} went through", self.dialect, O::NAME),
            Err(failure) => failure,
        }
    }

    pub(crate) fn head(&self, word: &str, key: &str) -> HeadObject {
        HeadObject {
            bucket: self.bucket(word),
            key: name(key),
            version: None,
            customer_key: None,
        }
    }

    pub(crate) async fn see(&self, word: &str, key: &str) -> ObjectHead {
        self.get(&self.head(word, key)).await
    }

    pub(crate) fn put(&self, word: &str, key: &str, body: &[u8]) -> PutObject {
        PutObject {
            bucket: self.bucket(word),
            key: name(key),
            body: body.to_vec(),
            attributes: Attributes::default(),
            terms: Terms::default(),
        }
    }

    pub(crate) fn source(&self, word: &str, key: &str, version: Option<&VersionId>) -> CopySource {
        CopySource {
            bucket: self.bucket(word),
            key: name(key),
            version: version.cloned(),
            endpoint: Endpoint::of(&self.account).expect("an endpoint"),
            customer_key: None,
        }
    }

    pub(crate) fn copy_object(&self, source: CopySource, to: (&str, &str)) -> CopyObject {
        CopyObject {
            bucket: self.bucket(to.0),
            key: name(to.1),
            source,
            conditions: Conditions::None,
            size: 0,
            replace: None,
            tagging: None,
            storage_class: None,
            terms: Terms::default(),
        }
    }

    pub(crate) async fn create(&self, key: &str, terms: Terms) -> UploadId {
        self.get(&CreateMultipartUpload {
            bucket: self.bucket("backup"),
            key: name(key),
            attributes: Attributes::default(),
            checksum: false,
            terms,
        })
        .await
    }

    /// The first `bytes` bytes of a source into the first part of an upload in `backup`.
    pub(crate) fn part(
        &self,
        key: &str,
        upload_id: &UploadId,
        source: CopySource,
        bytes: u64,
    ) -> UploadPartCopy {
        UploadPartCopy {
            bucket: self.bucket("backup"),
            key: name(key),
            upload_id: upload_id.clone(),
            number: PartNumber::new(1).expect("a number"),
            source,
            conditions: Conditions::None,
            range: ByteRange::new(0, bytes).expect("a range"),
            customer_key: None,
        }
    }

    pub(crate) fn request(&self, from: (&str, &str), to: (&str, &str)) -> CopyRequest {
        copy_request(&self.cloud, self.dialect, from, to)
    }

    /// Runs a copy to where it stops by itself.
    pub(crate) async fn run(&self, request: &CopyRequest) -> JobId {
        let job = self.engine.start(request).await.expect("it starts");
        self.wait(job).await;
        job
    }

    pub(crate) async fn wait(&self, job: JobId) {
        tokio::time::timeout(Duration::from_secs(120), self.engine.wait(job))
            .await
            .expect("it does not hang");
    }

    pub(crate) fn transfer(&self, job: JobId) -> TransferRow {
        look(&self.engine, job).1
    }

    pub(crate) fn assert_done(&self, job: JobId) {
        let transfer = self.transfer(job);
        assert_eq!(
            transfer.state,
            State::Done,
            "{}: {:?}",
            self.dialect,
            transfer.failure
        );
    }

    /// The source is another by now, and the user is asked what to do.
    pub(crate) fn assert_source_changed(&self, job: JobId) {
        let transfer = self.transfer(job);
        let failure = transfer.failure.expect("a reason");
        assert_eq!(failure.kind, FailureKind::SourceChanged, "{failure}");
        let wait = Wait::Decision;
        assert_eq!(transfer.state, State::Waiting { wait }, "{}", self.dialect);
    }

    pub(crate) fn assert_failed(&self, job: JobId, kind: FailureKind) {
        let transfer = self.transfer(job);
        assert_eq!(
            transfer.state,
            State::Failed { kind },
            "{}: {:?}",
            self.dialect,
            transfer.failure
        );
    }

    /// Why a plan has nothing to copy.
    pub(crate) async fn problem(&self, request: &CopyRequest) -> Failure {
        let plan = self.engine.plan(request, &|_| {}).await.expect("a plan");
        assert_eq!(plan.problems.len(), 1, "{plan:?}");
        plan.problems[0].failure.clone()
    }

    /// How often an operation was sent about a key.
    pub(crate) fn sent(&self, key: &str, operation: &str) -> usize {
        let requests = self.cloud.requests_of(self.dialect, key);
        requests
            .iter()
            .filter(|request| request.operation == operation)
            .count()
    }
}

pub(crate) fn name(key: &str) -> Key {
    Key::parse(key).expect("a key")
}
