//! The engine's transport in the simulation.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use partway_democloud::BrokenOff;
use partway_engine::transport::{Transport, TransportError};
use partway_protocol::wire::{Request, Response};
use tokio::sync::oneshot;

use super::{Answer, Arrival, Draw};
use crate::life::Life;
use crate::outcome::{Fate, Sent};
use crate::world::World;

/// One life's connections.
#[derive(Debug)]
pub(crate) struct Wire {
    pub(crate) world: Arc<World>,
    pub(crate) life: Arc<Life>,
}

#[async_trait]
impl Transport for Wire {
    async fn send(&self, request: Request, deadline: Duration) -> Result<Response, TransportError> {
        let part = part_number(&request);
        self.life.before_request(part.is_some()).await;
        let draw = self.world.network.draw(copies(&request));
        let line = format!("{} {}", request.method.as_str(), request.target());
        let host = request.host.clone();
        let sent = Sent {
            at_ms: self.world.time.now_ms(),
            life: self.life.number,
            line: line.clone(),
            part,
            fate: draw.fate,
            status: None,
            garbled: false,
            copies: copies(&request),
            ended_ms: None,
            request_id: None,
        };
        let operation = sent.operation();
        let place = self.world.network.note(sent);
        let passing = self.pass(request, draw, place);
        let answer = tokio::select! {
            biased;
            () = self.world.network.cut.notified() => Err(broken(&host, "the connection was cut")),
            () = tokio::time::sleep(deadline) => Err(TransportError::Deadline {
                host,
                after: deadline,
            }),
            answer = passing => answer,
        };
        if self.world.is_traced() {
            let said = match &answer {
                Ok(answer) => answer.status.to_string(),
                Err(error) => error.to_string(),
            };
            self.world
                .tell("wire", format_args!("{line} [{:?}] → {said}", draw.fate));
        }
        self.life.after_request().await;
        let status = answer.as_ref().ok().map(|answer| answer.status);
        if status.is_none_or(|status| status >= 300) {
            self.world.failed(operation);
        }
        let now_ms = self.world.time.now_ms();
        self.world.network.ended(place, now_ms, status);
        answer
    }
}

impl Wire {
    async fn pass(
        &self,
        request: Request,
        draw: Draw,
        place: usize,
    ) -> Result<Response, TransportError> {
        let host = request.host.clone();
        match draw.fate {
            Fate::Unreachable => {
                pause(draw.there_ms).await;
                Err(TransportError::Unreachable {
                    host,
                    reason: "no route".to_owned(),
                })
            }
            Fate::RequestLost => {
                pause(draw.there_ms).await;
                Err(broken(&host, "reset on the way there"))
            }
            Fate::Late => {
                self.post(&request, draw.there_ms + draw.later_ms, None);
                pause(draw.there_ms).await;
                Err(broken(&host, "reset, the request still on its way"))
            }
            Fate::Silent => {
                if draw.arrives {
                    self.post(&request, draw.there_ms + draw.work_ms, None);
                }
                std::future::pending().await
            }
            Fate::Proxied => {
                if draw.arrives {
                    self.post(&request, draw.there_ms + draw.work_ms, None);
                }
                pause(draw.there_ms + draw.back_ms).await;
                Ok(proxy_answer())
            }
            Fate::Doubled => {
                let again_ms = draw.there_ms + draw.work_ms + draw.later_ms;
                self.post(&request, again_ms, None);
                self.fetch(&request, draw, place).await
            }
            Fate::AnswerLost => {
                self.fetch(&request, draw, place).await?;
                Err(broken(&host, "reset on the way back"))
            }
            Fate::Torn => {
                let whole = self.fetch(&request, draw, place).await?;
                if whole.body.is_empty() {
                    return Err(broken(&host, "reset before the answer was complete"));
                }
                Err(broken(&host, "the answer ended in the middle"))
            }
            Fate::Fair => self.fetch(&request, draw, place).await,
        }
    }

    async fn fetch(
        &self,
        request: &Request,
        draw: Draw,
        place: usize,
    ) -> Result<Response, TransportError> {
        let (reply, answer) = oneshot::channel();
        self.post(request, draw.there_ms + draw.work_ms, Some(reply));
        let answer = answer.await.unwrap_or(None);
        self.world.network.carried_out(place, answer.as_ref());
        pause(draw.back_ms).await;
        read(&request.host, answer)
    }

    fn post(&self, request: &Request, in_ms: i64, reply: Option<oneshot::Sender<Answer>>) {
        let arrival = Arrival {
            request: on_the_wire(request),
            reply,
        };
        let at_ms = self.world.time.now_ms() + in_ms;
        self.world.network.send(at_ms, arrival);
    }
}

fn on_the_wire(request: &Request) -> http::Request<Bytes> {
    let mut builder = http::Request::builder()
        .method(request.method.as_str())
        .uri(request.target())
        .header("host", &request.host);
    for (name, value) in &request.headers {
        if name != "host" {
            builder = builder.header(name, value.as_bytes());
        }
    }
    builder
        .body(Bytes::from(request.body.clone()))
        .expect("the engine sends what can be sent")
}

fn read(host: &str, answer: Answer) -> Result<Response, TransportError> {
    let answer = answer.ok_or_else(|| broken(host, "closed without an answer"))?;
    if answer.extensions().get::<BrokenOff>().is_some() {
        return Err(broken(host, "the answer ended in the middle"));
    }
    let (head, body) = answer.into_parts();
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Ok(Response {
        status: head.status.as_u16(),
        headers: head
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), text(value)))
            .collect(),
        body: body.to_vec(),
    })
}

/// What a proxy says that lost its way to the server.
fn proxy_answer() -> Response {
    Response {
        status: 502,
        headers: vec![("content-type".to_owned(), "text/html".to_owned())],
        body: b"<html><body>Bad Gateway</body></html>".to_vec(),
    }
}

fn broken(host: &str, reason: &str) -> TransportError {
    TransportError::Broken {
        host: host.to_owned(),
        reason: reason.to_owned(),
    }
}

async fn pause(ms: i64) {
    tokio::time::sleep(Duration::from_millis(u64::try_from(ms).unwrap_or(0))).await;
}

/// The number of the part a request copies.
fn part_number(request: &Request) -> Option<u32> {
    let (_, number) = request
        .query
        .iter()
        .find(|(name, _)| name == "partNumber")?;
    number.as_ref()?.parse().ok()
}

/// Whether the server moves bytes for it.
fn copies(request: &Request) -> bool {
    let source = |(name, _): &(String, String)| name.ends_with("copy-source");
    request.headers.iter().any(source)
}
