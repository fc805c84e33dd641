//! Opening the cloud, or joining the one that another process runs on the same folder.

mod place;

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::compare::Comparison;
use crate::content::Library;
use crate::facts::{ObjectFacts, UploadFacts};
use crate::fault::Fault;
use crate::lock;
use crate::nature::Nature;
use crate::options::{Endpoints, OpenError, Options, Provider, Timing};
use crate::order::Order;
use crate::quirk::Quirks;
use crate::record::{Records, RequestRecord};
use crate::request::Chaos;
use crate::server;
use crate::store::Store;
use crate::world::{Setup, World};
use place::Place;

/// A running cloud: three endpoints on loopback and the state behind them.
///
/// Clones share it. The servers stop when the last clone of the process that owns the folder is
/// dropped, or at once with [`DemoCloud::shutdown`].
#[derive(Clone)]
pub struct DemoCloud(Arc<Handle>);

impl fmt::Debug for DemoCloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DemoCloud")
            .field("endpoints", self.endpoints())
            .field("is_owner", &self.is_owner())
            .finish_non_exhaustive()
    }
}

struct Handle {
    place: Place,
    endpoints: Endpoints,
    /// `None` in a process that only joined.
    owned: Option<Owned>,
}

struct Owned {
    world: Arc<World>,
    stop: watch::Sender<bool>,
    servers: std::sync::Mutex<Vec<JoinHandle<()>>>,
    /// Held open: the lock on the folder.
    lock: std::sync::Mutex<Option<std::fs::File>>,
}

impl DemoCloud {
    /// Starts the cloud, or joins the one that another process already runs on the same data
    /// folder. An exclusive lock on a file in the folder decides who owns it.
    ///
    /// The servers run on the tokio runtime this is called from.
    pub async fn open(options: Options) -> Result<DemoCloud, OpenError> {
        let place = Place::prepare(&options.data)?;
        for _ in 0..100 {
            if let Some(lock) = place.try_lock()? {
                return start(place, lock, options).await;
            }
            if let Some(endpoints) = place.answering().await {
                return Ok(DemoCloud(Arc::new(Handle {
                    place,
                    endpoints,
                    owned: None,
                })));
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        Err(OpenError::OwnerSilent { path: options.data })
    }

    /// Whether the servers run in this process.
    pub fn is_owner(&self) -> bool {
        self.0.owned.is_some()
    }

    /// Where to talk to it, and with which keys.
    pub fn endpoints(&self) -> &Endpoints {
        &self.0.endpoints
    }

    /// Changes how slow it is, from the next request on.
    pub fn set_timing(&self, timing: Timing) {
        self.order(Order::Timing { timing });
    }

    /// Adds planned misbehaviour at the end of the list.
    // A fault is handed over: the caller has no more use for it.
    #[allow(clippy::needless_pass_by_value)]
    pub fn add_fault(&self, fault: Fault) {
        let fault = fault.to_string();
        self.order(Order::Fault { fault });
    }

    /// Planned misbehaviour that has not happened yet.
    pub fn faults_left(&self) -> Vec<Fault> {
        let left = self.order(Order::FaultsLeft);
        left.iter().filter_map(|line| line.parse().ok()).collect()
    }

    /// Changes the peculiarities of the servers.
    pub fn set_quirks(&self, quirks: Quirks) {
        let quirks = Box::new(quirks);
        self.order(Order::Quirks { quirks });
    }

    /// The requests since the owner started, in the order in which they ended; at most the last
    /// 100,000. A process that only joined reads them from `requests.jsonl`.
    pub fn requests(&self) -> Vec<RequestRecord> {
        match &self.0.owned {
            Some(owned) => owned.world.records.all(),
            None => Records::look(&self.0.place.requests()),
        }
    }

    /// The current version of an object; `None` when there is none or it is a delete marker.
    pub fn object(&self, provider: Provider, bucket: &str, key: &str) -> Option<ObjectFacts> {
        self.with_store(provider, |store, library| {
            store.object_facts(bucket, key, library)
        })?
    }

    /// Every open multipart upload of a provider, by bucket, key and upload id.
    pub fn uploads(&self, provider: Provider) -> Vec<UploadFacts> {
        let all = self.with_store(provider, |store, _| store.upload_facts());
        all.unwrap_or_default()
    }

    /// Compares what lies below two prefixes, each a bucket and the beginning of its keys: whether
    /// a copy of many objects has brought all of them, and nothing else. A million keys take
    /// seconds.
    pub fn compare(
        &self,
        provider: Provider,
        first: (&str, &str),
        second: (&str, &str),
    ) -> Comparison {
        let found = self.with_store(provider, |store, library| {
            store.compare(first, second, library)
        });
        found.unwrap_or_default()
    }

    /// Puts an object of this size there without any bytes; what it holds depends on bucket and
    /// key alone. A bucket that does not exist is made.
    pub fn put_virtual(&self, provider: Provider, bucket: &str, key: &str, size: u64) {
        self.order(Order::PutVirtual {
            provider,
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            size,
        });
    }

    /// Puts an object of these bytes there. A bucket that does not exist is made.
    pub fn put_bytes(&self, provider: Provider, bucket: &str, key: &str, bytes: impl AsRef<[u8]>) {
        self.order(Order::put_bytes(provider, bucket, key, bytes.as_ref()));
    }

    /// Deletes an object as somebody else's DELETE would.
    pub fn delete(&self, provider: Provider, bucket: &str, key: &str) {
        self.order(Order::Delete {
            provider,
            bucket: bucket.to_owned(),
            key: key.to_owned(),
        });
    }

    /// Gives an object other content of the same size, and with it a new `ETag` and time.
    pub fn bump(&self, provider: Provider, bucket: &str, key: &str) {
        self.order(Order::Bump {
            provider,
            bucket: bucket.to_owned(),
            key: key.to_owned(),
        });
    }

    /// Stops the servers and lets go of the folder, even while clones exist. Connections are cut;
    /// a process that only joined lets go of nothing.
    pub async fn shutdown(self) {
        let Some(owned) = &self.0.owned else { return };
        let _ = owned.stop.send(true);
        let servers = std::mem::take(&mut *lock(&owned.servers));
        for server in servers {
            let _ = server.await;
        }
        drop(lock(&owned.lock).take());
    }

    /// Does it, or has the owner do it. What goes wrong is logged: the demo has no other use for
    /// it. A process that only joined waits for the owner, so the two must not share a thread.
    fn order(&self, order: Order) -> Vec<String> {
        let done = match &self.0.owned {
            Some(owned) => order.carry_out(&owned.world),
            None => self
                .0
                .place
                .token()
                .and_then(|token| order.send(&self.0.endpoints.cos, &token)),
        };
        done.unwrap_or_else(|error| {
            tracing::error!(%error, "the demo cloud could not carry out an order");
            Vec::new()
        })
    }

    /// Looks at the state: the owner's own, or what its log says.
    fn with_store<T>(
        &self,
        provider: Provider,
        look: impl FnOnce(&Store, &Library) -> T,
    ) -> Option<T> {
        if let Some(owned) = &self.0.owned {
            let world = &owned.world;
            return Some(look(&lock(world.store(provider)), &world.library));
        }
        let library = Library::open(self.0.place.bytes()).ok()?;
        let store = Store::look(provider, self.0.place.folder(), &library).ok()?;
        Some(look(&store, &library))
    }
}

async fn start(
    place: Place,
    lock: std::fs::File,
    options: Options,
) -> Result<DemoCloud, OpenError> {
    let files = |path: std::path::PathBuf| move |source| OpenError::Files { path, source };
    let library = Library::open(place.bytes()).map_err(files(place.bytes()))?;
    let nature = Nature::real();
    let open = |provider| Store::open(provider, place.folder(), &library, &nature);
    let stores = [
        open(Provider::Cos)?,
        open(Provider::Obs)?,
        open(Provider::S3)?,
    ];
    let used: HashSet<String> = stores.iter().flat_map(Store::files).collect();
    library.sweep(&used).map_err(files(place.bytes()))?;
    let records = Records::create(&place.requests()).map_err(files(place.requests()))?;
    let listeners = place.listen(options.port_base).await?;
    // The token is there before anybody can learn where to send it.
    let token = place.new_token(&nature.chance)?;
    let endpoints = place.announce(&listeners)?;

    let world = Arc::new(World::new(Setup {
        library,
        nature,
        token,
        endpoints: endpoints.clone(),
        records,
        timing: options.timing,
        quirks: options.quirks,
        faults: options.faults,
        chaos: Chaos::default(),
        stores,
        tells_time: false,
    }));
    let (stop, stopped) = watch::channel(false);
    let servers = Provider::ALL
        .into_iter()
        .zip(listeners)
        .map(|(provider, listener)| {
            server::serve(Arc::clone(&world), provider, listener, stopped.clone())
        })
        .collect::<Vec<_>>();
    Ok(DemoCloud(Arc::new(Handle {
        place,
        endpoints,
        owned: Some(Owned {
            world,
            stop,
            servers: servers.into(),
            lock: Some(lock).into(),
        }),
    })))
}
