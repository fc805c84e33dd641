//! The data folder: its lock, its ports, its files.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};

use crate::chance::Chance;
use crate::options::{Endpoint, Endpoints, OpenError, Provider};

/// A data folder that exists.
#[derive(Debug)]
pub(super) struct Place(PathBuf);

impl Place {
    pub(super) fn prepare(folder: &Path) -> Result<Place, OpenError> {
        std::fs::create_dir_all(folder).map_err(|source| OpenError::Files {
            path: folder.to_owned(),
            source,
        })?;
        Ok(Place(folder.to_owned()))
    }

    pub(super) fn folder(&self) -> &Path {
        &self.0
    }

    /// Real bytes of objects and parts.
    pub(super) fn bytes(&self) -> PathBuf {
        self.0.join("bytes")
    }

    /// The request log.
    pub(super) fn requests(&self) -> PathBuf {
        self.0.join("requests.jsonl")
    }

    /// What the owner wants to see in an order.
    pub(super) fn token(&self) -> io::Result<String> {
        std::fs::read_to_string(self.token_path())
    }

    pub(super) fn new_token(&self, chance: &Chance) -> Result<String, OpenError> {
        let token = chance.token(32);
        match std::fs::write(self.token_path(), &token) {
            Ok(()) => Ok(token),
            Err(source) => Err(OpenError::Files {
                path: self.token_path(),
                source,
            }),
        }
    }

    fn token_path(&self) -> PathBuf {
        self.0.join("owner.token")
    }

    fn endpoints(&self) -> PathBuf {
        self.0.join("endpoints.json")
    }

    /// The lock, unless another process (or another cloud in this one) has it.
    pub(super) fn try_lock(&self) -> Result<Option<File>, OpenError> {
        let path = self.0.join("owner.lock");
        let files = |source| OpenError::Files {
            path: path.clone(),
            source,
        };
        let mut how = OpenOptions::new();
        let file = how
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(files)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => Err(files(source)),
        }
    }

    /// What the owner announced, if it listens there.
    pub(super) async fn answering(&self) -> Option<Endpoints> {
        let endpoints = self.announced()?;
        let address = endpoints.cos.url.strip_prefix("http://")?;
        TcpStream::connect(address).await.ok()?;
        Some(endpoints)
    }

    fn announced(&self) -> Option<Endpoints> {
        serde_json::from_slice(&std::fs::read(self.endpoints()).ok()?).ok()
    }

    /// Three listeners in the order of [`Provider::ALL`].
    pub(super) async fn listen(&self, base: Option<u16>) -> Result<[TcpListener; 3], OpenError> {
        let remembered = self.announced();
        let mut out = Vec::new();
        for (index, provider) in (0..).zip(Provider::ALL) {
            let listener = if let Some(base) = base {
                bind(base.saturating_add(index)).await?
            } else {
                let port = remembered.as_ref().and_then(|all| port(all.of(provider)));
                match rebind(port.unwrap_or(0)).await {
                    Some(listener) => listener,
                    None => bind(0).await?,
                }
            };
            out.push(listener);
        }
        let missing = |_| OpenError::Listen {
            port: 0,
            source: io::Error::other("three listeners were wanted"),
        };
        out.try_into().map_err(missing)
    }

    /// Tells other processes where to find the three, complete or not at all.
    pub(super) fn announce(&self, listeners: &[TcpListener; 3]) -> Result<Endpoints, OpenError> {
        let at = |index: usize, provider| {
            let address = listeners[index].local_addr();
            address
                .map(|address| Endpoint::on_port(provider, address.port()))
                .map_err(|source| OpenError::Listen { port: 0, source })
        };
        let endpoints = Endpoints {
            cos: at(0, Provider::Cos)?,
            obs: at(1, Provider::Obs)?,
            s3: at(2, Provider::S3)?,
        };
        let half = self.0.join("endpoints.json.new");
        let written = serde_json::to_vec_pretty(&endpoints)
            .map_err(io::Error::from)
            .and_then(|text| std::fs::write(&half, text))
            .and_then(|()| std::fs::rename(&half, self.endpoints()));
        written.map_err(|source| OpenError::Files {
            path: self.endpoints(),
            source,
        })?;
        Ok(endpoints)
    }
}

fn port(endpoint: &Endpoint) -> Option<u16> {
    endpoint.url.rsplit_once(':')?.1.parse().ok()
}

async fn bind(port: u16) -> Result<TcpListener, OpenError> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await;
    listener.map_err(|source| OpenError::Listen { port, source })
}

/// The port of the last run. Its owner may be just about to let go of it.
async fn rebind(port: u16) -> Option<TcpListener> {
    for _ in 0..10 {
        if let Ok(listener) = bind(port).await {
            return Some(listener);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    None
}
