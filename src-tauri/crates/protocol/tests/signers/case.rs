//! One request to sign, and how to come by many.

use std::fmt;

use partway_domain::{Bucket, DialectName, Key};
use partway_protocol::credential::Credential;
use partway_protocol::dialect::dialect;
use partway_protocol::endpoint::{Endpoint, Location};
use partway_protocol::wire::{Method, Request};

mod awkward;

pub(crate) use awkward::{Taste, cases};

/// Everything a signer is told, apart from the time.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) dialect: DialectName,
    pub(crate) method: Method,
    pub(crate) endpoint: Endpoint,
    pub(crate) bucket: Bucket,
    /// `None` addresses the bucket itself.
    pub(crate) key: Option<Key>,
    pub(crate) query: Vec<(String, Option<String>)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) credential: Credential,
    /// Seconds a presigned URL lives.
    pub(crate) lifetime: u32,
}

/// The test shows what failed, so that it can be done again; nothing in it is secret.
impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = self.request();
        f.debug_struct("Case")
            .field("method", &request.method.as_str())
            .field("url", &request.url())
            .field("bucket", &self.bucket)
            .field("region", &self.endpoint.region)
            .field("headers", &self.headers)
            .field("body", &String::from_utf8_lossy(&self.body))
            .field("access_key", &self.credential.access_key)
            .field("secret_key", &self.credential.secret_key)
            .field("token", &self.credential.token)
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

impl Case {
    /// The request as an operation would have built it. Keys that the provider does not take
    /// are signed all the same: the signers are on trial, not the keys.
    pub(crate) fn request(&self) -> Request {
        let dialect = dialect(self.dialect);
        let Location { host, mut path } = self.endpoint.bucket(dialect, &self.bucket);
        if let Some(key) = &self.key {
            let wire_key = dialect.wire_key(key);
            path = format!("{}/{wire_key}", path.strip_suffix('/').unwrap_or(&path));
        }
        let mut request = Request::new(self.method, &self.endpoint.scheme, Location { host, path });
        request.query.clone_from(&self.query);
        request.headers.clone_from(&self.headers);
        request.body.clone_from(&self.body);
        request
    }

    /// The request signed by the dialect, as it would be sent.
    pub(crate) fn signed(&self, seconds: i64) -> Request {
        let mut request = self.request();
        dialect(self.dialect)
            .sign(&mut request, &self.endpoint, &self.credential, seconds)
            .unwrap();
        request
    }

    /// The request with its signature in the query.
    pub(crate) fn presigned(&self, seconds: i64, lifetime: u32) -> Request {
        let mut request = self.request();
        dialect(self.dialect)
            .presign(
                &mut request,
                &self.endpoint,
                &self.credential,
                seconds,
                lifetime,
            )
            .unwrap();
        request
    }

    /// Whether the bucket stands in the path, by the user's wish or for a reason of its own.
    pub(crate) fn by_path(&self) -> bool {
        self.request().host == self.endpoint.host
    }
}
