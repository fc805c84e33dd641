//! The real wire.
//!
//! reqwest carries ordinary requests. Its URL type resolves dot segments, so a request whose
//! target it would change goes over the same HTTP stack one floor below, where the target is
//! only bytes: a key is sent exactly or not at all.

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client as ExactClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use partway_protocol::wire::{Method, Request, Response};
use rustls_platform_verifier::Verifier;

use super::{Network, Proxy, Transport, TransportError};

mod way;

use way::Way;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Some servers forget idle connections after 20 s without a word.
const POOL_IDLE: Duration = Duration::from_secs(15);
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// Who asks. Providers' support looks for it in their logs; it is never signed.
const AGENT: &str = concat!("Partway/", env!("CARGO_PKG_VERSION"));
/// No honest answer is larger, but for lists.
const ANSWER_CAP: usize = 64 << 10;
/// A thousand keys of a thousand bytes, percent-encoded, with room to spare.
const LIST_CAP: usize = 8 << 20;

/// A connection without a sign of life for so long is dead, also in the middle of a request.
const DEAD_AFTER: Duration = Duration::from_secs(60);
const KEEP_ALIVE_EVERY: Duration = Duration::from_secs(10);
const KEEP_ALIVE_MISSED: u32 = 3;

/// Connections to one host that died in a row before the others are believed to be dead too: a
/// router that forgot one has forgotten all.
const DEATHS: u32 = 2;

/// Sends over HTTP/1.1: copies are long and silent, and one connection each keeps them from
/// standing in each other's way.
#[derive(Debug)]
pub struct HttpTransport {
    clients: Mutex<Arc<Clients>>,
    network: Mutex<Network>,
    /// By host: how often in a row no answer came to its end.
    deaths: Mutex<HashMap<String, u32>>,
}

/// The clients with their idle connections. None keeps names: new connections ask for the
/// address anew.
#[derive(Debug)]
struct Clients {
    /// By the proxy the user or the system chose.
    far: reqwest::Client,
    /// To this computer: never through a proxy.
    near: reqwest::Client,
    exact: ExactClient<HttpsConnector<Way>, Full<Bytes>>,
}

impl HttpTransport {
    /// Makes the clients; fails if the system's trusted roots cannot be used.
    pub fn new() -> Result<Self, TransportError> {
        Ok(Self {
            clients: Mutex::new(Arc::new(Clients::new(&Network::default())?)),
            network: Mutex::default(),
            deaths: Mutex::default(),
        })
    }

    fn clients(&self) -> Arc<Clients> {
        Arc::clone(&lock(&self.clients))
    }

    /// Counts connections that died; after too many in a row all of them are made anew.
    fn note(&self, host: &str, outcome: &Result<Response, TransportError>) {
        let mut deaths = lock(&self.deaths);
        match outcome {
            Ok(_) => {
                deaths.remove(host);
                return;
            }
            Err(TransportError::Broken { .. } | TransportError::Deadline { .. }) => {}
            Err(_) => return,
        }
        let count = deaths.entry(host.to_owned()).or_default();
        *count += 1;
        if *count >= DEATHS {
            deaths.clear();
            drop(deaths);
            tracing::info!(host, "connections died in a row; the others are made anew");
            self.forget_connections();
        }
    }
}

impl Clients {
    fn new(network: &Network) -> Result<Self, TransportError> {
        let setup = |reason: String| TransportError::Tls {
            host: "this computer".to_owned(),
            reason,
        };
        // Once for all three: the system's roots are hundreds of files.
        let trust = trust(network).map_err(|e| setup(e.to_string()))?;
        let builder = || {
            let builder = reqwest::Client::builder()
                .tls_backend_preconfigured(trust.clone())
                .http1_only()
                .redirect(reqwest::redirect::Policy::none())
                .referer(false)
                .connect_timeout(CONNECT_TIMEOUT)
                .pool_idle_timeout(POOL_IDLE)
                .tcp_keepalive(KEEP_ALIVE)
                .tcp_keepalive_interval(KEEP_ALIVE_EVERY)
                .tcp_keepalive_retries(KEEP_ALIVE_MISSED)
                .tcp_nodelay(true);
            #[cfg(target_os = "linux")]
            let builder = builder.tcp_user_timeout(DEAD_AFTER);
            builder
        };
        let far = match &network.proxy {
            Proxy::System => builder(),
            Proxy::Direct => builder().no_proxy(),
            Proxy::Own(address) => {
                let proxy = reqwest::Proxy::all(address).map_err(|e| setup(words(&e)))?;
                builder().proxy(proxy)
            }
        };
        Ok(Self {
            far: far.build().map_err(|e| setup(words(&e)))?,
            near: builder().no_proxy().build().map_err(|e| setup(words(&e)))?,
            exact: exact_client(trust.clone(), &network.proxy),
        })
    }
}

/// Whom to trust: in the system's own judgement, and whom the user named.
fn trust(network: &Network) -> Result<rustls::ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = network.roots.iter().cloned();
    let verifier = Verifier::new_with_extra_roots(roots, Arc::clone(&provider))?;
    Ok(rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        // The system's verifier, by the only door that lets it know more authorities.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

fn exact_client(
    trust: rustls::ClientConfig,
    proxy: &Proxy,
) -> ExactClient<HttpsConnector<Way>, Full<Bytes>> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_connect_timeout(Some(CONNECT_TIMEOUT));
    tcp.set_keepalive(Some(KEEP_ALIVE));
    tcp.set_keepalive_interval(Some(KEEP_ALIVE_EVERY));
    tcp.set_keepalive_retries(Some(KEEP_ALIVE_MISSED));
    #[cfg(target_os = "linux")]
    tcp.set_tcp_user_timeout(Some(DEAD_AFTER));
    tcp.set_nodelay(true);
    let connector = hyper_rustls::HttpsConnectorBuilder::new()
        .with_tls_config(trust)
        .https_or_http()
        .enable_http1()
        .wrap_connector(Way::new(tcp, proxy));
    ExactClient::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(POOL_IDLE)
        .build(connector)
}

#[async_trait]
impl Transport for HttpTransport {
    async fn send(&self, request: Request, deadline: Duration) -> Result<Response, TransportError> {
        let host = request.host.clone();
        let clients = self.clients();
        let sending = async {
            let headers = header_map(&request)?;
            match ordinary_url(&request) {
                Some(url) => clients.send_ordinary(request, url, headers).await,
                None => clients.send_exact(request, headers).await,
            }
        };
        let outcome = tokio::time::timeout(deadline, sending).await.unwrap_or(Err(
            TransportError::Deadline {
                host: host.clone(),
                after: deadline,
            },
        ));
        self.note(&host, &outcome);
        outcome
    }

    fn forget_connections(&self) {
        match Clients::new(&lock(&self.network)) {
            Ok(fresh) => *lock(&self.clients) = Arc::new(fresh),
            Err(error) => tracing::warn!(%error, "the old connections are kept"),
        }
    }

    fn set_network(&self, network: &Network) -> Result<(), TransportError> {
        let fresh = Arc::new(Clients::new(network)?);
        lock(&self.network).clone_from(network);
        *lock(&self.clients) = fresh;
        Ok(())
    }
}

impl Clients {
    async fn send_ordinary(
        &self,
        request: Request,
        url: reqwest::Url,
        headers: HeaderMap,
    ) -> Result<Response, TransportError> {
        let client = if is_loopback(&url) {
            &self.near
        } else {
            &self.far
        };
        let (host, cap) = (request.host, cap(request.method));
        let mut sending = client
            .request(method(request.method), url)
            .headers(headers)
            .build()
            .map_err(|e| broken(&host, &e.without_url()))?;
        if !request.body.is_empty() {
            *sending.body_mut() = Some(request.body.into());
        }
        let answer = client.execute(sending).await.map_err(|e| {
            let connecting = e.is_connect();
            trouble(&host, connecting, &e.without_url())
        })?;
        let answer: http::Response<reqwest::Body> = answer.into();
        let (head, body) = answer.into_parts();
        read(&host, head, body, cap).await
    }

    async fn send_exact(
        &self,
        request: Request,
        headers: HeaderMap,
    ) -> Result<Response, TransportError> {
        let (host, cap) = (request.host.clone(), cap(request.method));
        let mut sending = http::Request::builder()
            .method(method(request.method))
            .uri(address(&request))
            .body(Full::new(Bytes::from(request.body)))
            .map_err(|e| broken(&host, &e))?;
        *sending.headers_mut() = headers;
        let answer = self
            .exact
            .request(sending)
            .await
            .map_err(|e| trouble(&host, e.is_connect(), &e))?;
        let (head, body) = answer.into_parts();
        read(&host, head, body, cap).await
    }
}

/// The URL, if reqwest's URL type leaves every byte of it alone.
fn ordinary_url(request: &Request) -> Option<reqwest::Url> {
    let wanted = address(request);
    let url = reqwest::Url::parse(&wanted).ok()?;
    (url.as_str() == wanted).then_some(url)
}

/// Where to connect, with the exact target. Names below `localhost` are this computer whatever
/// its resolver says (RFC 6761); `Host` still carries the name.
fn address(request: &Request) -> String {
    let (name, port) = match request.host.rsplit_once(':') {
        Some((name, port)) => (name, format!(":{port}")),
        None => (request.host.as_str(), String::new()),
    };
    let here = name.ends_with(".localhost") || name.ends_with(".127.0.0.1");
    if here && request.scheme == "http" {
        return format!("http://127.0.0.1{port}{}", request.target());
    }
    request.url()
}

fn is_loopback(url: &reqwest::Url) -> bool {
    url.host_str().is_some_and(is_this_computer)
}

/// Whether a host, a name or an address without its port, is this computer: it is reached directly,
/// whatever proxy is chosen.
pub fn is_this_computer(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host.ends_with(".localhost")
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}

/// The headers with `Host` exactly as signed and `Content-Length: 0` where servers insist.
fn header_map(request: &Request) -> Result<HeaderMap, TransportError> {
    let refuse = |name: &str| TransportError::Unreachable {
        host: request.host.clone(),
        reason: format!("the header {name} cannot be sent"),
    };
    let mut map = HeaderMap::with_capacity(request.headers.len() + 2);
    map.insert(
        HOST,
        HeaderValue::from_str(&request.host).map_err(|_| refuse("host"))?,
    );
    map.insert(USER_AGENT, HeaderValue::from_static(AGENT));
    for (name, text) in &request.headers {
        let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| refuse(name))?;
        if header == HOST || header == CONTENT_LENGTH {
            continue;
        }
        let mut value = HeaderValue::from_bytes(text.as_bytes()).map_err(|_| refuse(name))?;
        value.set_sensitive(is_sensitive(name));
        map.append(header, value);
    }
    if request.body.is_empty() && matches!(request.method, Method::Put | Method::Post) {
        map.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    Ok(map)
}

fn is_sensitive(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name == "authorization" || name.ends_with("security-token") || name.contains("customer-key")
}

fn method(method: Method) -> http::Method {
    match method {
        Method::Get => http::Method::GET,
        Method::Head => http::Method::HEAD,
        Method::Put => http::Method::PUT,
        Method::Post => http::Method::POST,
        Method::Delete => http::Method::DELETE,
    }
}

fn cap(method: Method) -> usize {
    // A thousand deletions are answered one by one.
    if matches!(method, Method::Get | Method::Post) {
        LIST_CAP
    } else {
        ANSWER_CAP
    }
}

async fn read<B>(
    host: &str,
    head: http::response::Parts,
    body: B,
    cap: usize,
) -> Result<Response, TransportError>
where
    B: http_body::Body<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let body = match Limited::new(body, cap).collect().await {
        Ok(whole) => whole.to_bytes().to_vec(),
        Err(error) if error.is::<LengthLimitError>() => {
            return Err(TransportError::TooLarge {
                host: host.to_owned(),
                limit: cap,
            });
        }
        Err(error) => return Err(broken(host, error.as_ref())),
    };
    let headers = head
        .headers
        .iter()
        .map(|(name, value)| {
            let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), text)
        })
        .collect();
    Ok(Response {
        status: head.status.as_u16(),
        headers,
        body,
    })
}

fn trouble(host: &str, connecting: bool, error: &(dyn Error + 'static)) -> TransportError {
    let (host, reason) = (host.to_owned(), words(error));
    if is_tls(error) {
        TransportError::Tls { host, reason }
    } else if connecting {
        TransportError::Unreachable { host, reason }
    } else {
        TransportError::Broken { host, reason }
    }
}

fn broken(host: &str, error: &(dyn Error + 'static)) -> TransportError {
    TransportError::Broken {
        host: host.to_owned(),
        reason: words(error),
    }
}

/// TLS was refused, as opposed to a connection that ended in the middle of a handshake.
fn is_tls(error: &(dyn Error + 'static)) -> bool {
    // An I/O error hides what it was made of from `source`.
    let inside = error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref);
    error.is::<rustls::Error>()
        || inside.is_some_and(|inside| is_tls(inside))
        || error.source().is_some_and(is_tls)
}

/// The error with its causes. The innermost usually is the one that helps.
fn words(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        next = cause.source();
    }
    text
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
