//! One listener per provider; one task per connection; one task per request, so that work goes on
//! when its client is gone.

mod body;
mod spelling;

use std::sync::Arc;

use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::answer::Payload;
use crate::lock;
use crate::options::Provider;
use crate::order;
use crate::request::{self, Received, Told};
use crate::world::World;
use body::Body;
use spelling::{HeadDue, Spelled};

/// Accepts until `stop` changes or its sender is gone; connections still open then are cut.
pub(crate) fn serve(
    world: Arc<World>,
    provider: Provider,
    listener: TcpListener,
    mut stop: watch::Receiver<bool>,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        connections.spawn(connection(Arc::clone(&world), provider, stream));
                    }
                    // Out of file descriptors, most likely: a pause lets some come back.
                    Err(error) => {
                        tracing::warn!(%error, "the demo cloud could not accept a connection");
                        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                    }
                },
                Some(_) = connections.join_next() => {}
                _ = stop.changed() => break,
            }
        }
    })
}

async fn connection(world: Arc<World>, provider: Provider, stream: TcpStream) {
    // Answers are small and waited for.
    let _ = stream.set_nodelay(true);
    let title_case = lock(&world.quirks).of(provider).title_case_headers;
    let due = HeadDue::default();
    let stream = Spelled::new(stream, due.clone());
    let service = service_fn(move |request| {
        let (world, due) = (Arc::clone(&world), due.clone());
        async move {
            let answer = answer(world, provider, request).await;
            if !title_case {
                due.announce();
            }
            answer
        }
    });
    let served = http1::Builder::new()
        .title_case_headers(title_case)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection to the demo cloud ended early");
    }
}

/// The connection ends without an answer to this request.
#[derive(Debug)]
struct Closed;

impl std::fmt::Display for Closed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("closed on purpose or because the request broke off")
    }
}

impl std::error::Error for Closed {}

/// The answer to an order from a process that joined.
fn ordered(world: &Arc<World>, head: &http::request::Parts, received: &Received) -> Response<Body> {
    let token = head
        .headers
        .get(order::TOKEN)
        .and_then(|value| value.to_str().ok());
    let (status, text) = match received {
        Received::Whole(body) => order::received(world, token, body),
        Received::TooLarge => (413, Vec::new()),
    };
    let body = Body::new(Arc::clone(world), Payload::Text(text.into()));
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    response
}

async fn answer(
    world: Arc<World>,
    provider: Provider,
    request: Request<Incoming>,
) -> Result<Response<Body>, Closed> {
    let (head, incoming) = request.into_parts();
    let received = body::receive(incoming).await.ok_or(Closed)?;
    if head.uri.path() == order::PATH && provider == Provider::Cos {
        return Ok(ordered(&world, &head, &received));
    }
    let respond = request::respond(Arc::clone(&world), provider, head, received);
    let work = tokio::spawn(respond);
    match work.await {
        Ok(Some(told)) => Ok(response(world, told)),
        Ok(None) => Err(Closed),
        Err(error) => {
            tracing::error!(%error, "a request to the demo cloud failed");
            Err(Closed)
        }
    }
}

fn response(world: Arc<World>, told: Told) -> Response<Body> {
    let mut body = Body::new(world, told.body);
    if told.breaks {
        body.halve();
    }
    let mut response = Response::new(body);
    *response.status_mut() = told.status;
    *response.headers_mut() = told.headers;
    response
}
