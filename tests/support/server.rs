//! The server that cases meet which need no more than a wire: the one that the environment names,
//! or a demo cloud in this process.

use partway_domain::{Account, AccountId, Addressing, Bucket, DialectName, Key};
use partway_protocol::credential::Credential;
use partway_protocol::error::{RequestError, WireError};
use partway_protocol::op::{HeadBucket, Operation, Target, Traits};
use partway_protocol::wire::{Method, Request, Response};
use serde::Deserialize;

use crate::cloud::{Cloud, bucket};
use crate::machine::Machine;

/// Names a server of somebody else, as JSON: the fields of [`Elsewhere`].
const VARIABLE: &str = "PARTWAY_SERVER";

/// A server, an account there, and two buckets.
#[derive(Debug)]
pub struct Server {
    /// The account.
    pub account: Account,
    /// Its secret.
    pub credential: Credential,
    /// An empty bucket.
    pub bucket: Bucket,
    /// Another, which may hold something already.
    pub other: Bucket,
    /// Dropped with the last case that uses it.
    _cloud: Option<Cloud>,
}

/// A server that was started elsewhere.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Elsewhere {
    /// What the account is called.
    name: String,
    url: String,
    region: String,
    access_key: String,
    secret_key: String,
    dialect: DialectName,
    addressing: Addressing,
}

impl Server {
    /// The server of this run, with buckets nobody else uses.
    pub async fn open(dialect: DialectName) -> Self {
        match std::env::var(VARIABLE) {
            Ok(text) => {
                let elsewhere: Elsewhere = serde_json::from_str(&text)
                    .unwrap_or_else(|error| panic!("{VARIABLE} is not understood: {error}"));
                assert_eq!(elsewhere.dialect, dialect, "{VARIABLE} is another dialect");
                elsewhere.open().await
            }
            Err(_) => Self::demo(dialect).await,
        }
    }

    async fn demo(dialect: DialectName) -> Self {
        let cloud = Cloud::open().await;
        Self {
            account: cloud.account(dialect),
            credential: cloud.credential(dialect),
            bucket: bucket(dialect, "backup"),
            other: bucket(dialect, "photos"),
            _cloud: Some(cloud),
        }
    }

    /// A machine that knows this account.
    pub fn machine(&self) -> Machine {
        Machine::knowing([(self.account.clone(), self.credential.clone())])
    }
}

impl Elsewhere {
    async fn open(self) -> Server {
        let id = uuid::Uuid::new_v4().simple().to_string();
        let name = |word: &str| {
            Bucket::parse(format!("judge-{word}-{}", &id[..12])).expect("a bucket name")
        };
        let server = Server {
            account: Account {
                id: AccountId(self.name.clone()),
                name: self.name,
                dialect: self.dialect,
                endpoint: self.url,
                region: self.region,
                addressing: self.addressing,
                masked_key_id: String::new(),
                named_buckets: Vec::new(),
                demo: false,
                fallback_domain: false,
            },
            credential: Credential {
                access_key: self.access_key,
                secret_key: self.secret_key,
                token: None,
            },
            bucket: name("one"),
            other: name("two"),
            _cloud: None,
        };
        let engine = server.machine().engine();
        for bucket in [&server.bucket, &server.other] {
            let create = CreateBucket {
                bucket: bucket.clone(),
            };
            let made = engine
                .call_once(&server.account, &server.credential, None, &create)
                .await;
            made.unwrap_or_else(|failure| panic!("no bucket {bucket}: {failure}"));
        }
        server
    }
}

/// Makes a bucket. Only tests do: the product leaves buckets to the provider's console.
#[derive(Debug)]
struct CreateBucket {
    bucket: Bucket,
}

impl Operation for CreateBucket {
    type Output = ();
    const NAME: &'static str = "CreateBucket";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), None)
    }

    fn traits(&self) -> Traits {
        self.head().traits()
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        let location = target.endpoint.bucket(target.dialect, &self.bucket);
        Ok(Request::new(Method::Put, &target.endpoint.scheme, location))
    }

    /// As for HEAD: what counts is the status.
    fn response(&self, target: Target<'_>, response: &Response) -> Result<(), WireError> {
        self.head().response(target, response).map(drop)
    }
}

impl CreateBucket {
    fn head(&self) -> HeadBucket {
        HeadBucket {
            bucket: self.bucket.clone(),
        }
    }
}
