//! A loopback HTTP door to the same commands, for browser tests and development.
//!
//! `POST /ipc/<command>` takes and answers JSON, errors are 400 with an `ApiError`;
//! `GET /ipc/stream` is a subscription as server-sent events; everything else is the UI's
//! files. Every `/ipc` request must bring the token, and the `Host` must be loopback, so that
//! a page of another origin can neither guess its way in nor rebind a name to here.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures::Stream;
use serde::Deserialize;
use tokio::net::TcpListener;

use crate::api::Api;
use crate::dispatch::dispatch;
use crate::error::ApiError;
use crate::stream::Subscription;

mod files;

/// Selections of many thousand keys come as one argument.
const LARGEST_ARGUMENT: usize = 64 << 20;

/// How to serve.
pub struct Options {
    /// Port on 127.0.0.1; 0 takes any that is free.
    pub port: u16,
    /// What every `/ipc` request must bring.
    pub token: String,
    /// Folder of the built UI.
    pub ui: Option<PathBuf>,
}

/// Without the token.
impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("port", &self.port)
            .field("ui", &self.ui)
            .finish_non_exhaustive()
    }
}

/// A running bridge; dropping it ends it.
#[derive(Debug)]
pub struct Bridge {
    /// `http://127.0.0.1:<port>`
    pub url: String,
    server: tokio::task::JoinHandle<()>,
}

impl Drop for Bridge {
    fn drop(&mut self) {
        self.server.abort();
    }
}

struct Door {
    api: Api,
    token: String,
    ui: Option<PathBuf>,
}

/// Opens the bridge.
pub async fn serve(api: Api, options: Options) -> Result<Bridge, ApiError> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let cannot_listen = |error: std::io::Error| {
        ApiError::new(
            "bridge",
            format!("the bridge cannot listen on {address}: {error}; choose another port"),
        )
    };
    if options.token.is_empty() {
        return Err(ApiError::input("token", "the bridge needs a token"));
    }
    let listener = TcpListener::bind(address).await.map_err(cannot_listen)?;
    let port = listener.local_addr().map_err(cannot_listen)?.port();
    let door = Arc::new(Door {
        api,
        token: options.token,
        ui: options.ui,
    });
    let router = Router::new()
        .route("/ipc/stream", get(stream))
        .route("/ipc/{command}", post(command))
        .fallback(get(file))
        .layer(DefaultBodyLimit::max(LARGEST_ARGUMENT))
        .layer(middleware::from_fn(loopback_only))
        .with_state(door);
    let server = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "the bridge ended");
        }
    });
    Ok(Bridge {
        url: format!("http://127.0.0.1:{port}"),
        server,
    })
}

async fn command(
    State(door): State<Arc<Door>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let token = headers.get("x-partway-token").and_then(|v| v.to_str().ok());
    if !door.opens_for(token.unwrap_or_default()) {
        return refused();
    }
    let argument = if body.is_empty() {
        serde_json::Value::Null
    } else {
        match serde_json::from_slice(&body) {
            Ok(argument) => argument,
            // Serde's words would repeat parts of the body, which may hold a secret.
            Err(_) => return failed(&ApiError::new("bad_argument", "the body is not JSON")),
        }
    };
    match dispatch(&door.api, &name, argument).await {
        Ok(answer) => axum::Json(answer).into_response(),
        Err(error) => failed(&error),
    }
}

#[derive(Deserialize)]
struct StreamQuery {
    #[serde(default)]
    token: String,
}

/// `EventSource` cannot send headers, so the token stands in the query here.
async fn stream(State(door): State<Arc<Door>>, Query(query): Query<StreamQuery>) -> Response {
    if !door.opens_for(&query.token) {
        return refused();
    }
    Sse::new(events(door.api.subscribe()))
        .keep_alive(KeepAlive::default())
        .into_response()
}

fn events(subscription: Subscription) -> impl Stream<Item = Result<Event, Infallible>> {
    futures::stream::unfold(subscription, |mut subscription| async move {
        let message = subscription.next().await?;
        let event = match Event::default().json_data(&message) {
            Ok(event) => event,
            Err(error) => Event::default().comment(error.to_string()),
        };
        Some((Ok(event), subscription))
    })
}

async fn file(State(door): State<Arc<Door>>, request: Request) -> Response {
    match &door.ui {
        Some(folder) => files::answer(folder, request.uri().path()).await,
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A name that was rebound to this address shows itself by its `Host`.
async fn loopback_only(request: Request, next: Next) -> Response {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if is_loopback(host) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "only this computer may ask").into_response()
    }
}

fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}

impl Door {
    /// Compares every byte, so that the time taken tells nothing.
    fn opens_for(&self, token: &str) -> bool {
        let (have, want) = (token.as_bytes(), self.token.as_bytes());
        let differing = have.iter().zip(want).fold(0, |sum, (a, b)| sum | (a ^ b));
        have.len() == want.len() && differing == 0
    }
}

fn refused() -> Response {
    let error = ApiError::new(
        "token",
        "the token is missing or wrong; open the address the bridge printed",
    );
    (StatusCode::UNAUTHORIZED, axum::Json(error)).into_response()
}

fn failed(error: &ApiError) -> Response {
    (StatusCode::BAD_REQUEST, axum::Json(error)).into_response()
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_names_of_this_computer_are_loopback() {
        for host in [
            "127.0.0.1:9000",
            "localhost",
            "localhost:1",
            "[::1]:80",
            "[::1]",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "example.com",
            "127.0.0.1.example.com:80",
            "localhost.evil:1",
            "127.0.0.1:x",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
