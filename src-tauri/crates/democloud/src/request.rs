//! One request from its head to its answer: who asks, what for, what goes wrong on purpose, how
//! long it takes, and only then what it does. The listeners and the door within the process both
//! come in here.

mod admit;
mod chaos;
mod fate;
mod throttle;

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use crate::answer::{self, Payload, RequestId};
use crate::call::{Call, Form};
use crate::lock;
use crate::operation::Operation;
use crate::options::Provider;
use crate::record::RequestRecord;
use crate::refusal::Refusal;
use crate::text::http_date;
use crate::world::World;
pub(crate) use chaos::Odds;
pub use chaos::{Chaos, Mishap};
use fate::{Delivery, Ended};
pub(crate) use fate::{Late, settle};
pub(crate) use throttle::Meters;
pub use throttle::Throttled;

/// What came with a request.
pub(crate) enum Received {
    Whole(Bytes),
    /// More than this server takes; the rest was not read.
    TooLarge,
}

/// An answer on its way out.
pub(crate) struct Told {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Payload,
    /// Everything is promised and half of it comes.
    pub(crate) breaks: bool,
    /// Its body is not the answer's own.
    pub(crate) garbled: bool,
}

/// The answer, or `None` to close the connection without one.
pub(crate) async fn respond(
    world: Arc<World>,
    provider: Provider,
    head: Parts,
    received: Received,
) -> Option<Told> {
    let started_ms = world.nature.now_ms();
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
    let id = RequestId::new(form, &world.nature.chance);
    let operation = call.as_ref().map_or(Operation::Unknown, Operation::of);
    let ended = match &mut call {
        Ok(call) => fate::run(&world, call, operation, &id).await,
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
    let body = if is_head {
        Payload::Nothing
    } else {
        answer.body
    };
    let closes = match ended.delivery {
        Delivery::Whole | Delivery::Garbled => false,
        Delivery::Nothing => true,
        Delivery::Half => body.is_empty(),
    };
    let status = if closes { 0 } else { answer.status };
    world.records.add(RequestRecord {
        started_ms,
        ended_ms: world.nature.now_ms(),
        ..record(call.ok(), provider, operation, status, code, &id)
    });
    if closes {
        return None;
    }
    let mut headers = HeaderMap::with_capacity(answer.headers.len() + 4);
    let mut own = id.headers(form);
    if switches.no_request_id {
        own.clear();
    }
    if switches.clock_ahead_secs != 0 || world.tells_time {
        own.push(("date", http_date(world.now(provider))));
    }
    for (name, value) in own {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    for (name, value) in answer.headers.into_iter().chain(ended.headers) {
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = HeaderValue::try_from(value);
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.insert(name, value);
        }
    }
    if switches.duplicate_headers {
        repeat(&mut headers);
    }
    Some(Told {
        status: StatusCode::from_u16(answer.status).unwrap_or_default(),
        headers,
        body,
        breaks: ended.delivery == Delivery::Half,
        garbled: ended.delivery == Delivery::Garbled,
    })
}

/// A second line for the headers that clients rely on, with another value.
fn repeat(headers: &mut HeaderMap) {
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
        started_ms: 0,
        ended_ms: 0,
    }
}
