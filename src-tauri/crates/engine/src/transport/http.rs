//! The real wire.
//!
//! reqwest carries ordinary requests. Its URL type resolves dot segments, so a request whose
//! target it would change goes over the same HTTP stack one floor below, where the target is
//! only bytes: a key is sent exactly or not at all.

use std::error::Error;
use std::sync::Arc;
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
use rustls_platform_verifier::BuilderVerifierExt as _;

use super::{Transport, TransportError};

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

/// Sends over HTTP/1.1: copies are long and silent, and one connection each keeps them from
/// standing in each other's way.
#[derive(Debug, Clone)]
pub struct HttpTransport {
    /// By the system's proxy settings.
    far: reqwest::Client,
    /// To this computer: never through a proxy.
    near: reqwest::Client,
    exact: ExactClient<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

impl HttpTransport {
    /// Makes the clients; fails if the system's trusted roots cannot be used.
    pub fn new() -> Result<Self, TransportError> {
        // The ring provider is the only one in the house; a second installation is refused
        // and that is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let setup = |reason: String| TransportError::Tls {
            host: "this computer".to_owned(),
            reason,
        };
        let builder = || {
            reqwest::Client::builder()
                .http1_only()
                .redirect(reqwest::redirect::Policy::none())
                .referer(false)
                .connect_timeout(CONNECT_TIMEOUT)
                .pool_idle_timeout(POOL_IDLE)
                .tcp_keepalive(KEEP_ALIVE)
                .tcp_nodelay(true)
        };
        Ok(Self {
            far: builder().build().map_err(|e| setup(words(&e)))?,
            near: builder().no_proxy().build().map_err(|e| setup(words(&e)))?,
            exact: exact_client().map_err(|e| setup(e.to_string()))?,
        })
    }
}

fn exact_client() -> Result<ExactClient<HttpsConnector<HttpConnector>, Full<Bytes>>, rustls::Error>
{
    let tls = rustls::ClientConfig::builder_with_provider(Arc::new(
        rustls::crypto::ring::default_provider(),
    ))
    .with_safe_default_protocol_versions()?
    .with_platform_verifier()?
    .with_no_client_auth();
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_connect_timeout(Some(CONNECT_TIMEOUT));
    tcp.set_keepalive(Some(KEEP_ALIVE));
    tcp.set_nodelay(true);
    let connector = hyper_rustls::HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http()
        .enable_http1()
        .wrap_connector(tcp);
    Ok(ExactClient::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(POOL_IDLE)
        .build(connector))
}

#[async_trait]
impl Transport for HttpTransport {
    async fn send(&self, request: Request, deadline: Duration) -> Result<Response, TransportError> {
        let host = request.host.clone();
        let sending = async {
            let headers = header_map(&request)?;
            match ordinary_url(&request) {
                Some(url) => self.send_ordinary(request, url, headers).await,
                None => self.send_exact(request, headers).await,
            }
        };
        tokio::time::timeout(deadline, sending)
            .await
            .unwrap_or(Err(TransportError::Deadline {
                host,
                after: deadline,
            }))
    }
}

impl HttpTransport {
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
    url.host_str().is_some_and(|host| {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost"
            || host.ends_with(".localhost")
            || bare
                .parse::<std::net::IpAddr>()
                .is_ok_and(|ip| ip.is_loopback())
    })
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
    if method == Method::Get {
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
    let mut next = Some(error);
    while let Some(error) = next {
        let inner = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        if error.is::<rustls::Error>()
            || inner.is_some_and(<dyn Error + Send + Sync>::is::<rustls::Error>)
        {
            return true;
        }
        next = error.source();
    }
    false
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

#[cfg(test)]
mod tests;
