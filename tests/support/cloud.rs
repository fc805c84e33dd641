//! A demo cloud in this process, addressed by dialect.

use partway_democloud::{
    DemoCloud, Endpoint, ObjectFacts, Options, Provider, RequestRecord, UploadFacts, example_bucket,
};
use partway_domain::{Account, AccountId, Addressing, Bucket, DialectName};
use partway_protocol::credential::Credential;
use tempfile::TempDir;

/// A demo cloud with its own folder; gone when dropped.
#[derive(Debug)]
pub struct Cloud {
    /// The server.
    pub demo: DemoCloud,
    _folder: TempDir,
}

impl Cloud {
    /// Starts an empty one on free ports.
    pub async fn open() -> Self {
        let folder = TempDir::new().expect("a folder for the cloud");
        let demo = DemoCloud::open(Options::new(folder.path()))
            .await
            .expect("the demo cloud starts");
        Self {
            demo,
            _folder: folder,
        }
    }

    /// The endpoint that speaks this dialect.
    pub fn endpoint(&self, dialect: DialectName) -> &Endpoint {
        self.demo.endpoints().of(provider(dialect))
    }

    /// An account at that endpoint.
    pub fn account(&self, dialect: DialectName) -> Account {
        let endpoint = self.endpoint(dialect);
        Account {
            id: AccountId(format!("account-{dialect}")),
            name: format!("demo-{dialect}"),
            dialect,
            endpoint: endpoint.url.clone(),
            region: endpoint.region.clone(),
            addressing: Addressing::Path,
            masked_key_id: String::new(),
            named_buckets: Vec::new(),
            demo: true,
            fallback_domain: false,
        }
    }

    /// The same account by a host name that speaks of the region, so that another region has
    /// another host, as with the real providers.
    pub fn regional_account(&self, dialect: DialectName) -> Account {
        let account = self.account(dialect);
        let port = account.endpoint.rsplit_once(':').expect("a port").1;
        let service = dialect.url_scheme();
        Account {
            endpoint: format!("http://{service}.{}.localhost:{port}", account.region),
            ..account
        }
    }

    /// The demo key pair of that endpoint.
    pub fn credential(&self, dialect: DialectName) -> Credential {
        let endpoint = self.endpoint(dialect);
        Credential {
            access_key: endpoint.access_key.clone(),
            secret_key: endpoint.secret_key.clone(),
            token: None,
        }
    }

    /// The ground truth of an object.
    pub fn object(&self, dialect: DialectName, bucket: &Bucket, key: &str) -> Option<ObjectFacts> {
        self.demo.object(provider(dialect), bucket.as_str(), key)
    }

    /// Open uploads of one key.
    pub fn uploads_of(&self, dialect: DialectName, key: &str) -> Vec<UploadFacts> {
        let mut uploads = self.demo.uploads(provider(dialect));
        uploads.retain(|upload| upload.key == key);
        uploads
    }

    /// Requests so far about one key, in the order in which they ended.
    pub fn requests_of(&self, dialect: DialectName, key: &str) -> Vec<RequestRecord> {
        let mut requests = self.demo.requests();
        requests.retain(|request| {
            request.provider == provider(dialect) && request.key.as_deref() == Some(key)
        });
        requests
    }
}

/// Who speaks a dialect in the demo cloud.
pub fn provider(dialect: DialectName) -> Provider {
    match dialect {
        DialectName::Cos => Provider::Cos,
        DialectName::Obs | DialectName::ObsV2 => Provider::Obs,
        DialectName::S3 => Provider::S3,
    }
}

/// An example bucket by its first word: `datasets`, `backup`, …
pub fn bucket(dialect: DialectName, word: &str) -> Bucket {
    Bucket::parse(example_bucket(provider(dialect), word)).expect("a bucket name")
}
