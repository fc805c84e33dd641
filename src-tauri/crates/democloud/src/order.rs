//! Changes from outside the wire: by the owner at once, by a process that joined as a message.
//!
//! The message goes to the COS listener under a path that no bucket can have, and carries a token
//! from a file in the data folder: who can read the folder may change the cloud.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::lock;
use crate::options::{Endpoint, Provider, Timing};
use crate::quirk::Quirks;
use crate::seed;
use crate::store::object::Attached;
use crate::text::{base64, unbase64};
use crate::world::{World, virtual_content};

/// Where orders are sent. A bucket's name cannot begin with a dot.
pub(crate) const PATH: &str = "/.demo-cloud";

/// The header that carries the token.
pub(crate) const TOKEN: &str = "x-demo-token";

/// One change, or one question.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case")]
pub(crate) enum Order {
    Timing {
        timing: Timing,
    },
    Quirks {
        quirks: Box<Quirks>,
    },
    /// In text form.
    Fault {
        fault: String,
    },
    FaultsLeft,
    PutVirtual {
        provider: Provider,
        bucket: String,
        key: String,
        size: u64,
    },
    PutBytes {
        provider: Provider,
        bucket: String,
        key: String,
        base64: String,
    },
    Delete {
        provider: Provider,
        bucket: String,
        key: String,
    },
    Bump {
        provider: Provider,
        bucket: String,
        key: String,
    },
}

impl Order {
    pub(crate) fn put_bytes(provider: Provider, bucket: &str, key: &str, bytes: &[u8]) -> Self {
        Order::PutBytes {
            provider,
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            base64: base64(bytes),
        }
    }

    /// Does it. The answer lists the faults that are left, in text form.
    pub(crate) fn carry_out(self, world: &World) -> io::Result<Vec<String>> {
        match self {
            Order::Timing { timing } => *lock(&world.timing) = timing,
            Order::Quirks { quirks } => *lock(&world.quirks) = *quirks,
            Order::Fault { fault } => {
                let fault: Fault = fault.parse().map_err(io::Error::other)?;
                lock(&world.faults).add(fault);
            }
            Order::FaultsLeft => {}
            Order::PutVirtual {
                provider,
                bucket,
                key,
                size,
            } => {
                let seed = seed::maker::seed_of(&format!("{bucket}/{key}"));
                let segments = virtual_content(seed, size);
                world.place(provider, &bucket, &key, segments, Attached::default())?;
            }
            Order::PutBytes {
                provider,
                bucket,
                key,
                base64,
            } => {
                let bytes = unbase64(&base64).ok_or(io::ErrorKind::InvalidData)?;
                let segments = world.library.keep(&bytes, &world.nature.chance)?;
                world.place(provider, &bucket, &key, segments, Attached::default())?;
            }
            Order::Delete {
                provider,
                bucket,
                key,
            } => {
                let mut store = lock(world.store(provider));
                if store.buckets.contains_key(&bucket) {
                    store.delete(&bucket, &key, None, &world.library)?;
                }
            }
            Order::Bump {
                provider,
                bucket,
                key,
            } => world.bump(provider, &bucket, &key)?,
        }
        Ok(lock(&world.faults)
            .left()
            .iter()
            .map(Fault::to_string)
            .collect())
    }

    /// Sends it to the owner and waits for the answer, ten seconds at most.
    pub(crate) fn send(&self, cos: &Endpoint, token: &str) -> io::Result<Vec<String>> {
        let address = cos.url.strip_prefix("http://").unwrap_or(&cos.url);
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let body = serde_json::to_vec(self)?;
        write!(
            stream,
            "POST {PATH} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{TOKEN}: {token}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        )?;
        stream.write_all(&body)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
        if head.starts_with("HTTP/1.1 200") {
            Ok(serde_json::from_str(body)?)
        } else {
            let status = head.lines().next().unwrap_or("nothing");
            Err(io::Error::other(format!("the owner answered {status}")))
        }
    }
}

/// What the owner makes of a message.
pub(crate) fn received(world: &World, token: Option<&str>, body: &[u8]) -> (u16, Vec<u8>) {
    if token != Some(world.token.as_str()) {
        return (403, Vec::new());
    }
    let done = serde_json::from_slice::<Order>(body)
        .map_err(io::Error::from)
        .and_then(|order| order.carry_out(world))
        .and_then(|left| Ok(serde_json::to_vec(&left)?));
    match done {
        Ok(left) => (200, left),
        Err(error) => {
            tracing::error!(%error, "an order to the demo cloud could not be carried out");
            (500, Vec::new())
        }
    }
}
