//! The demo cloud: opened when first needed, taken over when the process that ran it ends.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use partway_democloud::{DemoCloud, Endpoint, Endpoints, Options};
use partway_domain::{Account, AccountId, Addressing, DialectName};
use partway_journal::Journal;
use partway_protocol::credential::mask;
use tokio::net::TcpStream;
use tokio::sync::Mutex;

use crate::api::{Api, blocking};
use crate::config::DemoSettings;
use crate::contract::{AccountView, Nothing};
use crate::error::ApiError;

mod secrets;

pub(crate) use secrets::DemoSecrets;

/// How often a joined cloud is asked whether its owner still lives.
const WATCH: Duration = Duration::from_secs(2);

/// A handle; clones share the cloud.
#[derive(Debug, Clone)]
pub(crate) struct Demo(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    folder: PathBuf,
    settings: DemoSettings,
    journal: Journal,
    cloud: Mutex<Option<DemoCloud>>,
    endpoints: RwLock<Option<Endpoints>>,
    /// The program ends: nothing is opened any more.
    closed: AtomicBool,
}

impl Demo {
    pub(crate) fn new(folder: PathBuf, settings: DemoSettings, journal: Journal) -> Self {
        Self(Arc::new(Shared {
            folder,
            settings,
            journal,
            cloud: Mutex::default(),
            endpoints: RwLock::default(),
            closed: AtomicBool::new(false),
        }))
    }

    /// The credential of a demo account, once the cloud is open.
    fn endpoint(&self, account: &AccountId) -> Option<Endpoint> {
        let endpoints = self
            .0
            .endpoints
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        endpoints.as_ref().and_then(|endpoints| {
            SIDES
                .iter()
                .find(|side| side.id == account.0)
                .map(|side| (side.endpoint)(endpoints).clone())
        })
    }

    pub(crate) fn open_in_background(&self) {
        let demo = self.clone();
        tokio::spawn(async move {
            if let Err(error) = demo.ready().await {
                tracing::warn!(%error, "the demo cloud did not open");
            }
        });
    }

    /// Opens the cloud, or joins the one another process runs; makes sure that it answers and
    /// that the demo accounts in the journal name its endpoints.
    pub(crate) async fn ready(&self) -> Result<(), ApiError> {
        let mut cloud = self.0.cloud.lock().await;
        if self.0.closed.load(Ordering::SeqCst) {
            return Err(ApiError::new(
                "demo_cloud",
                "the demo cloud is closed: Partway ends",
            ));
        }
        if let Some(open) = &*cloud
            && (open.is_owner() || answers(&open.endpoints().s3).await)
        {
            return Ok(());
        }
        let watched = cloud.is_some();
        let opened = DemoCloud::open(Options {
            timing: self.0.settings.timing,
            faults: self.0.settings.faults.clone(),
            quirks: self.0.settings.quirks,
            ..Options::new(&self.0.folder)
        })
        .await
        .map_err(|error| ApiError::new("demo_cloud", error.to_string()))?;
        let endpoints = opened.endpoints().clone();
        self.refresh_accounts(endpoints.clone()).await?;
        *self
            .0
            .endpoints
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Some(endpoints);
        if !opened.is_owner() && !watched {
            self.watch();
        }
        *cloud = Some(opened);
        Ok(())
    }

    /// Takes the cloud over when its owner ends: copies of this process go on.
    fn watch(&self) {
        let shared = Arc::downgrade(&self.0);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(WATCH).await;
                let Some(shared) = shared.upgrade() else {
                    return;
                };
                if shared.closed.load(Ordering::SeqCst) {
                    return;
                }
                if let Err(error) = Self(shared).ready().await {
                    tracing::warn!(%error, "the demo cloud could not be taken over");
                }
            }
        });
    }

    /// Writes the three accounts that exist in the journal anew if the cloud moved.
    async fn refresh_accounts(&self, endpoints: Endpoints) -> Result<(), ApiError> {
        let journal = self.0.journal.clone();
        blocking(move || {
            let accounts = journal.accounts()?;
            for side in &SIDES {
                let current = side.account(&endpoints);
                let stale = accounts
                    .iter()
                    .any(|old| old.id == current.id && old.endpoint != current.endpoint);
                if stale {
                    journal.put_account(&current)?;
                }
            }
            Ok::<_, partway_journal::JournalError>(())
        })
        .await
    }

    /// Ends the cloud if this process runs it.
    pub(crate) async fn close(&self) {
        self.0.closed.store(true, Ordering::SeqCst);
        let cloud = self.0.cloud.lock().await.take();
        if let Some(cloud) = cloud {
            cloud.shutdown().await;
        }
    }
}

async fn answers(endpoint: &Endpoint) -> bool {
    let address = endpoint.url.trim_start_matches("http://").to_owned();
    tokio::time::timeout(Duration::from_secs(1), TcpStream::connect(address))
        .await
        .is_ok_and(|connected| connected.is_ok())
}

/// One of the three accounts.
struct Side {
    id: &'static str,
    name: &'static str,
    dialect: DialectName,
    endpoint: fn(&Endpoints) -> &Endpoint,
}

const SIDES: [Side; 3] = [
    Side {
        id: "demo-cos",
        name: "Demo COS",
        dialect: DialectName::Cos,
        endpoint: |all| &all.cos,
    },
    Side {
        id: "demo-obs",
        name: "Demo OBS",
        dialect: DialectName::Obs,
        endpoint: |all| &all.obs,
    },
    Side {
        id: "demo-s3",
        name: "Demo S3",
        dialect: DialectName::S3,
        endpoint: |all| &all.s3,
    },
];

impl Side {
    fn account(&self, endpoints: &Endpoints) -> Account {
        let endpoint = (self.endpoint)(endpoints);
        Account {
            id: AccountId(self.id.to_owned()),
            name: self.name.to_owned(),
            dialect: self.dialect,
            endpoint: endpoint.url.clone(),
            region: endpoint.region.clone(),
            addressing: Addressing::Path,
            masked_key_id: mask(&endpoint.access_key),
            named_buckets: Vec::new(),
            demo: true,
            fallback_domain: false,
        }
    }
}

impl Api {
    /// Opens the demo cloud and adds its three accounts; answers all accounts.
    pub async fn start_demo(&self, _: Nothing) -> Result<Vec<AccountView>, ApiError> {
        self.demo().ready().await?;
        let endpoints = self.demo().0.endpoints.read();
        let endpoints = endpoints.unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(endpoints) = endpoints {
            self.journal(move |journal| {
                SIDES
                    .iter()
                    .try_for_each(|side| journal.put_account(&side.account(&endpoints)))
            })
            .await?;
        }
        self.accounts(Nothing {}).await
    }
}
