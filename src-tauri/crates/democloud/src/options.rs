//! What a caller chooses when it opens the cloud, and what it is told in return.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::quirk::Quirks;
use crate::seed;

/// Whose wire is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// Tencent Cloud Object Storage, native XML API.
    Cos,
    /// Huawei Object Storage Service: native form and the S3-compatible V2 form.
    Obs,
    /// Amazon S3 with Signature Version 4.
    S3,
}

impl Provider {
    /// Every provider, in the order of the ports.
    pub const ALL: [Provider; 3] = [Provider::Cos, Provider::Obs, Provider::S3];

    /// The lower-case word used in file names, logs and the text form of faults.
    pub const fn word(self) -> &'static str {
        match self {
            Provider::Cos => "cos",
            Provider::Obs => "obs",
            Provider::S3 => "s3",
        }
    }
}

/// One endpoint: where it listens and who may talk to it.
///
/// The key pair is a fixed, public demo constant that is the same on every machine. It guards
/// nothing: the server listens on loopback only and holds invented data.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Whose wire is spoken here.
    pub provider: Provider,
    /// `http://127.0.0.1:<port>`, without a trailing slash.
    pub url: String,
    /// The region of this endpoint; one example bucket of each provider lives elsewhere.
    pub region: String,
    /// Public demo constant.
    pub access_key: String,
    /// Public demo constant.
    pub secret_key: String,
}

/// Keys of a second user, good only together with a token, as a token service hands them out.
#[derive(Clone, PartialEq, Eq)]
pub struct TemporaryKeys {
    /// Public demo constant.
    pub access_key: String,
    /// Public demo constant.
    pub secret_key: String,
    /// Goes into the vendor's security token header.
    pub token: String,
}

impl fmt::Debug for TemporaryKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TemporaryKeys")
            .field("access_key", &self.access_key)
            .finish_non_exhaustive()
    }
}

impl Endpoint {
    /// The public demo constants of one provider.
    pub(crate) fn on_port(provider: Provider, port: u16) -> Endpoint {
        let (access_key, secret_key) = match provider {
            Provider::Cos => (
                "AKIDpartwayDemoCloudCos00000000000",
                "demo-cos-secret-not-a-secret",
            ),
            Provider::Obs => ("PARTWAYDEMOOBS000000", "demo-obs-secret-not-a-secret"),
            Provider::S3 => ("PARTWAYDEMOS30000000", "demo-s3-secret-not-a-secret"),
        };
        Endpoint {
            provider,
            url: format!("http://127.0.0.1:{port}"),
            region: seed::home_region(provider).to_owned(),
            access_key: access_key.to_owned(),
            secret_key: secret_key.to_owned(),
        }
    }

    /// The temporary keys of this endpoint. They may do what the owner may, but on OBS nobody adds
    /// to, lists or completes an upload that another user began.
    pub fn temporary(&self) -> TemporaryKeys {
        TemporaryKeys {
            access_key: format!("TMP{}", self.access_key),
            secret_key: format!("temporary-{}", self.secret_key),
            token: format!("demo-token-{}", self.provider.word()),
        }
    }
}

/// Public or not, nobody should get used to seeing a secret key in a log.
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("provider", &self.provider)
            .field("url", &self.url)
            .field("region", &self.region)
            .field("access_key", &self.access_key)
            .finish_non_exhaustive()
    }
}

/// The three endpoints of one cloud, as written to `endpoints.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoints {
    /// Tencent COS.
    pub cos: Endpoint,
    /// Huawei OBS.
    pub obs: Endpoint,
    /// Amazon S3.
    pub s3: Endpoint,
}

impl Endpoints {
    /// The endpoint of one provider.
    pub fn of(&self, provider: Provider) -> &Endpoint {
        match provider {
            Provider::Cos => &self.cos,
            Provider::Obs => &self.obs,
            Provider::S3 => &self.s3,
        }
    }
}

/// How slow the cloud pretends to be. The default is not slow at all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// Added to every request.
    pub latency: Duration,
    /// Up to this much more, evenly spread.
    pub jitter: Duration,
    /// Bytes per second at which one copy or one uploaded part moves; `None` takes no time.
    pub part_throughput: Option<u64>,
}

/// How to open the cloud.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the state is kept; created when missing.
    pub data: PathBuf,
    /// `Some(base)`: COS on `base`, OBS on `base + 1`, S3 on `base + 2`. `None`: the ports
    /// remembered in the data directory when they are still free, otherwise any free ones.
    pub port_base: Option<u16>,
    /// How slow to be; [`crate::DemoCloud::set_timing`] changes it later.
    pub timing: Timing,
    /// Misbehaviour to be used up, first match first.
    pub faults: Vec<Fault>,
    /// Peculiarities of the three servers.
    pub quirks: Quirks,
}

impl Options {
    /// A well-behaved, fast cloud on remembered or free ports.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Options {
            data: data.into(),
            port_base: None,
            timing: Timing::default(),
            faults: Vec::new(),
            quirks: Quirks::default(),
        }
    }
}

/// Why the cloud did not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The data directory or a file in it could not be used.
    #[error(
        "the demo cloud cannot use {path}: {source}; check that the folder exists and is writable"
    )]
    Files {
        /// What was touched.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A port could not be opened.
    #[error("the demo cloud cannot listen on 127.0.0.1:{port}: {source}; choose another port base")]
    Listen {
        /// The port asked for; 0 means any.
        port: u16,
        /// What the system said.
        source: std::io::Error,
    },
    /// A line of the state log is not what this version writes.
    #[error(
        "line {line} of {path} cannot be read: {reason}; remove the demo data folder to start over"
    )]
    State {
        /// The log.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What the parser said.
        reason: String,
    },
    /// Another process holds the data directory but never said where it listens.
    #[error("another process holds {path} but does not answer; end it, or choose another folder")]
    OwnerSilent {
        /// The data directory.
        path: PathBuf,
    },
}
