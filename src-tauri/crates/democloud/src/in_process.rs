//! The cloud without listeners: requests come in as values, time and chance from outside.

mod hand;
mod truth;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HOST};
use http::{HeaderValue, Method, Request, Response};

use crate::answer::Payload;
use crate::chance::Chance;
use crate::content::Library;
use crate::fault::Fault;
use crate::lock;
use crate::nature::{Clock, Nature};
use crate::options::{Endpoint, Endpoints, Provider, TemporaryKeys, Timing};
use crate::quirk::Quirks;
use crate::record::Records;
use crate::request::{self, Chaos, Mishap, Received, Throttled, Told};
use crate::seed;
use crate::store::Store;
use crate::world::{Setup, World};
pub use hand::{Sample, StrayUpload};

/// How to open a cloud inside of this process.
#[derive(Debug, Clone)]
pub struct Simulation {
    /// Where chance begins: the same seed, the same requests at the same times, the same answers.
    pub seed: u64,
    /// Whose time it is.
    pub clock: Clock,
    /// How slow to be, in the time of tokio, which may be paused.
    pub timing: Timing,
    /// Peculiarities of the three servers.
    pub quirks: Quirks,
    /// Misbehaviour to be used up, first match first.
    pub faults: Vec<Fault>,
    /// Misbehaviour by chance.
    pub chaos: Chaos,
    /// Whether the example buckets are there. Without them there is nothing at all.
    pub examples: bool,
}

impl Simulation {
    /// A well-behaved, fast and empty cloud. The clock tells milliseconds since 1970.
    pub fn new(seed: u64, clock: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Simulation {
            seed,
            clock: Clock::new(clock),
            timing: Timing::default(),
            quirks: Quirks::default(),
            faults: Vec::new(),
            chaos: Chaos::default(),
            examples: false,
        }
    }
}

/// Says that the body of an answer is all that arrived of a longer one: an extension of the
/// response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BrokenOff;

/// Says that the body of an answer was replaced by something else on purpose: an extension of the
/// response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Garbled;

/// A cloud inside of this process: no listener, no file, no time and no chance of its own.
///
/// Requests go the same way as over the wire, signature check included. Clones share the cloud.
#[derive(Clone)]
pub struct InProcess {
    world: Arc<World>,
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProcess")
            .field("endpoints", self.endpoints())
            .finish_non_exhaustive()
    }
}

/// Ports that nobody listens on: they only tell the three endpoints apart.
const PORTS: [u16; 3] = [1001, 1002, 1003];

impl InProcess {
    /// Opens a cloud that remembers everything done to it ([`InProcess::deeds`]).
    pub fn open(simulation: Simulation) -> InProcess {
        let nature = Nature::new(simulation.clock, Chance::seeded(simulation.seed));
        let library = Library::in_memory();
        let stores = Provider::ALL.map(|provider| {
            let buckets = if simulation.examples {
                seed::buckets(provider, nature.now_ms(), &library)
            } else {
                BTreeMap::new()
            };
            let mut store = Store::in_memory(provider, buckets, &nature);
            store.remember();
            store
        });
        let [cos, obs, s3] = PORTS;
        let setup = Setup {
            library,
            token: String::new(),
            endpoints: Endpoints {
                cos: Endpoint::on_port(Provider::Cos, cos),
                obs: Endpoint::on_port(Provider::Obs, obs),
                s3: Endpoint::on_port(Provider::S3, s3),
            },
            records: Records::in_memory(),
            timing: simulation.timing,
            quirks: simulation.quirks,
            faults: simulation.faults,
            chaos: simulation.chaos,
            stores,
            tells_time: true,
            nature,
        };
        InProcess {
            world: Arc::new(World::new(setup)),
        }
    }

    /// What comes back for a request; `None` when the connection was closed without an answer.
    ///
    /// Dropping the future undoes nothing: like a server whose client went away, the cloud goes on
    /// with what it was asked, and it takes effect when its time has come. Nothing is spawned; a
    /// tokio runtime is needed only where [`Timing`], a stall or a limit makes a request wait.
    ///
    /// Headers that every HTTP client adds by itself, `host` and `content-length`, are added where
    /// they are missing. Where a body broke off half way, the response has the extension
    /// [`BrokenOff`] and its `content-length` is that of the whole.
    pub async fn answer(
        &self,
        provider: Provider,
        request: Request<Bytes>,
    ) -> Option<Response<Bytes>> {
        let (mut head, body) = request.into_parts();
        if !head.headers.contains_key(HOST)
            && let Some(authority) = head.uri.authority()
            && let Ok(host) = HeaderValue::from_str(authority.as_str())
        {
            head.headers.insert(HOST, host);
        }
        let writes = matches!(head.method, Method::PUT | Method::POST) || !body.is_empty();
        if writes && !head.headers.contains_key(CONTENT_LENGTH) {
            head.headers.insert(CONTENT_LENGTH, body.len().into());
        }
        let received = if body.len() as u64 > crate::operate::LARGEST_BODY {
            Received::TooLarge
        } else {
            Received::Whole(body)
        };
        let world = Arc::clone(&self.world);
        let told = request::respond(world, provider, head, received).await?;
        Some(self.response(told))
    }

    fn response(&self, told: Told) -> Response<Bytes> {
        let mut body = match told.body {
            Payload::Nothing => Bytes::new(),
            Payload::Text(text) => text,
            // Content in memory can be read.
            Payload::Object(segments) => {
                let all = self.world.library.all(&segments);
                all.unwrap_or_default().into()
            }
        };
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = told.status;
        *response.headers_mut() = told.headers;
        if !body.is_empty() {
            let headers = response.headers_mut();
            headers.insert(CONTENT_LENGTH, body.len().into());
        }
        if told.breaks {
            body.truncate(body.len() / 2);
            response.extensions_mut().insert(BrokenOff);
        }
        if told.garbled {
            response.extensions_mut().insert(Garbled);
        }
        *response.body_mut() = body;
        response
    }

    /// Which keys there are, and addresses that tell the three apart: nobody listens there.
    pub fn endpoints(&self) -> &Endpoints {
        &self.world.endpoints
    }

    /// Whose endpoint an authority such as `bucket.localhost:1003` means.
    pub fn provider_at(&self, authority: &str) -> Option<Provider> {
        let port: u16 = authority.rsplit_once(':')?.1.parse().ok()?;
        let at = PORTS.iter().position(|known| *known == port)?;
        Provider::ALL.get(at).copied()
    }

    /// Changes how slow it is, from the next request on.
    pub fn set_timing(&self, timing: Timing) {
        *lock(&self.world.timing) = timing;
    }

    /// The peculiarities of the servers.
    pub fn quirks(&self) -> Quirks {
        *lock(&self.world.quirks)
    }

    /// Changes the peculiarities of the servers.
    pub fn set_quirks(&self, quirks: Quirks) {
        *lock(&self.world.quirks) = quirks;
    }

    /// Adds planned misbehaviour at the end of the list.
    pub fn add_fault(&self, fault: Fault) {
        lock(&self.world.faults).add(fault);
    }

    /// Planned misbehaviour that has not happened yet.
    pub fn faults_left(&self) -> Vec<Fault> {
        lock(&self.world.faults).left()
    }

    /// Changes what chance may bring.
    pub fn set_chaos(&self, chaos: Chaos) {
        lock(&self.world.odds).chaos = chaos;
    }

    /// What chance has brought so far, by kind.
    pub fn mishaps(&self) -> BTreeMap<Mishap, u64> {
        lock(&self.world.odds).fired.clone()
    }

    /// What the limits on requests per second did so far.
    pub fn throttled(&self, provider: Provider) -> Throttled {
        lock(self.world.meters(provider)).throttled
    }

    /// The token of the temporary keys is good until then, in milliseconds since 1970.
    pub fn expire_token_at(&self, provider: Provider, when: Option<i64>) {
        lock(self.world.lease(provider)).expires_ms = when;
    }

    /// Hands out temporary keys with a new token that does not expire; from now on the one before
    /// it has expired.
    pub fn renew_token(&self, provider: Provider) -> TemporaryKeys {
        let mut lease = lock(self.world.lease(provider));
        lease.serial += 1;
        lease.expires_ms = None;
        lease.keys(self.world.endpoints.of(provider))
    }
}
