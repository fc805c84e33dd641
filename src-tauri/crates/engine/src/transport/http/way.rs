//! Connections for requests that reqwest would change: straight to the server, or through a tunnel
//! of the proxy that reqwest would take.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

use super::is_this_computer;
use crate::transport::Proxy;

/// Connects by the way that was chosen. Unlike reqwest it asks the proxy for a tunnel also where
/// nothing is encrypted.
#[derive(Clone)]
pub(super) struct Way {
    tcp: HttpConnector,
    /// Which proxy leads where; `None` for none at all.
    proxies: Option<Arc<Matcher>>,
}

impl Way {
    pub(super) fn new(tcp: HttpConnector, proxy: &Proxy) -> Self {
        let proxies = match proxy {
            Proxy::System => Some(Matcher::from_system()),
            Proxy::Direct => None,
            Proxy::Own(address) => Some(Matcher::builder().all(address.as_str()).build()),
        };
        Self {
            tcp,
            proxies: proxies.map(Arc::new),
        }
    }
}

impl fmt::Debug for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address of a proxy of the system's may hold a password.
        f.debug_struct("Way").finish_non_exhaustive()
    }
}

impl Service<Uri> for Way {
    type Response = TokioIo<TcpStream>;
    type Error = Box<dyn Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let mut tcp = self.tcp.clone();
        let near = to.host().is_some_and(is_this_computer);
        let proxies = self.proxies.as_ref().filter(|_| !near);
        let Some(proxy) = proxies.and_then(|proxies| proxies.intercept(&to)) else {
            return Box::pin(async move { Ok(tcp.call(to).await?) });
        };
        let mut tunnel = Tunnel::new(proxy.uri().clone(), tcp);
        if let Some(word) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(word.clone());
        }
        Box::pin(async move { Ok(tunnel.call(to).await?) })
    }
}
