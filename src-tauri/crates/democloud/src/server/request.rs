//! One request from its head to its answer: who asks, what for, what goes wrong on purpose, how
//! long it takes, and only then what it does.

use std::sync::Arc;

use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, Response, StatusCode};

use super::admit;
use super::body::{Body, Received};
use crate::answer::{self, Answer, Payload, RequestId};
use crate::call::{Call, Form};
use crate::fault::{FaultKind, Sight};
use crate::lock;
use crate::operate::{self, Scene, Stored};
use crate::operation::Operation;
use crate::options::Provider;
use crate::record::RequestRecord;
use crate::refusal::Refusal;
use crate::text::{http_date, now_ms};
use crate::world::World;

/// The answer, or `None` to close the connection without one.
pub(super) async fn respond(
    world: Arc<World>,
    provider: Provider,
    head: Parts,
    received: Received,
) -> Option<Response<Body>> {
    let started_ms = now_ms();
    let is_head = head.method == Method::HEAD;
    let switches = lock(&world.quirks).of(provider);
    let mut call = Call::read(provider, head).and_then(|call| match received {
        Received::Whole(body) => Ok(Call {
            body,
            switches,
            ..call
        }),
        Received::TooLarge => {
            let message = "This demo server takes bodies of up to 64 MiB.";
            Err(Refusal::new(400, "EntityTooLarge", message))
        }
    });
    let form = match &call {
        Ok(call) => call.form,
        Err(_) => default_form(provider),
    };
    let id = RequestId::new(form);
    let operation = call.as_ref().map_or(Operation::Unknown, Operation::of);
    let ended = match &mut call {
        Ok(call) => run(&world, call, operation).await,
        Err(refusal) => Ended::refused(refusal.clone()),
    };
    let resource = call.as_ref().map_or("", |call| call.path.as_str());
    let (answer, code) = match ended.result {
        Ok(answer) => (answer, ended.code),
        Err(refusal) => {
            let code = Some(refusal.code.clone());
            let answer = answer::error(form, resource, &refusal, &id, switches);
            (answer, code)
        }
    };
    let mut body = Body::new(
        Arc::clone(&world),
        if is_head {
            Payload::Nothing
        } else {
            answer.body
        },
    );
    let closes = match ended.delivery {
        Delivery::Whole => false,
        Delivery::Nothing => true,
        Delivery::Half if body.is_empty() => true,
        Delivery::Half => {
            body.halve();
            false
        }
    };
    let status = if closes { 0 } else { answer.status };
    world.records.add(record(
        call.ok(),
        provider,
        operation,
        status,
        code,
        &id,
        started_ms,
    ));
    if closes {
        return None;
    }
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or_default();
    let mut own = id.headers(form);
    if switches.no_request_id {
        own.clear();
    }
    if switches.clock_ahead_secs != 0 {
        own.push(("date", http_date(world.now(provider))));
    }
    let own = own
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value));
    for (name, value) in own.chain(answer.headers) {
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = HeaderValue::from_bytes(value.as_bytes());
        if let (Ok(name), Ok(value)) = (name, value) {
            response.headers_mut().insert(name, value);
        }
    }
    if switches.duplicate_headers {
        repeat(response.headers_mut());
    }
    Some(response)
}

/// A second line for the headers that clients rely on, with another value.
fn repeat(headers: &mut http::HeaderMap) {
    let relied_on: Vec<HeaderName> = headers
        .keys()
        .filter(|name| *name == "etag" || name.as_str().ends_with("request-id"))
        .cloned()
        .collect();
    for name in relied_on {
        headers.append(name, HeaderValue::from_static("\"another\""));
    }
}

const fn default_form(provider: Provider) -> Form {
    match provider {
        Provider::Cos => Form::Cos,
        Provider::Obs => Form::Obs,
        Provider::S3 => Form::S3,
    }
}

fn record(
    call: Option<Call>,
    provider: Provider,
    operation: Operation,
    status: u16,
    code: Option<String>,
    id: &RequestId,
    started_ms: i64,
) -> RequestRecord {
    let param = |name: &str| {
        call.as_ref()
            .and_then(|call| call.param(name).map(str::to_owned))
    };
    RequestRecord {
        seq: 0,
        provider,
        operation: operation.name(),
        part_number: param("partNumber").and_then(|number| number.parse().ok()),
        upload_id: param("uploadId"),
        bucket: call.as_ref().and_then(|call| call.bucket.clone()),
        key: call.and_then(|call| call.key),
        status,
        code,
        request_id: id.id.clone(),
        started_ms,
        ended_ms: now_ms(),
    }
}

/// How a request ended.
struct Ended {
    result: Result<Answer, Refusal>,
    /// The code of an error that travels in a 200.
    code: Option<String>,
    delivery: Delivery,
}

enum Delivery {
    Whole,
    Half,
    Nothing,
}

impl Ended {
    fn whole(result: Result<Answer, Refusal>) -> Self {
        Ended {
            result,
            code: None,
            delivery: Delivery::Whole,
        }
    }

    fn refused(refusal: Refusal) -> Self {
        Ended::whole(Err(refusal))
    }
}

async fn run(world: &World, call: &mut Call, operation: Operation) -> Ended {
    if let Err(refusal) = admit::admit(world, call, operation) {
        tokio::time::sleep(world.delay(0)).await;
        return Ended::refused(refusal);
    }
    let call = &*call;
    let fault = strike(world, call, operation);
    if fault == Some(FaultKind::Reset) {
        return Ended {
            delivery: Delivery::Nothing,
            ..Ended::refused(Refusal::new(503, "Reset", "The connection was closed."))
        };
    }
    let bytes = operate::weight(call, &lock(world.store(call.provider)), &world.library);
    let delay = world.delay(bytes);
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    match fault {
        None | Some(FaultKind::Reset) => Ended::whole(act(world, call, operation)),
        Some(FaultKind::Refuse { status, code }) => {
            Ended::refused(Refusal::new(status, &code, "Refused on purpose."))
        }
        Some(FaultKind::SlowDown { retry_after }) => {
            let refusal = Refusal::new(503, "SlowDown", "Please reduce your request rate.");
            Ended::refused(match retry_after {
                Some(wait) => refusal.with_header("retry-after", wait.as_secs().to_string()),
                None => refusal,
            })
        }
        Some(FaultKind::ExpiredToken) => {
            let message = "The provided token has expired.";
            Ended::refused(Refusal::new(400, "ExpiredToken", message))
        }
        Some(FaultKind::ErrorIn200 { code }) => {
            let message = "An error after the status line was sent.";
            let refusal = Refusal::new(200, &code, message);
            Ended::refused(refusal)
        }
        Some(FaultKind::Redirect { status, to }) => {
            let message = "Please send the request somewhere else.";
            let refusal = Refusal::new(status, "TemporaryRedirect", message);
            Ended::refused(refusal.with_header("location", format!("{to}{}", call.target())))
        }
        Some(FaultKind::Garbled { status, shape }) => {
            Ended::whole(act(world, call, operation).map(|answer| shape.instead_of(answer, status)))
        }
        Some(FaultKind::LoseAnswer) => Ended {
            delivery: Delivery::Nothing,
            ..Ended::whole(act(world, call, operation))
        },
        Some(FaultKind::HalfBody) => Ended {
            delivery: Delivery::Half,
            ..Ended::whole(act(world, call, operation))
        },
        Some(FaultKind::Stall(length)) => {
            tokio::time::sleep(length).await;
            Ended::whole(act(world, call, operation))
        }
        Some(FaultKind::SourceChanged) => {
            let changed = change_source(world, call);
            Ended::whole(changed.and_then(|()| act(world, call, operation)))
        }
        Some(FaultKind::UploadGone) => {
            let gone = drop_upload(world, call);
            Ended::whole(gone.and_then(|()| act(world, call, operation)))
        }
    }
}

fn strike(world: &World, call: &Call, operation: Operation) -> Option<FaultKind> {
    lock(&world.faults).strike(&Sight {
        provider: call.provider,
        operation: &operation.name(),
        key: call.key.as_deref(),
        names_upload: call.param("uploadId").is_some_and(|id| !id.is_empty()),
        names_object: call.key.is_some(),
    })
}

fn act(world: &World, call: &Call, operation: Operation) -> Result<Answer, Refusal> {
    let stored = match operation {
        Operation::PutObject | Operation::UploadPart => {
            Some(Stored::keep(&call.body, &world.library)?)
        }
        _ => None,
    };
    let switches = call.switches;
    let mut store = lock(world.store(call.provider));
    let mut scene = Scene {
        call,
        store: &mut store,
        library: &world.library,
        switches,
        now: world.now(call.provider),
        stored,
    };
    let done = operate::perform(&mut scene, operation);
    if !operation.is_slow_write() {
        return done;
    }
    match done {
        Ok(mut answer) => {
            answer.disguise(switches);
            Ok(answer)
        }
        Err(refusal) if switches.errors_in_200 => Err(Refusal {
            status: 200,
            ..refusal
        }),
        Err(refusal) => Err(refusal),
    }
}

fn change_source(world: &World, call: &Call) -> Result<(), Refusal> {
    let (bucket, key) = match operate::source_of(call) {
        Some(source) => source.map(|source| (source.bucket, source.key))?,
        None => call
            .object()
            .map(|(bucket, key)| (bucket.to_owned(), key.to_owned()))?,
    };
    Ok(world.bump(call.provider, &bucket, &key)?)
}

fn drop_upload(world: &World, call: &Call) -> Result<(), Refusal> {
    let (bucket, key) = call.object()?;
    let id = call.param("uploadId").unwrap_or_default();
    lock(world.store(call.provider)).drop_upload(bucket, key, id)?;
    Ok(())
}
